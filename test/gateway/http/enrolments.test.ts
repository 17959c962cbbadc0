import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { p256 } from "@noble/curves/nist.js";
import { expect } from "chai";

import { toBase64Url, toHex, type Hex } from "../../../gateway/core/bytes.ts";
import { sha256OfText } from "../../../gateway/core/hash.ts";
import { keyIdOf } from "../../../gateway/core/key-id.ts";
import { ROLES } from "../../../gateway/core/operations.ts";
import { requestDigest } from "../../../gateway/core/signed-request.ts";
import { openGateway, type OpenGateway } from "../open.ts";

type Answer = { readonly status: number; readonly body: Record<string, unknown> };

const keyOf = (name: string) => {
  const secret = sha256OfText(name);
  const point = p256.getPublicKey(secret, false);
  return { secret, publicKey: toHex(point), keyId: keyIdOf(point) };
};
const [OFFICE, FARMER, THIEF] = [keyOf("office"), keyOf("farmer"), keyOf("thief")];
const FARM = {
  uri: "https://id.gs1.org/417/9521000000010",
  name: { vi: "Nông hộ mẫu", en: "Sample farm" },
};

describe("enrolment", function () {
  this.timeout(60_000);
  let gateway: OpenGateway;
  const post = async (path: string, body: unknown): Promise<Answer> => {
    const response = await fetch(gateway.url + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Answer["body"] };
  };
  const get = async (path: string) =>
    (await (await fetch(gateway.url + path)).json()) as Answer["body"];
  const codeOf = ({ body }: Answer) => (body["error"] as { code: string }).code;
  const wordsOf = ({ body }: Answer) => (body["error"] as { message: { vi: string } }).message.vi;
  const wish = (
    key: typeof OFFICE,
    path: string,
    rest: object,
    time = Date.now(),
  ): Promise<Answer> => {
    const request = { path, time: Math.floor(time / 1000), ...rest };
    const signature = toBase64Url(p256.sign(requestDigest(request), key.secret));
    return post(path, { request, publicKey: key.publicKey, signature });
  };
  const invite = (code: string, key = OFFICE) =>
    wish(key, "/api/codes", {
      codeHash: toHex(sha256OfText(code)),
      subject: FARM,
      roles: ["farmer"],
      label: "điện thoại bà Tư",
    });

  before(async () => {
    gateway = await openGateway({
      environment: { AUTHORITY_NAME: "Cơ quan mẫu | Sample office" },
    });
  });
  after(() => gateway.end());

  it("begins with a founder, by the code that the operator reads at the first start", async () => {
    expect(await get(`/api/keys/${OFFICE.keyId}`)).to.include({ state: "unknown", next: 1 });
    const code = gateway.invitation?.toLowerCase().replaceAll("-", "");
    const answer = await post("/api/enrolments", { code, publicKey: OFFICE.publicKey });
    expect(answer.status).to.equal(202);
    const entry = await get(`/api/keys/${OFFICE.keyId}`);
    expect(entry).to.deep.include({
      state: "enrolled",
      roles: ["authority"],
      name: { vi: "Cơ quan mẫu", en: "Sample office" },
    });
    const again = await post("/api/enrolments", { code, publicKey: OFFICE.publicKey });
    expect(again.status).to.equal(202);
    const thief = await post("/api/enrolments", { code, publicKey: THIEF.publicKey });
    expect([thief.status, codeOf(thief)]).to.deep.equal([409, "REPLAYED"]);
  });

  it("names the founder among the parties", async () => {
    const parties = (await get("/api/parties")) as unknown as readonly Record<string, unknown>[];
    expect(parties).to.have.length(1);
    expect(parties[0]).to.deep.include({ roles: ["authority"] });
  });

  it("lets somebody who may invite hand out a code, which one key can use", async () => {
    expect((await invite("vuon-0001")).status).to.equal(201);
    expect(codeOf(await invite("vuon-0001"))).to.equal("REPLAYED");
    const answer = await post("/api/enrolments", {
      code: "vuon-0001",
      publicKey: FARMER.publicKey,
    });
    expect(answer).to.deep.include({ status: 202 });
    expect(answer.body).to.include({ keyId: FARMER.keyId, state: "pending" });
    expect(await get(`/api/keys/${FARMER.keyId}`)).to.deep.include({
      state: "pending",
      partyUri: FARM.uri,
      roles: ["farmer"],
    });
    const thief = await post("/api/enrolments", { code: "vuon-0001", publicKey: THIEF.publicKey });
    expect([thief.status, codeOf(thief)]).to.deep.equal([409, "REPLAYED"]);
    expect(wordsOf(thief)).to.contain("đã dùng cho một máy khác");
  });

  it("shows those who ask to whom they asked, and to nobody else", async () => {
    const mine = await wish(OFFICE, "/api/enrolments/list", {});
    expect(mine.status).to.equal(200);
    expect(mine.body).to.have.length(1);
    expect((mine.body as unknown as readonly object[])[0]).to.deep.include({
      keyId: FARMER.keyId,
      subject: FARM,
      roles: ["farmer"],
      label: "điện thoại bà Tư",
    });
    const stranger = await wish(THIEF, "/api/enrolments/list", {});
    expect([stranger.status, codeOf(stranger)]).to.deep.equal([403, "UNKNOWN_SIGNER"]);
  });

  it("shows nobody whom governance has enrolled meanwhile", async () => {
    const { publicKey, keyId } = keyOf("second office");
    await invite("vuon-0003");
    await post("/api/enrolments", { code: "vuon-0003", publicKey });
    const waiting = async (): Promise<unknown> =>
      (await wish(OFFICE, "/api/enrolments/list", {})).body["length"];
    expect(await waiting()).to.equal(2);
    const now = Math.floor(Date.now() / 1000);
    const founding = { ...FARM, keyId, roles: ROLES.farmer, from: now - 60, until: now + 3_600 };
    await gateway.found?.(founding);
    expect(await waiting()).to.equal(1);
  });

  it("refuses a code of a stranger, an old request, and a code that nobody handed out", async () => {
    expect(codeOf(await invite("vuon-0002", THIEF))).to.equal("UNKNOWN_SIGNER");
    const old = await wish(OFFICE, "/api/enrolments/list", {}, Date.now() - 3_600_000);
    expect([old.status, codeOf(old)]).to.deep.equal([422, "CLOCK"]);
    const wrong = await post("/api/enrolments", { code: "x", publicKey: THIEF.publicKey });
    expect([wrong.status, codeOf(wrong)]).to.deep.equal([403, "NOT_ALLOWED"]);
    expect(wordsOf(wrong)).to.contain("Mã không đúng");
    const bad = await post("/api/enrolments", { code: "x", publicKey: `0x04${"00".repeat(64)}` });
    expect([bad.status, codeOf(bad)]).to.deep.equal([400, "BAD_KEY"]);
  });

  it("slows down who guesses, also many at once", async () => {
    const guesses = Array.from({ length: 60 }, (_, guess) =>
      post("/api/enrolments", { code: `no ${guess}`, publicKey: THIEF.publicKey }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(new Set(statuses)).to.deep.equal(new Set([403, 429]));
    expect(statuses.filter((status) => status === 403)).to.have.length.at.most(20);
  });

  it("takes the document of a founder only if the chain holds its hash", async () => {
    const document = {
      type: "Party",
      uri: "https://plotline.example/parties/authority",
      name: { vi: "Cơ quan mẫu", en: "Sample office" },
    };
    const key: Hex = OFFICE.keyId;
    expect((await post("/api/founders", { key, document })).status).to.equal(200);
    const lie = { ...document, name: { vi: "Khác", en: "Other" } };
    expect((await post("/api/founders", { key, document: lie })).status).to.equal(422);
  });

  it("keeps founders, codes and the contracts over a restart", async () => {
    const { deployment } = gateway;
    gateway = await gateway.reopen();
    expect(gateway.deployment).to.deep.equal(deployment);
    expect(gateway.invitation).to.equal(undefined);
    expect(await get(`/api/keys/${OFFICE.keyId}`)).to.include({ state: "enrolled" });
    expect(await get(`/api/keys/${FARMER.keyId}`)).to.include({ state: "pending" });
  });
});

describe("A founding that was cut short", () => {
  it("is begun again by whoever has the next start's code, as the chain knows nobody", async () => {
    let gateway = await openGateway();
    try {
      // What a gateway leaves that ends before the chain has the founder.
      const store = new DatabaseSync(join(gateway.dataDir, "plotline.sqlite"));
      const left = { type: "Party", uri: FARM.uri, name: FARM.name };
      store
        .prepare("INSERT INTO meta (name, value) VALUES (?, ?)")
        .run(`founder/${THIEF.keyId}`, JSON.stringify(left));
      store.close();
      gateway = await gateway.reopen();
      const answer = await fetch(`${gateway.url}/api/enrolments`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code: gateway.invitation, publicKey: OFFICE.publicKey }),
      });
      expect(answer.status).to.equal(202);
      gateway = await gateway.reopen();
      expect(gateway.invitation).to.equal(undefined);
    } finally {
      await gateway.end();
    }
  });
});
