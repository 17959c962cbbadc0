import { parseLotUri } from "./identifiers.ts";
import { KINDS, type Kind, type Operation, type Portion } from "./operations.ts";
import { areaBytes, idOf, NO_AREA, NOTE_STEPS, NOTHING, SHAPES } from "./recording.ts";
import { isObject, type Document } from "./statement.ts";
import { TraceError } from "./trace-error.ts";

const NAMES = new Map(Object.entries(KINDS).map(([name, kind]) => [kind as number, name as Kind]));

/** The kind's name ("harvest"). Throws BAD_OPERATION. */
export function kindName(kind: number): Kind {
  const name = NAMES.get(kind);
  if (name === undefined) throw new TraceError("BAD_OPERATION", `${kind} is no kind of operation`);
  return name;
}

/** RFC 3339, of which `Date.parse` would take more than there is: also 30 February and hour 24, in some browsers. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.0+)?(?:Z|[+-]\d\d:\d\d)$/;

const differs = (what: string): TraceError =>
  new TraceError("RULE_BROKEN", `the event and the operation differ in ${what}`);

const textOf = (value: unknown, what: string): string => {
  if (typeof value !== "string") throw differs(what);
  return value;
};

function portionsOf(list: unknown, what: string): readonly Portion[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw differs(what);
  return list.map((item: unknown) => {
    if (!isObject(item)) throw differs(what);
    const { epcClass, quantity = 0, uom = "KGM" } = item;
    if (typeof quantity !== "number" || uom !== "KGM") throw differs(`${what} (kilograms)`);
    const mass = Math.round(quantity * 1000);
    if (mass / 1000 !== quantity) throw differs(`${what} (whole grams)`);
    const uri = textOf(epcClass, what);
    parseLotUri(uri); // in another spelling it would pass for another's lot
    return { lot: idOf(uri), mass };
  });
}

function samePortions(a: readonly Portion[], b: readonly Portion[], what: string): void {
  const same = (x: Portion, y: Portion | undefined) => x.lot === y?.lot && x.mass === y.mass;
  if (a.length !== b.length || !a.every((x, i) => same(x, b[i]))) throw differs(what);
}

/** The party that a source or destination list names as the new or old owner, or nobody. */
function ownerOf(list: unknown, member: "source" | "destination"): string {
  if (list === undefined) return NOTHING;
  const [entry, ...more] = Array.isArray(list) ? (list as readonly unknown[]) : [];
  if (!isObject(entry) || more.length > 0 || entry["type"] !== "owning_party")
    throw differs(`the ${member}`);
  return idOf(textOf(entry[member], `the ${member}`));
}

/** Where an EPCIS event names goods and owners. */
const LISTS = [
  "epcList",
  "childEPCs",
  "parentID",
  "inputEPCList",
  "outputEPCList",
  "quantityList",
  "childQuantityList",
  "inputQuantityList",
  "outputQuantityList",
  "sourceList",
  "destinationList",
] as const;
type List = (typeof LISTS)[number];

const listsOf = (kind: Kind): readonly List[] =>
  kind === "process"
    ? ["inputQuantityList", "outputQuantityList"]
    : kind === "takeOver"
      ? ["quantityList", "sourceList"]
      : kind === "handOver"
        ? ["quantityList", "destinationList"]
        : ["quantityList"];

/** The event says where the goods are, so that nobody can tell a place that no sensor's window follows. */
function requirePlace({ readPoint, bizLocation }: Document): void {
  const id = isObject(bizLocation) ? bizLocation["id"] : undefined;
  if (typeof id !== "string" || !id.startsWith("https://") || id.length > 500)
    throw new TraceError("RULE_BROKEN", "the event does not say where the goods are (bizLocation)");
  if (!isObject(readPoint) || readPoint["id"] !== id) throw differs("the place");
}

/** A product is named by whoever makes the lot, and of no other lot. */
function requireProducts({ ilmd }: Document, outputs: readonly Portion[]): void {
  if (ilmd === undefined) return;
  const made = new Set(outputs.map(({ lot }) => lot));
  const products = isObject(ilmd) ? (ilmd["plotline:products"] ?? []) : undefined;
  if (made.size === 0 || !Array.isArray(products)) throw differs("the products");
  for (const product of products as readonly unknown[])
    if (!isObject(product) || !made.has(idOf(textOf(product["plotline:lot"], "a product's lot"))))
      throw differs("the products");
}

/**
 * The EPCIS event that people read says what the operation that the chain took says: kind, lots, grams, time, parties,
 * certificate, area. Without this check a truthful operation could carry a lying story. Throws RULE_BROKEN, BAD_OPERATION.
 */
export function requireAgreement(operation: Operation, event: Document): void {
  const kind = kindName(operation.kind);
  const shape: Readonly<Record<string, unknown>> = SHAPES[kind];
  for (const member of ["type", "action", "disposition"])
    if (event[member] !== shape[member]) throw differs(member);
  if (
    kind === "note"
      ? !NOTE_STEPS.some((step) => step === event["bizStep"])
      : event["bizStep"] !== shape["bizStep"]
  )
    throw differs("bizStep");
  // What the kind does not use, somebody would still read.
  const odd = LISTS.find(
    (member) => event[member] !== undefined && !listsOf(kind).includes(member),
  );
  if (odd !== undefined) throw differs(`${odd}, which a ${kind} has not`);
  const made = kind === "harvest" || kind === "intake";
  const listed = portionsOf(event["quantityList"], "quantityList");
  const [inputs, outputs] =
    kind === "process"
      ? [
          portionsOf(event["inputQuantityList"], "inputQuantityList"),
          portionsOf(event["outputQuantityList"], "outputQuantityList"),
        ]
      : made
        ? [[], listed]
        : [listed, []];
  samePortions(inputs, operation.inputs, "the lots that go in");
  samePortions(outputs, operation.outputs, "the lots that come out");
  requirePlace(event);
  requireProducts(event, outputs);
  const time = textOf(event["eventTime"], "eventTime").toUpperCase();
  const local = time.slice(0, 19);
  const exists = JSON.stringify(new Date(`${local}Z`)).includes(local);
  if (!DATE_TIME.test(time) || !exists || Date.parse(time) !== operation.time * 1000)
    throw differs("the time");
  if (idOf(textOf(event["plotline:party"], "the party")) !== operation.party)
    throw differs("the party");
  const certificate = event["plotline:certificate"];
  if (
    (certificate === undefined ? NOTHING : idOf(textOf(certificate, "the certificate"))) !==
    operation.certificate
  )
    throw differs("the certificate");
  const counterparty =
    kind === "takeOver"
      ? ownerOf(event["sourceList"], "source")
      : ownerOf(event["destinationList"], "destination");
  if (counterparty !== operation.counterparty) throw differs("the other party");
  const area = event["plotline:area"];
  if ((area === undefined ? NO_AREA : areaBytes(textOf(area, "the area"))) !== operation.area)
    throw differs("the area");
  if ((event["plotline:segregated"] ?? false) !== operation.segregated)
    throw differs("segregation");
}
