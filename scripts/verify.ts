import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { Command } from "commander";

import { parseBundle, parseDeployment, type Bundle } from "../gateway/core/bundle.ts";
import { parseJson } from "../gateway/core/canonical.ts";
import { parseChainState } from "../gateway/core/chain-state-file.ts";
import type { Hex } from "../gateway/core/bytes.ts";
import type { ChainState, Request } from "../gateway/core/chain-state.ts";
import type { Deployment } from "../gateway/core/operations.ts";
import { idOf } from "../gateway/core/recording.ts";
import { collectEvidence, provenState } from "../gateway/core/state-proof.ts";
import { isObject } from "../gateway/core/statement.ts";
import { TraceError } from "../gateway/core/trace-error.ts";
import { readTrust } from "../gateway/core/trust.ts";
import { verifyTrail, type Trust } from "../gateway/core/verify.ts";
import { QUESTIONS, type Outcome, type Report } from "../gateway/core/verify/report.ts";
import { requestAt } from "../gateway/chain/providers.ts";

const MOST_BYTES = 64 * 1024 * 1024;
const EXIT: Record<Outcome, number> = { holds: 0, remark: 0, fails: 1, unchecked: 2 };
const SIGNS: Record<Outcome, string> = {
  holds: "holds",
  remark: "holds, with a remark",
  fails: "DOES NOT HOLD",
  unchecked: "could not be checked",
};

type Options = {
  readonly rpc: readonly string[];
  readonly deployment?: string;
  readonly state?: string;
  readonly saveState?: string;
  readonly evidence?: string;
  readonly saveEvidence?: string;
  readonly lot?: string;
  readonly json?: boolean;
};

/** Text of a file or URL; a lot's page URL stands for its bundle. Throws UNAVAILABLE, TOO_LARGE. */
async function textAt(source: string): Promise<string> {
  if (!/^https?:\/\//.test(source)) {
    try {
      return readFileSync(source, "utf8");
    } catch (cause) {
      throw new TraceError("UNAVAILABLE", `${source} cannot be read`, { cause });
    }
  }
  const url = new URL(source);
  if (url.pathname.startsWith("/01/")) url.pathname = `/bundle${url.pathname}`;
  const answer = await fetch(url).catch((cause: unknown) => {
    throw new TraceError("UNAVAILABLE", `${url.href} does not answer`, { cause });
  });
  if (!answer.ok) throw new TraceError("UNAVAILABLE", `${url.href} answers ${answer.status}`);
  const text = await answer.text();
  if (text.length > MOST_BYTES) throw new TraceError("TOO_LARGE", "the bundle is beyond 64 MiB");
  return text;
}

type Pinned = { readonly deployment: Deployment; readonly rpc: readonly string[] };

/** The contracts that the reader trusts, from a file or URL of his choosing; never from the bundle. */
async function pinnedDeployment(source: string): Promise<Pinned> {
  const given = parseJson(await textAt(source));
  if (!isObject(given)) throw new TraceError("BAD_BUNDLE", `${source} is no deployment`);
  const { chainId, parties, lots, certificates, checkpoints, rpc } = given;
  return {
    deployment: parseDeployment({ chainId, parties, lots, certificates, checkpoints }),
    rpc: Array.isArray(rpc) ? rpc.filter((url) => typeof url === "string") : [],
  };
}

const logIdOf = (bundle: unknown): Hex => idOf(parseBundle(bundle).log.origin);

/** A state saved earlier; with evidence, no more of it than that proves against its block. */
async function savedState(bundle: unknown, file: string, evidence?: string): Promise<ChainState> {
  const state = parseChainState(parseJson(await textAt(file), { length: MOST_BYTES }));
  if (evidence === undefined) return state;
  const proof = parseJson(await textAt(evidence), { length: MOST_BYTES });
  return provenState(proof, { state, logId: logIdOf(bundle) });
}

async function trustOf(bundle: unknown, lot: string, options: Options): Promise<Trust> {
  if (options.state !== undefined)
    return { lot, state: await savedState(bundle, options.state, options.evidence) };
  const file = resolve(process.env["DATA_DIR"] ?? "./data", "deployment.json");
  const { deployment, rpc } = await pinnedDeployment(options.deployment ?? file);
  const urls = options.rpc.length > 0 ? options.rpc : rpc;
  if (urls.length === 0)
    throw new TraceError("UNAVAILABLE", "no chain to ask: name one with --rpc, or give --state");
  const requests: readonly Request[] = urls.map((url) => requestAt([url]));
  const trust = await readTrust(bundle, { lot, deployment, requests });
  const [request] = requests;
  if (options.saveState !== undefined) save(options.saveState, trust.state);
  if (options.saveEvidence !== undefined && request !== undefined)
    save(
      options.saveEvidence,
      await collectEvidence(request, { state: trust.state, logId: logIdOf(bundle) }),
    );
  return trust;
}

const save = (file: string, value: unknown): void =>
  writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);

/** By what the answer was found: the reader must know how old it is, and whom he trusts. */
function sourceOf({ state, evidence }: Options): string {
  if (state === undefined) return "as the chain says now";
  return evidence === undefined
    ? "as saved; what happened since is not known"
    : "as saved and proven against this block's hash; what happened since is not known";
}

/** The number that its issuer gave a certificate, where it is plain text; else its id. */
function numberOf(id: Hex, { statements }: Bundle): string {
  const grant = statements.find(
    ({ name, statement }) => name === "Grant" && statement.certificate === id,
  );
  const number = grant?.document?.["number"];
  return typeof number === "string" && /^[\p{L}\p{N} ./_-]{1,60}$/u.test(number) ? number : id;
}

type Judged = { readonly bundle: Bundle; readonly report: Report };

function printed({ bundle, report }: Judged, options: Options): string {
  const share = report.origin.map(
    ({ area, grown, share }) =>
      `${(share * 100).toFixed(1)} % ${area || "unknown"}${grown ? "" : " (declared)"}`,
  );
  const claims = report.claims.map(
    ({ certificate, share }) =>
      `${numberOf(certificate, bundle)} ${share < 0.01 ? "< 1" : Math.floor(share * 100 + 1e-9)} %`,
  );
  return [
    report.lot,
    `as of block ${report.asOf.block} (${report.asOf.hash}), ${new Date(report.asOf.time * 1000).toISOString()}, ${sourceOf(options)}`,
    `origin: ${share.join(", ") || "not shown"}`,
    ...(claims.length > 0 ? [`claims: ${claims.join(", ")}`] : []),
    ...QUESTIONS.flatMap((question) => [
      "",
      `${question}: ${SIGNS[report.questions[question]]}`,
      ...report.checks
        .filter((check) => check.question === question)
        .map(
          ({ outcome, record, reason, code }) =>
            `  ${outcome.padEnd(9)} ${record}${reason === undefined ? "" : `: ${reason}`}` +
            (outcome === "holds" || code === undefined ? "" : ` [${code}]`),
        ),
    ]),
    "",
    `${SIGNS[report.outcome]}: ${wordsOf(report)}`,
    "Not proven: that everything was recorded, and that the goods in hand are those of the records.",
  ].join("\n");
}

/** What the outcome means, in a sentence. */
function wordsOf({ outcome, questions }: Report): string {
  if (outcome === "unchecked") return "what could be checked of the records matches the chain";
  if (outcome !== "fails") return "the records match the chain";
  const others = QUESTIONS.filter((question) => question !== "current");
  return others.some((question) => questions[question] === "fails")
    ? "the records do not match the chain"
    : "the records match the chain, and say that a lot is recalled or that a certificate has ended";
}

/** The lot that was asked for: by --lot, or by the URL's own path; a file is judged as the lot that it names. */
function askedFor(source: string, options: Options, bundle: unknown): string {
  if (options.lot !== undefined) return options.lot;
  const path = /\/01\/[^/]+\/10\/[^/?#]+/.exec(source)?.[0];
  if (path !== undefined && /^https?:/.test(source)) return `https://id.gs1.org${path}`;
  if (/^https?:/.test(source))
    throw new TraceError("UNAVAILABLE", "the address names no lot: say which one with --lot");
  return isObject(bundle) && typeof bundle["lot"] === "string" ? bundle["lot"] : "";
}

/** The bundle, or that there is none: what is malformed does not hold, whatever the chain says. */
function judged(
  text: string,
): { readonly bundle: unknown; readonly parsed: Bundle } | { readonly failure: TraceError } {
  try {
    const bundle = parseJson(text, { length: MOST_BYTES });
    return { bundle, parsed: parseBundle(bundle) };
  } catch (failure) {
    if (failure instanceof TraceError) return { failure };
    throw failure;
  }
}

async function verify(source: string, options: Options): Promise<number> {
  const read = judged(await textAt(source));
  if ("failure" in read) return say(options, "fails", read.failure);
  const { bundle, parsed } = read;
  const trust = await trustOf(bundle, askedFor(source, options, bundle), options);
  const report = await verifyTrail(bundle, trust);
  const text = options.json ? JSON.stringify(report) : printed({ bundle: parsed, report }, options);
  process.stdout.write(`${text}\n`);
  return EXIT[report.outcome];
}

/** Says why there is no report. */
function say({ json }: Options, outcome: Outcome, { code, message }: TraceError): number {
  process.stdout.write(
    json
      ? `${JSON.stringify({ outcome, code, reason: message })}\n`
      : `${SIGNS[outcome]}: ${message} [${code}]\n`,
  );
  return EXIT[outcome];
}

const command = new Command("verify")
  .description(
    "Judges a lot's trail by the chain alone: five questions, every check by name.\n" +
      "Exit code 0: the records match; 1: they do not; 2: it could not be checked.",
  )
  .argument("<bundle>", "a bundle's file, its URL, or the URL of a lot's page")
  .option("--rpc <url...>", "JSON-RPC of the chain; several must agree", [])
  .option(
    "--deployment <file or URL>",
    "the contracts to trust (default: deployment.json in DATA_DIR)",
  )
  .option("--lot <uri>", "the lot on the label, when the bundle comes from a file")
  .option("--state <file>", "a chain state saved earlier: verifies with no network at all")
  .option("--save-state <file>", "keeps what the chain said, for --state")
  .option("--evidence <file>", "what proves the saved state against its block's hash")
  .option(
    "--save-evidence <file>",
    "keeps that proof, where the chain's endpoint gives it (eth_getProof)",
  )
  .option("--json", "the whole report as JSON")
  .action(async (source: string, options: Options) => {
    try {
      process.exitCode = await verify(source, options);
    } catch (failure) {
      if (!(failure instanceof TraceError)) throw failure;
      process.exitCode = say(options, "unchecked", failure);
    }
  });

await command.parseAsync();
