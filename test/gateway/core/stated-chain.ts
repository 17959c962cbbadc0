import { encodeStruct, selectorOf, signatureOf } from "../../../gateway/core/abi.ts";
import type { Hex } from "../../../gateway/core/bytes.ts";
import { fromHex, toHex } from "../../../gateway/core/bytes.ts";
import { FUNCTIONS, STRUCTS, type FunctionName } from "../../../gateway/core/calls.ts";
import type { ChainState, Request } from "../../../gateway/core/chain-state.ts";
import { NOTHING } from "../../../gateway/core/recording.ts";
import { TraceError } from "../../../gateway/core/trace-error.ts";

const NO_AREA = "0x000000000000";
const NAMES = [
  "lotsOf",
  "certificatesOf",
  "keysOf",
  "watchesOf",
  "sponsorsOf",
  "delegatedUntil",
  "latest",
] as const;
const LOT = {
  head: NOTHING,
  holder: NOTHING,
  pending: NOTHING,
  mass: 0,
  count: 0,
  area: NO_AREA,
  flags: 0,
};
const KEY = { party: NOTHING, roles: 0, from: 0, until: 0, number: 0, content: NOTHING };
const RIGHT = {
  issuer: NOTHING,
  holder: NOTHING,
  scheme: 0,
  area: NO_AREA,
  quota: 0,
  spent: 0,
  from: 0,
  until: 0,
  revoked: 0,
  content: NOTHING,
};
const NO_CHECKPOINT = { root: NOTHING, size: 0, time: 0 };
const OPERATOR = `0x${"00".repeat(20)}`;

const selectors = new Map(
  NAMES.map((name) => [selectorOf(signatureOf(STRUCTS, name, FUNCTIONS[name].inputs)), name]),
);

/** What the contracts would answer, were this their state. */
function answerOf(state: ChainState, name: FunctionName, words: readonly Hex[]): unknown {
  const ids = words.slice(2);
  const [first = NOTHING, second = NOTHING, third = NOTHING] = words;
  const { lots, certificates, keys, watches, sponsors, delegations, checkpoint } = state;
  switch (name) {
    case "lotsOf":
      return ids.map((id) => lots[id] ?? LOT);
    case "certificatesOf":
      return ids.map((id) => certificates[id] ?? RIGHT);
    case "keysOf":
      return ids.map((id) => keys[id] ?? KEY);
    case "watchesOf":
      return words
        .slice(4)
        .map((id) => (watches[id] ?? []).slice(Number(second), Number(second) + Number(third)));
    case "sponsorsOf":
      return ids.map((id) => sponsors[id] ?? NOTHING);
    case "delegatedUntil":
      return delegations[`${first}:${second}`] ?? 0;
    default:
      return { ...(checkpoint ?? NO_CHECKPOINT), operator: OPERATOR };
  }
}

/** An endpoint of a chain whose state at each block is `stateAt`; undefined for a block that it does not remember. */
export const statedChain =
  (newest: number, stateAt: (block: number) => ChainState | undefined): Request =>
  (method, params) => {
    const known = (tag: unknown): ChainState => {
      const state = stateAt(tag === "latest" ? newest : Number(tag));
      if (state === undefined) throw new TraceError("UNAVAILABLE", "missing trie node");
      return state;
    };
    const answer = (): unknown => {
      if (method === "eth_chainId") return `0x${known("latest").deployment.chainId.toString(16)}`;
      if (method === "eth_getBlockByNumber") {
        const { number, hash, time } = known(params[0]).block;
        return { number: `0x${number.toString(16)}`, hash, timestamp: `0x${time.toString(16)}` };
      }
      if (method !== "eth_call") throw new TraceError("UNAVAILABLE", method);
      const { data } = params[0] as { data: Hex };
      const name = selectors.get(data.slice(0, 10) as Hex);
      if (name === undefined) throw new TraceError("UNAVAILABLE", data);
      const words = (data.slice(10).match(/.{64}/g) ?? []).map((word): Hex => `0x${word}`);
      const value = answerOf(known(params[1]), name, words);
      return toHex(encodeStruct(STRUCTS, [["value", FUNCTIONS[name].output]], { value }));
    };
    return new Promise((done) => done(answer()));
  };

/** Bytes of a hash that says only which block it is. */
export const hashOfBlock = (number: number): Hex =>
  toHex(fromHex(`0x${number.toString(16).padStart(64, "0")}`));
