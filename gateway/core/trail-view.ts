/** What a bundle says, arranged for a person to read. It judges nothing and believes the bundle: `verifyTrail` judges. */
import { kindName } from "./agreement.ts";
import type { Bundle, Recorded } from "./bundle.ts";
import type { Hex } from "./bytes.ts";
import { parseLotUri } from "./identifiers.ts";
import { digestOf, SCHEMES, type Kind, type Portion, type Scheme } from "./operations.ts";
import { areaText, idOf, NO_AREA, NOTHING, type Words } from "./recording.ts";
import { seriesOf, wordsOf, type Measurement, type Series } from "./sensor-view.ts";
import type { SignedStatement } from "./statement.ts";
import {
  lotIn,
  misquotedIn,
  namesIn,
  partyIn,
  textIn,
  textsIn,
  type Book,
  type LotView,
  type PartyView,
} from "./trail-names.ts";
import { claimsOf } from "./verify/claims.ts";
import { judgeProducts } from "./verify/products.ts";
import { dwellingsOf } from "./verify/dwellings.ts";
import { lineageOf, lotsOf, stepsOf, type Step } from "./verify/histories.ts";
import { originOf } from "./verify/origin.ts";
import type { OriginShare } from "./verify/report.ts";

/** One operation of the trail. Times in seconds: `time` as the signer says, `recorded` of the block. */
export type StepView = {
  readonly digest: Hex;
  readonly kind: Kind;
  readonly noteStep: string | undefined;
  readonly time: number;
  readonly recorded: number;
  readonly party: PartyView;
  /** Who signed for the party, where it was not the party itself. */
  readonly agent: PartyView | undefined;
  readonly other: PartyView | undefined;
  readonly place: Words | undefined;
  readonly inputs: readonly LotView[];
  readonly outputs: readonly LotView[];
  readonly certificate: Hex | undefined;
  readonly area: string | undefined;
  readonly memo: string | undefined;
  /** Where the document tells another mass than was signed: somebody altered it. */
  readonly misquoted: readonly { readonly lot: LotView; readonly told: number }[];
};

/** A certificate that lots of this trail drew on; grams and seconds. */
export type CertificateView = {
  readonly id: Hex;
  readonly digest: Hex;
  readonly uri: string | undefined;
  readonly number: string | undefined;
  readonly scheme: Scheme | undefined;
  readonly issuer: PartyView;
  readonly holder: PartyView;
  readonly area: string | undefined;
  readonly products: readonly string[]; // GTINs; none: any
  readonly from: number;
  readonly until: number;
  readonly revoked: number | undefined;
  readonly reason: string | undefined;
  /** The share of the lot's mass that a claim covers (0 to 1); undefined of a growing-area code. */
  readonly share: number | undefined;
};

export type RecallView = {
  readonly lot: LotView;
  readonly time: number;
  readonly by: PartyView;
  readonly reason: string | undefined;
};

/** What a party did itself, or that it signed for others who had allowed it. */
export type Deed = Kind | "agent";

export type TrailView = {
  readonly uri: string;
  readonly gtin: string;
  readonly number: string;
  readonly product: Words | undefined;
  /** Grams when the lot was made, and when (seconds); undefined where the bundle does not show its beginning. */
  readonly mass: number | undefined;
  readonly made: number | undefined;
  /** When its holder closed it (seconds): sold, used up or destroyed. */
  readonly closed: number | undefined;
  /** The best-before or expiry date that its maker gave it (CBV 2.0, ILMD), as the event has it. */
  readonly bestBefore: string | undefined;
  readonly parties: readonly { readonly party: PartyView; readonly did: readonly Deed[] }[];
  readonly origin: readonly OriginShare[];
  readonly certificates: readonly CertificateView[];
  readonly steps: readonly StepView[];
  readonly series: readonly Series[];
  /** Recalls that nobody has lifted, of the lot or of what it was made from. */
  readonly recalls: readonly RecallView[];
};

/** What a reader may add to the bundle: what its packs hold (`readingsIn`), and the time (seconds). */
export type Sight = { readonly readings: readonly Measurement[]; readonly now: number };

/** The view of a bundle. Throws BAD_IDENTIFIER for a lot that is none, BAD_OPERATION. */
export function viewOf(bundle: Bundle, { readings, now }: Sight): TrailView {
  const { gtin, lot: number } = parseLotUri(bundle.lot);
  const id = idOf(bundle.lot);
  const book = namesIn(bundle);
  const recorded = stepsOf(bundle.deployment, bundle.statements);
  const lineage = lineageOf(id, recorded);
  const steps = tellingSteps(id, recorded, lineage).map((step) => stepOf(step, book));
  const beginning = steps.find(({ outputs }) => outputs.some((output) => output.id === id));
  const [, unlisted] = judgeProducts(
    bundle.statements.map((each) => ({ recorded: each, digest: NOTHING })),
  );
  const claims = new Map(
    claimsOf(id, recorded)
      .filter(({ certificate }) => unlisted(certificate, [{ lot: id }]) === undefined)
      .map(({ certificate, share }) => [certificate, share]),
  );
  const areas = new Map(
    bundle.statements.flatMap((each) =>
      each.name === "Grant" ? [[each.statement.certificate, each.statement.area] as const] : [],
    ),
  );
  return {
    uri: bundle.lot,
    gtin,
    number,
    product: book.products.get(id),
    mass: beginning?.outputs.find((output) => output.id === id)?.mass,
    made: beginning?.time,
    closed: steps.find(({ kind, inputs }) => kind === "retire" && inputs[0]?.id === id)?.time,
    bestBefore: book.bestBefore.get(id),
    parties: partiesOf(steps),
    origin: originOf(id, recorded, (certificate) => areas.get(certificate)),
    certificates: certificatesOf(steps, bundle, { book, claims }),
    steps,
    series: seriesOf(bundle.statements, dwellingsOf(lineage, recorded, {}, now), readings),
    recalls: recallsOf(steps),
  };
}

/** The lot's own steps, those of its forebears until they were last drawn on for it, and every recall of them. */
function tellingSteps(
  lot: Hex,
  steps: readonly Step[],
  lineage: ReadonlySet<Hex>,
): readonly Step[] {
  const draws = new Map<Hex, number>();
  for (const [at, { operation }] of steps.entries())
    if (operation.outputs.some((output) => lineage.has(output.lot)))
      for (const input of operation.inputs) draws.set(input.lot, at);
  return steps.filter(({ operation }, at) => {
    const [kind, named] = [kindName(operation.kind), lotsOf(operation)];
    // What else was made of a forebear is another lot's story.
    const apart = kind === "process" && !operation.outputs.some((made) => lineage.has(made.lot));
    if (apart && !named.includes(lot)) return false;
    const always = kind === "recall" || kind === "lift";
    return named.some(
      (each) =>
        lineage.has(each) && (each === lot || always || at <= (draws.get(each) ?? -Infinity)),
    );
  });
}

const textOfArea = (area: Hex): string | undefined =>
  area === NO_AREA ? undefined : areaText(area);

function stepOf({ recorded, operation, digest }: Step, book: Book): StepView {
  const kind = kindName(operation.kind);
  const { certificate, counterparty } = operation;
  const { document } = recorded;
  const signer = book.signers.get(operation.key) ?? operation.party;
  const lotsIn = (portions: readonly Portion[]) => portions.map((each) => lotIn(book, each));
  const [inputs, outputs] = [lotsIn(operation.inputs), lotsIn(operation.outputs)];
  return {
    digest,
    kind,
    noteStep: kind === "note" ? textIn(document, "bizStep") : undefined,
    time: operation.time,
    recorded: recorded.time,
    party: partyIn(book, operation.party),
    agent: signer === operation.party ? undefined : partyIn(book, signer),
    other: counterparty === NOTHING ? undefined : partyIn(book, counterparty),
    place: wordsOf(document?.["plotline:place"]),
    inputs,
    outputs,
    certificate: certificate === NOTHING ? undefined : certificate,
    area: textOfArea(operation.area),
    memo: textIn(document, "plotline:memo"),
    misquoted: misquotedIn(document, [...inputs, ...outputs]),
  };
}

/** Who did anything, in the order of their first act. */
function partiesOf(steps: readonly StepView[]): TrailView["parties"] {
  const deeds = steps.flatMap(({ party, agent, kind }): readonly (readonly [PartyView, Deed])[] => [
    [party, kind],
    ...(agent === undefined ? [] : [[agent, "agent"] as const]),
  ]);
  return [...new Map(deeds.map(([party]) => [party.id, party])).values()].map((party) => ({
    party,
    did: [...new Set(deeds.flatMap(([by, deed]) => (by.id === party.id ? [deed] : [])))],
  }));
}

function certificatesOf(
  steps: readonly StepView[],
  { statements, deployment }: Bundle,
  { book, claims }: { readonly book: Book; readonly claims: ReadonlyMap<Hex, number> },
): readonly CertificateView[] {
  const used = new Set(steps.map(({ certificate }) => certificate));
  const isRevocationOf =
    (certificate: Hex) =>
    (each: Recorded): each is Recorded & SignedStatement<"Revocation"> =>
      each.name === "Revocation" && each.statement.certificate === certificate;
  return statements.flatMap((each) => {
    if (each.name !== "Grant" || !used.has(each.statement.certificate)) return [];
    const { certificate, scheme, party, holder, area, from, until } = each.statement;
    const revocation = statements.find(isRevocationOf(certificate));
    return {
      id: certificate,
      digest: digestOf(deployment, "Grant", each.statement),
      uri: textIn(each.document, "uri"),
      number: textIn(each.document, "number"),
      scheme: SCHEME_NAMES.get(scheme),
      issuer: partyIn(book, party),
      holder: partyIn(book, holder),
      area: textOfArea(area),
      products: textsIn(each.document, "products"),
      from,
      until,
      revoked: revocation?.time,
      reason: textIn(revocation?.document ?? null, "text"),
      share: scheme === SCHEMES.growingArea ? undefined : (claims.get(certificate) ?? 0),
    };
  });
}

const SCHEME_NAMES = new Map(
  Object.entries(SCHEMES).map(([name, number]) => [number as number, name as Scheme]),
);

/** The last word on each lot counts: a recall, or its lifting. */
function recallsOf(steps: readonly StepView[]): readonly RecallView[] {
  const open = new Map<Hex, RecallView>();
  for (const { kind, inputs, recorded, party, memo } of steps)
    for (const lot of inputs) {
      if (kind === "recall") open.set(lot.id, { lot, time: recorded, by: party, reason: memo });
      if (kind === "lift") open.delete(lot.id);
    }
  return [...open.values()];
}
