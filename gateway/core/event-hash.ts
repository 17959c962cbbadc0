/** The CBV 2.0 event hash (8.9, as it is read since 2026): it names an event and does not protect it. */
import { toHex, utf8ToBytes } from "./bytes.ts";
import { EVENT_FIELDS, UNHASHED } from "./event-hash-fields.ts";
import type { Field } from "./event-hash-fields.ts";
import { canonicalKey, canonicalValue, namespacesOf } from "./event-hash-values.ts";
import type { Namespaces } from "./event-hash-values.ts";
import { sha256 } from "./hash.ts";
import { isObject, type Document } from "./statement.ts";
import { parseTimestamp, timestampText } from "./timestamp.ts";
import { TraceError } from "./trace-error.ts";

/** The versions of the vocabulary whose hashes we can compute; they differ, so never compare across. */
export type CbvVersion = "CBV2.0" | "CBV2.1";

/** `ni:///sha-256;{64 hex}?ver=CBV2.0`; `context` is the document's `@context`. Throws as preHash does. */
export function eventHash(
  event: unknown,
  context: unknown,
  version: CbvVersion = "CBV2.0",
): string {
  const digest = toHex(sha256(utf8ToBytes(preHash(event, context, version)))).slice(2);
  return `ni:///sha-256;${digest}?ver=${version}`;
}

/**
 * The text that the event hash is the hash of: every value in one spelling, all in one order. Throws
 * BAD_EVENT for what is no event, BAD_ENCODING for a time without its offset, TOO_LARGE for depth.
 */
export function preHash(event: unknown, context: unknown, version: CbvVersion = "CBV2.0"): string {
  if (!isObject(event) || typeof event["type"] !== "string")
    throw new TraceError("BAD_EVENT", "an event is an object that has a type");
  const namespaces = namespacesOf([context, event["@context"]].flat());
  const writer = within({ namespaces, inline: version === "CBV2.1" }, event);
  const standard = EVENT_FIELDS.map((field) => write(field, event[field.name], writer));
  const ilmd = extension("ilmd", event["ilmd"], writer);
  const own = extensions(event, EVENT_FIELDS, writer);
  const tail = writer.inline
    ? sorted([...ilmd, ...own])
    : [
        ...ilmd,
        ...EVENT_FIELDS.map((field) => extensionsWithin(field, event[field.name], writer)),
        ...sorted(own),
      ];
  return `eventType=${[event["type"], ...standard, ...tail].join("")}`;
}

/** What holds all through one event; `inline` where extensions stay in their place (CBV 2.1). */
interface Writer {
  readonly namespaces: Namespaces;
  readonly inline: boolean;
}

const XMLNS = "@xmlns";

/** The writer for what is inside this object, which may declare namespaces as XML does. */
function within(writer: Writer, value: Document): Writer {
  const own = Object.keys(value).flatMap((name) => {
    const uri = name.startsWith(`${XMLNS}:`) ? value[name] : undefined;
    return typeof uri === "string" ? [[name.slice(XMLNS.length + 1), uri] as const] : [];
  });
  if (own.length === 0) return writer;
  return { ...writer, namespaces: new Map([...writer.namespaces, ...own]) };
}

/** A standard field with all that is in it, or nothing where it is empty. */
function write(field: Field, value: unknown, writer: Writer): string {
  if (value === undefined) return ""; // most fields of an event are not there, and speed is theirs
  const { members } = field;
  const each = listOf(value).map((one) => writeOne(members ?? field, one, writer));
  const text = sorted(each).join("");
  if (members === undefined || text === "") return text;
  return nameOf(field, writer) + text;
}

function writeOne(field: Field, value: unknown, writer: Writer): string {
  if (field.fields === undefined) {
    const text = isLeaf(value) ? writeLeaf(field, value, writer) : "";
    return text === "" ? "" : `${field.name}=${text}`;
  }
  if (!isObject(value)) return "";
  const text =
    field.fields.map((inner) => write(inner, value[inner.name], writer)).join("") +
    (writer.inline ? sorted(extensions(value, field.fields, writer)).join("") : "");
  return text === "" ? "" : field.name + text;
}

function writeLeaf(field: Field, value: Leaf, { namespaces }: Writer): string {
  if (field.time && typeof value === "string" && value.trim() !== "")
    return timestampText(parseTimestamp(value.trim()));
  return canonicalValue(value, namespaces, field.vocabulary);
}

/** The extensions inside a standard field, under its name: how CBV 2.0 puts them behind all fields. */
function extensionsWithin(field: Field, value: unknown, writer: Writer): string {
  if (!isNode(value)) return "";
  const { members, fields = [] } = field;
  const each = listOf(value).map((one) => {
    if (members !== undefined) return extensionsWithin(members, one, writer);
    if (!isObject(one)) return "";
    const text = [
      ...fields.map((inner) => extensionsWithin(inner, one[inner.name], writer)),
      ...sorted(field.fields === undefined ? [] : extensions(one, fields, writer)),
    ].join("");
    return text === "" ? "" : field.name + text;
  });
  const text = sorted(each).join("");
  return members === undefined || text === "" ? text : nameOf(field, writer) + text;
}

const nameOf = (field: Field, writer: Writer): string =>
  field.named === "always" || writer.inline ? field.name : "";

/** Every member of an object that is not one of its standard fields. */
function extensions(value: Document, fields: readonly Field[], writer: Writer): readonly string[] {
  const inner = within(writer, value);
  return Object.keys(value)
    .filter((key) => !UNHASHED.has(key) && fields.every(({ name }) => name !== key))
    .flatMap((key) => extension(key, value[key], inner));
}

const DEEPEST = 64;

function extension(name: string, value: unknown, outer: Writer, depth = 0): readonly string[] {
  if (depth > DEEPEST)
    throw new TraceError("TOO_LARGE", "an extension nests deeper than 64 levels");
  if (name.startsWith(XMLNS) || value === undefined || value === null) return [];
  const writer = isObject(value) ? within(outer, value) : outer;
  const key = canonicalKey(name, writer.namespaces);
  if (isLeaf(value)) {
    const text = canonicalValue(value, writer.namespaces);
    return [text === "" ? key : `${key}=${text}`];
  }
  if (Array.isArray(value))
    return value.flatMap((one: unknown) =>
      Array.isArray(one)
        ? [key + sorted(extension("", one, writer, depth + 1)).join("")]
        : extension(name, one, writer, depth + 1),
    );
  if (!isObject(value)) return [];
  const inner = Object.entries(value)
    .filter(([member]) => member !== "#text" && !COMMENTS.has(member))
    .flatMap(([member, one]) => extension(member, one, writer, depth + 1));
  const text = isLeaf(value["#text"]) ? extension("", value["#text"], writer) : [];
  return [[key, ...text, ...sorted(inner)].join("")];
}

const COMMENTS: ReadonlySet<string> = new Set(["@context", "comment", "rdfs:comment"]);

type Leaf = string | number | boolean;

const isLeaf = (value: unknown): value is Leaf =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

const isNode = (value: unknown): boolean => typeof value === "object" && value !== null;

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

/** In the order of code points, which is that of UTF-8 bytes and not that of UTF-16 units. */
const sorted = (texts: readonly string[]): readonly string[] =>
  texts.length > 1 ? texts.toSorted(byCodePoint) : texts;

function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

// Surrogates stand for code points beyond U+FFFF and go behind every other unit.
const rank = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit);
