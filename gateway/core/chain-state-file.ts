import { fromHex, type Hex } from "./bytes.ts";
import { STRUCTS } from "./calls.ts";
import type { ChainState, Watching } from "./chain-state.ts";
import { TraceError } from "./trace-error.ts";

type Judge<T> = (value: unknown, what: string) => T;

const refuse = (what: string, wanted: string): TraceError =>
  new TraceError("BAD_ENCODING", `${what} is not ${wanted}`);

const whole: Judge<number> = (value, what) => {
  if (Number.isSafeInteger(value) && Number(value) >= 0) return Number(value);
  throw refuse(what, "a whole number");
};

const hex =
  (length: number): Judge<Hex> =>
  (value, what) => {
    if (typeof value !== "string") throw refuse(what, `${length} bytes`);
    fromHex(value, length);
    return value as Hex;
  };

const object: Judge<Readonly<Record<string, unknown>>> = (value, what) => {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw refuse(what, "an object");
};

/** An object with exactly these members. */
const shape =
  <T>(members: { readonly [M in keyof T]: Judge<T[M]> }): Judge<T> =>
  (value, what) => {
    const given = object(value, what);
    const odd = Object.keys(given).find((name) => !Object.hasOwn(members, name));
    if (odd !== undefined) throw refuse(`${what}.${odd}`, "known");
    const entries = Object.entries<Judge<unknown>>(members);
    return Object.fromEntries(
      entries.map(([name, judge]) => [name, judge(given[name], `${what}.${name}`)]),
    ) as T;
  };

/** An answer of the contracts, member for member. */
const struct = <T>(name: keyof typeof STRUCTS): Judge<T> =>
  shape<T>(
    Object.fromEntries(
      STRUCTS[name].map(([member, type]) => [
        member,
        type.startsWith("bytes") ? hex(Number(type.slice(5))) : whole,
      ]),
    ) as unknown as { readonly [M in keyof T]: Judge<T[M]> },
  );

const list =
  <T>(item: Judge<T>): Judge<readonly T[]> =>
  (value, what) => {
    if (!Array.isArray(value)) throw refuse(what, "a list");
    return value.map((one: unknown, i) => item(one, `${what}[${i}]`));
  };

const record =
  <T>(name: RegExp, item: Judge<T>): Judge<Readonly<Record<string, T>>> =>
  (value, what) =>
    Object.fromEntries(
      Object.entries(object(value, what)).map(([key, one]) => {
        if (!name.test(key)) throw refuse(`${what}.${key.slice(0, 80)}`, "a known name");
        return [key, item(one, `${what}.${key}`)];
      }),
    );

const ID = /^0x[0-9a-f]{64}$/;
const judge = shape<ChainState>({
  deployment: shape({
    chainId: whole,
    parties: hex(20),
    lots: hex(20),
    certificates: hex(20),
    checkpoints: hex(20),
  }),
  block: shape({ number: whole, hash: hex(32), time: whole }),
  lots: record(ID, struct("Lot")),
  certificates: record(ID, struct("Certificate")),
  keys: record(ID, struct("Key")),
  watches: record(ID, list(struct<Watching>("Watching"))),
  sponsors: (value, what) => record(ID, hex(32))(value ?? {}, what), // older files lack it
  delegations: record(/^0x[0-9a-f]{64}:0x[0-9a-f]{64}$/, whole),
  checkpoint: (value, what) =>
    value === null ? null : shape({ root: hex(32), size: whole, time: whole })(value, what),
  anchored: record(/^[1-9]\d{0,15}$/, hex(32)),
  anchoredAt: (value, what) => record(/^[1-9]\d{0,15}$/, whole)(value ?? {}, what), // older files lack it
});

/** A chain state that was saved as JSON: every member, of its type, and nothing else. Throws BAD_ENCODING. */
export const parseChainState = (value: unknown): ChainState => judge(value, "the chain state");
