/** JSON with one spelling (RFC 8785, JCS), and the strict reading of JSON that must come before it. */
import { utf8ToBytes } from "./bytes.ts";
import { sha256 } from "./hash.ts";
import { TraceError } from "./trace-error.ts";

/** How much JSON a reader takes on: levels of nesting, and UTF-16 units of text. */
export interface JsonLimits {
  readonly depth?: number;
  readonly length?: number;
}

const DEPTH = 64;
const LENGTH = 1 << 24;

/**
 * The one text of a JSON value: RFC 8785. Throws BAD_ENCODING for what JSON cannot say (undefined,
 * NaN, bigint, class instances, lone surrogates), TOO_LARGE when it nests deeper than 64 levels.
 */
export function canonicalize(value: unknown): string {
  return write(value, DEPTH);
}

/** SHA-256 over the UTF-8 of the canonical JSON: what is signed and put on chain. Throws BAD_ENCODING. */
export function contentHash(value: unknown): Uint8Array {
  // No structural character of JSON composes with a mark, so the whole is NFC if each string is.
  return sha256(utf8ToBytes(requireNfc(canonicalize(value))));
}

/** The text itself, when it is in Normalization Form C. Throws BAD_ENCODING. */
export function requireNfc(text: string): string {
  if (MAY_COMPOSE.test(text) && text.normalize("NFC") !== text)
    throw new TraceError("BAD_ENCODING", `"${text.slice(0, 80)}" is not in Unicode form NFC`);
  return text;
}

/**
 * The value of a JSON text that means the same to every reader (I-JSON, RFC 7493): no key twice, no
 * lone surrogate, no number beyond a double, no integer that a double would change. Throws
 * BAD_ENCODING; TOO_LARGE beyond `limits`.
 */
export function parseJson(text: string, limits: JsonLimits = {}): unknown {
  const { depth = DEPTH, length = LENGTH } = limits;
  if (text.length > length)
    throw new TraceError(
      "TOO_LARGE",
      `${text.length} characters of JSON where ${length} are allowed`,
    );
  const members = countMembers(text, depth);
  const value = parse(text);
  if (LONG_NUMBER.test(text)) requireExactIntegers(text);
  if (judge(value) !== members)
    throw new TraceError("BAD_ENCODING", "an object of this JSON names a key twice");
  return value;
}

// Everything below U+0300 is its own NFC and composes with nothing before it.
const MAY_COMPOSE = /[^\0-\u02ff]/;
// oxlint-disable-next-line no-control-regex -- RFC 8785, 3.2.2.2 escapes exactly these, and " and \
const TO_ESCAPE = /[\0-\x1f"\\\ud800-\udfff]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

function write(value: unknown, depth: number): string {
  if (typeof value === "string") return writeText(value);
  if (typeof value === "number") return writeNumber(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value !== "object")
    throw new TraceError("BAD_ENCODING", `JSON has no way to say ${typeof value}`);
  if (depth === 0) throw new TraceError("TOO_LARGE", `JSON nests deeper than ${DEPTH} levels`);
  return Array.isArray(value) ? writeArray(value, depth - 1) : writeObject(value, depth - 1);
}

function writeText(text: string): string {
  if (!TO_ESCAPE.test(text)) return `"${text}"`;
  requireWellFormed(text);
  return JSON.stringify(text);
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TraceError("BAD_ENCODING", `JSON has no number ${value}`);
  return String(value); // RFC 8785, 3.2.2.3: ECMAScript's own text, where -0 is 0
}

function writeArray(values: readonly unknown[], depth: number): string {
  let text = "[";
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += ",";
    text += write(values[i], depth);
  }
  return `${text}]`;
}

function writeObject(value: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TraceError("BAD_ENCODING", "only plain objects have a JSON form");
  const members = value as Readonly<Record<string, unknown>>;
  let text = "{";
  // RFC 8785, 3.2.3: by UTF-16 units, which is what toSorted() does when left alone
  for (const key of Object.keys(members).toSorted()) {
    if (text.length > 1) text += ",";
    text += `${writeText(key)}:${write(members[key], depth)}`;
  }
  return `${text}}`;
}

function requireWellFormed(text: string): void {
  if (LONE_SURROGATE.test(text))
    throw new TraceError("BAD_ENCODING", "text with half of a surrogate pair");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new TraceError("BAD_ENCODING", `not JSON: ${(cause as Error).message}`, { cause });
  }
}

const LONG_NUMBER = /[0-9]{16}/; // 2^53 has sixteen digits
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/g;

/** Of a text that is JSON: what is written as an integer must be the same one after it was read. */
function requireExactIntegers(text: string): void {
  for (const [token] of text.matchAll(TOKEN)) {
    if (!/^-?[0-9]{16,}$/.test(token)) continue;
    const number = writeNumber(Number(token));
    // JCS itself writes doubles beyond 2^53 as integers, and those come back as they were.
    if (number !== token && BigInt(token) !== BigInt(Number(token)))
      throw new TraceError(
        "BAD_ENCODING",
        `${token.slice(0, 40)} is beyond what a double can hold`,
      );
  }
}

const [QUOTE, COLON, OPEN, CLOSE, BACKSLASH] = [0x22, 0x3a, 0x5b, 0x5d, 0x5c];
const BRACE = 0x20; // what turns [ into { and ] into }

/** How many colons stand outside of strings; says nothing yet about whether the text is JSON. */
function countMembers(text: string, depth: number): number {
  let [members, level] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(text, at);
    else if (unit === COLON) members++;
    else if ((unit & ~BRACE) === OPEN && ++level > depth)
      throw new TraceError("TOO_LARGE", `JSON nests deeper than ${depth} levels`);
    else if ((unit & ~BRACE) === CLOSE) level--;
  }
  return members;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return at;
    if (unit === BACKSLASH) at++;
  }
  return text.length;
}

/** How many keys the value holds in all; fewer than its text had means that one came twice. */
function judge(value: unknown): number {
  if (typeof value === "string") requireWellFormed(value);
  if (typeof value === "number") writeNumber(value);
  if (typeof value !== "object" || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) for (const item of value) members += judge(item);
  else
    for (const [key, item] of Object.entries(value)) {
      requireWellFormed(key);
      members += 1 + judge(item);
    }
  return members;
}
