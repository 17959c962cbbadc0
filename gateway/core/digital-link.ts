/** GS1 Digital Link URI Syntax 1.4, uncompressed, as strict as GS1's own syntax engine. */
import { applicationIdentifier } from "./application-identifiers.ts";
import type { ApplicationIdentifier } from "./application-identifiers.ts";
import { requireElementValue } from "./element-value.ts";
import { TraceError } from "./trace-error.ts";

/** A number and its value, such as `01` and `09520123456788`; percent-encoding is undone. */
export interface Element {
  readonly ai: string;
  readonly value: string;
}

/** What a Digital Link says: its key and qualifiers in the path, and what else its query tells. */
export interface DigitalLink {
  readonly path: readonly Element[];
  readonly attributes: readonly Element[];
}

/** Reads a Digital Link on any host. Throws BAD_IDENTIFIER for one that GS1 would not take. */
export function parseDigitalLink(uri: string): DigitalLink {
  const [, host, rest = ""] =
    /^(?:https?|HTTPS?):\/\/([A-Za-z0-9\-.:[\]]+)(\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*)$/.exec(
      uri,
    ) ?? [];
  if (host === undefined || uri.length > LONGEST)
    throw refused(`"${uri.slice(0, 80)}" is no http URI with a path`);
  const [front = ""] = rest.split("#");
  const at = front.indexOf("?");
  const path = readPath(at < 0 ? front : front.slice(0, at));
  const attributes = readQuery(at < 0 ? "" : front.slice(at + 1));
  requireOrder(path);
  requireAttributes(path, attributes);
  for (const { ai, value } of [...path, ...attributes]) requireElementValue(known(ai), value);
  return { path, attributes };
}

/** The same data as a barcode carries them, `^` standing for FNC1: GS1 General Specifications, 7.8. */
export function elementString({ path, attributes }: DigitalLink): string {
  let text = "^";
  for (const { ai, value } of [...path, ...attributes])
    text += ai + value + (known(ai).fixed ? "" : "^");
  return text.length > 1 && text.endsWith("^") ? text.slice(0, -1) : text;
}

const LONGEST = 4096;

/** Key and qualifiers: the last `/key/value` of the path, with what follows it. */
function readPath(path: string): readonly Element[] {
  const segments = path.slice(1).split("/");
  let start = segments.length - 2;
  while (start >= 0 && known(segments[start] ?? "").qualifiers === undefined) start -= 2;
  if (start < 0) throw refused("the path of this URI ends in no GS1 key");
  const elements: Element[] = [];
  for (let i = start; i < segments.length; i += 2)
    elements.push(element(segments[i] ?? "", segments[i + 1] ?? "", false));
  return elements;
}

/** Attributes; parameters whose names are not all digits belong to somebody else. */
function readQuery(query: string): readonly Element[] {
  return query.split("&").flatMap((parameter) => {
    const [, ai, value = ""] = /^([0-9]+)=(.*)$/.exec(parameter) ?? [];
    return ai === undefined ? [] : [element(ai, value, true)];
  });
}

function element(ai: string, encoded: string, query: boolean): Element {
  known(ai);
  if (encoded === "") throw refused(`(${ai}) has no value`);
  const value = (query ? encoded.replaceAll("+", " ") : encoded).replace(
    /%([0-9A-Fa-f]{2})/g,
    (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return { ai, value };
}

function known(ai: string): ApplicationIdentifier {
  const entry = applicationIdentifier(ai);
  if (entry === undefined) throw refused(`"${ai.slice(0, 40)}" is no GS1 number`);
  return entry;
}

/** Whether these numbers are a key and some of its qualifiers, in one of their orders. */
function isOrdered([key = "", ...qualifiers]: readonly string[]): boolean {
  const orders = applicationIdentifier(key)?.qualifiers ?? [];
  return orders.some((order) => {
    const places = qualifiers.map((ai) => order.indexOf(ai));
    return places.every((place, i) => place > (places[i - 1] ?? -1));
  });
}

function requireOrder(path: readonly Element[]): void {
  const numbers = path.map(({ ai }) => ai);
  if (!isOrdered(numbers)) throw refused(`(${numbers.join(")(")}) is no order for a path`);
}

function requireAttributes(path: readonly Element[], attributes: readonly Element[]): void {
  const seen = new Set(path.map(({ ai }) => ai));
  const order = [...seen];
  for (const { ai } of attributes) {
    if (seen.has(ai)) throw refused(`(${ai}) comes twice`);
    seen.add(ai);
    if (!known(ai).attribute) throw refused(`(${ai}) may not stand in a query`);
    if (order.some((_, i) => isOrdered(order.toSpliced(i + 1, 0, ai))))
      throw refused(`(${ai}) belongs in the path`);
  }
}

const refused = (reason: string): TraceError => new TraceError("BAD_IDENTIFIER", reason);
