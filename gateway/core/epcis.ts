/** EPCIS 2.0 documents in JSON-LD, read and written. */
import type { z } from "zod";

import { epcisDocument, epcisQueryDocument } from "./epcis-document.ts";
import { EVENT_SCHEMAS, extendedEvent } from "./epcis-schema.ts";
import { isObject, type Document } from "./statement.ts";
import { timestampText } from "./timestamp.ts";
import { TraceError } from "./trace-error.ts";

/** An event exactly as it came, so that its hashes are those of its author. */
export interface EpcisEvent {
  readonly type: string;
  readonly eventTime: string;
  readonly eventTimeZoneOffset: string;
  readonly [name: string]: unknown;
}

/** The events of a document, and the `@context` that their names are to be read in. */
export interface EpcisDocument {
  readonly context: unknown;
  readonly events: readonly EpcisEvent[];
}

/** Something wrong: where, as `epcisBody.eventList[0].quantityList[1].quantity`, and what. */
export interface EpcisIssue {
  readonly path: string;
  readonly reason: string;
}

/**
 * The events of an EPCISDocument, an EPCISQueryDocument, or of one bare event with its own `@context`.
 * Throws BAD_EVENT, naming the first place where it breaks the standard.
 */
export function parseEpcis(document: unknown): EpcisDocument {
  const [issue, ...more] = epcisIssues(document);
  if (issue !== undefined)
    throw new TraceError("BAD_EVENT", `${issue.path}: ${issue.reason}${others(more.length)}`);
  const { events, context } = partsOf(document as Document);
  return { context, events: events as readonly EpcisEvent[] };
}

/** Everything that is wrong with a document; empty when nothing is. */
export function epcisIssues(document: unknown): readonly EpcisIssue[] {
  if (!isObject(document)) return [{ path: "", reason: "must be a JSON object" }];
  const { schema, path, events } = partsOf(document);
  const around = schema === undefined ? [] : issuesOf(schema, document, []);
  return [
    ...around,
    ...events.flatMap((event, i) => eventIssues(event, path === undefined ? [] : [...path, i])),
    ...(path === undefined && document["@context"] === undefined
      ? [{ path: "@context", reason: "is missing" }]
      : []),
  ];
}

/** A document around these events. `created` in milliseconds since 1970. */
export const documentOf = (
  { context, events }: EpcisDocument,
  created: number,
): Readonly<Record<string, unknown>> => ({
  "@context": context,
  type: "EPCISDocument",
  schemaVersion: "2.0",
  creationDate: timestampText(created),
  epcisBody: { eventList: events },
});

type Path = readonly PropertyKey[];

/** Which kind of document this is, where its events stand, and which they are. */
function partsOf(document: Document): {
  readonly schema?: z.ZodType;
  readonly path?: Path;
  readonly context: unknown;
  readonly events: readonly unknown[];
} {
  const context = document["@context"];
  if (document["type"] === "EPCISDocument") {
    const path = ["epcisBody", "eventList"];
    return { schema: epcisDocument, path, context, events: listAt(document, path) };
  }
  if (document["type"] === "EPCISQueryDocument") {
    const path = ["epcisBody", "queryResults", "resultsBody", "eventList"];
    return { schema: epcisQueryDocument, path, context, events: listAt(document, path) };
  }
  return { context, events: [document] };
}

function listAt(document: Document, path: readonly string[]): readonly unknown[] {
  let value: unknown = document;
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  return Array.isArray(value) ? value : [];
}

function eventIssues(event: unknown, path: Path): readonly EpcisIssue[] {
  const type = isObject(event) ? event["type"] : undefined;
  const schema = (typeof type === "string" && EVENT_SCHEMAS.get(type)) || extendedEvent;
  return issuesOf(schema, event, path);
}

function issuesOf(schema: z.ZodType, value: unknown, path: Path): readonly EpcisIssue[] {
  const { error } = schema.safeParse(value, {
    error: ({ input }) => (input === undefined ? "is missing" : undefined),
  });
  return (error?.issues ?? []).flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => ({
          path: pathText([...path, ...issue.path, key]),
          reason: "is no standard name here",
        }))
      : [{ path: pathText([...path, ...issue.path]), reason: issue.message }],
  );
}

const pathText = (path: Path): string =>
  path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");

const others = (count: number): string => (count === 0 ? "" : ` (and ${count} more)`);
