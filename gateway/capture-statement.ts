import { fromBase64Url, fromHex, toBase64Url, type Hex } from "./core/bytes.ts";
import { requireNfc } from "./core/canonical.ts";
import { requireDocument, urisIn } from "./core/documents.ts";
import { parseEpcis } from "./core/epcis.ts";
import { digestOf, type Deployment } from "./core/operations.ts";
import { normalizeS, parsePublicKey, verifyP256Fast } from "./core/p256.ts";
import { idOf } from "./core/recording.ts";
import type { Opening } from "./core/sealed.ts";
import {
  isObject,
  parseSignedStatement,
  requireBound,
  type SignedStatement,
} from "./core/statement.ts";
import { TraceError } from "./core/trace-error.ts";
import { markEnrolment, saveOpenings, saveUris } from "./store/people.ts";
import type { Store } from "./store/open.ts";
import {
  insertStatement,
  markStored,
  statementByDigest,
  type StoredStatement,
} from "./store/statements.ts";
import { unsettledBeside } from "./store/views.ts";

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
 * The chain is asked about its newest block. A refusal there may be due to what is still on its way (a key's enrolment, the
 * harvest of the lot), so while earlier statements about the same things are unsettled we wait for them, a few seconds at most;
 * after that the statement is taken, and it is the relayer that reports what its contract says. A refusal is final only for
 * the asker: nothing was stored, and the same statement may come again.
 */
export async function captureStatement(parts: StatementParts, body: unknown): Promise<Captured> {
  const { store, now, wake } = parts;
  const { openings, ...bare } = isObject(body) ? body : {};
  const signed = await judge(parts.deployment, bare);
  const opened = parseOpenings(openings);
  const digest = digestOf(parts.deployment, signed.name, signed.statement);
  const known = await statementByDigest(store.db, digest);
  if (known !== undefined && known.state !== "refused") return { stored: known, fresh: false };
  await previewAfterOthers(parts, digest, signed);
  const stored = await store.write(async (transaction) => {
    if (known !== undefined) await markStored(transaction, [digest]); // refused then, not any more
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

/** Everything that can be said without the chain. Gives the statement back with its signature's s low, as contracts want it. */
async function judge(deployment: Deployment, value: unknown): Promise<SignedStatement> {
  const signed = parseSignedStatement(value);
  requireBound(signed);
  requireDocument(signed);
  if (signed.name === "Operation") parseEpcis(signed.document);
  const point = parsePublicKey(fromHex(signed.publicKey));
  const signature = fromBase64Url(signed.signature);
  if (signature.length !== 64) return signed; // a passkey's assertion: the contract judges it in the preview
  const digest = fromHex(digestOf(deployment, signed.name, signed.statement));
  if (!(await verifyP256Fast(point, digest, signature)))
    throw new TraceError("BAD_SIGNATURE", `${signed.statement.key} did not sign this statement`);
  return { ...signed, signature: toBase64Url(normalizeS(signature)) };
}

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
  for (;;) {
    // Asked first: what settles between the two questions must not pass for settled and unseen.
    const others = await unsettledBeside(store.db, signed, digest);
    try {
      return await preview(signed);
    } catch (refusal) {
      if (!(refusal instanceof TraceError) || others === 0) throw refusal;
      if (FINAL.has(refusal.code)) throw refusal;
      if (performance.now() > deadline) return;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** Refusals that nothing under way can turn around. */
const FINAL: ReadonlySet<string> = new Set([
  "REPLAYED",
  "EQUIVOCATION",
  "BAD_SIGNATURE",
  "UNAVAILABLE",
]);
