import { requireAgreement } from "./agreement.ts";
import type { Hex } from "./bytes.ts";
import { requireCalibration } from "./calibration.ts";
import { SCHEMES } from "./operations.ts";
import { areaBytes, idOf, NO_AREA } from "./recording.ts";
import { isObject, type Document, type SignedStatement } from "./statement.ts";
import { TraceError } from "./trace-error.ts";

const wrong = (what: string): TraceError =>
  new TraceError("BAD_OPERATION", `the document and the statement differ in ${what}`);

const LONGEST_TEXT = 2_000;

function textOf(document: Document, member: string): string {
  const value = document[member];
  if (typeof value !== "string" || value === "" || value.length > LONGEST_TEXT)
    throw new TraceError("BAD_OPERATION", `the document's "${member}" is not a text`);
  return value;
}

function requireId(document: Document, member: string, id: Hex): void {
  const uri = textOf(document, member);
  if (!uri.startsWith("https://"))
    throw new TraceError("BAD_IDENTIFIER", `"${uri.slice(0, 100)}" is not an https URI`);
  if (idOf(uri) !== id) throw wrong(member);
}

/** `{vi, en}`: a name that both kinds of reader can read. */
function requireWords(value: unknown, member: string): void {
  if (!isObject(value)) throw new TraceError("BAD_OPERATION", `"${member}" is not {vi, en}`);
  textOf(value, "vi");
  textOf(value, "en");
}

function requireLimits(value: unknown): void {
  if (!Array.isArray(value) || value.length > 20)
    throw new TraceError("BAD_OPERATION", `"quantityLimits" is not a list of up to 20`);
  for (const limit of value as readonly unknown[]) {
    if (!isObject(limit)) throw new TraceError("BAD_OPERATION", "a limit is not an object");
    textOf(limit, "name");
    textOf(limit, "unit");
    for (const member of ["min", "max"])
      if (limit[member] !== undefined && typeof limit[member] !== "number")
        throw new TraceError("BAD_OPERATION", `a limit's "${member}" is not a number`);
  }
}

/**
 * The document that people read says what the statement that the chain takes says, and is of its type.
 * That it is the document whose hash was signed is `requireBound`'s to say. Throws BAD_OPERATION, BAD_IDENTIFIER, RULE_BROKEN.
 */
export function requireDocument({ name, statement, document }: SignedStatement): void {
  if (name === "Delegation") return; // says it all by itself
  if (document === null) throw new TraceError("BAD_OPERATION", `a ${name} comes with its document`);
  if (name === "Operation") return requireAgreement(statement, document);
  const type = TYPES[name];
  if (document["type"] !== type) throw wrong(`type, which should be "${type}"`);
  switch (name) {
    case "Grant": {
      requireId(document, "uri", statement.certificate);
      requireId(document, "holder", statement.holder);
      requireId(document, "issuer", statement.party);
      textOf(document, "number");
      const scheme = textOf(document, "scheme");
      if (
        !Object.hasOwn(SCHEMES, scheme) ||
        SCHEMES[scheme as keyof typeof SCHEMES] !== statement.scheme
      )
        throw wrong("scheme");
      const area = document["area"] ?? null;
      if ((area === null ? NO_AREA : areaBytes(textOf(document, "area"))) !== statement.area)
        throw wrong("area");
      if (area === null && (scheme === "gi" || scheme === "growingArea"))
        throw new TraceError(
          "RULE_BROKEN",
          `a right of scheme "${scheme}" names the area it is for`,
        );
      return;
    }
    case "Enrolment":
      requireId(document, "uri", statement.subject);
      return requireWords(document["name"], "name");
    case "Watch":
      requireId(document, "place", statement.place);
      requireWords(document["name"], "name");
      requireLimits(document["quantityLimits"]);
      if (document["calibration"] !== undefined) requireCalibration(document["calibration"]);
      textOf(document, "device");
      return;
    case "Revocation":
    case "KeyRevocation":
      textOf(document, "text");
  }
}

const TYPES = {
  Grant: "Certificate",
  Enrolment: "Party",
  Watch: "Watch",
  Revocation: "Reason",
  KeyRevocation: "Reason",
} as const;

/** Every https URI that a document names, for finding again what a hash on the chain stands for. */
export function urisIn(value: unknown): readonly string[] {
  if (typeof value === "string")
    return value.startsWith("https://") && value.length <= 500 ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([member, item]) =>
    member === "@context" ? [] : urisIn(item),
  );
}
