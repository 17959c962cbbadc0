import { fromBase64Url, fromHex, toBase64Url, type Hex } from "./core/bytes.ts";
import { requireNfc } from "./core/canonical.ts";
import { requireDocument, urisIn } from "./core/documents.ts";
import { parseEpcis } from "./core/epcis.ts";
import { digestOf, KINDS, SENSOR, type Deployment } from "./core/operations.ts";
import { parsePublicKey } from "./core/key-id.ts";
import { isSignature, normalizeS } from "./core/p256.ts";
import { idOf, NOTHING, type Words } from "./core/recording.ts";
import { refusalIn, type RefusalName } from "./core/refusals.ts";
import { requireSealed, sealsIn, type Opening } from "./core/sealed.ts";
import { verifySignature } from "./core/signature.ts";
import {
  isObject,
  parseSignedStatement,
  requireBound,
  type SignedStatement,
} from "./core/statement.ts";
import { TraceError } from "./core/trace-error.ts";
import { judgeProducts, requireProductList } from "./core/verify/products.ts";
import { partyOf } from "./index/people.ts";
import { markEnrolment, saveOpenings, saveUris } from "./store/people.ts";
import type { Store } from "./store/open.ts";
import {
  countAlike,
  insertStatement,
  markAgain,
  statementByDigest,
  type StoredStatement,
} from "./store/statements.ts";
import { confirmedAbout, lineageFrom, unsettledAbout } from "./store/views.ts";
import { WordedError } from "./worded-error.ts";

/** What capturing a statement takes. `preview` asks the chain whether it would take it now, and throws why not. */
export type StatementParts = {
  readonly store: Store;
  readonly deployment: Deployment;
  readonly now: () => number; // ms
  readonly preview: (signed: SignedStatement) => Promise<void>;
  /** Tells the relayer that there is work. */
  readonly wake: () => void;
  /** How long to wait for earlier statements to settle, in ms. */
  readonly patience?: number;
};

/** `fresh` is false for a statement that we had already: the answer is the same as the first time. */
export type Captured = { readonly stored: StoredStatement; readonly fresh: boolean };

/**
 * Takes a signed statement from a stranger: judged, asked of the chain, and on our disk when this resolves.
 *
 * A refusal of the chain may be due to what is still on its way (a key's enrolment, the harvest of the lot), so while earlier
 * statements about the thing that it lacks are unsettled we wait for them, a few seconds at most; after that the statement is
 * taken, and it is the relayer that reports what its contract says. A refusal is final only for the asker: nothing was stored,
 * and the same statement may come again. Throws what it was refused for, UNAVAILABLE where the chain does not answer.
 */
export async function captureStatement(parts: StatementParts, body: unknown): Promise<Captured> {
  const { store, now, wake } = parts;
  const { openings, ...bare } = isObject(body) ? body : {};
  const signed = await judge(parts.deployment, bare);
  const opened = parseOpenings(openings);
  const seals = new Set(sealsIn(signed.document));
  for (const opening of opened) requireSealed(opening, seals);
  const digest = digestOf(parts.deployment, signed.name, signed.statement);
  const known = await statementByDigest(store.db, digest);
  if (known !== undefined && known.state !== "refused") return { stored: known, fresh: false };
  await requireFewAlike(store, signed);
  await previewAfterOthers(parts, digest, signed);
  await requireListed(store, digest, signed);
  const stored = await store.write(async (transaction) => {
    if (known !== undefined) await markAgain(transaction, digest); // refused then, not any more
    const result = await insertStatement(transaction, { digest, signed, receivedAt: now() });
    const uris = new Set(urisIn(signed.document));
    await saveUris(
      transaction,
      [...uris].map((uri) => ({ hash: idOf(uri), uri })),
    );
    await saveOpenings(transaction, digest, opened);
    if (signed.name === "Enrolment")
      await markEnrolment(transaction, signed.statement.subjectKey, "approved");
    return result;
  });
  wake();
  return { stored, fresh: known === undefined };
}

/** Characters of a document, and more for each lot that it names: it may come to stand in many trails, of others too. */
const LONGEST = 16 * 1024;
const LONGEST_LOT = 512;

/** Everything that can be said without the chain. Gives the statement back with its signature's s low, as contracts want it. */
async function judge(deployment: Deployment, value: unknown): Promise<SignedStatement> {
  const signed = parseSignedStatement(value);
  requireBound(signed);
  requireDocument(signed);
  const { inputs = [], outputs = [] } = signed.name === "Operation" ? signed.statement : {};
  const longest = LONGEST + LONGEST_LOT * (inputs.length + outputs.length);
  if (JSON.stringify(signed.document).length > longest)
    throw new TraceError("TOO_LARGE", `a document of more than ${longest} characters`);
  if (signed.name === "Operation") parseEpcis(signed.document);
  if (signed.name === "Grant") requireProductList(signed);
  if (signed.name === "Enrolment" && (signed.statement.roles & ~SENSOR) !== 0)
    partyOf(signed.document);
  const point = parsePublicKey(fromHex(signed.publicKey));
  const given = fromBase64Url(signed.signature);
  const signature = given.length === 64 && isSignature(given) ? normalizeS(given) : given;
  const digest = fromHex(digestOf(deployment, signed.name, signed.statement));
  if (!(await verifySignature({ publicKey: point, digest, signature })))
    throw new TraceError("BAD_SIGNATURE", `${signed.statement.key} did not sign this statement`);
  return { ...signed, signature: toBase64Url(signature) };
}

/** So many notes on one lot, or watches of one device, does a party sign; of more, a stranger's too, no trail could be judged. */
const MOST_ALIKE = 200;

async function requireFewAlike({ db }: Store, { name, statement }: SignedStatement): Promise<void> {
  const about =
    name === "Watch"
      ? statement.device
      : name === "Operation" && statement.kind === KINDS.note
        ? statement.inputs[0]?.lot
        : undefined;
  if (about === undefined || (await countAlike(db, { name, statement, about })) < MOST_ALIKE)
    return;
  throw new TraceError("TOO_LARGE", `${statement.party} has said enough about ${about}`);
}

/** The contracts know no products: what a certificate is not for would be on the chain, and red for ever. Throws RULE_BROKEN. */
async function requireListed({ db }: Store, digest: Hex, signed: SignedStatement): Promise<void> {
  if (signed.name !== "Operation" || signed.statement.certificate === NOTHING) return;
  const { inputs, certificate } = signed.statement;
  const lots = await lineageFrom(
    db,
    inputs.map(({ lot }) => lot),
    "up",
  );
  const before = [
    ...(await confirmedAbout(db, [certificate], ["certificate"])).filter(
      (each) => each.signed.name === "Grant",
    ),
    ...(await confirmedAbout(db, lots, ["output"])),
  ].map((each) => ({ recorded: each.signed, digest: each.digest }));
  const [misused] = judgeProducts([...before, { recorded: signed, digest }]);
  const told = misused.find(({ subject }) => subject === digest);
  if (told !== undefined)
    throw new WordedError("RULE_BROKEN", told.reason ?? told.record, NOT_LISTED);
}

const NOT_LISTED: Words = {
  vi: "Chứng nhận này không cấp cho sản phẩm đó, hoặc không cho nguyên liệu đã làm ra nó.",
  en: "This certificate is not for that product, or not for what it was made of.",
};

function parseOpenings(value: unknown): readonly Opening[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > 50)
    throw new TraceError("BAD_ENCODING", "openings is not a list of up to 50");
  return value.map((opening: unknown) => {
    const { name, salt, value: text } = isObject(opening) ? opening : {};
    if (typeof name !== "string" || typeof salt !== "string" || text === undefined)
      throw new TraceError("BAD_ENCODING", "an opening has a name, a value and a salt");
    return { name: requireNfc(name), value: text, salt };
  });
}

const PATIENCE = 5_000;
const PAUSE = 50;

async function previewAfterOthers(
  { store, preview, patience = PATIENCE }: StatementParts,
  digest: Hex,
  signed: SignedStatement,
): Promise<void> {
  // Waiting is for the people at both ends, whose clock is not the one that statements are dated by.
  const deadline = performance.now() + patience;
  for (let unsettled: readonly Hex[] | undefined; ;) {
    try {
      return await preview(signed);
    } catch (error) {
      const about = thingsMissing(error);
      // What was under way at the refusal before may have settled by this one, so that counts too.
      const now = about.length === 0 ? [] : await unsettledAbout(store.db, about, digest);
      if (now.length === 0 && (unsettled ?? []).length === 0) throw error;
      if (now.length > 0 && performance.now() > deadline) return;
      unsettled = now;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** What the contract does not know yet, or not as the statement has it, and what an earlier statement could bring about. */
function thingsMissing(error: unknown): readonly Hex[] {
  const refusal = error instanceof TraceError ? refusalIn(error) : undefined;
  if (refusal === undefined || !PASSING.has(refusal.name)) return [];
  return Object.values(refusal.args).filter((value): value is Hex =>
    /^0x[0-9a-f]{64}$/.test(value),
  );
}

/** Refusals that what is under way may turn around: the others would only get worse. */
const PASSING: ReadonlySet<string> = new Set<RefusalName>([
  "PartiesUnknownKey",
  "PartiesUnknownParty",
  "PartiesWrongParty", // until the delegation is there
  "PartiesNotSponsor",
  "PartiesNotADevice",
  "LotsUnknown",
  "LotsUnknownParty",
  "LotsNotHolder",
  "LotsNotPending",
  "LotsWrongOrigin",
  "LotsRecalled", // until the recall is lifted
  "LotsNotRecalled",
  "CertificatesUnknown",
  "CertificatesUnknownHolder",
  "CertificatesWrongHolder",
]);
