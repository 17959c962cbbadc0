import { checkDigitOf } from "./check-digit.ts";
import { DIGITAL_LINK } from "./identifiers.ts";

/**
 * The constrained canonical Digital Link of an EPC URN or of a Digital Link on any host: one spelling
 * for one thing, at its finest level, without a query (CBV 2.0, 8.9; EPC Tag Data Standard, 7 to 9).
 * Undefined for everything else, which stays as it is. Check digits in links are not verified here.
 */
export function canonicalUri(uri: string): string | undefined {
  if (!uri.includes(".")) return undefined; // what the reference takes for no URI at all
  const path = uri.startsWith("urn:epc:") ? pathOfUrn(uri) : pathOfLink(uri);
  return path === undefined ? undefined : DIGITAL_LINK + path;
}

/** One EPC scheme: prefix and reference have `digits` together; the rest matches `tail`. */
interface Scheme {
  readonly digits: number;
  readonly tail: RegExp | undefined;
  readonly path: (prefix: string, reference: string, ...tail: string[]) => string;
}

// GS1 General Specifications, figure 7.11-1: these escapes are of its 82 characters.
const ESCAPE = "%(?:2[125-9A-Fa-f]|3[0-9A-Fa-f]|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9Aa])";
const CHARACTER = `(?:[!'()*+,.0-9:;=A-Z_a-z-]|${ESCAPE})`;
const serial = (length: number): RegExp => new RegExp(`^\\.(${CHARACTER}{1,${length}})$`);
const ANY = /^\.\*$/;

const keyed = (digits: string): string => digits + checkDigitOf(digits);
const gtin = (prefix: string, item: string): string =>
  keyed(item.charAt(0) + prefix + item.slice(1));

/** What the Digital Link standard wants encoded though an EPC URN writes it plainly. */
const encoded = (text: string): string =>
  text.replace(/[!()*+,:]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const sgtin = (prefix: string, item: string): string => `/01/${gtin(prefix, item)}`;
const grai = (p: string, a: string, s = ""): string => `/8003/${keyed(`0${p}${a}`)}${encoded(s)}`;
const gdti = (p: string, d: string, s = ""): string => `/253/${keyed(p + d)}${encoded(s)}`;
const sgcn = (p: string, c: string, s = ""): string => `/255/${keyed(p + c)}${s}`;
const itip = (p: string, i: string, piece = "", total = ""): string =>
  `/8006/${gtin(p, i)}${piece}${total}`;

const SCHEMES: Readonly<Record<string, Scheme>> = {
  "id:sgtin": {
    digits: 13,
    tail: serial(20),
    path: (p, i, s = "") => `${sgtin(p, i)}/21/${encoded(s)}`,
  },
  "id:upui": {
    digits: 13,
    tail: serial(28),
    path: (p, i, s = "") => `${sgtin(p, i)}/235/${encoded(s)}`,
  },
  "class:lgtin": {
    digits: 13,
    tail: serial(20),
    path: (p, i, lot = "") => `${sgtin(p, i)}/10/${encoded(lot)}`,
  },
  "id:itip": {
    digits: 13,
    tail: new RegExp(`^\\.(\\d\\d)\\.(\\d\\d)\\.(${CHARACTER}{1,20})$`),
    path: (p, i, piece, total, s = "") => `${itip(p, i, piece, total)}/21/${encoded(s)}`,
  },
  "id:sgln": {
    digits: 12,
    tail: serial(20),
    path: (p, l, x = "") => `/414/${keyed(p + l)}${x === "0" ? "" : `/254/${encoded(x)}`}`,
  },
  "id:pgln": { digits: 12, tail: undefined, path: (p, l) => `/417/${keyed(p + l)}` },
  "id:grai": { digits: 12, tail: serial(16), path: grai },
  "id:gdti": { digits: 12, tail: serial(17), path: gdti },
  "id:sgcn": { digits: 12, tail: /^\.([0-9]{1,12})$/, path: sgcn },
  "id:gsin": { digits: 16, tail: undefined, path: (p, s) => `/402/${keyed(p + s)}` },
  "id:gsrn": { digits: 17, tail: undefined, path: (p, s) => `/8018/${keyed(p + s)}` },
  "id:gsrnp": { digits: 17, tail: undefined, path: (p, s) => `/8017/${keyed(p + s)}` },
  "id:sscc": {
    digits: 17,
    tail: undefined,
    path: (p, s) => `/00/${keyed(s.charAt(0) + p + s.slice(1))}`,
  },
  "idpat:sgtin": { digits: 13, tail: ANY, path: sgtin },
  "idpat:upui": { digits: 13, tail: ANY, path: sgtin },
  "idpat:itip": { digits: 13, tail: /^\.(\d\d)\.(\d\d)\.\*$/, path: itip },
  "idpat:grai": { digits: 12, tail: ANY, path: grai },
  "idpat:gdti": { digits: 12, tail: ANY, path: gdti },
  "idpat:sgcn": { digits: 12, tail: ANY, path: sgcn },
};

function pathOfUrn(uri: string): string | undefined {
  const [, name = "", prefix = "", rest = ""] =
    /^urn:epc:([a-z]+:[a-z]+):([0-9]{6,12})\.(.*)$/.exec(uri) ?? [];
  const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
  if (scheme === undefined) return pathOfAlphanumericKey(name, prefix, rest);
  const reference = rest.slice(0, Math.max(0, scheme.digits - prefix.length));
  if (!/^[0-9]*$/.test(reference) || prefix.length + reference.length !== scheme.digits)
    return undefined;
  const tail = (scheme.tail ?? /^$/).exec(rest.slice(reference.length));
  return tail === null ? undefined : scheme.path(prefix, reference, ...tail.slice(1));
}

/** The keys without a check digit: 30 characters at most, company prefix and all. */
function pathOfAlphanumericKey(name: string, prefix: string, rest: string): string | undefined {
  const room = 30 - prefix.length;
  if (name === "id:giai" || name === "id:ginc") {
    if (!new RegExp(`^${CHARACTER}{1,${room}}$`).test(rest)) return undefined;
    return `/${name === "id:giai" ? "8004" : "401"}/${prefix}${encoded(rest)}`;
  }
  const [, part, end] =
    new RegExp(`^((?:[0-9A-Z-]|%2[3dfDF]){1,${room}})\\.([0-9]{1,12}|\\*)$`).exec(rest) ?? [];
  if (part === undefined) return undefined;
  if (name === "idpat:cpi" && end === "*") return `/8010/${prefix}${part}`;
  return name === "id:cpi" && end !== "*" ? `/8010/${prefix}${part}/8011/${end}` : undefined;
}

// Digital Link 1.0 allowed words for numbers; they still come in.
const WORDS: Readonly<Record<string, string>> = {
  sscc: "00",
  gtin: "01",
  gdti: "253",
  gcn: "255",
  ginc: "401",
  gsin: "402",
  gln: "414",
  party: "417",
  grai: "8003",
  giai: "8004",
  itip: "8006",
  cpid: "8010",
  gsrnp: "8017",
  gsrn: "8018",
  lot: "10",
  ser: "21",
  cpv: "22",
};

const TEXT = `(?:["'.0-9;<=>?A-Z_a-z-]|${ESCAPE})`;
const text = (length: number): RegExp => new RegExp(`^${TEXT}{1,${length}}$`);

/** A key's value, and its qualifiers from the finest to those that are dropped. */
const KEYS: Readonly<Record<string, readonly [value: RegExp, ...qualifiers: string[]]>> = {
  "00": [/^[0-9]{18}$/],
  "01": [/^[0-9]{14}$/, "235", "21", "10", "22"],
  "253": [new RegExp(`^[0-9]{13}${TEXT}{0,17}$`)],
  "255": [/^[0-9]{13,25}$/],
  "401": [text(30)],
  "402": [/^[0-9]{17}$/],
  "414": [/^[0-9]{13}$/, "254"],
  "417": [/^[0-9]{13}$/],
  "8003": [new RegExp(`^[0-9]{14}${TEXT}{0,16}$`)],
  "8004": [text(30)],
  "8006": [/^[0-9]{18}$/, "21", "10", "22"],
  "8010": [/^(?:[0-9A-Z-]|%2[3dfDF]){5,30}$/, "8011"],
  "8017": [/^[0-9]{18}$/],
  "8018": [/^[0-9]{18}$/],
};

function pathOfLink(uri: string): string | undefined {
  const path = /^https?:\/\/[^/?#]*\/([^?#]*)/.exec(uri)?.[1]?.replace(/\/$/, "").split("/") ?? [];
  const names = path.map((segment) => (Object.hasOwn(WORDS, segment) ? WORDS[segment] : segment));
  const at = names.findIndex(
    (name = "", i) => Object.hasOwn(KEYS, name) && /^[0-9]{4}./.test(path[i + 1] ?? ""),
  );
  const key = names[at] ?? "";
  const [pattern, ...qualifiers]: readonly [RegExp?, ...string[]] = KEYS[key] ?? [];
  const value = key === "01" ? padded(path[at + 1] ?? "") : (path[at + 1] ?? "");
  if (pattern === undefined || !pattern.test(value)) return undefined;

  const given = new Map<string, string>();
  for (let i = at + 2; i < path.length; i += 2) {
    const [name = "", detail = ""] = [names[i], path[i + 1]];
    if (!qualifiers.includes(name) || !text(28).test(detail)) return undefined;
    given.set(name, detail);
  }
  const finest = qualifiers.find((name) => name !== "22" && given.has(name));
  return `/${key}/${value}${finest === undefined ? "" : `/${finest}/${given.get(finest)}`}`;
}

const padded = (gtin: string): string =>
  /^(?:[0-9]{8}|[0-9]{12,13})$/.test(gtin) ? gtin.padStart(14, "0") : gtin;
