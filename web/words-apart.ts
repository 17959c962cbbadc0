import { minify } from "terser";
import type { Plugin } from "vite";

/** Marks the modules of the copy that keeps its words. */
const WORDED = "?worded";
const OURS = /\/gateway\/core\/|\/verify\/(?:judge|request)\.ts/;
/** What only a browser without WebCrypto needs says nothing: one copy will do. */
const FOUND = /^(?:remark|failure|unchecked)$/;
const WORDLESS = /-noble\.ts$/;

type Node = { readonly type: string; readonly start: number; readonly end: number };
type Parsed = Node & Readonly<Record<string, unknown>>;
type Cut = readonly [start: number, end: number];

const isNode = (value: unknown): value is Parsed =>
  typeof value === "object" && value !== null && "type" in value;
const listOf = (value: unknown): readonly Parsed[] =>
  Array.isArray(value) ? value.filter(isNode) : [];

/** Every node of a syntax tree. */
function* nodesOf(value: unknown): Generator<Parsed> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  else if (isNode(value)) {
    yield value;
    yield* nodesOf(Object.values(value));
  }
}

/** What is for people: all but the code of `new TraceError(code, …)` and of `remark(matter, code, …)` or its like, and the `reason` of a check. */
function wordsIn({ type, end, callee, arguments: given, properties }: Parsed): readonly Cut[] {
  const named = isNode(callee) ? callee["name"] : undefined;
  const kept =
    type === "NewExpression" && named === "TraceError"
      ? 0
      : type === "CallExpression" && FOUND.test(String(named))
        ? 1
        : -1;
  const last = listOf(given)[kept];
  if (last !== undefined) return [[last.end, end - 1]];
  if (type !== "ObjectExpression") return [];
  const members = listOf(properties);
  return members.flatMap(({ key, start }, i): readonly Cut[] =>
    isNode(key) && key["name"] === "reason" ? [[start, members[i + 1]?.start ?? end - 1]] : [],
  );
}

/** The same source without what is for people. */
function wordless(code: string, tree: unknown): string {
  const cuts = [...nodesOf(tree)].flatMap(wordsIn).toSorted(([a], [b]) => a - b);
  let [short, at] = ["", 0];
  for (const [start, end] of cuts) {
    if (start < at) continue; // words within words
    short += code.slice(at, start);
    at = end;
  }
  return short + code.slice(at);
}

/**
 * Takes the exact words of what can go wrong out of the page's verifier, where nobody reads them until something failed. They are
 * in a second copy of it, which is whatever web/src/verify/worded.ts imports and is loaded then; the sources stay as they are.
 */
export function wordsApart(): Plugin {
  return {
    name: "words-apart",
    enforce: "pre",
    // A file to keep has nothing to fetch: there the words stay where they are.
    applyToEnvironment: ({ name }) => name === "verify",
    async resolveId(source, importer = "") {
      if (!importer.endsWith(WORDED) && !importer.endsWith("/verify/worded.ts")) return undefined;
      const found = await this.resolve(source, importer.replace(WORDED, ""), { skipSelf: true });
      if (found === null || !OURS.test(found.id) || WORDLESS.test(found.id)) return found;
      return { ...found, id: found.id + WORDED };
    },
    transform: {
      order: "post",
      filter: { id: OURS },
      handler(code, id) {
        if (id.endsWith(WORDED)) return undefined;
        return { code: wordless(code, this.parse(code)), map: null };
      },
    },
    // What only made words is of no use now; Terser knows, and drops it with the arguments that nobody reads.
    async renderChunk(code, { moduleIds }) {
      if (moduleIds.some((id) => id.endsWith(WORDED) || id.includes("noble"))) return null;
      const { code: short = code } = await minify(code, {
        module: true,
        ecma: 2020,
        compress: { passes: 3, inline: 1, keep_fargs: false, pure_getters: true },
      });
      return { code: short, map: null };
    },
  };
}
