import { fromBase64Url, fromHex, toHex, type Hex } from "./bytes.ts";
import { contentHash } from "./canonical.ts";
import { sha256 } from "./hash.ts";
import { TYPES, type StatementName, type Statements } from "./operations.ts";
import { TraceError } from "./trace-error.ts";

/** A statement as it travels: the struct, who signed it, and the document that its `content` is the hash of. */
export type SignedStatement<N extends StatementName = StatementName> = {
  readonly [K in N]: {
    readonly name: K;
    readonly statement: Statements[K];
    readonly publicKey: Hex; // uncompressed point, 65 bytes
    readonly signature: string; // base64url: r ‖ s of 64 bytes, or a WebAuthn assertion
    readonly document: Document | null; // SHA-256(JCS(document)) is statement.content
  };
}[N];

/** A JSON object as it was hashed. What its members mean is judged where they are used. */
export type Document = Readonly<Record<string, unknown>>;

/** Portions in one operation: enough for a day's blend, few enough for one transaction. */
const MOST_PORTIONS = 64;
const MOST_SIGNATURE_BYTES = 2_048;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `value` as an object with exactly these members. Throws `BAD_OPERATION` naming what is odd. */
function exactMembers(value: unknown, names: readonly string[], what: string) {
  if (!isObject(value)) throw new TraceError("BAD_OPERATION", `${what} is not an object`);
  const odd =
    Object.keys(value).find((key) => !names.includes(key)) ??
    names.find((name) => !Object.hasOwn(value, name));
  if (odd !== undefined)
    throw new TraceError("BAD_OPERATION", `${what} has an unknown or missing member "${odd}"`);
  return value;
}

function parseAtom(type: string, value: unknown, what: string): unknown {
  const [, kind, size] = /^(uint|bytes|bool)(\d*)$/.exec(type) ?? [];
  if (kind === "uint") {
    if (!Number.isSafeInteger(value) || Number(value) < 0 || Number(value) >= 2 ** Number(size))
      throw new TraceError("BAD_OPERATION", `${what} is not a whole number of ${type}`);
    return value;
  }
  if (kind === "bytes" && typeof value === "string") {
    fromHex(value, Number(size));
    return value;
  }
  if (kind === "bool" && typeof value === "boolean") return value;
  throw new TraceError("BAD_OPERATION", `${what} is not a ${type}`);
}

function parseStruct(name: keyof typeof TYPES, value: unknown, what: string): unknown {
  const members = TYPES[name];
  const given = exactMembers(
    value,
    members.map(([member]) => member),
    what,
  );
  return Object.fromEntries(
    members.map(([member, type]) => {
      const path = `${what}.${member}`;
      const item = given[member];
      if (type !== "Portion[]") return [member, parseAtom(type, item, path)];
      if (!Array.isArray(item) || item.length > MOST_PORTIONS)
        throw new TraceError("BAD_OPERATION", `${path} is not a list of up to ${MOST_PORTIONS}`);
      return [member, item.map((portion, i) => parseStruct("Portion", portion, `${path}[${i}]`))];
    }),
  );
}

/** One of the structs of `operations.ts`: every member, of its type, and nothing else. Throws BAD_OPERATION, BAD_ENCODING. */
export const parseStatement = <N extends StatementName>(name: N, value: unknown): Statements[N] =>
  parseStruct(name, value, name) as Statements[N];

const isStatementName = (name: unknown): name is StatementName =>
  typeof name === "string" && Object.hasOwn(TYPES, name) && name !== "Portion";

// Of what JSON can say, not all has a text: {"toString": 1}.
const nameOf = (value: unknown): string =>
  typeof value === "string" ? `"${value.slice(0, 40)}"` : typeof value;

/**
 * A signed statement from a stranger, well-formed and nothing more: `requireBound` and the signature come next.
 * Throws BAD_OPERATION, BAD_ENCODING, BAD_KEY, BAD_SIGNATURE.
 */
export function parseSignedStatement(value: unknown): SignedStatement {
  const given = exactMembers(
    value,
    ["name", "statement", "publicKey", "signature", "document"],
    "the signed statement",
  );
  const { name, publicKey, signature, document } = given;
  if (!isStatementName(name))
    throw new TraceError("BAD_OPERATION", `${nameOf(name)} is no statement`);
  const statement = parseStatement(name, given["statement"]);
  if (typeof publicKey !== "string" || !/^0x04[0-9a-f]{128}$/.test(publicKey))
    throw new TraceError("BAD_KEY", "the public key is not an uncompressed point of 65 bytes");
  if (typeof signature !== "string" || signature.length > 2 * MOST_SIGNATURE_BYTES)
    throw new TraceError("BAD_SIGNATURE", "the signature is not base64url text of a sane length");
  if (fromBase64Url(signature).length < 64)
    throw new TraceError("BAD_SIGNATURE", "the signature is shorter than 64 bytes");
  if (document !== null && !isObject(document))
    throw new TraceError("BAD_OPERATION", "the document is neither an object nor null");
  return { name, statement, publicKey, signature, document } as SignedStatement;
}

/** The key and the document are the ones that the statement names by their hashes. Throws BAD_KEY, BAD_OPERATION. */
export function requireBound({ statement, publicKey, document }: SignedStatement): void {
  if (toHex(sha256(fromHex(publicKey))) !== statement.key)
    throw new TraceError("BAD_KEY", "the public key is not the key that the statement names");
  const content = "content" in statement ? statement.content : null;
  const found = document === null ? null : toHex(contentHash(document));
  if (found !== content)
    throw new TraceError(
      "BAD_OPERATION",
      `the document hashes to ${found ?? "nothing"}, the signed content is ${content ?? "nothing"}`,
    );
}
