import { expect } from "chai";

import { uplinkIntake } from "../../../gateway/capture-uplink.ts";
import { toBase64Url, utf8ToBytes } from "../../../gateway/core/bytes.ts";
import { parsePack } from "../../../gateway/core/envelope.ts";
import { sha256OfText } from "../../../gateway/core/hash.ts";
import { ROLES } from "../../../gateway/core/operations.ts";
import { parseSources } from "../../../gateway/core/sources.ts";
import { TraceError } from "../../../gateway/core/trace-error.ts";
import type { KeyOf } from "../../../gateway/device-keys.ts";
import { uplinkDoor, type UplinkDoor } from "../../../gateway/mqtt/uplinks.ts";
import { sourceKey } from "../../../gateway/source-keys.ts";
import type { Source } from "../../../gateway/sources.ts";
import { payloadOf, type SentMetric } from "../core/sparkplug-bytes.ts";
import { bytesOf, CHIRPSTACK, DEV_EUI } from "../core/uplink-messages.ts";
import { expectRejection } from "../../refusal.ts";
import { deviceNamed } from "../samples.ts";
import { describeStores } from "../store/stores.ts";

const NOW = Date.parse("2026-03-02T08:00:00Z");
const SEED = toBase64Url(sha256OfText("the sources' secret"));
const SERVERS = [
  { name: "chirpstack", kind: "chirpstack", application: "a", devices: { [DEV_EUI]: {} } },
  { name: "plant", kind: "sparkplug", group: "plant", devices: { "n/d": {}, "n/e": {} } },
  {
    name: "own",
    kind: "mapped",
    topics: ["farm/+"],
    device: { level: 1 },
    time: "at",
    id: "n",
    devices: { kho: {} },
  },
];
const ENROLLED = {
  party: deviceNamed("a cooperative"),
  roles: ROLES.networkServer,
  from: NOW / 1_000 - 86_400,
  until: 2 ** 40,
  number: 0,
  content: deviceNamed("an enrolment"),
};
const UP = `application/a/device/${DEV_EUI}/event/up`;
const BORN: SentMetric = { name: "temperature", alias: 7, datatype: 9, float: 20 };

const sourcesOf = (servers: readonly object[]): readonly Source[] =>
  parseSources({ servers }).map(({ name, format, topics, rights, devices }) => {
    const keyed = [...devices.values()].map((each) => ({ ...each, key: sourceKey(SEED, each) }));
    return {
      name,
      format,
      topics,
      rights,
      devices: new Map(keyed.map((each) => [each.name, each])),
    };
  });

describeStores("The door for network servers", (store) => {
  let door: UplinkDoor;
  let told: string[];
  let keyOf: KeyOf;
  const start = (sources = sourcesOf(SERVERS)): void => {
    told = [];
    keyOf = async () => ENROLLED;
    const intake = uplinkIntake({
      store: store(),
      keyOf: (keyId) => keyOf(keyId),
      keys: { keep: async () => {} },
      now: () => NOW,
      onNew: () => {},
    });
    door = uplinkDoor({
      sources,
      intake,
      counts: {
        taken: (server, fate, lost) => told.push(`${server} ${fate} ${lost}`),
        refused: (server, code) => told.push(`${server} ${code}`),
        metrics: [],
      },
      now: () => NOW,
      log: { warn: () => {} },
    });
  };
  beforeEach(() => start());

  const up = (fCnt: number, change: object = {}) =>
    door.take(UP, bytesOf({ ...CHIRPSTACK, deduplicationId: `${fCnt}`, fCnt, ...change }));
  const say = (what: string, seq: number, metrics: readonly SentMetric[] = []) =>
    door.take(`spBv1.0/plant/${what}`, payloadOf({ seq, time: NOW }, metrics));
  const data = (seq: number, float: number, more: SentMetric = {}) =>
    say("DDATA/n/d", seq, [{ alias: 7, float, ...more }]);
  const own = (members: object) => door.take("farm/kho", utf8ToBytes(JSON.stringify(members)));
  const birth = async (): Promise<void> => {
    await say("NBIRTH/n", 0);
    await say("DBIRTH/n/d", 1, [BORN]);
  };
  const packs = async () => {
    const rows = await store().db.selectFrom("packs").select("envelope").orderBy("id").execute();
    return rows.map(({ envelope }) => parsePack(envelope));
  };
  const losses = async () =>
    (await packs()).map(({ records, attested }) => [records[0]?.value, attested?.lost]);

  describe("when one message of a group cannot be sealed", () => {
    it("refuses that one and keeps the others", async () => {
      await birth();
      const many = Array.from({ length: 1_001 }, () => ({ alias: 7, float: 21 }));
      await Promise.all([say("DDATA/n/d", 2, many), up(41)]);
      expect(told.slice(1)).to.have.members(["plant TOO_LARGE", "chirpstack new 0"]);
      expect((await packs()).map(({ attested }) => attested?.source)).to.deep.equal([
        "sparkplug",
        "chirpstack",
      ]);
    });
  });

  describe("what can never be kept is acknowledged, refused and counted:", () => {
    it("a time beyond what a date can say", async () => {
      await birth();
      await data(2, 21, { time: Number.MAX_SAFE_INTEGER });
      await data(3, 22, { time: 0 });
      await own({ n: 1, at: 2 ** 37, temperature: 23 });
      await own({ n: 2, at: "9999-12-31T23:59:59-23:59", temperature: 24 });
      expect(told.slice(1)).to.deep.equal(["plant CLOCK", "plant CLOCK", "own CLOCK", "own CLOCK"]);
    });

    it("a name that no database takes", async () => {
      await up(41, { deduplicationId: "a\0b" });
      await up(42, { devAddr: "a\0b" });
      await own({ n: "\0", at: NOW, temperature: 23 });
      expect(told).to.deep.equal(["chirpstack BAD_EVENT", "chirpstack BAD_EVENT", "own BAD_EVENT"]);
    });
  });

  it("acknowledges, refuses and counts a message at which the parser itself breaks", async () => {
    const broken = { mapping: { device: { level: 1 }, time: undefined as never }, kind: "mapped" };
    const change = ({ format }: Source) => (format.kind === "mapped" ? broken : format);
    start(sourcesOf(SERVERS).map((each) => ({ ...each, format: change(each) }) as Source));
    await own({ n: 1, temperature: 23 });
    expect(told).to.deep.equal(["own BAD_ENCODING"]);
  });

  describe("a guest", () => {
    const password = utf8ToBytes("a password of some length");
    const login = { user: "b", password: "a password of some length" };
    const mapped = { kind: "mapped", topics: ["site/+"], device: { level: 1 }, time: "at" };
    const body = utf8ToBytes(JSON.stringify({ at: NOW, temperature: 23 }));

    it("hears no more than its rights cover", () => {
      start(sourcesOf([{ ...mapped, name: "b", devices: {} }]).map((each) => ({ ...each, login })));
      const guest = door.login("b", password);
      expect(guest?.mayRead("site/a")).to.equal(true);
      expect(guest?.mayRead("site/#")).to.equal(false);
    });

    it("speaks for its own devices, where another server has the same topics", async () => {
      const servers = sourcesOf([
        { ...mapped, name: "a", devices: { kho: {} } },
        { ...mapped, name: "b", devices: { kho: {} } },
      ]);
      start(servers.map((each) => (each.name === "b" ? { ...each, login } : each)));
      await door.login("b", password)?.take("site/kho", body);
      expect(told).to.deep.equal(["b new 0"]);
    });
  });

  describe("a loss is told by the next pack that is sealed,", () => {
    it("where an uplink without a reading noticed it, also after a restart", async () => {
      await up(1, { object: { temperature: 20 } });
      await up(10, { object: { battery: 3 } });
      start();
      await up(12, { object: { battery: 3 }, devAddr: "01ffffff" });
      await up(14, { object: { temperature: 21 }, devAddr: "01ffffff" });
      await up(15, { object: { temperature: 22 }, devAddr: "01ffffff" });
      expect(await losses()).to.deep.equal([
        [20, 0],
        [21, 9],
        [22, 0],
      ]);
      expect(told).to.deep.equal(["empty 0", "new 1", "new 0"].map((each) => `chirpstack ${each}`));
    });

    for (const [what, notice] of [
      ["a message of the edge node itself", () => say("NDATA/n", 10)],
      ["a death", () => say("DDEATH/n/e", 10)],
      ["a message of a device that nobody named", () => say("DDATA/n/f", 10, [])],
    ] as const)
      it(`where ${what} noticed it`, async () => {
        await birth();
        await say("DBIRTH/n/f", 2);
        await notice();
        await data(11, 21);
        await data(12, 22);
        expect((await losses()).slice(1)).to.deep.equal([
          [21, 7],
          [22, 0],
        ]);
      });

    it("where data came before the birth that explains them", async () => {
      await data(8, 19);
      await data(9, 20);
      await birth();
      await data(2, 21);
      expect(await losses()).to.deep.equal([
        [BORN.float, 2],
        [21, 0],
      ]);
    });

    it("together with a message that was refused and had readings", async () => {
      await birth();
      await data(10, 99, { time: NOW + 3_600_000 });
      await data(11, 21);
      await own({ n: 1, at: NOW + 3_600_000, temperature: 99 });
      await own({ n: 2, at: NOW, temperature: 22 });
      expect((await losses()).slice(1)).to.deep.equal([
        [21, 9],
        [22, 1],
      ]);
      expect(told.filter((each) => each.includes("new"))).to.deep.equal([
        "plant new 0",
        "plant new 9",
        "own new 1",
      ]);
    });

    it("and not where a message only came twice", async () => {
      await birth();
      for (const seq of [2, 2, 3, 3]) await say("NDATA/n", seq);
      for (const seq of [4, 4, 5]) await data(seq, seq);
      expect((await losses()).slice(1)).to.deep.equal([
        [4, 0],
        [5, 0],
      ]);
    });
  });

  describe("asks an edge node for its births, at QoS 0,", () => {
    const asking = { topic: "spBv1.0/plant/NCMD/n", retain: false, qos: 0 };

    it("where data come without", async () => {
      expect(await data(9, 20)).to.include(asking);
    });

    it("where a message is missing, which may have been one, and not again at once", async () => {
      await birth();
      expect(await data(2, 20)).to.equal(undefined);
      expect(await data(4, 21)).to.include(asking);
      expect(await data(6, 22)).to.equal(undefined);
    });

    it("where it was another's message, not named in the file, that showed it", async () => {
      await birth();
      expect(await say("DDATA/n/f", 9)).to.include(asking);
    });
  });

  it("refuses an edge node of which the file names nothing, and does not remember it", async () => {
    await say("NBIRTH/stranger", 0);
    expect(await say("NDATA/stranger", 1, [{ alias: 7, float: 20 }])).to.equal(undefined);
    expect(told).to.deep.equal(["plant UNKNOWN_SIGNER", "plant UNKNOWN_SIGNER"]);
  });

  it("takes a chain that answers nonsense for one that cannot be asked, and acknowledges nothing", async () => {
    keyOf = () => Promise.reject(new TraceError("BAD_ENCODING", "not the word of a chain"));
    await expectRejection("UNAVAILABLE", up(41) ?? Promise.resolve());
    expect(told).to.deep.equal([]);
  });
});
