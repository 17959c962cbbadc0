import { p256 } from "@noble/curves/nist.js";

import type { Bundle, Founder, Recorded } from "../../../gateway/core/bundle.ts";
import { buildPack } from "../../../gateway/core/build-pack.ts";
import { fromHex, toBase64Url, toHex, type Hex } from "../../../gateway/core/bytes.ts";
import type { Calibration } from "../../../gateway/core/calibration.ts";
import { contentHash } from "../../../gateway/core/canonical.ts";
import type {
  CertificateState,
  ChainState,
  KeyState,
  LotState,
  Watching,
} from "../../../gateway/core/chain-state.ts";
import { signCheckpoint } from "../../../gateway/core/checkpoint.ts";
import type { Attestation, Reading } from "../../../gateway/core/envelope.ts";
import { partyUri } from "../../../gateway/core/identifiers.ts";
import { hashLeaf, proveInclusion, rootOf } from "../../../gateway/core/merkle.ts";
import { KINDS, ROLES, SCHEMES, type Role, type Scheme } from "../../../gateway/core/operations.ts";
import type { Deployment, Operation, StatementName } from "../../../gateway/core/operations.ts";
import { areaBytes, idOf, NOTHING, recordingOf } from "../../../gateway/core/recording.ts";
import type { Intent, Place } from "../../../gateway/core/recording.ts";
import type { Document } from "../../../gateway/core/statement.ts";
import type { Trust } from "../../../gateway/core/verify.ts";
import { headOf, lineageOf, lotsOf, stepsOf } from "../../../gateway/core/verify/histories.ts";
import type { Limit } from "../../../gateway/core/verify/excursions.ts";
import { keysOf } from "../../../scripts/season/cast.ts";
import { signed } from "../../../scripts/season/doors.ts";
import { SIGNER } from "../samples.ts";

export const DEPLOYMENT: Deployment = {
  chainId: 31337,
  parties: `0x${"a1".repeat(20)}`,
  lots: `0x${"b2".repeat(20)}`,
  certificates: `0x${"c3".repeat(20)}`,
  checkpoints: `0x${"d4".repeat(20)}`,
};

/** When the stories of these tests begin, and how long the certificates and keys run; seconds. */
export const START = Date.UTC(2026, 1, 2) / 1000;
export const HOUR = 3_600;
const YEARS = 2 * 365 * 86_400;

export type Actor = ReturnType<typeof keysOf> & { readonly uri: string; readonly party: Hex };

export function actor(name: string, gln: string): Actor {
  const uri = partyUri(gln);
  return { ...keysOf(name), uri, party: idOf(uri) };
}
export const deviceOf = (owner: Actor, name: string): Actor => ({ ...owner, ...keysOf(name) });

type Sent = { readonly device: Actor; readonly bytes: Uint8Array; readonly anchored: number };
/** `anchored`: when (seconds) the chain had it; otherwise a minute after its last reading. */
type Numbered = {
  readonly epoch?: number;
  readonly seq: number;
  readonly attested?: Attestation;
  readonly anchored?: number;
};

type WatchTerms = {
  readonly place: Place;
  readonly limits: readonly Limit[];
  readonly from: number;
  readonly until: number;
  readonly calibration?: Calibration;
  readonly ended?: number; // where its owner ended it before `until`
  readonly interval?: number;
  readonly signed?: number; // block time
};

/** A chain that believes everything, and the books of a gateway: what stories are told with, true ones and others. */
export function openWorld() {
  const recorded: Recorded[] = [];
  const founders: Founder[] = [];
  const entries: Sent[] = [];
  const lots: Record<Hex, LotState> = {};
  const certificates: Record<Hex, CertificateState> = {};
  const keys: Record<Hex, KeyState> = {};
  const watches: Record<Hex, Watching[]> = {};
  const sponsors: Record<Hex, Hex> = {};
  const delegations: Record<`${Hex}:${Hex}`, number> = {};
  const numbers = new Map<Hex, number>();
  let now = START;

  const nextNumber = (key: Hex): number => {
    const number = (numbers.get(key) ?? 0) + 1;
    numbers.set(key, number);
    const known = keys[key];
    if (known !== undefined) keys[key] = { ...known, number };
    return number;
  };
  /** Signs by `who`'s key and puts it into the books at block time `time`. */
  function take<N extends StatementName>(
    who: Actor,
    told: Parameters<typeof signed<N>>[2],
    time: number,
  ): Recorded {
    now = Math.max(now, time);
    const record = { ...signed(DEPLOYMENT, who, told), time } as unknown as Recorded;
    recorded.push(record);
    return record;
  }
  const hand = (who: Actor) => ({
    party: who.party,
    key: who.keyId,
    number: nextNumber(who.keyId),
  });
  const contentOf = (document: Document): Hex => toHex(contentHash(document));

  function found(who: Actor, role: Role): void {
    const document = { type: "Party", uri: who.uri, name: { vi: "Mẫu", en: "Sample" } };
    founders.push({ key: who.keyId, document });
    sponsors[who.party] = who.party;
    const times = { from: START - HOUR, until: START + YEARS };
    const content = contentOf(document);
    keys[who.keyId] = { party: who.party, roles: ROLES[role], ...times, number: 0, content };
  }

  function enrol(by: Actor, who: Actor, role: Role): Recorded {
    const document = { type: "Party", uri: who.uri, name: { vi: "Mẫu", en: "Sample" } };
    const terms = { roles: ROLES[role], from: START, until: START + YEARS };
    sponsors[who.party] ??= by.party;
    const content = contentOf(document);
    keys[who.keyId] = { party: who.party, ...terms, number: 0, content };
    const statement = { ...hand(by), subject: who.party, subjectKey: who.keyId, ...terms, content };
    return take(by, { name: "Enrolment", statement, document }, now);
  }

  function revokeKey(by: Actor, who: Actor, until: number): Recorded {
    const document = { type: "Reason", text: "lost" };
    const known = keys[who.keyId];
    if (known !== undefined) keys[who.keyId] = { ...known, until };
    const content = contentOf(document);
    const statement = { ...hand(by), subjectKey: who.keyId, until, content };
    return take(by, { name: "KeyRevocation", statement, document }, now);
  }

  function grant(
    by: Actor,
    holder: Actor,
    terms: {
      scheme: Scheme;
      uri: string;
      area: string | null;
      quota: number;
      until?: number;
      products?: readonly string[];
    },
  ): Recorded {
    const { scheme, uri, area, quota, until = START + YEARS, products } = terms;
    const number = uri.split("/").at(-1) ?? "";
    const names = { holder: holder.uri, issuer: by.uri };
    const listed = products && { products };
    const document = { type: "Certificate", uri, number, scheme, area, ...names, ...listed };
    const right = {
      scheme: SCHEMES[scheme],
      holder: holder.party,
      area: area === null ? ("0x000000000000" as const) : areaBytes(area),
      quota,
      from: START,
      until,
      content: contentOf(document),
    };
    certificates[idOf(uri)] = { issuer: by.party, ...right, spent: 0, revoked: 0 };
    const statement = { ...hand(by), certificate: idOf(uri), ...right };
    return take(by, { name: "Grant", statement, document }, now);
  }

  function watch(by: Actor, device: Actor, terms: WatchTerms): Recorded {
    const { place, limits: quantityLimits, from, until, calibration } = terms;
    const { ended = until, interval = HOUR / 2 } = terms;
    const label = { place: place.uri, name: place.name, device: "sensor" };
    const named = calibration && { calibration };
    const document = { type: "Watch", ...label, quantityLimits, ...named };
    const promise = { device: device.keyId, from, until, interval };
    const content = contentOf(document);
    const statement = { ...hand(by), place: idOf(place.uri), ...promise, content };
    const taken = terms.signed ?? now;
    (watches[idOf(place.uri)] ??= []).push({ ...promise, until: ended, taken, content });
    return take(by, { name: "Watch", statement, document }, taken);
  }

  function delegate(by: Actor, agent: Actor, until: number): Recorded {
    delegations[`${by.party}:${agent.party}`] = until;
    const statement = { ...hand(by), agent: agent.party, until };
    return take(by, { name: "Delegation", statement, document: null }, now);
  }

  /** An operation dated `time`, taken by the chain a minute later, or at `block`. `by`: whose key signs. */
  function record(who: Actor, intent: Intent, time: number, by = who, block = time + 60): Recorded {
    const number = nextNumber(by.keyId);
    const told = recordingOf(intent, { party: who.uri, key: by.keyId, number, time });
    const taken = take(by, told, block);
    believe(told.statement, block);
    return taken;
  }

  /** What the contracts would write, without any of their questions. */
  function believe(operation: Operation, time: number): void {
    const { kind, party, inputs, outputs, certificate, counterparty } = operation;
    const right = certificates[certificate];
    const ancestors = inputs.flatMap(({ lot }) => lots[lot] ?? []);
    const grown = kind === KINDS.harvest || (inputs.length > 0 && ancestors.every(has(1)));
    const apart = operation.segregated || (inputs.length > 0 && ancestors.every(has(2)));
    const areas = new Set(ancestors.map(({ area }) => area));
    const [only = operation.area] = areas;
    const area =
      kind === KINDS.harvest
        ? (right?.area ?? operation.area)
        : areas.size > 1
          ? operation.area
          : only;
    const mass = [...outputs, ...(kind === KINDS.certify ? inputs : [])].reduce(
      (sum, { mass }) => sum + mass,
      0,
    );
    if (right !== undefined) certificates[certificate] = { ...right, spent: right.spent + mass };
    for (const { lot, mass } of outputs)
      lots[lot] = {
        head: lot,
        holder: party,
        pending: NOTHING,
        mass,
        count: 0,
        area,
        flags: (grown ? 1 : 0) + (apart ? 2 : 0),
      };
    for (const { lot, mass } of inputs) {
      const old = lots[lot];
      if (old === undefined) continue;
      const next: Partial<LotState> =
        {
          [KINDS.process]: { mass: Math.max(0, old.mass - mass) },
          [KINDS.handOver]: { pending: counterparty },
          [KINDS.takeOver]: { holder: party, pending: NOTHING },
          [KINDS.recall]: { flags: old.flags | 4 },
          [KINDS.lift]: { flags: old.flags & ~4 },
          [KINDS.retire]: { flags: old.flags | 8, mass: 0, pending: NOTHING },
        }[kind] ?? {};
      lots[lot] = { ...old, ...next };
    }
    const statement = recorded.at(-1);
    if (statement === undefined) return;
    const [step] = stepsOf(DEPLOYMENT, [statement]);
    for (const { lot } of [...inputs, ...outputs]) {
      const old = lots[lot];
      if (old === undefined || step === undefined) continue;
      const head = headOf(old.head, [{ digest: step.digest, time }]);
      lots[lot] = { ...old, head, count: old.count + 1 };
    }
  }
  const has = (flag: number) => (lot: LotState) => (lot.flags & flag) !== 0;

  function revokeGrant(by: Actor, uri: string, time: number): Recorded {
    const document = { type: "Reason", text: "withdrawn" };
    const right = certificates[idOf(uri)];
    if (right !== undefined) certificates[idOf(uri)] = { ...right, revoked: time };
    const content = contentOf(document);
    const statement = { ...hand(by), certificate: idOf(uri), content };
    return take(by, { name: "Revocation", statement, document }, time);
  }

  async function publish(
    device: Actor,
    { epoch = 0, seq, attested, anchored }: Numbered,
    records: readonly Reading[],
  ): Promise<void> {
    const sign = (bytes: Uint8Array) => p256.sign(bytes, device.secret, { lowS: true });
    const header = { keyId: device.keyId, epoch, seq, ...(attested && { attested }) };
    const form = attested !== undefined || seq % 2 === 0 ? "cose" : "jws";
    const bytes = await buildPack({ form, ...header, records, sign });
    const last = Math.max(...records.map(({ time }) => time)) / 1000;
    entries.push({ device, bytes, anchored: anchored ?? last + 60 });
  }

  /** The operations of `lot` and its ancestors, what they rest on, and everybody. */
  function recordsOf(lot: string): readonly Recorded[] {
    const steps = stepsOf(DEPLOYMENT, recorded);
    const lineage = lineageOf(idOf(lot), steps);
    const own = steps.filter(({ operation }) => lotsOf(operation).some((id) => lineage.has(id)));
    const shown = new Set(own.map(({ recorded }) => recorded));
    const spent = new Set(own.map(({ operation }) => operation.certificate));
    return recorded.filter((one) => {
      const { name, statement } = one;
      if (name === "Operation") return shown.has(one);
      return name === "Grant" || name === "Revocation" ? spent.has(statement.certificate) : true;
    });
  }

  /** What a gateway would show of `lot`, with every pack that there is. */
  async function bundleOf(lot: string): Promise<Bundle> {
    const leaves = entries.map(({ bytes }) => hashLeaf(bytes));
    const { origin, publicKey, sign } = SIGNER;
    const checkpoint = { origin, size: leaves.length, root: rootOf(leaves) };
    return {
      format: "plotline-trail",
      version: 1,
      lot,
      deployment: DEPLOYMENT,
      log: { origin, publicKey: toBase64Url(publicKey) },
      statements: recordsOf(lot),
      founders: [...founders],
      checkpoint: leaves.length === 0 ? null : await signCheckpoint(checkpoint, publicKey, sign),
      anchors: entries.map((_, index) => index + 1),
      packs: entries.map(({ bytes }, index) => ({
        envelope: toBase64Url(bytes),
        index,
        proof: proveInclusion(leaves, index).map(toBase64Url),
      })),
      devices: [...new Set(entries.map(({ device }) => device.publicKey))],
      openings: [],
    };
  }

  /** What the chain says, a day after the last record. */
  function stateNow(): ChainState {
    const leaves = entries.map(({ bytes }) => hashLeaf(bytes));
    const root = toHex(rootOf(leaves));
    return structuredClone({
      deployment: DEPLOYMENT,
      block: { number: 1_000, hash: `0x${"0b".repeat(32)}` as Hex, time: now + 24 * HOUR },
      lots,
      certificates,
      keys,
      watches,
      sponsors,
      delegations,
      checkpoint: leaves.length === 0 ? null : { root, size: leaves.length, time: now },
      anchored: leaves.length === 0 ? {} : { [leaves.length]: root },
      anchoredAt: Object.fromEntries(entries.map(({ anchored }, index) => [index + 1, anchored])),
    });
  }
  /** The reader's trust; places without a watch were asked for too. */
  function trustOf(lot: string, places: readonly Place[]): Trust {
    const state = stateNow();
    const asked = Object.fromEntries(places.map(({ uri }) => [idOf(uri), []]));
    const log = { origin: SIGNER.origin, publicKey: toBase64Url(SIGNER.publicKey) };
    return { lot, log, state: { ...state, watches: { ...asked, ...state.watches } } };
  }
  const books = { found, enrol, revokeKey, grant, revokeGrant, watch, delegate, record, publish };
  return { ...books, bundleOf, trustOf };
}
export type World = ReturnType<typeof openWorld>;

/** The key of an actor as bytes. */
export const pointOf = ({ publicKey }: Actor): Uint8Array => fromHex(publicKey);
