import { fromHex, toHex, type Hex } from "./bytes.ts";
import { canonicalize } from "./canonical.ts";
import type { ChainState, Request } from "./chain-state.ts";
import { asking } from "./chain-reader.ts";
import { contractsOf, readStored, type Slots } from "./contract-storage.ts";
import { keccak256 } from "./keccak256.ts";
import { decodeRlp, encodeRlp, type Rlp } from "./rlp.ts";
import { membersOf, strictHex } from "./rpc-answers.ts";
import { isObject } from "./statement.ts";
import { TraceError } from "./trace-error.ts";
import { provenValue } from "./trie.ts";

/**
 * What proves a chain state against its block's hash (EIP-1186): the block's header as RLP, and trie nodes (RLP, hex) from the
 * state root to the contracts and from their storage roots to the slots.
 */
export type Evidence = {
  readonly header: Hex;
  readonly accounts: Readonly<
    Record<
      Hex,
      { readonly proof: readonly Hex[]; readonly slots: Readonly<Record<Hex, readonly Hex[]>> }
    >
  >;
};

/** Members of a block's header in the order in which they are hashed; a chain has them up to some fork's. */
const HEADER = [
  "parentHash",
  "sha3Uncles",
  "miner",
  "stateRoot",
  "transactionsRoot",
  "receiptsRoot",
  "logsBloom",
  "difficulty",
  "number",
  "gasLimit",
  "gasUsed",
  "timestamp",
  "extraData",
  "mixHash",
  "nonce",
  "baseFeePerGas",
  "withdrawalsRoot",
  "blobGasUsed",
  "excessBlobGas",
  "parentBeaconBlockRoot",
  "requestsHash",
] as const;
const NUMBERS = new Set<string>([
  "difficulty",
  "number",
  "gasLimit",
  "gasUsed",
  "timestamp",
  "baseFeePerGas",
  "blobGasUsed",
  "excessBlobGas",
]);
const [STATE_ROOT, NUMBER, TIMESTAMP] = [3, 8, 11];

/** Asks an endpoint that offers `eth_getProof` for what proves `state`. Throws UNAVAILABLE where it does not, or changed its mind. */
export async function collectEvidence(
  endpoint: Request,
  { state, logId }: { readonly state: ChainState; readonly logId: Hex },
): Promise<Evidence> {
  const request = asking(endpoint);
  const tag = `0x${state.block.number.toString(16)}`;
  const header = headerOf(await request("eth_getBlockByNumber", [tag, false]), state);
  const asked = new Map(contractsOf(state).map((contract) => [contract, new Set<Hex>()]));
  const slots: Slots = async (contract, slot) => {
    asked.get(contract)?.add(slot);
    return BigInt(strictHex(await request("eth_getStorageAt", [contract, slot, tag]), 32));
  };
  await readStored(state, { slots, logId });
  const accounts = [...asked].map(async ([contract, own]) => {
    const names = [...own];
    const answer = membersOf(await request("eth_getProof", [contract, names, tag]));
    const proofs = Array.isArray(answer["storageProof"])
      ? (answer["storageProof"] as unknown[])
      : [];
    const slots = names.map((name, i) => [name, nodesIn(membersOf(proofs[i])["proof"])] as const);
    return [contract, { proof: nodesIn(answer["accountProof"]), slots: Object.fromEntries(slots) }];
  });
  const evidence = {
    header,
    accounts: Object.fromEntries(await Promise.all(accounts)) as Evidence["accounts"],
  };
  await provenState(evidence, { state, logId });
  return evidence;
}

/**
 * The state, reduced to what `evidence` proves against its block's hash: all but anchors of older sizes and their times, which the
 * chain keeps in events only. That the hash is the chain's is for the reader to know. Throws BAD_PROOF, BAD_ENCODING.
 */
export async function provenState(
  untrusted: unknown,
  { state, logId }: { readonly state: ChainState; readonly logId: Hex },
): Promise<ChainState> {
  const { accounts, header } = parseEvidence(untrusted);
  const stateRoot = requireHeader(header, state.block);
  const roots = new Map(
    Object.entries(accounts).map(([address, { proof }]) => [
      address,
      storageRootOf(provenValue(stateRoot, fromHex(address, 20), proof.map(bytesOf))),
    ]),
  );
  const slots: Slots = async (contract, slot) => {
    const [root, nodes] = [roots.get(contract), accounts[contract as Hex]?.slots[slot]];
    if (root === undefined || nodes === undefined)
      throw new TraceError("BAD_PROOF", `slot ${slot} of ${contract} is not proven`);
    const value = provenValue(root, fromHex(slot, 32), nodes.map(bytesOf));
    return value === null ? 0n : numberIn(decodeRlp(value));
  };
  const stored = await readStored(state, { slots, logId });
  for (const [name, proven] of Object.entries(stored))
    if (canonicalize(proven) !== canonicalize(state[name as keyof typeof stored]))
      throw new TraceError(
        "BAD_PROOF",
        `the state's ${name} are not those of block ${state.block.number}`,
      );
  const { checkpoint } = stored;
  return {
    ...state,
    ...stored,
    anchored: checkpoint === null ? {} : { [checkpoint.size]: checkpoint.root },
    anchoredAt: checkpoint === null ? {} : { [checkpoint.size]: checkpoint.time },
  };
}

const bytesOf = (node: Hex): Uint8Array => fromHex(node);

function nodesIn(value: unknown): readonly Hex[] {
  if (!Array.isArray(value)) throw new TraceError("BAD_ENCODING", "a proof is a list of nodes");
  return value.map((node: unknown) => {
    if (typeof node !== "string") throw new TraceError("BAD_ENCODING", "a node is bytes in hex");
    return toHex(fromHex(node));
  });
}

function parseEvidence(value: unknown): Evidence {
  const { header, accounts } = membersOf(value);
  if (typeof header !== "string" || !isObject(accounts))
    throw new TraceError("BAD_ENCODING", "evidence is a header and accounts");
  const parsed = Object.entries(accounts).map(([address, account]) => {
    const { proof, slots } = membersOf(account);
    fromHex(address, 20);
    if (!isObject(slots)) throw new TraceError("BAD_ENCODING", "an account's slots are an object");
    const own = Object.entries(slots).map(([slot, nodes]) => [slot, nodesIn(nodes)] as const);
    return [address, { proof: nodesIn(proof), slots: Object.fromEntries(own) }] as const;
  });
  return { header: toHex(fromHex(header)), accounts: Object.fromEntries(parsed) };
}

/** A header's RLP from its JSON; whether it is complete, its hash says. */
function headerOf(block: unknown, state: ChainState): Hex {
  const given = membersOf(block);
  const items = HEADER.flatMap((name): Rlp[] => {
    const value = given[name];
    if (typeof value !== "string") return [];
    const digits = value.slice(2);
    const hex = NUMBERS.has(name) ? digits.replace(/^0+/, "") : digits;
    return [fromHex(`0x${hex.length % 2 === 1 ? "0" : ""}${hex}`)];
  });
  const header = encodeRlp(items);
  if (toHex(keccak256(header)) !== state.block.hash)
    throw new TraceError("UNAVAILABLE", "the endpoint's blocks have a header of an unknown form");
  return toHex(header);
}

/** The state root of a header that is the block's. */
function requireHeader(header: Hex, { hash, number, time }: ChainState["block"]): Uint8Array {
  const bytes = fromHex(header);
  if (toHex(keccak256(bytes)) !== hash)
    throw new TraceError("BAD_PROOF", `the header is not that of block ${hash}`);
  const items = decodeRlp(bytes);
  const [root, own, at] = [STATE_ROOT, NUMBER, TIMESTAMP].map((i) =>
    items instanceof Uint8Array ? undefined : items[i],
  );
  if (!(root instanceof Uint8Array) || root.length !== 32)
    throw new TraceError("BAD_PROOF", "the header has no state root");
  if (numberIn(own) !== BigInt(number) || numberIn(at) !== BigInt(time))
    throw new TraceError("BAD_PROOF", "the block has another number or time");
  return root;
}

function storageRootOf(account: Uint8Array | null): Uint8Array {
  const [, , root] = account === null ? [] : (decodeRlp(account) as readonly Rlp[]);
  if (!(root instanceof Uint8Array) || root.length !== 32)
    throw new TraceError("BAD_PROOF", "one of the contracts is not there");
  return root;
}

function numberIn(item: Rlp | undefined): bigint {
  if (!(item instanceof Uint8Array) || item.length > 32 || item[0] === 0)
    throw new TraceError("BAD_PROOF", "not a number as RLP has it");
  return item.length === 0 ? 0n : BigInt(toHex(item));
}
