/** The simple values of EPCIS 2.0 documents in JSON, for zod: URIs, times, terms, identifiers. */
import { z } from "zod";

import { canonicalUri } from "./canonical-uri.ts";
import { parseDigitalLink } from "./digital-link.ts";
import type { Vocabulary } from "./epcis-vocabulary.ts";
import { parseTimestamp } from "./timestamp.ts";
import { TraceError } from "./trace-error.ts";

/** Whether the text is an absolute URI or IRI, or a name with a prefix: RFC 3986, 3 and RFC 3987. */
export const isUri = (text: string): boolean =>
  // oxlint-disable-next-line no-control-regex -- these are what no URI may have
  /^[A-Za-z][A-Za-z0-9+._-]*:(?:[^\0-\x20%<>"{}|\\^`\x7f]|%[0-9A-Fa-f]{2})+$/.test(text);

export const uri = z.string().refine(isUri, "must be a URI");

export const time = z
  .string()
  .refine(holds(parseTimestamp), "must be a date-time with its offset, like 2026-03-01T07:30:00Z");

export const offset = z
  .string()
  .regex(/^[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)$/, "must be an offset like +07:00");

/** A URI that, where it is made as an EPC or as a link of GS1, is made well. */
export const identifier = uri.refine(isIdentifier, "is not a GS1 identifier, or not a correct one");

/** A word of the vocabulary, its full name, or the URI of somebody else's term. */
export const term = (vocabulary: Vocabulary) =>
  z
    .string()
    .refine((text) => isTerm(vocabulary, text), "is neither a word of the vocabulary nor a URI");

/** An object of these members, of names with a namespace, and of nothing else. */
export function named<Shape extends z.ZodRawShape>(shape: Shape) {
  const standard = new Set([...Object.keys(shape), "@context"]);
  return z.looseObject(shape).check((context) => {
    for (const key of Object.keys(context.value))
      if (!standard.has(key) && !isUri(key))
        context.issues.push({
          code: "custom",
          input: context.value,
          path: [key],
          message: "is no standard name here, and has no namespace",
        });
  });
}

const EPC = new RegExp(
  "^urn:epc:(?:id|class|idpat):(?:sgtin|lgtin|sscc|sgln|pgln|grai|giai|gdti|sgcn|ginc|gsin|gsrnp?" +
    "|cpi|itip|upui):",
);

function isIdentifier(text: string): boolean {
  if (EPC.test(text)) return canonicalUri(text) !== undefined;
  if (!text.startsWith("https://id.gs1.org/")) return true;
  return holds(parseDigitalLink)(canonicalUri(text) ?? text);
}

const OLD_NAME =
  /^(?:urn:epcglobal:cbv|https?:\/\/(?:ns\.gs1\.org\/cbv\/|(?:www\.)?gs1\.org\/voc\/))/;

/**
 * Nobody but GS1 may name a term in its namespaces, so there a term that we do not know is none. The
 * names that its terms had before 2.0 have no place in JSON, says its JSON Schema.
 */
function isTerm({ iri, words, others }: Vocabulary, text: string): boolean {
  const isWord = (word: string): boolean => words.has(word) || others?.has(word) === true;
  if (isWord(text)) return true;
  if (!isUri(text) || OLD_NAME.test(text)) return false;
  const full = text.replace(/^cbv:/, "https://ref.gs1.org/cbv/");
  return !iri.endsWith("-") || !full.startsWith(iri) || isWord(full.slice(iri.length));
}

function holds(parse: (text: string) => unknown): (text: string) => boolean {
  return (text) => {
    try {
      parse(text);
      return true;
    } catch (refusal) {
      if (refusal instanceof TraceError) return false;
      throw refusal;
    }
  };
}
