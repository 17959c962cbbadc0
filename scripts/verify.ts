import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { Command, Option } from "commander";

import { parseBundle, parseDeployment, parseLog } from "../gateway/core/bundle.ts";
import type { Bundle, Log } from "../gateway/core/bundle.ts";
import { parseJson } from "../gateway/core/canonical.ts";
import { parseChainState } from "../gateway/core/chain-state-file.ts";
import type { Hex } from "../gateway/core/bytes.ts";
import type { ChainState, Request } from "../gateway/core/chain-state.ts";
import type { Deployment } from "../gateway/core/operations.ts";
import { judgeOutgrown } from "../gateway/core/outgrown.ts";
import { idOf } from "../gateway/core/recording.ts";
import { collectEvidence, provenState } from "../gateway/core/state-proof.ts";
import { isObject } from "../gateway/core/statement.ts";
import { TraceError } from "../gateway/core/trace-error.ts";
import { readTrust, type Asking } from "../gateway/core/trust.ts";
import { verifyTrail, type Trust } from "../gateway/core/verify.ts";
import { auditLog } from "../gateway/core/verify/audit.ts";
import { remark, withChecks } from "../gateway/core/verify/report.ts";
import type { Check, Outcome, Report } from "../gateway/core/verify/report.ts";
import { requestAt } from "../gateway/chain/providers.ts";
import { entriesFrom } from "./verify/entries.ts";
import { plain, printed, SIGNS } from "./verify/print.ts";
import { MOST_BYTES, textAt } from "./verify/source.ts";

const EXIT: Record<Outcome, number> = { holds: 0, remark: 0, fails: 1, unchecked: 2 };

type Options = {
  readonly rpc: readonly string[];
  readonly deployment?: string;
  readonly state?: string;
  readonly saveState?: string;
  readonly evidence?: string;
  readonly saveEvidence?: string;
  readonly lot?: string;
  readonly audit?: boolean | string;
  readonly all?: boolean;
  readonly json?: boolean;
};

type Pinned = {
  readonly deployment: Deployment;
  readonly log: Log | null;
  readonly rpc: readonly string[];
};

/** The contracts and the log that the reader trusts, from a file or URL of his choosing; never from the bundle. */
async function pinnedDeployment(source: string): Promise<Pinned> {
  const given = parseJson(await textAt(source));
  if (!isObject(given)) throw new TraceError("BAD_BUNDLE", `${source} is no deployment`);
  const { chainId, parties, lots, certificates, checkpoints, rpc, log } = given;
  const { origin, publicKey } = isObject(log) ? log : {};
  return {
    deployment: parseDeployment({ chainId, parties, lots, certificates, checkpoints }),
    log: isObject(log) ? parseLog({ origin, publicKey }) : null,
    rpc: Array.isArray(rpc) ? rpc.filter((url) => typeof url === "string") : [],
  };
}

const logIdOf = (bundle: unknown): Hex => idOf(parseBundle(bundle).log.origin);

/** A state saved earlier; with evidence, no more of it than that proves against its block. */
async function savedState(bundle: unknown, file: string, evidence?: string): Promise<ChainState> {
  const text = await textAt(file);
  const state = named(file, () => parseChainState(parseJson(text, { length: MOST_BYTES })));
  if (evidence === undefined) return state;
  const proof = parseJson(await textAt(evidence), { length: MOST_BYTES });
  return provenState(proof, { state, logId: logIdOf(bundle) });
}

/** What `parse` makes of a file; its refusal names the file. */
function named<T>(file: string, parse: () => T): T {
  try {
    return parse();
  } catch (failure) {
    if (!(failure instanceof TraceError)) throw failure;
    throw new TraceError(failure.code, `${file}: ${failure.message}`, { cause: failure });
  }
}

/** How the chain is asked, where it is asked, and what it said. */
type Trusted = { readonly trust: Trust; readonly asking?: Asking; readonly pinned: boolean };

async function trustOf(bundle: unknown, lot: string, options: Options): Promise<Trusted> {
  const file = resolve(process.env["DATA_DIR"] ?? "./data", "deployment.json");
  if (options.state !== undefined) {
    // A saved state names the contracts that it is of; only the reader's own pin says that these are the right ones.
    const pin = options.deployment ?? (existsSync(file) ? file : null);
    const pinned = pin === null ? null : await pinnedDeployment(pin);
    if (pinned === null && options.evidence !== undefined)
      throw new TraceError(
        "UNAVAILABLE",
        "anybody has contracts on a true block: name those that you trust, --deployment <file or URL>",
      );
    const state = await savedState(bundle, options.state, options.evidence);
    if (pin !== null && pinned !== null) requirePinned(state, pinned, pin);
    return { trust: { lot, log: pinned?.log ?? null, state }, pinned: pinned !== null };
  }
  if (options.deployment === undefined && !existsSync(file))
    throw new TraceError(
      "UNAVAILABLE",
      `no ${file}: name what you trust, --deployment <file or URL>, from where you have reason to trust it`,
    );
  const { deployment, log, rpc } = await pinnedDeployment(options.deployment ?? file);
  const urls = options.rpc.length > 0 ? options.rpc : rpc;
  if (urls.length === 0)
    throw new TraceError("UNAVAILABLE", "no chain to ask: name one with --rpc, or give --state");
  const requests: readonly Request[] = urls.map((url) => requestAt([url]));
  const now = Math.floor(Date.now() / 1000);
  const asking = { lot, deployment, log, requests, now };
  const trust = await readTrust(bundle, asking).catch((failure: unknown) => {
    if (!(failure instanceof TraceError && failure.code === "UNAVAILABLE")) throw failure;
    const said = `${failure.message}; asked: ${urls.join(", ")} (--rpc names others)`;
    throw new TraceError("UNAVAILABLE", said, { cause: failure });
  });
  const [request] = requests;
  if (options.saveState !== undefined) save(options.saveState, trust.state);
  if (options.saveEvidence !== undefined && request !== undefined)
    save(
      options.saveEvidence,
      await collectEvidence(request, { state: trust.state, logId: logIdOf(bundle) }),
    );
  return { trust, asking, pinned: true };
}

function requirePinned(state: ChainState, { deployment }: Pinned, pin: string): void {
  for (const name of ["chainId", "parties", "lots", "certificates", "checkpoints"] as const)
    if (state.deployment[name] !== deployment[name])
      throw new TraceError(
        "OTHER_CHAIN",
        `the saved state is of ${name} ${state.deployment[name]}; ${pin} pins ${deployment[name]}`,
      );
}

const save = (file: string, value: unknown): void =>
  writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);

/** By what the answer was found: the reader must know how old it is. */
function sourceOf({ state, evidence }: Options): string {
  if (state === undefined) return "as the chain says now";
  const proven = evidence === undefined ? "" : " and proven against this block's hash";
  return `as saved${proven}; what happened since is not known`;
}

/** The reader must know whom he trusts. */
function unpinned({ trust, pinned }: Trusted): readonly Check[] {
  if (pinned) return [];
  const { chainId, parties } = trust.state.deployment;
  const matter = { question: "authentic", record: "the contracts", subject: null } as const;
  const reason = `the state is of contracts that you did not pin (Parties ${parties} on ${chainId})`;
  return [remark(matter, "OTHER_CHAIN", reason)];
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

/** A download that broke off, or a page in place of records, says nothing of a lot. Throws UNAVAILABLE. */
function requireJson(source: string, text: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    const what = `${source} is no JSON (${text.length} characters): was it cut off? Fetch it again`;
    throw new TraceError("UNAVAILABLE", what, { cause });
  }
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
  const text = await textAt(source);
  requireJson(source, text);
  const read = judged(text);
  if ("failure" in read) return say(options, "fails", read.failure);
  const { bundle, parsed } = read;
  const trusted = await trustOf(bundle, askedFor(source, options, bundle), options);
  const report = await reportOn(bundle, trusted, { source, ...options });
  const { all = false, json } = options;
  const told = json
    ? JSON.stringify(report)
    : printed({ bundle: parsed, report, source: sourceOf(options), all });
  process.stdout.write(`${told}\n`);
  return EXIT[report.outcome];
}

/** The verdict; of a file that was kept, where the chain has grown since, as of when it had not. */
async function reportOn(
  bundle: unknown,
  trusted: Trusted,
  { source, audit }: Options & { readonly source: string },
): Promise<Report> {
  const { trust, asking } = trusted;
  const now = await verifyTrail(bundle, trust);
  // Who fetches now is owed what there is now; only a file may be old without anybody hiding something.
  const isFile = asking !== undefined && !/^https?:/.test(source);
  const past = isFile ? await judgeOutgrown(bundle, { trust, report: now }, asking) : undefined;
  const report = withChecks(past ?? now, unpinned(trusted));
  if (audit === undefined) return report;
  const log = typeof audit === "string" ? audit : new URL("/", source).href;
  return withChecks(report, await auditLog(bundle, trust, entriesFrom(log)));
}

/** Says why there is no report. */
function say({ json }: Options, outcome: Outcome, { code, message }: TraceError): number {
  process.stdout.write(
    json
      ? `${JSON.stringify({ outcome, code, reason: message })}\n`
      : `${SIGNS[outcome]}: ${plain(message)} [${code}]\n`,
  );
  return EXIT[outcome];
}

const OFFLINE = ["rpc", "saveState", "saveEvidence"];

/** Whatever breaks the command says nothing of the records: it must not end as if they did not match. */
function brokenBy(failure: unknown): TraceError {
  if (failure instanceof TraceError) return failure;
  process.stderr.write(`${failure instanceof Error ? failure.stack : String(failure)}\n`);
  return new TraceError("UNAVAILABLE", "the command broke down", { cause: failure });
}

const command = new Command("verify")
  .description(
    "Judges a lot's trail by the chain alone: five questions, and what each of them rests on.\n" +
      "Exit code 0: the records match; 1: they do not, or a lot is recalled or a certificate ended;\n" +
      "2: it could not be checked.",
  )
  .argument("<bundle>", "a bundle's file, its URL, or the URL of a lot's page")
  .option("--rpc <url...>", "JSON-RPC of the chain; several must agree", [])
  .option(
    "--deployment <file or URL>",
    "the contracts and the log to trust (default: deployment.json in DATA_DIR)",
  )
  .option("--lot <uri>", "the lot on the label, when the bundle comes from a file")
  .addOption(
    new Option(
      "--state <file>",
      "a chain state saved earlier: verifies with no network at all",
    ).conflicts(OFFLINE),
  )
  .option("--save-state <file>", "keeps what the chain said, for --state")
  .option("--evidence <file>", "what proves the saved state against its block's hash")
  .option(
    "--save-evidence <file>",
    "keeps that proof, where the chain's endpoint gives it (eth_getProof)",
  )
  .option(
    "--audit [url]",
    "reads the whole log (at this gateway's address), so that no reading in it can be left out",
  )
  .option("--all", "every check by name")
  .option("--json", "the whole report as JSON")
  .action(async (source: string, options: Options) => {
    try {
      process.exitCode = await verify(source, options);
    } catch (failure) {
      process.exitCode = say(options, "unchecked", brokenBy(failure));
    }
  });

// A slip of the keys says nothing of a lot: 1 is for records that do not match.
command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : EXIT.unchecked));
await command.parseAsync();
