/** The names of lots, places and parties: canonical GS1 Digital Link URIs. */
import { requireCheckDigit } from "./check-digit.ts";
import { TraceError } from "./trace-error.ts";

/** A product lot: GTIN-14 and the lot number that its maker gave it. */
export interface Lot {
  readonly gtin: string;
  readonly lot: string;
}

/** Where canonical Digital Link URIs begin: GS1 Digital Link URI Syntax, 4.12. */
export const DIGITAL_LINK = "https://id.gs1.org";

/** `https://id.gs1.org/01/{gtin14}/10/{lot}`. Throws BAD_IDENTIFIER. */
export const lotUri = (gtin: string, lot: string): string => DIGITAL_LINK + lotPath(gtin, lot);

/** `/01/{gtin14}/10/{lot}`: what a QR code carries behind the gateway's host. Throws BAD_IDENTIFIER. */
export function lotPath(gtin: string, lot: string): string {
  const path = `/01/${gtin}/10/${lot}`;
  parseLotPath(path);
  return path;
}

/** `https://id.gs1.org/414/{gln}`: a place, such as a plot, a store-room or a factory. Throws BAD_IDENTIFIER. */
export function placeUri(gln: string): string {
  requireGln(gln);
  return `${DIGITAL_LINK}/414/${gln}`;
}

/** `https://id.gs1.org/417/{gln}`: a party. Throws BAD_IDENTIFIER. */
export function partyUri(gln: string): string {
  requireGln(gln);
  return `${DIGITAL_LINK}/417/${gln}`;
}

/** The lot of a canonical lot URI, and of nothing else: one lot has one URI. Throws BAD_IDENTIFIER. */
export function parseLotUri(uri: string): Lot {
  if (!uri.startsWith(`${DIGITAL_LINK}/`)) throw notALot(uri);
  return parseLotPath(uri.slice(DIGITAL_LINK.length));
}

// Characters that every hash, URI and printer leaves alone; "." and ".." are steps in a path.
const LOT_PATH = /^\/01\/(\d{14})\/10\/(?!\.\.?$)([\w.-]{1,20})$/;

/** The lot of a path `/01/{gtin14}/10/{lot}`, as it comes in behind our host. Throws BAD_IDENTIFIER. */
export function parseLotPath(path: string): Lot {
  const [, gtin, lot] = LOT_PATH.exec(path) ?? [];
  if (gtin === undefined || lot === undefined) throw notALot(path);
  requireCheckDigit(gtin);
  return { gtin, lot };
}

function requireGln(key: string): void {
  if (!/^\d{13}$/.test(key))
    throw new TraceError("BAD_IDENTIFIER", `"${key.slice(0, 40)}" is not a GLN of 13 digits`);
  requireCheckDigit(key);
}

const notALot = (text: string): TraceError =>
  new TraceError("BAD_IDENTIFIER", `"${text.slice(0, 120)}" is not the URI of a lot`);
