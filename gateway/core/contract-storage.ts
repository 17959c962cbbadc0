import { fromHex, toHex, type Hex } from "./bytes.ts";
import type { ChainState } from "./chain-state.ts";
import { wordOf } from "./eip712.ts";
import { keccak256 } from "./keccak256.ts";
import { NOTHING } from "./recording.ts";
import { TraceError } from "./trace-error.ts";

/** A word of a contract's storage, at a slot of 32 bytes. */
export type Slots = (contract: Hex, slot: Hex) => Promise<bigint>;

/** As much of a chain state as the contracts keep in storage. */
export type Stored = Pick<
  ChainState,
  "lots" | "certificates" | "keys" | "watches" | "sponsors" | "delegations" | "checkpoint"
>;

/** Where the contracts keep what (their storage layout, as solc reports it). */
const LOTS = { lots: 2 } as const;
const PARTIES = { keys: 3, contents: 4, parties: 5, ids: 6, delegations: 9, watches: 10 } as const;
const CERTIFICATES = { rights: 3 } as const;
const CHECKPOINTS = { newest: 1 } as const;

/** Members of a packed word from its lowest bit, with their widths in bits. */
const BALANCE = { mass: 64, holder: 32, pending: 32, count: 32, area: 48, flags: 8 } as const;
const PARTY = { index: 32, sponsor: 32 } as const;
const KEY = { number: 64, from: 64, until: 64, party: 32, roles: 16 } as const;
const RIGHT = { left: 64, holder: 32, area: 48, kind: 8, from: 48, until: 48, ended: 8 } as const;
const TERMS = { quota: 64, issuer: 32, scheme: 16, revoked: 64 } as const;
const WATCH = { from: 64, until: 64, interval: 32, taken: 64 } as const;
const NEWEST = { size: 48, time: 48 } as const;

function split<N extends string>(word: bigint, widths: Readonly<Record<N, number>>) {
  let rest = word;
  return Object.fromEntries(
    Object.entries<number>(widths).map(([name, bits]) => {
      const value = rest & ((1n << BigInt(bits)) - 1n);
      rest >>= BigInt(bits);
      return [name, value];
    }),
  ) as Record<N, bigint>;
}

// As in readChainState: what no number holds exactly is beyond all use.
const numberOf = (value: bigint): number =>
  value > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : Number(value);

const unpack = <N extends string>(word: bigint, widths: Readonly<Record<N, number>>) =>
  Object.fromEntries(
    Object.entries<bigint>(split(word, widths)).map(([name, value]) => [name, numberOf(value)]),
  ) as Record<N, number>;

const areaOf = (area: number): Hex => `0x${area.toString(16).padStart(12, "0")}`;
const hexOf = (word: bigint): Hex => toHex(wordOf(word));
const mapped = (key: Uint8Array, slot: Uint8Array): Uint8Array => keccak256(key, slot);
const behind = (slot: Uint8Array, more: number): Uint8Array =>
  wordOf((BigInt(toHex(slot)) + BigInt(more)) % (1n << 256n));

/** Reads from storage what a chain state says of the same ids; `logId` names the log of its checkpoint. Throws BAD_PROOF. */
export async function readStored(
  state: ChainState,
  { slots, logId }: { readonly slots: Slots; readonly logId: Hex },
): Promise<Stored> {
  const { parties, lots, certificates, checkpoints } = state.deployment;
  const at = (contract: Hex) => (slot: Uint8Array) => slots(contract, toHex(slot));
  const [ofParties, ofLots, ofCertificates] = [at(parties), at(lots), at(certificates)];
  const ids = keccak256(wordOf(PARTIES.ids));
  const partyAt = async (index: number): Promise<Hex> =>
    index === 0 ? NOTHING : hexOf(await ofParties(behind(ids, index)));
  const entryOf = async (party: string) =>
    unpack(await ofParties(mapped(fromHex(party, 32), wordOf(PARTIES.parties))), PARTY);

  async function lotAt(id: Hex) {
    const slot = mapped(fromHex(id, 32), wordOf(LOTS.lots));
    const head = hexOf(await ofLots(slot));
    const { holder, pending, area, ...rest } = unpack(await ofLots(behind(slot, 1)), BALANCE);
    const [held, offered] = [await partyAt(holder), await partyAt(pending)];
    return { head, holder: held, pending: offered, ...rest, area: areaOf(area) };
  }

  async function certificateAt(id: Hex) {
    const slot = mapped(fromHex(id, 32), wordOf(CERTIFICATES.rights));
    const [first, second] = [await ofCertificates(slot), await ofCertificates(behind(slot, 1))];
    const content = hexOf(await ofCertificates(behind(slot, 2)));
    const { holder, area, from, until } = unpack(first, RIGHT);
    const { issuer, ...terms } = unpack(second, TERMS);
    const [by, held] = [await partyAt(issuer), await partyAt(holder)];
    const spent = numberOf(split(second, TERMS).quota - split(first, RIGHT).left);
    return { ...terms, issuer: by, holder: held, spent, area: areaOf(area), from, until, content };
  }

  async function keyAt(id: Hex) {
    const key = fromHex(id, 32);
    const { party, ...rest } = unpack(await ofParties(mapped(key, wordOf(PARTIES.keys))), KEY);
    const content = hexOf(await ofParties(mapped(key, wordOf(PARTIES.contents))));
    return { party: await partyAt(party), ...rest, content };
  }

  async function watchesAt(place: Hex) {
    const slot = mapped(fromHex(place, 32), wordOf(PARTIES.watches));
    const count = Number(await ofParties(slot));
    const told = state.watches[place]?.length;
    if (count !== told)
      throw new TraceError("BAD_PROOF", `the state has ${told} watches of ${place}, not ${count}`);
    const first = keccak256(slot);
    return Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const device = hexOf(await ofParties(behind(first, 3 * i)));
        const terms = unpack(await ofParties(behind(first, 3 * i + 1)), WATCH);
        return { device, ...terms, content: hexOf(await ofParties(behind(first, 3 * i + 2))) };
      }),
    );
  }

  async function delegationAt(pair: string): Promise<number> {
    const [party, agent] = await Promise.all(pair.split(":").map(entryOf));
    const outer = mapped(wordOf(party?.index ?? 0), wordOf(PARTIES.delegations));
    return unpack(await ofParties(mapped(wordOf(agent?.index ?? 0), outer)), { until: 64 }).until;
  }

  async function newest(): Promise<ChainState["checkpoint"]> {
    const slot = mapped(fromHex(logId, 32), wordOf(CHECKPOINTS.newest));
    const root = hexOf(await slots(checkpoints, toHex(slot)));
    const { size, time } = unpack(await slots(checkpoints, toHex(behind(slot, 1))), NEWEST);
    return size === 0 ? null : { root, size, time };
  }

  const each = async <T>(records: object, read: (name: Hex) => Promise<T>) =>
    Object.fromEntries(
      await Promise.all(
        Object.keys(records).map(async (name) => [name, await read(name as Hex)] as const),
      ),
    ) as Readonly<Record<Hex, T>>;
  return {
    lots: await each(state.lots, lotAt),
    certificates: await each(state.certificates, certificateAt),
    keys: await each(state.keys, keyAt),
    watches: await each(state.watches, watchesAt),
    sponsors: await each(state.sponsors, async (party) => partyAt((await entryOf(party)).sponsor)),
    delegations: (await each(state.delegations, delegationAt)) as ChainState["delegations"],
    checkpoint: await newest(),
  };
}

/** The four contracts, each once. */
export const contractsOf = ({ deployment }: ChainState): readonly Hex[] => {
  const { parties, lots, certificates, checkpoints } = deployment;
  return [parties, lots, certificates, checkpoints];
};
