import { decodeAnswer, encodeView, VIEWS, type ViewName } from "../core/views.ts";
import type { Hex } from "../core/bytes.ts";
import type {
  CertificateState,
  KeyState,
  LotState,
  Request,
  Watching,
} from "../core/chain-state.ts";
import type { Deployment } from "../core/operations.ts";
import { TraceError } from "../core/trace-error.ts";
import { readWatches } from "../core/watch-pages.ts";

/** What the views ask of the chain's newest block; answers come in the order of the ids. */
export type ChainView = {
  readonly keys: (ids: readonly Hex[]) => Promise<readonly KeyState[]>;
  readonly lots: (ids: readonly Hex[]) => Promise<readonly LotState[]>;
  readonly certificates: (ids: readonly Hex[]) => Promise<readonly CertificateState[]>;
  readonly watches: (places: readonly Hex[]) => Promise<readonly (readonly Watching[])[]>;
  readonly sponsors: (parties: readonly Hex[]) => Promise<readonly Hex[]>;
  readonly anchor: (log: Hex) => Promise<Anchor>;
  readonly block: () => Promise<{ readonly number: number; readonly time: number }>;
};

/** The newest anchored checkpoint of a log; size 0 where there is none. Block time in seconds. */
export type Anchor = { readonly root: Hex; readonly size: number; readonly time: number };

// A stranger's node bounds the gas of a call; so many ids fit into any bound that we know of.
const AT_ONCE = 200;

/** Reads the deployment's contracts through `request`. Throws UNAVAILABLE where the chain does not answer, BAD_ENCODING of another answer. */
export function chainView(request: Request, deployment: Deployment): ChainView {
  const asked = (what: string, method: string, params: readonly unknown[]): Promise<unknown> =>
    request(method, params).catch((cause: unknown) => {
      throw new TraceError("UNAVAILABLE", `the chain did not answer ${what}`, { cause });
    });
  const ask = async (name: ViewName, values: Readonly<Record<string, unknown>>) => {
    const to = deployment[VIEWS[name].contract];
    const data = encodeView(name, values);
    return plain(decodeAnswer(name, await asked(name, "eth_call", [{ to, data }, "latest"])));
  };
  const each = async <T>(name: ViewName, ids: readonly Hex[]): Promise<readonly T[]> => {
    const answers: T[] = [];
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const asked = ids.slice(at, at + AT_ONCE);
      const told = (await ask(name, { ids: asked })) as T[];
      if (told.length !== asked.length)
        throw new TraceError("BAD_ENCODING", `${told.length} answers to ${asked.length} questions`);
      answers.push(...told);
    }
    return answers;
  };
  return {
    keys: (ids) => each<KeyState>("keysOf", ids),
    lots: (ids) => each<LotState>("lotsOf", ids),
    certificates: (ids) => each<CertificateState>("certificatesOf", ids),
    watches: async (places) => {
      const found = await readWatches(places, (page) => ask("watchesOf", page));
      return places.map((place) => found[place] ?? []);
    },
    sponsors: (parties) => each<Hex>("sponsorsOf", parties),
    anchor: async (log) => (await ask("latest", { log })) as Anchor,
    block: async () => {
      const answer = await asked("its newest block", "eth_getBlockByNumber", ["latest", false]);
      const block = answer as Block | null;
      if (block === null) throw new TraceError("UNAVAILABLE", "the chain has no block");
      return { number: Number(block.number), time: Number(block.timestamp) };
    },
  };
}

type Block = { readonly number: Hex; readonly timestamp: Hex };

/** Integers as numbers: masses, times and counts of our contracts fit, and what does not is refused. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") {
    if (value > Number.MAX_SAFE_INTEGER)
      throw new TraceError("BAD_ENCODING", `the chain says ${value}, beyond what we count with`);
    return Number(value);
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}
