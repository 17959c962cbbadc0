import { canonicalUri } from "./canonical-uri.ts";
import { BIZ_STEP, DISPOSITION, ERROR_REASON } from "./epcis-vocabulary.ts";
import { SOURCE_TYPE, TRANSACTION_TYPE } from "./epcis-vocabulary.ts";
import type { Vocabulary } from "./epcis-vocabulary.ts";
import { withoutEnd } from "./without-end.ts";

/** Prefix → namespace, from a document's `@context`. */
export type Namespaces = ReadonlyMap<string, string>;

const STANDARD = [
  ["gs1", "https://ref.gs1.org/voc/"],
  ["cbv", "https://ref.gs1.org/cbv/"],
  ["epcis", "https://ref.gs1.org/epcis/"],
  ["cbvmda", "urn:epcglobal:cbv:mda"],
] as const;

/** The prefixes that these entries of `@context` declare, and those that every event may use. */
export function namespacesOf(context: readonly unknown[]): Namespaces {
  const declared = context
    .filter((entry) => typeof entry === "object" && entry !== null)
    .flatMap((entry) => Object.entries(entry))
    .filter((entry): entry is [string, string] => typeof entry[1] === "string");
  // EPCIS protects its own gs1 prefix; what a document says of it does not count.
  return new Map([...STANDARD, ...declared, ["gs1", STANDARD[0][1]]]);
}

/** `{namespace}name` for a key with a declared prefix; any other key as it is. */
export function canonicalKey(key: string, namespaces: Namespaces): string {
  const colon = key.indexOf(":");
  const namespace = namespaces.get(key.slice(0, Math.max(0, colon)));
  return namespace === undefined ? key : `{${namespace}}${key.slice(colon + 1)}`;
}

/** A text, number or boolean in its one spelling; `vocabulary` is the one whose bare words it may use. */
export function canonicalValue(
  value: string | number | boolean,
  namespaces: Namespaces,
  vocabulary?: Vocabulary,
): string {
  const text = String(value).trim();
  if (vocabulary?.words.has(text)) return vocabulary.iri + text;
  const term = numeral(vocabularyTerm(expanded(text, namespaces)));
  return canonicalUri(term) ?? term;
}

/** A name with a prefix of GS1 in full; prefixes of other people stay, in values. */
function expanded(text: string, namespaces: Namespaces): string {
  const colon = text.indexOf(":");
  const namespace = colon > 0 ? namespaces.get(text.slice(0, colon)) : undefined;
  return namespace !== undefined && /^https:\/\/(?:ref\.)?gs1\.org/.test(namespace)
    ? namespace + text.slice(colon + 1)
    : text;
}

const OLD_NAMES = [BIZ_STEP, DISPOSITION, TRANSACTION_TYPE, SOURCE_TYPE, ERROR_REASON].flatMap(
  ({ urn, iri }) => (urn === undefined ? [] : [{ urn, iri }]),
);

function vocabularyTerm(text: string): string {
  if (!text.includes("urn:epcglobal:cbv:")) return text;
  return OLD_NAMES.reduce((name, { urn, iri }) => name.replaceAll(urn, iri), text);
}

const NUMBER = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,4}))?$/;
const WIDEST = 400; // digits: more than a double can need; a bomb of zeros stays text

/** A number in plain notation, without a plus sign or zeros that say nothing; any other text as it is. */
function numeral(text: string): string {
  const parts = NUMBER.exec(text);
  if (parts === null) return text;
  const [, sign, integer = "", fraction = "", exponent = "0"] = parts;
  const shift = Number(exponent);
  if (integer + fraction === "" || Math.abs(shift) > WIDEST) return text;
  const digits =
    "0".repeat(Math.max(0, -shift)) + integer + fraction + "0".repeat(Math.max(0, shift));
  const point = Math.max(0, -shift) + integer.length + shift;
  const left = digits.slice(0, point).replace(/^0+(?=.)/, "");
  const right = withoutEnd(digits.slice(point), "0");
  return `${sign === "-" ? "-" : ""}${left === "" ? "0" : left}${right === "" ? "" : `.${right}`}`;
}
