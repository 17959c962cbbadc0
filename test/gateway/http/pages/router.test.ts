import { gzipSync } from "node:zlib";

import { expect } from "chai";

import { LOTS, type Twist } from "../../sample-trail.ts";
import { BAGS, serveSample, type Served } from "./serve-sample.ts";

const HTML = { accept: "text/html", "accept-language": "vi" };

/** What a browser gets for a path, without following a redirect. */
async function got(path: string, served: Served = {}, headers: Record<string, string> = HTML) {
  const server = await serveSample(served);
  try {
    const response = await fetch(server.url + path, { headers, redirect: "manual" });
    return { response, status: response.status, text: await response.text() };
  } finally {
    await server.close();
  }
}
const stateOf = (text: string): string | undefined =>
  /class="status" data-state="(\w+)"/.exec(text)?.[1];

describe("The page of a lot", () => {
  for (const [situation, served, state] of [
    ["records that match", {}, "match"],
    ["records that do not match", { outcome: "fails" }, "mismatch"],
    ["records on their way to the chain", { waiting: 2 }, "waiting"],
    ["records that could not be checked", { outcome: "unchecked" }, "waiting"],
    ["a revoked certificate", { twist: "revoked", outcome: "fails" }, "certificate"],
    ["a recall of a forebear", { twist: "recalled", outcome: "fails" }, "recalled"],
  ] as const satisfies readonly (readonly [string, Served, string])[])
    it(`puts ${situation} on top`, async () => {
      expect(stateOf((await got(BAGS, served)).text)).to.equal(state);
    });

  it("says neither genuine nor authentic goods", async () => {
    for (const lang of ["vi", "en"])
      expect((await got(`${BAGS}?lang=${lang}`)).text).not.to.match(
        /genuine|hàng thật|chính hãng/i,
      );
  });

  it("says what a recall asks of a shopper, and why it was made", async () => {
    const { text } = await got(`${BAGS}?lang=en`, { twist: "recalled" });
    expect(text)
      .to.contain("Do not eat it")
      .and.to.contain("Sample authority recalled lot HT-2601");
  });

  it("says of a closed lot that it is closed, and which day the chain learnt of it", async () => {
    const { text } = await got(`${BAGS}?lang=en`, { twist: "closed" });
    expect(text).to.contain("Its holder closed this lot on 2 Apr 2026");
    expect(text).to.contain("recorded on the chain 7 Apr 2026");
    expect((await got(`${BAGS}?lang=en`)).text).not.to.contain("recorded on the chain");
  });

  it("says of a hand-over that one signed for both that it was so", async () => {
    const { text } = await got(`${BAGS}?lang=en`, { twist: "agent" });
    expect(text).to.contain("Only Sample processor signed, for both.");
    expect(text).not.to.contain("Both signed.");
    expect((await got(`${BAGS}?lang=en`)).text).to.contain("Both signed.");
  });

  it("shares the origin by mass in words", async () => {
    const { text } = await got(BAGS, { twist: "mixed" });
    expect(text).to.contain("60\u202f%").and.to.contain("Bình Phước (cũ), nay thuộc Đồng Nai");
    expect(text).to.contain("40\u202f%").and.to.contain("Campuchia");
  });

  it("lists a claim as the lot's own only where it covers all of it", async () => {
    const gi = async (twist: Twist, path = `${BAGS}?lang=en`) => {
      const papers = (await got(path, { twist })).text.split("<article").slice(1);
      return papers.find((each) => each.includes("CDĐL-017"))?.split("</article>")[0];
    };
    expect(await gi("pure"))
      .to.contain("Valid")
      .and.not.to.contain("of this lot");
    for (const path of [`${BAGS}?lang=en`, `/dossier${BAGS}?lang=en`])
      expect(await gi("gram", path))
        .to.contain("Covers &lt;\u202f1\u202f% of this lot")
        .and.to.contain('class="paper part"')
        .and.not.to.contain("Valid");
    expect(await gi("gram", BAGS)).to.contain(
      "Chỉ áp dụng cho &lt;\u202f1\u202f% khối lượng lô này",
    );
  });

  it("says in sentences what sensors found", async () => {
    const { text } = await got(`${BAGS}?lang=en`);
    expect(text).to.contain(
      "Above 35\u00a0°C from 11:00 to 14:00 on 22 Mar 2026, at most 39\u00a0°C.",
    );
    expect(text).to.contain("Silent from 03:00 to 07:00 on 24 Mar 2026: no reading came.");
  });

  it("says every item of a product passport, or that nobody recorded it", async () => {
    const { text } = await got(BAGS);
    const facts = [...text.matchAll(/<dt>([^<]+)<\/dt><dd[^>]*>([^<]+)<\/dd>/g)].map(
      ([, name, value]) => [name, value] as const,
    );
    const missing = "Chưa có thông tin";
    expect(Object.fromEntries(facts)).to.include({
      GTIN: "09520000003012",
      "Ngày tạo lô": "28/03/2026",
      "Hạn dùng": missing,
      "Cảnh báo an toàn": missing,
    });
    for (const card of [
      "Hạt điều rang muối",
      "Những ai tham gia",
      "Nguyên liệu từ đâu",
      "Chứng nhận",
    ])
      expect(text).to.contain(card);
  });

  it("shows seven steps first and all of them behind", async () => {
    const { text } = await got(BAGS);
    const [short = "", whole = ""] = text
      .split("<details>")
      .map((part) => part.split('<ol class="path">')[1] ?? part);
    expect(short.match(/class="spot"/g)).to.have.length(7);
    expect(whole.match(/class="spot"/g)).to.have.length(9);
  });

  it("asks the five questions and answers none of them itself", async () => {
    const { text } = await got(BAGS);
    expect(text.match(/data-question="\w+"/g)).to.have.length(5);
    expect(text.match(/class="answer" data-state="pending"/g)).to.have.length(5);
  });

  it("fits into the first 14 kB that a phone receives", async () => {
    for (const twist of [
      "pure",
      "mixed",
      "recalled",
      "revoked",
      "crowded",
    ] as const satisfies readonly Twist[])
      expect(gzipSync((await got(BAGS, { twist })).text).length).to.be.below(14_000);
  });

  it("sets no cookie, names no other origin, and is kept for at most a minute", async () => {
    const { response, text } = await got(BAGS);
    expect(response.headers.get("set-cookie")).to.equal(null);
    expect(
      Number(/max-age=(\d+)/.exec(response.headers.get("cache-control") ?? "")?.[1]),
    ).to.be.at.most(60);
    expect(text).not.to.match(/(?:src|href)="(?:https?:)?\/\//);
  });

  it("writes what people wrote as text, never as markup", async () => {
    const { text } = await got(BAGS);
    expect(text).to.contain("&lt;b&gt;trở đều&lt;/b&gt;").and.not.to.contain("<b>trở");
  });
});

describe("The language of a page", () => {
  for (const [asked, path, accepts, language] of [
    ["?lang=en beats the browser", `${BAGS}?lang=en`, "vi", "en"],
    ["the browser's first known language counts", BAGS, "fr;q=0.9, en;q=0.8", "en"],
    ["Vietnamese comes first otherwise", BAGS, "fr", "vi"],
    ["an unknown ?lang= is no language", `${BAGS}?lang=xx`, "en", "en"],
  ] as const)
    it(asked, async () => {
      const { text, response } = await got(path, {}, { ...HTML, "accept-language": accepts });
      expect(text).to.contain(`<html lang="${language}">`);
      expect(response.headers.get("content-language")).to.equal(language);
      expect(text).to.match(/hreflang="vi"[^]*hreflang="en"/);
    });
});

describe("A code that leads to no page", () => {
  for (const [damage, path, status, words] of [
    ["a wrong check digit", "/01/9520000003013/10/GN", 400, "phải là 2"],
    ["letters in the product code", "/01/952A/10/GN", 400, "8, 12, 13 hoặc 14 chữ số"],
    ["a slash in the lot number", "/01/09520000003012/10/a%2Fb", 400, "nhiều nhất 20 ký tự"],
    ["broken percent signs", "/01/%E0%A4%A/10/b", 400, "/01/(mã sản phẩm)/10/(số lô)"],
    [
      "something else than a lot",
      "/01/09520000003012/17/260101",
      400,
      "/01/(mã sản phẩm)/10/(số lô)",
    ],
    ["an unknown lot", "/01/09520000003012/10/NO-1", 404, "không ai ghi gì về lô NO-1"],
    [
      "a lot that is not on the chain yet",
      new URL(LOTS.kernels).pathname,
      404,
      "chưa lên chuỗi khối",
    ],
    ["a product without a lot", "/01/09520000003012", 404, "Hãy nhập số lô"],
    ["a path of nothing", "/nothing", 404, "không dẫn tới đâu"],
  ] as const)
    it(`explains ${damage} with ${status}`, async () => {
      const { text, ...answer } = await got(path);
      expect(answer.status).to.equal(status);
      expect(text).to.contain(words).and.to.contain('action="/find"');
    });

  it("says what was scanned without becoming part of the page", async () => {
    const { text } = await got("/01/%3Cscript%3Ealert(1)/10/x");
    expect(text).to.contain("&lt;script&gt;").and.not.to.contain("<script>");
  });
});

describe("GS1 Digital Links", () => {
  it("are sent on to the one canonical address, question and all", async () => {
    const { status, response } = await got("/01/9520000003012/10/GN-2604A?lang=en&a=b");
    expect(status).to.equal(308);
    expect(response.headers.get("location")).to.equal(`${BAGS}?lang=en&a=b`);
  });

  it("walk up from a serial number to its lot", async () => {
    const { status, response } = await got(`${BAGS}/21/0007`);
    expect(status).to.equal(307);
    expect(response.headers.get("location")).to.equal(BAGS);
  });

  it("answer programs with a link set", async () => {
    for (const [path, accept] of [
      [BAGS, "application/linkset+json"],
      [BAGS, "application/json"],
      [`${BAGS}?linkType=all`, "text/html"],
      [`${BAGS}?linktype=linkset`, "text/html"],
    ] as const) {
      const { response, text } = await got(path, {}, { accept });
      expect(response.headers.get("content-type")).to.contain("application/linkset+json");
      const { linkset } = JSON.parse(text) as { linkset: readonly Record<string, unknown>[] };
      expect(linkset[0]?.["anchor"]).to.equal(LOTS.bags);
      expect(linkset[0]).to.have.property("https://ref.gs1.org/voc/recallStatus");
    }
  });

  it("redirect to the link type that was asked for, and nowhere else", async () => {
    const { status, response } = await got(`${BAGS}?linkType=gs1:epcis`);
    expect(status).to.equal(307);
    expect(response.headers.get("location")).to.equal(`/bundle${BAGS}`);
    expect((await got(`${BAGS}?linkType=https://evil.example/`)).status).to.equal(200);
  });
});

describe("The dossier", () => {
  it("says that it is no certificate of origin, and carries the lot's code", async () => {
    const { text } = await got(`/dossier${BAGS}?lang=en`);
    expect(text)
      .to.contain("not a certificate of origin")
      .and.to.contain(`https://trace.example${BAGS}`);
    expect(text).to.contain("<svg xmlns").and.to.contain("Mass balance");
  });

  it("becomes one file with its records and its verifier, which loads nothing", async function () {
    const { response, text } = await got(`/dossier${BAGS}?download=1`);
    if (response.status === 404) return this.skip(); // web/ is not built
    expect(response.headers.get("content-disposition")).to.contain("attachment");
    expect(text).not.to.match(/<(?:script|img|link)[^>]+(?:src|href)="[^d]/);
    const records = /id="records">([^]*?)<\/script>/.exec(text)?.[1] ?? "";
    expect(JSON.parse(records)).to.have.property("lot", LOTS.bags);
  });
});
