import { expect } from "chai";

import type { Log } from "../../../gateway/core/bundle.ts";
import { toBase64Url, toHex } from "../../../gateway/core/bytes.ts";
import { contentHash } from "../../../gateway/core/canonical.ts";
import { idOf } from "../../../gateway/core/recording.ts";
import type { SignedStatement } from "../../../gateway/core/statement.ts";
import { readTrust } from "../../../gateway/core/trust.ts";
import { verifyTrail } from "../../../gateway/core/verify.ts";
import { requestOver } from "../../../gateway/chain/request.ts";
import { CERTIFICATES, GI, LOTS, PEOPLE, PLACES } from "../../../scripts/season/cast.ts";
import { ask, signed, submit } from "../../../scripts/season/doors.ts";
import type { OpenGateway } from "../open.ts";
import { openGatewayForVillage, openVillage, type Village } from "../village.ts";

type Failed = {
  readonly code: string;
  readonly reason?: string;
  readonly message: { vi: string };
  readonly detail?: string;
};

describe("the door for statements", function () {
  this.timeout(60_000);
  let gateway: OpenGateway;
  let village: Village;
  const plot = { ...CERTIFICATES.plot1, scheme: "growingArea" } as const;
  const { raw1, raw2 } = LOTS;

  before(async () => {
    gateway = await openGatewayForVillage();
    village = await openVillage(gateway);
  });
  after(() => gateway.end());

  const send = async (statement: unknown) => {
    const response = await fetch(`${gateway.url}/api/statements`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(statement),
    });
    const body = (await response.json()) as { error?: Failed; digest?: string; state?: string };
    return { status: response.status, ...body };
  };
  const refusal = async (statement: unknown): Promise<readonly unknown[]> => {
    const { status, error } = await send(statement);
    return [status, error?.code, error?.reason];
  };
  const harvest = (made: { lot: string; product: { vi: string; en: string } }, mass = 100_000) =>
    village.record("farm1", {
      kind: "harvest",
      ...made,
      mass,
      plot: plot.uri,
      place: PLACES.plot1,
    });

  it("takes a whole morning that was recorded without a signal, each on the one before it", async () => {
    const morning = [
      village.enrolment("province", "certifier"),
      village.enrolment("province", "cooperative"),
      village.enrolment("cooperative", "farm1"),
      village.grant("certifier", plot),
      harvest(raw1),
      village.record("farm1", {
        kind: "handOver",
        lot: raw1.lot,
        mass: 100_000,
        to: PEOPLE.cooperative.uri,
        place: PLACES.plot1,
      }),
    ];
    for (const statement of morning) expect((await send(statement)).status).to.equal(202);
    await village.settle(...morning);
  });

  it("gives the same answer to the same statement a hundred times", async () => {
    const statement = harvest(raw2);
    const first = await send(statement);
    expect(first.status).to.equal(202);
    const answers = await Promise.all(Array.from({ length: 99 }, () => send(statement)));
    for (const { status, digest } of answers)
      expect([status, digest]).to.deep.equal([200, first.digest]);
    await submit(village, statement);
  });

  it("shows the lot to who holds it and to whom it is offered", async () => {
    const own = await ask<readonly { lot: string }[]>(
      `${gateway.url}/api/parties/${idOf(PEOPLE.farm1.uri)}/lots`,
    );
    expect(own.map(({ lot }) => lot)).to.have.members([idOf(raw1.lot), idOf(raw2.lot)]);
    const offered = await ask<readonly Record<string, unknown>[]>(
      `${gateway.url}/api/parties/${idOf(PEOPLE.cooperative.uri)}/lots`,
    );
    expect(offered).to.have.length(1);
    expect(offered[0]).to.deep.include({
      uri: raw1.lot,
      product: raw1.product,
      mass: 100_000,
      area: "VN-58",
      flags: ["grown"],
      count: 2,
    });
    expect(offered[0]?.["pending"]).to.deep.include({ name: PEOPLE.cooperative.words });
  });

  it("tells what happened to a lot, and what a certificate has left", async () => {
    const lot = await ask<{ statements: readonly Record<string, unknown>[] }>(
      `${gateway.url}/api/lots/${idOf(raw1.lot)}`,
    );
    expect(lot.statements.map(({ kind }) => kind)).to.deep.equal(["harvest", "handOver"]);
    expect(lot.statements[0]).to.deep.include({ state: "confirmed", name: PEOPLE.farm1.words });
    const [certificate] = await ask<readonly Record<string, unknown>[]>(
      `${gateway.url}/api/parties/${idOf(PEOPLE.farm1.uri)}/certificates`,
    );
    expect(certificate).to.deep.include({
      number: plot.number,
      scheme: "growingArea",
      quota: plot.quota,
      spent: 200_000,
    });
  });

  it("counts on from the highest number that a key has used", async () => {
    const { next } = await ask<{ next: number }>(`${gateway.url}/api/keys/${PEOPLE.farm1.keyId}`);
    expect(next).to.equal(4);
  });

  it("hands out a trail that a stranger's own check upholds", async () => {
    const path = new URL(raw1.lot).pathname;
    const bundle: unknown = await ask(`${gateway.url}/bundle${path}`);
    const requests = gateway.urls.rpc.map(requestOver);
    const { deployment } = gateway;
    const { log } = await ask<{ log: Log }>(`${gateway.url}/api/deployment`);
    const trust = await readTrust(bundle, { lot: raw1.lot, deployment, log, requests });
    const { questions, checks, origin } = await verifyTrail(bundle, trust);
    const wrong = checks.filter(({ outcome }) => outcome !== "holds");
    expect(wrong).to.deep.equal([]);
    expect(questions).to.include({ authentic: "holds", complete: "holds", current: "holds" });
    expect(origin).to.deep.equal([{ area: "VN-58", grown: true, share: 1 }]);
  });

  it("has no trail of a lot that nobody recorded, and says what is no lot", async () => {
    const path = new URL(LOTS.pepper.lot).pathname;
    expect((await fetch(`${gateway.url}/bundle${path}`)).status).to.equal(404);
    expect((await fetch(`${gateway.url}/bundle/01/123/10/x`)).status).to.equal(400);
  });

  describe("refuses", () => {
    const changed = (statement: SignedStatement, change: object): unknown => ({
      ...statement,
      ...change,
    });

    it("an event that was altered after it was signed", async () => {
      const statement = harvest(LOTS.raw3);
      const document = { ...statement.document, "plotline:memo": "khác" };
      expect(await refusal(changed(statement, { document }))).to.deep.equal([
        422,
        "BAD_OPERATION",
        undefined,
      ]);
    });

    it("an event that tells another mass than the operation", async () => {
      const [honest, other] = [harvest(LOTS.raw3), harvest(LOTS.raw3, 90_000)];
      const statement = {
        ...honest.statement,
        content: (other.statement as { content: string }).content,
      };
      const lie = signed(village.deployment, PEOPLE.farm1, {
        name: "Operation",
        statement: statement as never,
        document: other.document,
      });
      expect(await refusal(lie)).to.deep.equal([422, "RULE_BROKEN", undefined]);
    });

    it("a lot that no label could carry", async () => {
      const odd = harvest({ ...LOTS.raw3, lot: "https://evil.example/lots/1" });
      expect((await refusal(odd)).slice(0, 2)).to.deep.equal([400, "BAD_IDENTIFIER"]);
    });

    it("a signature by another key", async () => {
      const { signature } = harvest(LOTS.raw3);
      expect(await refusal(changed(harvest(LOTS.raw3), { signature }))).to.deep.equal([
        403,
        "BAD_SIGNATURE",
        undefined,
      ]);
      const zero = toBase64Url(new Uint8Array(64));
      expect(await refusal(changed(harvest(LOTS.raw3), { signature: zero }))).to.deep.equal([
        403,
        "BAD_SIGNATURE",
        undefined,
      ]);
    });

    it("a key that nobody enrolled", async () => {
      const statement = village.record("farm2", {
        kind: "harvest",
        ...LOTS.raw3,
        mass: 1000,
        plot: plot.uri,
        place: PLACES.plot2,
      });
      expect(await refusal(statement)).to.deep.equal([403, "UNKNOWN_SIGNER", "PartiesUnknownKey"]);
    });

    it("a number that was used for something else", async () => {
      const one = harvest(LOTS.raw3, 1000);
      await submit(village, one);
      const { number } = one.statement;
      const other = harvest(LOTS.raw4, 1000);
      const twin = signed(village.deployment, PEOPLE.farm1, {
        name: "Operation",
        statement: { ...other.statement, number } as never,
        document: other.document,
      });
      expect((await send(twin)).status).to.equal(409);
    });

    it("more than the plot's quota, in words with the names and masses that people know", async () => {
      const { status, error } = await send(harvest(LOTS.raw4, plot.quota));
      expect(status).to.equal(422);
      expect(error).to.include({ code: "RULE_BROKEN", reason: "CertificatesQuotaExceeded" });
      expect(error?.message.vi).to.contain(plot.number);
    });

    it("a harvest of what does not grow where the code says", async () => {
      const { status, error } = await send(harvest(LOTS.pepper, 1000));
      expect([status, error?.code]).to.deep.equal([422, "RULE_BROKEN"]);
      expect(error?.message.vi).to.contain("không cấp cho sản phẩm đó");
      expect(error?.detail).to.contain("09520001000089");
    });

    it("a claim on goods that were made of what it is not for", async () => {
      const kernels = { ...LOTS.kernels, mass: 400 };
      const { product: _, ...raw } = { ...LOTS.raw5, mass: 1000 };
      const products = ["09520001000034"];
      const right = { scheme: "organic", ...GI, quota: 1000, products } as const;
      const [coop, place] = [PEOPLE.cooperative.uri, PLACES.store];
      await village.settle(
        harvest(LOTS.raw5, 1000),
        village.record("farm1", { kind: "handOver", ...raw, to: coop, place }),
        village.record("cooperative", {
          kind: "takeOver",
          ...raw,
          from: PEOPLE.farm1.uri,
          place,
        }),
        village.record("cooperative", {
          kind: "process",
          inputs: [raw],
          outputs: [kernels],
          place,
        }),
        village.grant("certifier", { ...right, holder: "cooperative" }),
      );
      const certify = {
        kind: "certify",
        lot: kernels.lot,
        mass: 400,
        certificate: GI.uri,
      } as const;
      const { status, error } = await send(village.record("cooperative", { ...certify, place }));
      expect([status, error?.code]).to.deep.equal([422, "RULE_BROKEN"]);
      expect(error?.detail).to.contain("09520001000010");
    });

    it("a story longer than its lots could fill, since it stands in every trail of what is made of them", async () => {
      const told = (memo: string) =>
        village.record("cooperative", {
          kind: "process",
          inputs: [{ lot: LOTS.raw1.lot, mass: 1 }],
          outputs: [{ ...LOTS.bags, mass: 1 }],
          place: PLACES.store,
          memo,
        });
      expect((await refusal(told("x".repeat(20_000))))[1]).to.equal("TOO_LARGE");
      expect((await refusal(told("x".repeat(2_000))))[1]).not.to.equal("TOO_LARGE");
    });

    it("a party whose name would fit in no list", async () => {
      const honest = village.enrolment("cooperative", "farm2");
      const document = { ...honest.document, name: { vi: "x".repeat(201), en: "x" } };
      const content = toHex(contentHash(document));
      const long = signed(village.deployment, PEOPLE.cooperative, {
        name: "Enrolment",
        statement: { ...honest.statement, content } as never,
        document,
      });
      expect((await refusal(long)).slice(0, 2)).to.deep.equal([400, "BAD_ENCODING"]);
    });

    it("a certificate for what is no product", async () => {
      const right = { scheme: "organic", ...GI, uri: `${GI.uri}-2` } as const;
      const odd = { ...right, products: ["1"], holder: "cooperative" } as const;
      const [, code] = await refusal(village.grant("certifier", odd));
      expect(code).to.equal("BAD_IDENTIFIER");
    });

    it("a statement that was signed for another chain", async () => {
      const elsewhere = { ...village.deployment, chainId: 1 };
      const { name, statement, document } = harvest(LOTS.raw4, 1000);
      const foreign = signed(elsewhere, PEOPLE.farm1, { name, statement, document } as never);
      expect(await refusal(foreign)).to.deep.equal([403, "BAD_SIGNATURE", undefined]);
    });

    it("what is no statement at all", async () => {
      for (const nonsense of [null, [], "x", {}, { name: "Portion" }])
        expect((await send(nonsense)).status).to.be.oneOf([400, 422]);
    });
  });

  // In a group of its own, as mocha runs those last.
  describe("after a restart", () => {
    it("knows everything again", async () => {
      gateway = await gateway.reopen();
      const statements = await ask<{ statements: readonly unknown[] }>(
        `${gateway.url}/api/lots/${idOf(raw1.lot)}`,
      );
      expect(statements.statements).to.have.length(2);
      const after = village.record("farm1", {
        kind: "handOver",
        lot: raw2.lot,
        mass: 100_000,
        to: PEOPLE.cooperative.uri,
        place: PLACES.plot1,
      });
      await submit({ ...village, url: gateway.url }, after);
    });
  });
});
