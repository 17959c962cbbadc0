import { toHex, utf8ToBytes, type Hex } from "./bytes.ts";
import { contentHash } from "./canonical.ts";
import { eventHash } from "./event-hash.ts";
import { sha256OfText } from "./hash.ts";
import { KINDS, type Kind, type Operation } from "./operations.ts";
import type { Document } from "./statement.ts";
import { TraceError } from "./trace-error.ts";
import { withoutEnd } from "./without-end.ts";

/** The id on chain of a lot, party, place or certificate: SHA-256 of its canonical URI. */
export const idOf = (uri: string): Hex => toHex(sha256OfText(uri));

export const NOTHING: Hex = `0x${"0".repeat(64)}`;
export const NO_AREA: Hex = "0x000000000000";

/** `bytes6` of an ISO 3166-1 or -2 code ("KH", "VN-58"); `areaText` reads it back. Throws BAD_OPERATION. */
export function areaBytes(code: string): Hex {
  if (!/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(code))
    throw new TraceError("BAD_OPERATION", `"${code.slice(0, 20)}" is no ISO 3166 code`);
  return toHex(Uint8Array.from({ length: 6 }, (_, i) => utf8ToBytes(code)[i] ?? 0));
}

export const areaText = (area: Hex): string =>
  withoutEnd(
    String.fromCharCode(...(area.slice(2).match(/../g) ?? []).map((byte) => parseInt(byte, 16))),
    "\0",
  ).replace(/[^A-Z0-9-]/g, "?");

/** A text in the two languages of every page. */
export type Words = { readonly vi: string; readonly en: string };
export type Place = { readonly uri: string; readonly name: Words };

/** Who signs and when: `party` (a URI) in whose name, the key and its next number, seconds since 1970. */
export type Hand = {
  readonly party: string;
  readonly key: Hex;
  readonly number: number;
  readonly time: number;
};

/** What every intent may add to its event. */
type Told = { readonly place: Place; readonly memo?: string; readonly sealed?: readonly Hex[] };
type Amount = { readonly lot: string; readonly mass: number }; // grams
type Made = Amount & { readonly product: Words };

/** What a person wants to say, by kind of operation. Lots, parties and certificates are URIs. */
export type Intents = {
  harvest: Told & Made & { readonly plot: string; readonly segregated?: boolean };
  intake: Told & Made & { readonly area: string };
  process: Told & { readonly inputs: readonly Amount[]; readonly outputs: readonly Made[] };
  handOver: Told & Amount & { readonly to: string | null }; // null: I keep it after all
  takeOver: Told & Amount & { readonly from: string };
  certify: Told & Amount & { readonly certificate: string };
  note: Told & { readonly lot: string; readonly step: NoteStep };
  recall: Told & { readonly lot: string };
  lift: Told & { readonly lot: string };
  retire: Told & Amount;
};
export type Intent = { [K in Kind]: { readonly kind: K } & Intents[K] }[Kind];

/** What a note can be, in CBV's words. */
export const NOTE_STEPS = ["storing", "inspecting", "transporting", "holding", "packing"] as const;
export type NoteStep = (typeof NOTE_STEPS)[number];

/** How an operation looks as an EPCIS event (CBV 2.0, 7): a note brings its own step. */
export const SHAPES = {
  harvest: { type: "ObjectEvent", action: "ADD", bizStep: "commissioning", disposition: "active" },
  intake: { type: "ObjectEvent", action: "ADD", bizStep: "accepting", disposition: "active" },
  process: { type: "TransformationEvent", bizStep: "commissioning", disposition: "active" },
  handOver: {
    type: "ObjectEvent",
    action: "OBSERVE",
    bizStep: "shipping",
    disposition: "in_transit",
  },
  takeOver: {
    type: "ObjectEvent",
    action: "OBSERVE",
    bizStep: "receiving",
    disposition: "in_progress",
  },
  certify: {
    type: "ObjectEvent",
    action: "OBSERVE",
    bizStep: "inspecting",
    disposition: "conformant",
  },
  note: { type: "ObjectEvent", action: "OBSERVE", disposition: "in_progress" },
  recall: { type: "ObjectEvent", action: "OBSERVE", bizStep: "holding", disposition: "recalled" },
  lift: { type: "ObjectEvent", action: "OBSERVE", bizStep: "holding", disposition: "active" },
  retire: {
    type: "ObjectEvent",
    action: "DELETE",
    bizStep: "decommissioning",
    disposition: "inactive",
  },
} as const satisfies Record<Kind, object>;

export const EVENT_CONTEXT = [
  "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
  { plotline: "https://plotline.example/ns/" },
] as const;

/** Grams as EPCIS has them: kilograms (UN/CEFACT KGM) with up to three decimals. */
const quantityOf = ({ lot, mass }: Amount) =>
  mass > 0 ? { epcClass: lot, quantity: mass / 1000, uom: "KGM" } : { epcClass: lot };

const ilmdOf = (product: Words) => ({ "plotline:product": product });

/** Lots, masses and the members that are special to the kind, for operation and event at once. */
function partsOf(intent: Intent): { operation: Partial<Operation>; event: Document } {
  const portion = ({ lot, mass }: Amount) => ({ lot: idOf(lot), mass });
  const one = (amount: Amount, operation: Partial<Operation> = {}, event: Document = {}) => ({
    operation: { inputs: [portion(amount)], ...operation },
    event: { quantityList: [quantityOf(amount)], ...event },
  });
  const made = (amount: Made, operation: Partial<Operation>, event: Document) => ({
    operation: { outputs: [portion(amount)], ...operation },
    event: { quantityList: [quantityOf(amount)], ilmd: ilmdOf(amount.product), ...event },
  });
  switch (intent.kind) {
    case "harvest":
      return made(
        intent,
        { certificate: idOf(intent.plot), segregated: intent.segregated ?? false },
        {
          "plotline:certificate": intent.plot,
          ...(intent.segregated ? { "plotline:segregated": true } : {}),
        },
      );
    case "intake":
      return made(intent, { area: areaBytes(intent.area) }, { "plotline:area": intent.area });
    case "process":
      return {
        operation: {
          inputs: intent.inputs.map(portion),
          outputs: intent.outputs.map(portion),
        },
        event: {
          inputQuantityList: intent.inputs.map(quantityOf),
          outputQuantityList: intent.outputs.map(quantityOf),
          ilmd: {
            "plotline:products": intent.outputs.map(({ lot, product }) => ({
              "plotline:lot": lot,
              "plotline:product": product,
            })),
          },
        },
      };
    case "handOver":
      return one(
        intent,
        { counterparty: intent.to === null ? NOTHING : idOf(intent.to) },
        intent.to === null
          ? {}
          : { destinationList: [{ type: "owning_party", destination: intent.to }] },
      );
    case "takeOver":
      return one(
        intent,
        { counterparty: idOf(intent.from) },
        { sourceList: [{ type: "owning_party", source: intent.from }] },
      );
    case "certify":
      return one(
        intent,
        { certificate: idOf(intent.certificate) },
        { "plotline:certificate": intent.certificate },
      );
    case "note":
      return one({ lot: intent.lot, mass: 0 }, {}, { bizStep: intent.step });
    case "recall":
    case "lift":
      return one({ lot: intent.lot, mass: 0 });
    case "retire":
      return one(intent);
  }
}

/** The operation to sign and the EPCIS event that it stands for. Masses are grams, `hand.time` seconds. */
export function recordingOf(
  intent: Intent,
  hand: Hand,
): { name: "Operation"; statement: Operation; document: Document } {
  const { operation, event } = partsOf(intent);
  const told = {
    ...SHAPES[intent.kind],
    eventTime: new Date(hand.time * 1000).toISOString(),
    eventTimeZoneOffset: "+07:00",
    readPoint: { id: intent.place.uri },
    bizLocation: { id: intent.place.uri },
    ...event,
    "plotline:party": hand.party,
    "plotline:place": intent.place.name,
    ...(intent.memo === undefined ? {} : { "plotline:memo": intent.memo.normalize("NFC") }),
    ...(intent.sealed === undefined ? {} : { "plotline:sealed": intent.sealed }),
  };
  const eventID = eventHash(told, EVENT_CONTEXT);
  const document = { "@context": EVENT_CONTEXT, eventID, ...told };
  return {
    name: "Operation",
    statement: {
      kind: KINDS[intent.kind],
      party: idOf(hand.party),
      key: hand.key,
      number: hand.number,
      time: hand.time,
      inputs: [],
      outputs: [],
      certificate: NOTHING,
      counterparty: NOTHING,
      area: NO_AREA,
      segregated: false,
      ...operation,
      content: toHex(contentHash(document)),
    },
    document,
  };
}
