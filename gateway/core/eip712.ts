import { concatBytes, fromHex, hexWord, toHex, utf8ToBytes, type Hex } from "./bytes.ts";
import { keccak256 } from "./keccak256.ts";
import { TraceError } from "./trace-error.ts";

/** One member of a struct: its name and its Solidity type. */
export type Member = readonly [name: string, type: string];

/** Struct types by name, as EIP-712 wants them; a member's type may be a struct or an array of structs. */
export type Types = Readonly<Record<string, readonly Member[]>>;

/** A struct's values. Integers are numbers (safe) or bigints, byte strings are `0x…`. */
export type Struct = Readonly<Record<string, unknown>>;

/** What binds a signature to one contract on one chain (EIP-712, `EIP712Domain`). */
export type Domain = {
  readonly name: string;
  readonly version: string;
  readonly chainId: number;
  readonly verifyingContract: Hex;
};

/** Members as Solidity spells them: `bytes32 lot,uint64 mass`. */
export const membersOf = (text: string): readonly Member[] =>
  text.split(",").map((member): Member => {
    const [type = "", name = ""] = member.split(" ");
    return [name, type];
  });

/** Struct types of the members in each text. */
export const typesOf = <N extends string>(
  texts: Readonly<Record<N, string>>,
): Readonly<Record<N, readonly Member[]>> =>
  Object.fromEntries(
    Object.entries<string>(texts).map(([name, text]) => [name, membersOf(text)]),
  ) as Record<N, readonly Member[]>;

/** `Operation(uint8 kind,…)Portion(…)`: the type and those it refers to, in alphabetical order (EIP-712, encodeType). */
function encodeType(types: Types, name: string): string {
  const found = new Set([name]);
  for (const struct of found)
    for (const [, type] of types[struct] ?? []) {
      const base = type.replace("[]", "");
      if (base in types) found.add(base);
    }
  found.delete(name);
  return [name, ...[...found].toSorted()]
    .map((struct) => `${struct}(${(types[struct] ?? []).map(([n, t]) => `${t} ${n}`).join(",")})`)
    .join("");
}

/** A 32-byte big-endian word of an unsigned integer that fits `bits`. Throws BAD_ENCODING. */
export function wordOf(value: unknown, bits = 256): Uint8Array {
  if (typeof value === "number" ? !Number.isSafeInteger(value) : typeof value !== "bigint")
    throw new TraceError("BAD_ENCODING", `${String(value)} is not a whole number`);
  const number = BigInt(value as number | bigint);
  if (number < 0n || number >= 1n << BigInt(bits))
    throw new TraceError("BAD_ENCODING", `${number} does not fit uint${bits}`);
  return fromHex(hexWord(number));
}

/** The EIP-712 `encodeData` word of one value, which is also its ABI word. */
export function encodeAtom(type: string, value: unknown): Uint8Array {
  const [, kind = "", size = ""] = /^(uint|bytes|bool|address)(\d*)$/.exec(type) ?? [];
  if (kind === "uint") return wordOf(value, Number(size));
  if (kind === "bool" && typeof value === "boolean") return wordOf(value ? 1 : 0);
  if (kind === "address" && typeof value === "string")
    return concatBytes(new Uint8Array(12), fromHex(value, 20));
  if (kind === "bytes" && size !== "" && typeof value === "string")
    return concatBytes(fromHex(value, Number(size)), new Uint8Array(32 - Number(size)));
  throw new TraceError("BAD_ENCODING", `${typeof value} is not a ${type}`);
}

function encodeMember(types: Types, type: string, value: unknown): Uint8Array {
  if (type.endsWith("[]")) {
    if (!Array.isArray(value)) throw new TraceError("BAD_ENCODING", `not an array of ${type}`);
    return keccak256(...value.map((item) => encodeMember(types, type.slice(0, -2), item)));
  }
  if (type === "string") return keccak256(utf8ToBytes(String(value)));
  return type in types ? hashStruct(types, type, value as Struct) : encodeAtom(type, value);
}

const typeHashes = new WeakMap<Types, Map<string, Uint8Array>>();

/** keccak256 of `encodeType`, which is the same for every struct of a trail. */
function typeHash(types: Types, name: string): Uint8Array {
  const known = typeHashes.get(types) ?? new Map<string, Uint8Array>();
  typeHashes.set(types, known);
  const hash = known.get(name) ?? keccak256(utf8ToBytes(encodeType(types, name)));
  known.set(name, hash);
  return hash;
}

/** keccak256(typeHash ‖ encodeData) (EIP-712, hashStruct). Throws BAD_ENCODING on a value that is not of its type. */
export function hashStruct(types: Types, name: string, value: Struct): Uint8Array {
  const members = types[name] ?? [];
  return keccak256(
    typeHash(types, name),
    ...members.map(([member, type]) => encodeMember(types, type, value[member])),
  );
}

const DOMAIN = typesOf({
  EIP712Domain: "string name,string version,uint256 chainId,address verifyingContract",
});

// The domains of one deployment are three, and a trail asks for them again with each of its statements.
const separators = new Map<string, Uint8Array>();
const KEPT = 16;

function domainSeparator(domain: Domain): Uint8Array {
  const asked = JSON.stringify(domain);
  const separator = separators.get(asked) ?? hashStruct(DOMAIN, "EIP712Domain", domain);
  if (separators.size >= KEPT) separators.clear();
  separators.set(asked, separator);
  return separator;
}

/** The digest that is signed: keccak256(0x1901 ‖ domain separator ‖ hashStruct). */
export const typedDigest = (domain: Domain, types: Types, name: string, value: Struct): Hex =>
  toHex(
    keccak256(Uint8Array.of(0x19, 0x01), domainSeparator(domain), hashStruct(types, name, value)),
  );
