/** EPCIS 2.0 events in JSON: the rules of GS1's JSON Schema, and of the standard's text where it is stricter. */
import { z } from "zod";

import { certificationInfo, sensorElements } from "./epcis-parts.ts";
import { identifier, named, offset, term, time, uri } from "./epcis-values.ts";
import {
  BIZ_STEP,
  DISPOSITION,
  ERROR_REASON,
  SOURCE_TYPE,
  TRANSACTION_TYPE,
} from "./epcis-vocabulary.ts";

const unique = <T extends z.ZodType>(items: z.ZodArray<T>) =>
  items.refine((list) => new Set(list).size === list.length, "names something twice");

const number = z.number();
const epcs = z.array(identifier);
const details = named({ id: identifier });

const quantities = z.array(
  z.strictObject({
    epcClass: identifier,
    quantity: number.optional(),
    uom: z
      .string()
      .regex(/^[A-Z0-9]{2,3}$/, "must be a UN/CEFACT unit like KGM")
      .optional(),
  }),
);

const transactions = z.array(
  z.strictObject({ type: term(TRANSACTION_TYPE).optional(), bizTransaction: identifier }),
);
const sources = z.array(z.strictObject({ type: term(SOURCE_TYPE), source: identifier }));
const destinations = z.array(z.strictObject({ type: term(SOURCE_TYPE), destination: identifier }));

const persistent = z
  .strictObject({
    set: unique(z.array(term(DISPOSITION)).min(1)).optional(),
    unset: unique(z.array(term(DISPOSITION)).min(1)).optional(),
  })
  .refine(({ set, unset }) => set !== undefined || unset !== undefined, "sets and unsets nothing");

const ilmd = named({});

/** What an `@context` may be: JSON-LD 1.1, 3.1. */
export const context = z.union(
  [uri, z.looseObject({}), unique(z.array(z.union([uri, z.looseObject({})])))],
  "must be a URI, an object, or a list of those, each once",
);

const common = {
  "@context": context.optional(),
  eventTime: time,
  eventTimeZoneOffset: offset,
  recordTime: time.optional(),
  eventID: uri.optional(),
  certificationInfo: certificationInfo.optional(),
  masterDataAvailableFor: z.array(z.looseObject({})).optional(), // its short name since EPCIS 2.1
  errorDeclaration: named({
    declarationTime: time,
    reason: term(ERROR_REASON).optional(),
    correctiveEventIDs: z.array(uri).optional(),
  }).optional(),
};

const stated = {
  ...common,
  bizStep: term(BIZ_STEP).optional(),
  disposition: term(DISPOSITION).optional(),
  persistentDisposition: persistent.optional(),
  readPoint: details.optional(),
  bizLocation: details.optional(),
  bizTransactionList: transactions.optional(),
  sourceList: sources.optional(),
  destinationList: destinations.optional(),
  sensorElementList: sensorElements.optional(),
};

const action = z.enum(["OBSERVE", "ADD", "DELETE"]);
const some = (list: readonly unknown[] | undefined): boolean => (list?.length ?? 0) > 0;

const objectEvent = named({
  type: z.literal("ObjectEvent"),
  ...stated,
  action,
  epcList: unique(epcs).optional(),
  quantityList: quantities.optional(),
  ilmd: ilmd.optional(),
})
  .refine(
    (e) =>
      e.epcList !== undefined ||
      some(e.quantityList) ||
      (some(e.sensorElementList) && e.readPoint !== undefined),
    "needs an epcList, a quantityList, or sensor data with a readPoint",
  )
  .refine((e) => e.ilmd === undefined || e.action === "ADD", {
    path: ["ilmd"],
    message: "may only stand where the action is ADD",
  });

const transactionEvent = named({
  type: z.literal("TransactionEvent"),
  ...stated,
  action,
  bizTransactionList: transactions.min(1),
  parentID: identifier.optional(),
  epcList: epcs.optional(),
  quantityList: quantities.optional(),
}).refine(
  (e) => e.epcList !== undefined || some(e.quantityList) || e.action === "DELETE",
  "needs an epcList or a quantityList unless its action is DELETE",
);

const children = {
  action,
  childEPCs: epcs.optional(),
  childQuantityList: quantities.optional(),
};
const hasChildren = (e: z.infer<z.ZodObject<typeof children>>): boolean =>
  some(e.childEPCs) || some(e.childQuantityList) || e.action === "DELETE";
const CHILDLESS = "needs childEPCs or a childQuantityList unless its action is DELETE";

const aggregationEvent = named({
  type: z.literal("AggregationEvent"),
  ...stated,
  ...children,
  parentID: identifier.optional(),
})
  .refine(hasChildren, CHILDLESS)
  .refine((e) => e.parentID !== undefined || e.action === "OBSERVE", {
    path: ["parentID"],
    message: "is needed unless the action is OBSERVE",
  });

const associationEvent = named({
  type: z.literal("AssociationEvent"),
  ...stated,
  ...children,
  parentID: identifier,
}).refine(hasChildren, CHILDLESS);

const transformationEvent = named({
  type: z.literal("TransformationEvent"),
  ...stated,
  inputEPCList: unique(epcs).optional(),
  inputQuantityList: quantities.optional(),
  outputEPCList: unique(epcs).optional(),
  outputQuantityList: quantities.optional(),
  transformationID: uri.optional(),
  ilmd: ilmd.optional(),
}).refine((e) => {
  const [input, output] = [
    some(e.inputEPCList) || some(e.inputQuantityList),
    some(e.outputEPCList) || some(e.outputQuantityList),
  ];
  return (input && output) || ((input || output) && e.transformationID !== undefined);
}, "needs inputs and outputs, or one of them and a transformationID");

/** The five types of event by name. */
export const EVENT_SCHEMAS: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ["ObjectEvent", objectEvent],
  ["AggregationEvent", aggregationEvent],
  ["TransactionEvent", transactionEvent],
  ["TransformationEvent", transformationEvent],
  ["AssociationEvent", associationEvent],
]);

/** A type of event that somebody else defined: EPCIS 2.0, 7.1. Its name is a URI. */
export const extendedEvent = z.looseObject({ ...common, type: uri });
