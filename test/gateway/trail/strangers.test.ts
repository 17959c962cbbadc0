import { expect } from "chai";

import { requestOver } from "../../../gateway/chain/request.ts";
import type { Bundle } from "../../../gateway/core/bundle.ts";
import { toHex } from "../../../gateway/core/bytes.ts";
import { contentHash } from "../../../gateway/core/canonical.ts";
import { ROLES, type StatementName } from "../../../gateway/core/operations.ts";
import { idOf, recordingOf } from "../../../gateway/core/recording.ts";
import { readTrust } from "../../../gateway/core/trust.ts";
import { verifyTrail } from "../../../gateway/core/verify.ts";
import type { SignedStatement } from "../../../gateway/core/statement.ts";
import type { Report } from "../../../gateway/core/verify/report.ts";
import {
  CERTIFICATES,
  keysOf,
  LOTS,
  PEOPLE,
  PLACES,
  type Who,
} from "../../../scripts/season/cast.ts";
import { ask, signed, type Refused } from "../../../scripts/season/doors.ts";
import { partyDocument } from "../../../scripts/season/play.ts";
import { START } from "../../../scripts/season/time.ts";
import type { OpenGateway } from "../open.ts";
import { MORNING, openGatewayForVillage, openVillage, type Village } from "../village.ts";

const UNTIL = START + 365 * 86_400;

describe("A trail past which strangers set their sensors", function () {
  this.timeout(60_000);
  let gateway: OpenGateway;
  let village: Village;
  let number = 100;
  const { lot } = LOTS.raw1;
  const [device, second] = [keysOf("a stranger's sensor"), keysOf("his second sensor")];

  /** What somebody signs besides the season. */
  const say = (who: Who, name: StatementName, said: object, document: object): SignedStatement => {
    const hand = { party: idOf(PEOPLE[who].uri), key: PEOPLE[who].keyId, number: ++number };
    const statement = { ...hand, ...said, content: toHex(contentHash(document)) };
    return signed(gateway.deployment, PEOPLE[who], { name, statement, document } as never) as never;
  };
  const endKey = (who: Who, until: number) =>
    say(
      who,
      "KeyRevocation",
      { subjectKey: PEOPLE[who].keyId, until },
      { type: "Reason", text: "lost" },
    );
  const sensor = (of: typeof device) =>
    say(
      "cooperative",
      "Enrolment",
      {
        subject: idOf(PEOPLE.farm2.uri),
        subjectKey: of.keyId,
        roles: ROLES.device,
        from: START,
        until: UNTIL,
      },
      partyDocument(PEOPLE.farm2),
    );
  const watch = (from: number, until: number, of = device) =>
    say(
      "farm2",
      "Watch",
      { device: of.keyId, place: idOf(PLACES.plot1.uri), from, until, interval: 60 },
      {
        type: "Watch",
        place: PLACES.plot1.uri,
        name: PLACES.plot1.name,
        device: "sensor",
        quantityLimits: [],
      },
    );

  before(async () => {
    gateway = await openGatewayForVillage();
    village = await openVillage(gateway);
    const place = PLACES.plot1;
    await village.settle(
      village.enrolment("province", "cooperative"),
      village.enrolment("cooperative", "farm1"),
      village.enrolment("cooperative", "farm2"),
      village.grant("province", { ...CERTIFICATES.plot1, scheme: "growingArea" }),
      village.record("farm1", {
        kind: "harvest",
        ...LOTS.raw1,
        mass: 1_000,
        plot: CERTIFICATES.plot1.uri,
        place,
      }),
      sensor(device),
      sensor(second),
      watch(START, UNTIL),
    );
  });
  after(() => gateway.end());

  async function judged(): Promise<{ readonly bundle: Bundle; readonly report: Report }> {
    const bundle = await ask<Bundle>(`${gateway.url}/bundle${new URL(lot).pathname}`);
    const requests = gateway.urls.rpc.map(requestOver);
    const terms = { lot, deployment: gateway.deployment, log: bundle.log, requests };
    return { bundle, report: await verifyTrail(bundle, await readTrust(bundle, terms)) };
  }
  const named = ({ statements }: Bundle, name: StatementName) =>
    statements.filter((one) => one.name === name).length;

  it("shows what they watch, and by whose word", async () => {
    const { bundle, report } = await judged();
    expect(report.checks.filter(({ outcome }) => outcome === "fails")).to.deep.equal([]);
    expect([named(bundle, "Watch"), named(bundle, "Enrolment")]).to.deep.equal([1, 4]);
  });

  it("does not turn red when one of them ends his watch, in the words in which it began", async () => {
    await village.settle(watch(MORNING + 3_600, MORNING + 3_600));
    const { bundle, report } = await judged();
    expect(report.checks.filter(({ outcome }) => outcome === "fails")).to.deep.equal([]);
    expect(named(bundle, "Watch")).to.equal(1);
  });

  it("grows no longer than can be judged by a crowd of their watches", async () => {
    const crowd = [device, second].flatMap((of) =>
      Array.from({ length: 120 }, (_, i) => watch(MORNING + i, UNTIL, of)),
    );
    for (const one of crowd) await ask(`${gateway.url}/api/statements`, one);
    await village.settle(...crowd.slice(-1));
    const { bundle, report } = await judged();
    expect(report.checks.filter(({ outcome }) => outcome === "fails")).to.deep.equal([]);
    expect(named(bundle, "Watch")).to.equal(200);
  });

  it("takes no more than two hundred notes of one party on one lot, nor watches of one device, and no long ones", async () => {
    const door = `${gateway.url}/api/statements`;
    const { uri, keyId: key } = PEOPLE.cooperative;
    const note = (memo = "looked at it") => {
      const intent = { kind: "note", lot, step: "holding", place: PLACES.plot1, memo } as const;
      const hand = { party: uri, key, number: ++number, time: MORNING };
      return signed(gateway.deployment, PEOPLE.cooperative, recordingOf(intent, hand));
    };
    const refused = (statement: unknown) =>
      ask(door, statement).then(
        () => undefined,
        ({ status, code }: Refused) => [status, code],
      );
    expect(await refused(note("?".repeat(16 * 1024)))).to.deep.equal([413, "TOO_LARGE"]);
    for (let i = 0; i < 200; i++) await ask(door, note());
    expect(await refused(note())).to.deep.equal([413, "TOO_LARGE"]);
    for (let i = 0; i < 78; i++) await ask(door, watch(MORNING + 200 + i, UNTIL));
    expect(await refused(watch(MORNING + 300, UNTIL))).to.deep.equal([413, "TOO_LARGE"]);
    await village.settle(watch(MORNING + 300, UNTIL, second)); // others may go on
  });

  it("shows of many ends of a key the one that counts", async () => {
    await village.settle(...[1, 2, 3].map((earlier) => endKey("farm2", UNTIL - earlier)));
    const { bundle, report } = await judged();
    expect(report.checks.filter(({ outcome }) => outcome === "fails")).to.deep.equal([]);
    const shown = bundle.statements.filter(({ name }) => name === "KeyRevocation");
    expect(shown.map(({ statement }) => "until" in statement && statement.until)).to.deep.equal([
      UNTIL - 3,
    ]);
  });

  it("does not turn red when one of them ends his key for the past, and with it his records", async () => {
    await village.settle(endKey("farm2", START));
    const { bundle, report } = await judged();
    expect(report.checks.filter(({ outcome }) => outcome === "fails")).to.deep.equal([]);
    expect(named(bundle, "Watch")).to.equal(0);
  });

  it("does not turn red when who signed its records ends his key, with that very key", async () => {
    const { bundle } = await judged();
    const last = bundle.statements.findLast(({ name }) => name === "Operation")?.time ?? 0;
    await village.settle(endKey("farm1", last + 1));
    const { report } = await judged();
    expect(report.checks.filter(({ outcome }) => outcome === "fails")).to.deep.equal([]);
  });
});
