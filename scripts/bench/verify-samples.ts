import { p256 } from "@noble/curves/nist.js";

import { buildPack } from "../../gateway/core/build-pack.ts";
import type { Bundle, Founder, LoggedPack, Recorded } from "../../gateway/core/bundle.ts";
import { toBase64Url, toHex, utf8ToBytes, type Hex } from "../../gateway/core/bytes.ts";
import { contentHash } from "../../gateway/core/canonical.ts";
import type { ChainState, LotState } from "../../gateway/core/chain-state.ts";
import { signCheckpoint } from "../../gateway/core/checkpoint.ts";
import { sha256OfText } from "../../gateway/core/hash.ts";
import { hashLeaf, hashNode } from "../../gateway/core/merkle.ts";
import { digestOf, KINDS, ROLES, type Deployment } from "../../gateway/core/operations.ts";
import { areaBytes, idOf, NOTHING, recordingOf } from "../../gateway/core/recording.ts";
import type { Intent } from "../../gateway/core/recording.ts";
import type { Trust } from "../../gateway/core/verify.ts";
import { headOf } from "../../gateway/core/verify/histories.ts";
import { logSigner } from "../../gateway/log-signer.ts";
import { LOTS, PEOPLE, PLACES } from "../season/cast.ts";
import { signed } from "../season/doors.ts";
import { START } from "../season/time.ts";

const address = (byte: string): Hex => `0x${byte.repeat(20)}`;
const deployment: Deployment = {
  chainId: 31_337,
  parties: address("a1"),
  lots: address("b2"),
  certificates: address("c3"),
  checkpoints: address("d4"),
};
const SIGNER = logSigner(
  "plotline.example/log",
  toBase64Url(sha256OfText("a log that is measured")),
);
const { processor } = PEOPLE;

/** Who records, as governance enrolled it. */
const founder: Founder = {
  key: processor.keyId,
  document: { type: "Party", uri: processor.uri, name: processor.words },
};

/** What the reader knows of the chain, but for the lots. */
function stateOf(lots: Record<Hex, LotState>, time: number): ChainState {
  const key = { party: idOf(processor.uri), roles: ROLES.processor, from: 0, until: 4e9 };
  return {
    deployment,
    block: { number: 1, hash: NOTHING, time },
    lots,
    certificates: {},
    keys: {
      [processor.keyId]: { ...key, number: 1e9, content: toHex(contentHash(founder.document)) },
    },
    watches: { [idOf(PLACES.works.uri)]: [] },
    sponsors: { [key.party]: key.party }, // itself: governance founded it
    delegations: {},
    checkpoint: null,
    anchored: {},
    anchoredAt: {},
  };
}

const bundleOf = (lot: string, statements: readonly Recorded[]): Bundle => ({
  format: "plotline-trail",
  version: 1,
  lot,
  deployment,
  log: { origin: SIGNER.origin, publicKey: toBase64Url(SIGNER.publicKey) },
  statements,
  founders: [],
  checkpoint: null,
  anchors: [],
  packs: [],
  devices: [],
  openings: [],
});

/** A trail of `records` operations over `count` lots, of which the last was made of all others, and what the chain says of it. */
export function trailOf(records: number, count: number): { bundle: Bundle; trust: Trust } {
  const lots = Array.from({ length: count - 1 }, (_, i) => `${LOTS.imported.lot}-${i}`);
  const made = LOTS.mixedKernels;
  const place = PLACES.works;
  const mass = 1_000;
  // At most 64 lots go into one: so in two steps, as blending is done.
  const halves = [lots.slice(0, count >> 1), lots.slice(count >> 1)];
  const intents: Intent[] = lots.map((lot) => {
    const { product } = LOTS.imported;
    return { kind: "intake", lot, product, mass, area: "VN-58", place };
  });
  const [first = [], second = []] = halves;
  const inputsOf = (some: readonly string[]) => some.map((lot) => ({ lot, mass }));
  const half = { ...made, lot: `${made.lot}-H`, mass: first.length * mass };
  const notes = records - lots.length - 2;
  for (let i = 0; i < notes; i++)
    intents.push({ kind: "note", lot: lots[i % lots.length] ?? "", step: "storing", place });
  intents.push({ kind: "process", inputs: inputsOf(first), outputs: [half], place });
  const rest = [...inputsOf(second), { lot: half.lot, mass: half.mass }];
  intents.push({
    kind: "process",
    inputs: rest,
    outputs: [{ ...made, mass: lots.length * mass }],
    place,
  });

  const states: Record<Hex, LotState> = {};
  const statements = intents.map((intent, i): Recorded => {
    const time = START + 60 * i;
    const hand = { party: processor.uri, key: processor.keyId, number: i + 1, time };
    const recorded = { ...signed(deployment, processor, recordingOf(intent, hand)), time };
    believe(states, recorded);
    return recorded;
  });
  const bundle = { ...bundleOf(made.lot, statements), founders: [founder] };
  const state = stateOf(states, START + 60 * records);
  return { bundle, trust: { lot: made.lot, log: bundle.log, state } };
}

/** What the chain makes of an intake, a process or a note. */
function believe(states: Record<Hex, LotState>, { name, statement, time }: Recorded): void {
  if (name !== "Operation") return;
  const digest = digestOf(deployment, name, statement);
  const holder = statement.party;
  const [kind, area] = [statement.kind, areaBytes("VN-58")];
  for (const { lot, mass } of statement.outputs)
    states[lot] = { head: lot, holder, pending: NOTHING, mass, count: 0, area, flags: 0 };
  for (const { lot, mass } of statement.inputs) {
    const old = states[lot];
    if (old !== undefined && kind === KINDS.process)
      states[lot] = { ...old, mass: old.mass - mass };
  }
  for (const { lot } of [...statement.inputs, ...statement.outputs]) {
    const old = states[lot];
    if (old === undefined) continue;
    states[lot] = { ...old, head: headOf(old.head, [{ digest, time }]), count: old.count + 1 };
  }
}

/** One reading of a device in a log of `size` entries: the bundle that proves it, and nothing beside. */
export async function provenReading(size: number): Promise<{ bundle: Bundle; root: Hex }> {
  const device = PEOPLE.farm1;
  const sign = (bytes: Uint8Array) => p256.sign(bytes, device.secret, { lowS: true });
  const time = START * 1_000;
  const records = [
    { name: "temperature", unit: "Cel", value: 27.5, time },
    { name: "humidity", unit: "%RH", value: 61, time },
  ];
  const header = { form: "cose", keyId: device.keyId, epoch: 3, seq: 41_234 } as const;
  const envelope = await buildPack({ ...header, records, sign });
  const index = Math.floor(size * 0.62);
  // Every other entry is another: a path of hashes that nothing compresses.
  let level = Array.from({ length: size }, (_, i) =>
    hashLeaf(i === index ? envelope : utf8ToBytes(`entry ${i}`)),
  );
  const proof: Uint8Array[] = [];
  for (let at = index; level.length > 1; at >>= 1) {
    const sibling = level[at ^ 1];
    if (sibling !== undefined) proof.push(sibling);
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => {
      const [left, right] = [level[2 * i], level[2 * i + 1]];
      if (left === undefined) throw new RangeError("a level without its left node");
      return right === undefined ? left : hashNode(left, right);
    });
  }
  const [root] = level;
  if (root === undefined) throw new RangeError("a log without entries");
  const { origin, publicKey, sign: signNote } = SIGNER;
  const pack: LoggedPack = {
    envelope: toBase64Url(envelope),
    index,
    proof: proof.map(toBase64Url),
  };
  const bundle: Bundle = {
    ...bundleOf(LOTS.raw1.lot, []),
    checkpoint: await signCheckpoint({ origin, size, root }, publicKey, signNote),
    packs: [pack],
    devices: [device.publicKey],
  };
  return { bundle, root: toHex(root) };
}

/** An event as the season's people record them, for hashing. */
export const eventOf = (i: number) =>
  recordingOf(
    {
      kind: "harvest",
      ...LOTS.raw1,
      mass: 1_000 + i,
      plot: "https://plotline.example/c/1",
      place: PLACES.plot1,
    },
    { party: processor.uri, key: processor.keyId, number: i, time: START + i },
  ).document;
