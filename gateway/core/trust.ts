import { parseBundle, type Bundle, type Log } from "./bundle.ts";
import { fromHex, toHex, type Hex } from "./bytes.ts";
import { readAgreed, type Wanted } from "./chain-reader.ts";
import type { ChainState, Request } from "./chain-state.ts";
import { sha256, sha256OfText } from "./hash.ts";
import type { Deployment } from "./operations.ts";
import { idOf, NOTHING } from "./recording.ts";
import type { Trust } from "./verify.ts";
import { lineageOf, stepsOf } from "./verify/histories.ts";
import { placeOf } from "./verify/dwellings.ts";

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];

/** Every key that the bundle names: signers, the keys they enrolled, founders and devices. */
const keysOf = (bundle: Bundle): Hex[] =>
  unique([
    ...bundle.statements.map(({ statement }) => statement.key),
    ...bundle.statements.flatMap(({ name, statement }) =>
      name === "Enrolment" || name === "KeyRevocation"
        ? [statement.subjectKey]
        : name === "Watch"
          ? [statement.device]
          : [],
    ),
    ...bundle.founders.map(({ key }) => key),
    ...bundle.devices.map((point) => toHex(sha256(fromHex(point)))),
  ]);

/** Nothing but the block. */
export const NOBODY: Wanted = {
  lots: [],
  certificates: [],
  keys: [],
  places: [],
  parties: [],
  delegations: [],
  logId: null,
  anchoredSizes: [],
};

/** All that a verdict on this bundle will ask of the chain. What a stranger lists here costs him nothing but the reading. */
function wantedOf(
  bundle: Bundle,
  { lot, deployment, log, keys }: Terms & { readonly keys: ChainState["keys"] },
): Wanted {
  const steps = stepsOf(deployment, bundle.statements);
  const places = steps.flatMap((step) => placeOf(step) ?? []).map(idOf);
  const watched = bundle.statements.flatMap(({ name, statement }) =>
    name === "Watch" ? [statement.place] : [],
  );
  const granted = bundle.statements.flatMap(({ name, statement }) =>
    name === "Grant" || name === "Revocation" ? [statement.certificate] : [],
  );
  const spent = steps.map(({ operation }) => operation.certificate);
  const agents = steps.flatMap(({ operation: { party, key } }) => {
    const agent = keys[key]?.party ?? NOTHING;
    return agent === party || agent === NOTHING ? [] : [{ party, agent }];
  });
  const allowed = bundle.statements.flatMap(({ name, statement: { party, ...rest } }) =>
    name === "Delegation" && "agent" in rest ? [{ party, agent: rest.agent }] : [],
  );
  const size = Number(bundle.checkpoint?.split("\n")[1]);
  return {
    lots: [...lineageOf(idOf(lot), steps)],
    certificates: unique([...spent, ...granted]).filter((id) => id !== NOTHING),
    keys: Object.keys(keys) as Hex[],
    places: unique([...places, ...watched]),
    parties: unique([
      ...Object.values(keys).map(({ party }) => party),
      ...steps.map(({ operation }) => operation.party),
    ]).filter((id) => id !== NOTHING),
    delegations: [
      ...new Map(
        [...agents, ...allowed].map((pair) => [`${pair.party}:${pair.agent}`, pair]),
      ).values(),
    ],
    logId: toHex(sha256OfText((log ?? bundle.log).origin)),
    anchoredSizes: Number.isSafeInteger(size) ? [size] : [],
    timesOfSizes: bundle.anchors,
  };
}

/** The lot that was asked for, under the deployment and the log that the reader pinned. */
type Terms = {
  readonly lot: string;
  readonly deployment: Deployment;
  readonly log: Log | null;
  readonly now?: number; // seconds, by the reader's clock
};

/** The same, with the chain's endpoints. `fromBlock`: where the deployment's events begin. */
export type Asking = Terms & {
  readonly requests: readonly Request[];
  readonly fromBlock?: number;
};

/**
 * Reads from the chain, at one block, the newest or `at`, what `verifyTrail` needs for this bundle. Several endpoints must agree.
 * Throws BAD_BUNDLE and the like for what is no bundle, OTHER_CHAIN, UNAVAILABLE.
 */
export async function readTrust(
  untrusted: unknown,
  terms: Asking & { readonly at?: number },
): Promise<Trust> {
  const { requests, deployment, lot, log, now, fromBlock = 0, at: block = "latest" } = terms;
  const bundle = parseBundle(untrusted);
  const first = await readAgreed(requests, {
    deployment,
    fromBlock,
    wanted: { ...NOBODY, keys: keysOf(bundle) },
    at: block,
  });
  const wanted = wantedOf(bundle, { ...terms, keys: first.keys });
  const at = first.block.number;
  const state = await readAgreed(requests, { deployment, fromBlock, wanted, at });
  return { lot, log, state, ...(now !== undefined && { now }) };
}
