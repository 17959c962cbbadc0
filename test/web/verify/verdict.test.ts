import { expect } from "chai";
import type { Page, Route } from "playwright-core";

import type { Bundle, Recorded } from "../../../gateway/core/bundle.ts";
import { kindName } from "../../../gateway/core/agreement.ts";
import type { Kind } from "../../../gateway/core/operations.ts";
import { LOTS } from "../../../scripts/season/cast.ts";
import { describeBrowser } from "../../browser.ts";
import { playedSeason, type Season } from "../../season.ts";

const QUESTIONS = ["authentic", "anchored", "complete", "current", "plausible"] as const;
type Answers = Readonly<Record<(typeof QUESTIONS)[number], string>>;
const HOLDS = "holds";

const isOf =
  (kind: Kind) =>
  (recorded: Recorded): boolean =>
    recorded.name === "Operation" && kindName(recorded.statement.kind) === kind;

/** A gateway that lies: what it hands out instead of the true bundle. */
type Lie = (bundle: Bundle) => Bundle;

const withStatements = (bundle: Bundle, statements: readonly Recorded[]): Bundle => ({
  ...bundle,
  statements,
});
const altered: Lie = (bundle) =>
  withStatements(
    bundle,
    bundle.statements.map((recorded) =>
      isOf("harvest")(recorded)
        ? ({
            ...recorded,
            document: { ...recorded.document, "plotline:memo": "another story" },
          } as Recorded)
        : recorded,
    ),
  );
const without =
  (kind: Kind): Lie =>
  (bundle) =>
    withStatements(
      bundle,
      bundle.statements.filter((recorded) => !isOf(kind)(recorded)),
    );

describeBrowser("A reader's own verdict, on a season that was played", (browser) => {
  let season: Season;
  before(async function () {
    this.timeout(180_000);
    season = await playedSeason();
  });
  after(() => season.gateway.end());

  /** Opens a lot's page in English, lets the gateway lie or not, and waits for the browser's verdict. */
  async function judged(lot: string, lie?: Lie, prepare?: (page: Page) => Promise<unknown>) {
    const page = await browser().newPage();
    await prepare?.(page);
    if (lie !== undefined)
      await page.route("**/bundle/**", async (route: Route) => {
        const response = await route.fetch();
        await route.fulfill({ json: lie((await response.json()) as Bundle) });
      });
    await page.goto(`${season.gateway.url}${new URL(lot).pathname}?lang=en`);
    await page.waitForFunction(
      () => !/Not checked|Checking/.test(document.querySelector(".answer")?.textContent ?? ""),
    );
    const states = await page
      .locator(".answer")
      .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset["state"]));
    const answers = Object.fromEntries(
      QUESTIONS.map((question, i) => [question, states[i]]),
    ) as Answers;
    return { page, answers };
  }
  const stripOf = (page: Page) => page.locator("#status").getAttribute("data-state");

  it("agrees with an honest gateway", async () => {
    const { page, answers } = await judged(LOTS.bags.lot);
    expect(answers).to.deep.equal({
      authentic: HOLDS,
      anchored: HOLDS,
      complete: HOLDS,
      current: HOLDS,
      plausible: HOLDS,
    });
    expect(await stripOf(page)).to.equal("match");
    expect(await page.locator("#status .by").innerText()).to.contain("agrees");
    await page.close();
  });

  it("says of each remark on a sensor which quantity it is about", async () => {
    const { page } = await judged(LOTS.bags.lot);
    const told = async (question: string) =>
      (await page.locator(`[data-question="${question}"] .why > li`).allInnerTexts()).join(" ");
    for (const words of [
      "(Cooperative store-room), temperature: was silent or unwatched",
      "(Cooperative store-room), air humidity: was",
    ])
      expect(await told("complete")).to.contain(words);
    expect(await told("plausible")).to.contain(
      "(Cooperative store-room), temperature: readings were outside",
    );
    await page.close();
  });

  it("judges the same where there is no WebCrypto, as on a plain http address", async () => {
    const without = (page: Page) =>
      page.addInitScript(() => Object.defineProperty(crypto, "subtle", { value: undefined }));
    const { page, answers } = await judged(LOTS.bags.lot, undefined, without);
    expect(Object.values(answers)).to.deep.equal(QUESTIONS.map(() => HOLDS));
    await page.close();
  });

  it("names the recalled lot that a bag was made of", async () => {
    const { page, answers } = await judged(LOTS.mixedBags.lot);
    expect(answers.current).to.equal("fails");
    expect(await stripOf(page)).to.equal("recalled");
    expect(await page.locator('[data-question="current"] .why').innerText()).to.contain(
      "Lot DT26-003",
    );
    await page.close();
  });

  it("marks the step whose story was altered, and says so on top", async () => {
    const { page, answers } = await judged(LOTS.bags.lot, altered);
    expect(answers.authentic).to.equal("fails");
    expect(await stripOf(page)).to.equal("mismatch");
    const marked = page.locator(".path li.bad h3").first();
    expect(await marked.innerText()).to.equal("Harvested");
    expect(await page.locator(".mark").first().innerText()).to.contain("it is not what was signed");
    await page.close();
  });

  it("fetches the exact words of what failed for who asks, and not before", async () => {
    const fetched: string[] = [];
    const watching = async (page: Page) =>
      void page.on("request", (request) => fetched.push(request.url()));
    const { page } = await judged(LOTS.bags.lot, altered, watching);
    expect(fetched.filter((url) => url.includes("worded"))).to.deep.equal([]);
    const detail = page.locator('[data-question="authentic"] details.raw');
    await detail.locator("summary").click();
    await detail.locator("p").first().waitFor();
    expect(await detail.locator("p").first().innerText()).to.match(
      /^harvest 0x\w{8}…: the document hashes to 0x\w{64}, the signed content is 0x\w{64}$/,
    );
    expect(fetched.filter((url) => url.includes("worded"))).to.have.length(1);
    await page.close();
  });

  it("lets no text of a bundle put other words into what was found", async () => {
    const name = "«1¦the records match»\u202e";
    const salt = "A".repeat(22);
    const { page, answers } = await judged(LOTS.bags.lot, (bundle) => ({
      ...bundle,
      openings: [{ name, value: 1, salt }],
    }));
    expect(answers.authentic).to.equal("fails");
    await page.locator('[data-question="authentic"] details.raw summary').click();
    const words = page.locator('[data-question="authentic"] details.raw p').first();
    const shown = "«1¦the records match»\ufffd";
    expect(await words.innerText()).to.equal(
      `sealed field "${shown}": no event sealed this value of "${shown}"`,
    );
    await page.close();
  });

  it("sees that a step was left out", async () => {
    const { page, answers } = await judged(LOTS.bags.lot, without("note"));
    expect(answers.complete).to.equal("fails");
    expect(await stripOf(page)).to.equal("mismatch");
    await page.close();
  });

  it("sees a recall that was left out", async () => {
    const { page, answers } = await judged(LOTS.mixedBags.lot, without("recall"));
    expect([answers.complete, answers.current]).to.deep.equal(["fails", "fails"]);
    expect(await stripOf(page)).to.equal("recalled");
    await page.close();
  });

  it("is not fooled by the bundle of another lot", async () => {
    const other = await season.bundleOf(LOTS.pepperBags.lot);
    const { page, answers } = await judged(LOTS.bags.lot, () => other);
    expect(answers.authentic).to.equal("fails");
    expect(await stripOf(page)).to.equal("mismatch");
    await page.close();
  });

  /** A file that was kept, opened in a browser with the gateway's pages gone, once it has checked itself. */
  async function opened(lot: string, lie: Lie = (bundle) => bundle) {
    const { pathname } = new URL(lot);
    const kept = await fetch(`${season.gateway.url}/dossier${pathname}?lang=en&download=1`);
    const [before = "", rest = ""] = (await kept.text()).split('id="records">');
    const end = rest.indexOf("</script>");
    const bundle = lie(JSON.parse(rest.slice(0, end)) as Bundle);
    const records = JSON.stringify(bundle).replaceAll("<", "\\u003c");
    const page = await browser().newPage({ viewport: { width: 360, height: 800 } });
    await page.setContent(`${before}id="records">${records}${rest.slice(end)}`);
    await checkedBy(page);
    return page;
  }
  const checkedBy = (page: Page) =>
    page.waitForFunction(() => document.querySelector("#as-of")?.textContent !== "");
  const answersOn = (page: Page) =>
    page
      .locator(".answer")
      .evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset["state"]));

  it("comes out of a file that was kept, as soon as it is opened", async () => {
    const page = await opened(LOTS.cartons.lot);
    expect(await answersOn(page)).to.deep.equal(QUESTIONS.map(() => HOLDS));
    expect(await stripOf(page)).to.equal("match");
    expect(await page.locator("#status h2").innerText()).to.equal("The records match");
    await page.click("#ask-chain");
    await checkedBy(page);
    expect(await answersOn(page)).to.deep.equal(QUESTIONS.map(() => HOLDS));
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider).to.equal(0);
    expect(await page.locator("#status .by").innerText()).to.contain(
      `lot ${LOTS.cartons.lot}; origin 100 % VN-58;`,
    );
    await page.close();
  });

  it("says the origin of a kept file by its records, whatever its words say", async () => {
    const page = await opened(LOTS.mixedBags.lot);
    expect(await page.locator("#status .by").innerText()).to.match(
      /origin 60 % VN-58, 40 % KH \(\*\)/,
    );
    await page.close();
  });

  it("says beside the verdict of a kept file that there is something to know, and only then", async () => {
    const besides = "there is something to know";
    const page = await opened(LOTS.bags.lot);
    expect(await stripOf(page)).to.equal("match");
    expect(await page.locator("#status .by").innerText()).to.contain(besides);
    await page.close();
    const other = await opened(LOTS.rubberBlocks.lot);
    expect(await other.locator("#status .by").innerText()).not.to.contain(besides);
    await other.close();
  });

  it("names a certificate in a kept file by its scheme too: another's may have the same number", async () => {
    const page = await opened(LOTS.bags.lot);
    const by = page.locator("#status .by");
    const said = /certificates Right to the geographical indication [^ ]+ \(100 %\)/;
    expect(await by.innerText()).to.match(said);
    await page.getByRole("button", { name: "Tiếng Việt" }).click();
    expect(await by.innerText()).to.match(/Quyền dùng chỉ dẫn địa lý [^ ]+ \(100 %\)/);
    await page.close();
  });

  it("stands in a kept file in the other language too, and speaks of a recall", async () => {
    const page = await opened(LOTS.mixedBags.lot);
    expect(await stripOf(page)).to.equal("recalled");
    await page.getByRole("button", { name: "Tiếng Việt" }).click();
    expect(await page.locator("html").getAttribute("lang")).to.equal("vi");
    expect(await stripOf(page)).to.equal("recalled");
    expect(await page.locator("#status h2").innerText()).to.equal("Lô này đã bị thu hồi");
    expect(await page.locator("#status").innerText()).to.contain("tồn dư vượt mức");
    expect(await page.locator('[data-question="current"] .answer').innerText()).to.equal(
      "Không đạt",
    );
    await page.getByRole("button", { name: "English" }).click();
    expect(await page.locator("#status h2").innerText()).to.equal("This lot has been recalled");
    await page.close();
  });

  it("says of a kept file that the chain has more records by now", async () => {
    const page = await opened(LOTS.bags.lot, without("note"));
    expect(await stripOf(page)).to.equal("mismatch");
    expect(await page.locator("#status .by").innerText()).to.contain("fetch a new file");
    await page.close();
  });

  it("clears what an earlier check of a kept file found", async () => {
    const page = await opened(LOTS.bags.lot, altered);
    expect(await page.locator(".mark").count()).to.be.greaterThan(0);
    await page.fill("#endpoints", "http://127.0.0.1:9/"); // the discard port: nobody answers
    await page.click("#ask-chain");
    await page.getByText("Not checked yet").waitFor();
    expect(await page.locator(".mark, [data-marked]").count()).to.equal(0);
    expect(await page.locator("#as-of").innerText()).to.equal("");
    await page.close();
  });
});
