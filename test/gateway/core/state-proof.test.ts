import { expect } from "chai";

import { fromHex, toHex, type Hex } from "../../../gateway/core/bytes.ts";
import { encodeFunction } from "../../../gateway/core/calls.ts";
import { readChainState } from "../../../gateway/core/chain-reader.ts";
import type { ChainState } from "../../../gateway/core/chain-state.ts";
import { ROLES } from "../../../gateway/core/operations.ts";
import { idOf, NOTHING } from "../../../gateway/core/recording.ts";
import { decodeRlp, encodeRlp } from "../../../gateway/core/rlp.ts";
import { readStored } from "../../../gateway/core/contract-storage.ts";
import { collectEvidence, provenState, type Evidence } from "../../../gateway/core/state-proof.ts";
import { EMPTY_TRIE, provenValue } from "../../../gateway/core/trie.ts";
import { keccak256 } from "../../../gateway/core/keccak256.ts";
import { personOf, signedCall } from "../../contracts/person.ts";
import { expectRefusal, expectRejection } from "../../refusal.ts";
import { FOR_EVER, harvestOf, LOG_ID, lotNamed, openWorld, type World } from "../chain/world.ts";

const [lot, absent, place] = [lotNamed("A1"), lotNamed("never"), idOf("https://x.example/yard")];

describe("A chain state that is proven against its block", () => {
  let world: World;
  let state: ChainState;
  let evidence: Evidence;
  before(async () => {
    world = await openWorld();
    const { accessManager: _, block: __, ...deployment } = world.deployment;
    const { farm, province, plot, chain } = world;
    const device = personOf("a device of these tests", farm.party);
    await world.relay("lots", signedCall(deployment, farm, "Operation", harvestOf(lot, plot)));
    const enrolment = { subject: farm.party, subjectKey: device.key, roles: ROLES.device };
    const watch = { device: device.key, place, until: FOR_EVER, interval: 60, content: lot };
    const term = { from: 0, until: FOR_EVER, content: NOTHING };
    await world.relay(
      "parties",
      signedCall(deployment, farm, "Delegation", { agent: province.party, until: 77 }),
      signedCall(deployment, province, "Enrolment", { ...enrolment, ...term }),
      signedCall(deployment, farm, "Watch", { ...watch, from: 5 }),
    );
    const root = toHex(keccak256(Uint8Array.of(1)));
    const data = encodeFunction("anchor", { log: LOG_ID, size: 9, root, proof: [] });
    await (await chain.relayer.sendTransaction({ to: deployment.checkpoints, data })).wait();
    const wanted = {
      lots: [lot, absent],
      certificates: [plot, absent],
      keys: [farm.key, device.key, absent],
      places: [place, idOf("a place that nobody watches")],
      parties: [farm.party, absent],
      delegations: [
        { party: farm.party, agent: province.party },
        { party: province.party, agent: farm.party },
        { party: absent, agent: farm.party },
      ],
      logId: LOG_ID,
      anchoredSizes: [9],
    };
    state = await readChainState({ request: chain.request, deployment, wanted });
    evidence = await collectEvidence(chain.request, { state, logId: LOG_ID });
  });
  after(() => world.close());

  it("is what the contracts answered, word for word", async () => {
    expect(state.lots[lot]).to.include({ mass: 1_000, count: 1 });
    expect(state.watches[place]).to.have.length(1);
    const saved: unknown = JSON.parse(JSON.stringify(evidence));
    const proven = await provenState(saved, { state, logId: LOG_ID });
    expect(proven).to.deep.equal(state);
  });

  it("is not collected, and breaks nothing, where the endpoint offers no eth_getProof", async () => {
    const request = (method: string, params: readonly unknown[]) =>
      method === "eth_getProof"
        ? Promise.reject(new Error("the method does not exist"))
        : world.chain.request(method, params);
    await expectRejection("UNAVAILABLE", collectEvidence(request, { state, logId: LOG_ID }));
  });

  it("is proven without an older anchor, which only events tell", async () => {
    const anchored = { ...state.anchored, 3: lot };
    const anchoredAt = { ...state.anchoredAt, 3: 1 };
    const told = { ...state, anchored, anchoredAt };
    const proven = await provenState(evidence, { state: told, logId: LOG_ID });
    expect([proven.anchored, proven.anchoredAt]).to.deep.equal([state.anchored, state.anchoredAt]);
  });

  const change = <M extends "lots" | "certificates" | "keys">(member: M, id: Hex, to: object) => ({
    ...state,
    [member]: { ...state[member], [id]: { ...state[member][id], ...to } },
  });
  for (const [lie, told] of [
    ["a recall is hidden", () => change("lots", lot, { flags: 5 })],
    ["a lot is heavier", () => change("lots", lot, { mass: 1_001 })],
    ["a head is another", () => change("lots", lot, { head: absent })],
    ["a lot is somebody else's", () => change("lots", lot, { holder: absent })],
    ["a certificate was never revoked", () => change("certificates", world.plot, { revoked: 1 })],
    ["a quota is larger", () => change("certificates", world.plot, { quota: 2_000_000 })],
    ["a key has another role", () => change("keys", world.farm.key, { roles: 32 })],
    ["a key ran longer", () => change("keys", world.farm.key, { until: 1 })],
    [
      "a watch was taken later",
      () => ({
        ...state,
        watches: {
          ...state.watches,
          [place]: (state.watches[place] ?? []).map((watch) => ({
            ...watch,
            taken: watch.taken + 1,
          })),
        },
      }),
    ],
    ["a device does not watch", () => ({ ...state, watches: { ...state.watches, [place]: [] } })],
    [
      "a party has another sponsor",
      () => ({ ...state, sponsors: { ...state.sponsors, [world.farm.party]: world.farm.party } }),
    ],
    ["there is no checkpoint", () => ({ ...state, checkpoint: null })],
    [
      "nobody allowed anybody",
      () => ({
        ...state,
        delegations: Object.fromEntries(Object.keys(state.delegations).map((pair) => [pair, 1])),
      }),
    ],
    ["the block is younger", () => ({ ...state, block: { ...state.block, time: 1 } })],
    ["the block is another", () => ({ ...state, block: { ...state.block, hash: absent } })],
    [
      "the contracts are others",
      () => ({
        ...state,
        deployment: { ...state.deployment, lots: state.deployment.parties },
      }),
    ],
  ] as const)
    it(`is not proven when ${lie}`, async () => {
      await expectRejection("BAD_PROOF", provenState(evidence, { state: told(), logId: LOG_ID }));
    });

  it("is not proven where storage says that a place has more watches than anybody can list", async () => {
    const slots = async (): Promise<bigint> => 2n ** 200n;
    await expectRejection(
      "BAD_PROOF",
      readStored({ ...state, lots: {} }, { slots, logId: LOG_ID }),
    );
  });

  it("is not proven by the checkpoint of another log", async () => {
    const logId = idOf("another log");
    await expectRejection("BAD_PROOF", provenState(evidence, { state, logId }));
  });

  it("is not proven with a node missing, one too many, or any bit of one turned", async () => {
    const { lots } = state.deployment;
    const account = evidence.accounts[lots];
    if (account === undefined) throw new Error("no proof of the lots' contract");
    const [last = "0x"] = account.proof.slice(-1);
    const turned = fromHex(last).map((byte, i) => (i === 40 ? byte ^ 1 : byte));
    for (const proof of [
      account.proof.slice(0, -1),
      account.proof.slice(1),
      [...account.proof, last],
      account.proof.toReversed(),
      [...account.proof.slice(0, -1), toHex(turned)],
    ]) {
      const accounts = { ...evidence.accounts, [lots]: { ...account, proof } };
      await expectRejection(
        "BAD_PROOF",
        provenState({ ...evidence, accounts }, { state, logId: LOG_ID }),
      );
    }
    const none = { ...evidence, accounts: {} };
    await expectRejection("BAD_PROOF", provenState(none, { state, logId: LOG_ID }));
    await expectRejection("BAD_ENCODING", provenState(null, { state, logId: LOG_ID }));
  });
});

describe("RLP and tries", () => {
  // Yellow Paper, appendix B, and the examples of ethereum.org's RLP page.
  const EXAMPLES: readonly (readonly [string, Parameters<typeof encodeRlp>[0]])[] = [
    ["0x83646f67", fromHex("0x646f67")],
    ["0xc88363617483646f67", [fromHex("0x636174"), fromHex("0x646f67")]],
    ["0x80", fromHex("0x")],
    ["0xc0", []],
    ["0x0f", fromHex("0x0f")],
    ["0x820400", fromHex("0x0400")],
    ["0xc7c0c1c0c3c0c1c0", [[], [[]], [[], [[]]]]],
  ];
  for (const [hex, value] of EXAMPLES)
    it(`spell ${hex} in one way`, () => {
      expect(toHex(encodeRlp(value))).to.equal(hex);
      expect(decodeRlp(fromHex(hex))).to.deep.equal(value);
    });

  for (const [damage, hex] of [
    ["bytes behind", "0x8000"],
    ["an end too early", "0x83646f"],
    ["a prefix too many", "0x8101"],
    ["a long length where a short one does", "0xb80161"],
    ["a length with a leading zero", `0xb90038${"61".repeat(56)}`],
    ["a list that ends within an item", "0xc283646f67"],
    ["nothing at all", "0x"],
  ] as const)
    it(`refuse ${damage}`, () => {
      expectRefusal("BAD_ENCODING", () => decodeRlp(fromHex(hex)));
    });

  it("refuse depth", () => {
    const deep = Array.from({ length: 40 }).reduce<Uint8Array>(
      (inner) => Uint8Array.of(0xc0 + inner.length, ...inner),
      Uint8Array.of(0xc0),
    );
    expectRefusal("TOO_LARGE", () => decodeRlp(deep));
  });

  it("prove that an empty trie holds nothing, and one leaf what it holds", () => {
    const key = fromHex("0x01");
    expect(provenValue(EMPTY_TRIE, key, [])).to.equal(null);
    const path = Uint8Array.of(0x20, ...keccak256(key));
    const leaf = encodeRlp([path, fromHex("0x2a")]);
    expect(provenValue(keccak256(leaf), key, [leaf])).to.deep.equal(fromHex("0x2a"));
    expect(provenValue(keccak256(leaf), fromHex("0x02"), [leaf])).to.equal(null);
    expectRefusal("BAD_PROOF", () => provenValue(keccak256(leaf), key, []));
    expectRefusal("BAD_PROOF", () => provenValue(keccak256(leaf), key, [leaf, leaf]));
  });
});
