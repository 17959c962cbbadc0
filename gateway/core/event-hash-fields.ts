import {
  BIZ_STEP,
  COMPONENT,
  DISPOSITION,
  MEASUREMENT,
  SENSOR_ALERT,
  SOURCE_TYPE,
  TRANSACTION_TYPE,
} from "./epcis-vocabulary.ts";
import type { Vocabulary } from "./epcis-vocabulary.ts";

/** A standard field: a leaf, an object of `fields`, or a list whose members are hashed as `members`. */
export interface Field {
  readonly name: string;
  readonly time?: boolean;
  readonly vocabulary?: Vocabulary;
  readonly fields?: readonly Field[];
  readonly members?: Field;
  /** Whether the list's own name stands before its members; in CBV 2.0 one list has none. */
  readonly named?: "always" | "CBV2.1";
}

const leaf = (name: string, vocabulary?: Vocabulary): Field =>
  vocabulary === undefined ? { name } : { name, vocabulary };
const time = (name: string): Field => ({ name, time: true });
const object = (name: string, ...fields: readonly Field[]): Field => ({ name, fields });
const list = (name: string, members: Field, named: "always" | "CBV2.1" = "always"): Field => ({
  name,
  members,
  named,
});

const epcs = (name: string): Field => list(name, leaf("epc"));
const quantities = (name: string): Field =>
  list(name, object("quantityElement", leaf("epcClass"), leaf("quantity"), leaf("uom")));
const pairs = (name: string, value: string, type: Vocabulary): Field =>
  list(name, object("", leaf("type", type), leaf(value)));

/** The order of everything that is hashed: CBV 2.0, 8.9.2, for all five types of event. */
export const EVENT_FIELDS: readonly Field[] = [
  time("eventTime"),
  leaf("eventTimeZoneOffset"),
  epcs("epcList"),
  leaf("parentID"),
  epcs("inputEPCList"),
  epcs("childEPCs"),
  quantities("quantityList"),
  quantities("childQuantityList"),
  quantities("inputQuantityList"),
  epcs("outputEPCList"),
  quantities("outputQuantityList"),
  leaf("action"),
  leaf("transformationID"),
  leaf("bizStep", BIZ_STEP),
  leaf("disposition", DISPOSITION),
  object("persistentDisposition", leaf("set", DISPOSITION), leaf("unset", DISPOSITION)),
  object("readPoint", leaf("id")),
  object("bizLocation", leaf("id")),
  pairs("bizTransactionList", "bizTransaction", TRANSACTION_TYPE),
  pairs("sourceList", "source", SOURCE_TYPE),
  pairs("destinationList", "destination", SOURCE_TYPE),
  list(
    "sensorElementList",
    object(
      "sensorElement",
      object(
        "sensorMetadata",
        time("time"),
        time("startTime"),
        time("endTime"),
        ...["deviceID", "deviceMetadata", "rawData", "dataProcessingMethod"].map((n) => leaf(n)),
        leaf("bizRules"),
      ),
      object(
        "sensorReport",
        leaf("type", MEASUREMENT),
        leaf("exception", SENSOR_ALERT),
        ...["deviceID", "deviceMetadata", "rawData", "dataProcessingMethod"].map((n) => leaf(n)),
        time("time"),
        ...["microorganism", "chemicalSubstance", "value"].map((n) => leaf(n)),
        leaf("component", COMPONENT),
        ...["stringValue", "booleanValue", "hexBinaryValue", "uriValue"].map((n) => leaf(n)),
        ...["minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue"].map((n) =>
          leaf(n),
        ),
        ...["uom", "coordinateReferenceSystem"].map((n) => leaf(n)),
      ),
    ),
    "CBV2.1",
  ),
];

/** What says something about the event or its spelling, and is no part of it. */
export const UNHASHED: ReadonlySet<string> = new Set([
  "type",
  "recordTime",
  "eventID",
  "errorDeclaration",
  "certificationInfo",
  "ilmd",
  "@context",
  "comment",
  "rdfs:comment",
]);
