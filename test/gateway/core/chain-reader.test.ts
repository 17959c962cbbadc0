import { expect } from "chai";

import { publicRequest } from "../../../gateway/chain/rpc-rules.ts";
import { toHex, type Hex } from "../../../gateway/core/bytes.ts";
import { encodeFunction } from "../../../gateway/core/calls.ts";
import { readAgreed, readChainState, type Wanted } from "../../../gateway/core/chain-reader.ts";
import { parseChainState } from "../../../gateway/core/chain-state-file.ts";
import type { ChainState, Request } from "../../../gateway/core/chain-state.ts";
import { hashLeaf, proveConsistency, rootOf } from "../../../gateway/core/merkle.ts";
import { ROLES, SCHEMES, type Deployment } from "../../../gateway/core/operations.ts";
import { idOf, NOTHING } from "../../../gateway/core/recording.ts";
import type { TraceErrorCode } from "../../../gateway/core/trace-error.ts";
import { personOf, signedCall } from "../../contracts/person.ts";
import { expectRefusal, expectRejection } from "../../refusal.ts";
import {
  AREA,
  FOR_EVER,
  harvestOf,
  LOG_ID,
  lotNamed,
  openWorld,
  type World,
} from "../chain/world.ts";

const LEAVES = Array.from({ length: 7 }, (_, i) => hashLeaf(Uint8Array.of(i)));
const NO_TEXT = { toString: 1 }; // as JSON, and `String` has none for it
const [lot, absent] = [lotNamed("A1"), lotNamed("never")];
const [yard, far] = [idOf("a yard"), idOf("a yard of a far future")];

describe("the reader of the chain", () => {
  let world: World;
  let deployment: Deployment;
  let wanted: Wanted;
  let state: ChainState;
  before(async () => {
    world = await openWorld();
    const { accessManager: _, block: __, ...addresses } = world.deployment;
    deployment = addresses;
    const { farm, province, plot, chain } = world;
    const device = personOf("a device of these tests", farm.party);
    const enrolment = { subject: farm.party, subjectKey: device.key, roles: ROLES.device };
    const term = { from: 0, until: FOR_EVER, content: NOTHING };
    await world.relay(
      "parties",
      signedCall(deployment, province, "Enrolment", { ...enrolment, ...term }),
    );
    const watch = { device: device.key, place: yard, interval: 60, content: lot };
    for (const [from, until] of [
      [5, FOR_EVER],
      [9, FOR_EVER],
      [FOR_EVER - 1, FOR_EVER - 1], // an end, and no watch
    ] as const)
      await world.relay(
        "parties",
        signedCall(deployment, farm, "Watch", { ...watch, from, until }),
      );
    // Times that no double tells apart.
    const [from, until] = [2n ** 60n, 2n ** 60n + 1n] as unknown as [number, number];
    await world.relay(
      "parties",
      signedCall(deployment, farm, "Watch", { ...watch, place: far, from, until }),
    );
    await world.relay("lots", signedCall(deployment, farm, "Operation", harvestOf(lot, plot)));
    await world.relay(
      "parties",
      signedCall(deployment, farm, "Delegation", { agent: province.party, until: 77 }),
    );
    for (const [older, newer] of [
      [0, 3],
      [3, 6],
      [6, 7],
    ] as const) {
      const root = toHex(rootOf(LEAVES.slice(0, newer)));
      const proof = older === 0 ? [] : proveConsistency(LEAVES.slice(0, newer), older).map(toHex);
      const data = encodeFunction("anchor", { log: LOG_ID, size: newer, root, proof });
      await (await chain.relayer.sendTransaction({ to: deployment.checkpoints, data })).wait();
    }
    wanted = {
      lots: [lot, absent, ...Array.from({ length: 120 }, (_, i) => lotNamed(`x${i}`))],
      certificates: [plot],
      keys: [farm.key, absent],
      places: [idOf("a place"), yard, far],
      parties: [farm.party, province.party, absent],
      delegations: [
        { party: farm.party, agent: province.party },
        { party: province.party, agent: farm.party },
      ],
      logId: LOG_ID,
      anchoredSizes: [3, 5, 7, 3, 900],
      timesOfSizes: [3, 3, 4, 900],
    };
    state = await readChainState({ request: chain.request, deployment, wanted });
  });
  after(() => world.close());

  it("reads everything at one block", () => {
    const { farm, plot, province } = world;
    expect(state.lots[lot]).to.include({ holder: farm.party, mass: 1_000, count: 1, flags: 1 });
    expect(state.lots[lot]?.area).to.equal(AREA);
    expect(state.lots[absent]).to.include({ head: NOTHING, mass: 0, count: 0 });
    expect(Object.keys(state.lots)).to.deep.equal([...wanted.lots]);
    expect(state.certificates[plot]).to.include({
      issuer: province.party,
      scheme: SCHEMES.growingArea,
      quota: 1_000_000,
      spent: 1_000,
      until: FOR_EVER,
      revoked: 0,
    });
    expect(state.keys[farm.key]).to.include({ party: farm.party, roles: ROLES.farmer, number: 6 });
    expect(state.keys[absent]).to.include({ party: NOTHING, roles: 0 });
    expect(state.watches[idOf("a place")]).to.deep.equal([]);
    expect(state.watches[yard]).to.have.length(2);
    expect(Object.values(state.sponsors)).to.deep.equal([province.party, province.party, NOTHING]);
    expect(Object.values(state.delegations)).to.deep.equal([77, 0]);
    const [root3, root7] = [3, 7].map((size) => toHex(rootOf(LEAVES.slice(0, size))));
    expect(state.checkpoint).to.include({ size: 7, root: root7 });
    expect(state.anchored).to.deep.equal({ 3: root3, 7: root7 });
    expect(Object.keys(state.anchoredAt)).to.deep.equal(["3", "7"]);
    expect(state.anchoredAt[7]).to.equal(state.checkpoint?.time);
    expect(state.anchoredAt[3]).to.be.below(state.anchoredAt[7] ?? 0);
  });

  it("reads when each watch was taken", () => {
    const [first, second] = state.watches[yard] ?? [];
    // What the second cut short ends in its own block.
    expect(first?.until).to.equal(second?.taken);
    expect(first?.taken).to.be.below(second?.taken ?? 0);
  });

  it("comes back from JSON as it was, and no other JSON passes for it", () => {
    const saved = JSON.stringify(state);
    expect(parseChainState(JSON.parse(saved))).to.deep.equal(state);
    for (const [from, to] of [
      [/"flags":1/, '"flags":-1'],
      [/"flags":1/, '"flags":1,"more":1'],
      [/"mass":1000,/, ""],
      [/"head":"0x../, '"head":"0x'],
      [/"lots":\{"0x/, '"lots":{"0X'],
      [/"checkpoint":\{/, '"checkpoint":{"by":1,'],
      [/"watches":\{/, '"watches":{"__proto__":[],'],
      [/"taken":\d+,/, ""],
      [/"sponsors":\{/, '"sponsors":{"nobody":"0x",'],
    ] as const) {
      const changed = saved.replace(from, to);
      expect(changed).not.to.equal(saved);
      expectRefusal("BAD_ENCODING", () => parseChainState(JSON.parse(changed)));
    }
  });

  it("knows of no checkpoint where the log has none, or is not asked for", async () => {
    const other = await read({ wanted: { ...wanted, logId: idOf("another log") } });
    expect([other.checkpoint, other.anchored]).to.deep.equal([null, {}]);
    const none = await read({ wanted: { ...wanted, logId: null } });
    expect([none.checkpoint, none.anchored]).to.deep.equal([null, {}]);
  });

  it("asks about hundreds of parties and delegations without being turned away for asking all at once", async () => {
    const parties = Array.from({ length: 150 }, (_, i) => idOf(`party ${i}`));
    const delegations = parties.map((party) => ({ party, agent: absent }));
    const request = publicRequest(world.chain.request);
    const many = await read({ request, wanted: { ...wanted, parties, delegations } });
    expect(Object.values(many.sponsors)).to.deep.equal(parties.map(() => NOTHING));
    expect(Object.values(many.delegations)).to.deep.equal(parties.map(() => 0));
  });

  it("reads an older block where it is asked for one", async () => {
    const older = await read({ at: state.block.number - 5 });
    expect(older.lots[lot]).to.include({ mass: 0 });
    expect(older.block.number).to.equal(state.block.number - 5);
  });

  const read = (changes: Partial<Parameters<typeof readChainState>[0]>): Promise<ChainState> =>
    readChainState({ request: world.chain.request, deployment, wanted, ...changes });

  /** The chain as an endpoint tells it that answers some methods in its own way. */
  const lying =
    (
      lies: Record<string, (honest: () => Promise<unknown>, params: readonly unknown[]) => unknown>,
    ) =>
    async (method: string, params: readonly unknown[]): Promise<unknown> => {
      const honest = (): Promise<unknown> => world.chain.request(method, params);
      return lies[method] === undefined ? honest() : lies[method](honest, params);
    };

  let turns = 0;
  const block = (changes: object) => async (honest: () => Promise<unknown>) => ({
    ...((await honest()) as object),
    ...changes,
  });
  const events = (changes: object) => async (honest: () => Promise<unknown>) =>
    ((await honest()) as object[]).map((event) => ({ ...event, ...changes }));
  const twice = (list: unknown) => [...(list as object[]), ...(list as object[])];
  const lies: readonly [string, TraceErrorCode, Parameters<typeof lying>[0]][] = [
    ["another chain", "OTHER_CHAIN", { eth_chainId: () => "0x1" }],
    [
      "a chain without our contracts",
      "OTHER_CHAIN",
      { eth_call: () => "0x", eth_getCode: () => "0x" },
    ],
    ["no chain", "UNAVAILABLE", { eth_chainId: () => null }],
    ["a number with a leading zero", "UNAVAILABLE", { eth_chainId: () => "0x01" }],
    ["no blocks", "UNAVAILABLE", { eth_getBlockByNumber: () => null }],
    ["what has no text", "UNAVAILABLE", { eth_getBlockByNumber: block({ number: NO_TEXT }) }],
    ["a block without a hash", "UNAVAILABLE", { eth_getBlockByNumber: block({ hash: "0x12" }) }],
    ["a block of no time", "UNAVAILABLE", { eth_getBlockByNumber: block({ timestamp: "soon" }) }],
    [
      "a block that is replaced meanwhile",
      "UNAVAILABLE",
      { eth_getBlockByNumber: (honest) => block({ hash: idOf(String(turns++)) })(honest) },
    ],
    ["nothing about lots", "UNAVAILABLE", { eth_call: () => "0x" }],
    [
      "less than was asked",
      "UNAVAILABLE",
      { eth_call: async (honest) => `${await honest()}`.slice(0, -64) },
    ],
    ["events of something else", "UNAVAILABLE", { eth_getLogs: events({ address: absent }) }],
    ["events of what has no text", "UNAVAILABLE", { eth_getLogs: events({ address: NO_TEXT }) }],
    ["events of another log", "UNAVAILABLE", { eth_getLogs: events({ topics: [absent] }) }],
    ["events that were undone", "UNAVAILABLE", { eth_getLogs: events({ removed: true }) }],
    ["events of the future", "UNAVAILABLE", { eth_getLogs: events({ blockNumber: "0xffff" }) }],
    ["events of half a word", "UNAVAILABLE", { eth_getLogs: events({ data: "0x12" }) }],
    ["events without a root", "UNAVAILABLE", { eth_getLogs: events({ data: "0x" }) }],
    ["events that are none", "UNAVAILABLE", { eth_getLogs: () => [null] }],
    ["one event twice", "UNAVAILABLE", { eth_getLogs: async (honest) => twice(await honest()) }],
    ["an error", "UNAVAILABLE", { eth_call: () => Promise.reject(new Error("429")) }],
    [
      "fewer answers than questions",
      "UNAVAILABLE",
      { eth_call: () => `0x${"00".repeat(31)}20${"00".repeat(32)}` },
    ],
  ];
  it("does not know when older checkpoints were taken where the endpoint keeps no events", async () => {
    const request = lying({ eth_getLogs: () => Promise.reject(new Error("range too wide")) });
    const recent = { ...wanted, anchoredSizes: [7] };
    const { anchoredAt, anchored } = await read({ request, wanted: recent });
    expect([Object.keys(anchoredAt), Object.keys(anchored)]).to.deep.equal([["7"], ["7"]]);
    const requests = [world.chain.request, request];
    const agreed = await readAgreed(requests, { deployment, wanted: recent });
    expect(Object.keys(agreed.anchoredAt)).to.deep.equal(["7"]);
  });

  for (const [what, code, answers] of lies)
    it(`says ${code} where the endpoint serves ${what}`, async () => {
      const request = lying(answers);
      await expectRejection(code, read({ request }));
      await expectRejection(code, readAgreed([request], { deployment, wanted }));
    });

  describe("with several endpoints", () => {
    const agreed = (...requests: readonly Request[]) =>
      readAgreed(requests, { deployment, wanted });

    it("takes what they all say", async () => {
      expect(await agreed(world.chain.request, world.chain.request)).to.deep.equal(state);
    });

    it("reads at the newest block that all of them have", async () => {
      const behind: Hex = `0x${(state.block.number - 1).toString(16)}`;
      const slow = lying({
        eth_getBlockByNumber: (honest, [tag]) =>
          tag === "latest"
            ? world.chain.request("eth_getBlockByNumber", [behind, false])
            : honest(),
      });
      expect((await agreed(world.chain.request, slow)).block.number).to.equal(Number(behind));
    });

    it("is not taken back by one that gives an old block the time of a new one", async () => {
      const { request } = world.chain;
      const later: Hex = `0x${(state.block.time + 1_000).toString(16)}`;
      // Two nodes whose newest block is of the same moment, by their own words; one of them names an older number.
      const atOf = (number: number) =>
        lying({
          eth_getBlockByNumber: async (honest, [tag]) => {
            if (tag !== "latest") return honest();
            const old = await request("eth_getBlockByNumber", [`0x${number.toString(16)}`, false]);
            return { ...(old as object), timestamp: later };
          },
        });
      const { number } = state.block;
      await expectRejection("UNAVAILABLE", agreed(atOf(number), atOf(number - 1)));
    });

    it("is not satisfied with one liar, one that is silent, or one from long ago", async () => {
      const { request } = world.chain;
      const liar = lying({
        eth_call: async (honest) => `${await honest()}`.replace(/3e8/, "3e9"),
      });
      const silent = lying({ eth_getBlockByNumber: () => Promise.reject(new Error("timeout")) });
      const stale = lying({ eth_getBlockByNumber: block({ timestamp: "0x10" }) });
      for (const other of [liar, silent, stale])
        await expectRejection("UNAVAILABLE", agreed(request, other));
      await expectRejection("UNAVAILABLE", agreed());
    });
  });
});
