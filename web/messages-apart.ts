import { createHash } from "node:crypto";

import type { Plugin } from "vite";

/** What stands for a message in the built verifier: `«number¦value¦value»`. Messages may lie within values. */
const [BEGIN, NEXT, END] = ["«", "¦", "»"] as const;
const TABLE = "virtual:messages";
const NAMED = new RegExp(`${BEGIN}([0-9a-f]{12})`, "g");

type Node = { readonly type: string; readonly start: number; readonly end: number };
type Parsed = Node & Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Parsed =>
  typeof value === "object" && value !== null && "type" in value;

/** Every node of a syntax tree. */
function* nodesOf(value: unknown): Generator<Parsed> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  else if (isNode(value)) {
    yield value;
    yield* nodesOf(Object.values(value));
  }
}

/** The words of a `new TraceError(code, …)`, of a `remark(matter, code, …)` or of a check's `reason`, where they are written out. */
function messageOf({ type, callee, arguments: given, key, value }: Parsed): Parsed | undefined {
  const named = isNode(callee) ? callee["name"] : undefined;
  const args = Array.isArray(given) ? (given as readonly unknown[]) : [];
  const message =
    type === "NewExpression" && named === "TraceError"
      ? args[1]
      : type === "CallExpression" && named === "remark"
        ? args[2]
        : type === "Property" && isNode(key) && key["name"] === "reason"
          ? value
          : undefined;
  const written = isNode(message) && ["Literal", "TemplateLiteral"].includes(message.type);
  return written ? message : undefined;
}

/**
 * The exact words of what can go wrong, taken out of the page's verifier: they are a tenth of it, and the page shows them only
 * folded away below what failed. They are fetched then (`virtual:messages`, web/src/verify/exact.ts); the sources stay as they are.
 */
export function messagesApart(): Plugin {
  const messages = new Map<string, string>();
  const numbered = (): readonly string[] => [...messages.keys()].toSorted();
  return {
    name: "messages-apart",
    enforce: "post",
    applyToEnvironment: ({ name }) => name !== "client",
    resolveId: { filter: { id: /^virtual:messages$/ }, handler: () => `\0${TABLE}` },
    load: { filter: { id: /^\0virtual:messages$/ }, handler: () => `export default "${TABLE}";` },
    transform: {
      filter: { id: /gateway\/core\// },
      handler(code) {
        // A file to keep has nothing to fetch: there the words stay where they are.
        if (this.environment.name !== "verify") return undefined;
        const found = [...nodesOf(this.parse(code))].flatMap((node) => messageOf(node) ?? []);
        let changed = code;
        // From the back, so that what lies before keeps its place; values are kept as they are written.
        for (const node of found.toSorted((a, b) => b.start - a.start)) {
          const { name, values } = taken(node, messages);
          const parts = values.map(({ start, end }) => `${NEXT}\${${code.slice(start, end)}}`);
          const short = `\`${BEGIN}${name}${parts.join("")}${END}\``;
          changed = changed.slice(0, node.start) + short + changed.slice(node.end);
        }
        return { code: changed, map: null };
      },
    },
    // By now every message is known, and has its place in the alphabet: the same sources give the same files.
    renderChunk: (code) => ({
      code: code
        .replaceAll(NAMED, (_, name: string) => `${BEGIN}${numbered().indexOf(name)}`)
        .replace(new RegExp(`["'\`]${TABLE}["'\`]`), () =>
          JSON.stringify(numbered().map((name) => messages.get(name))),
        ),
      map: null,
    }),
  };
}

/** Keeps a message's words, with a gap for each of its values, under the name that is returned. */
function taken(
  node: Parsed,
  messages: Map<string, string>,
): { readonly name: string; readonly values: readonly Node[] } {
  const quasis = (node["quasis"] ?? []) as readonly { value: { cooked: string } }[];
  const words =
    quasis.length > 0 ? quasis.map(({ value }) => value.cooked).join(NEXT) : String(node["value"]);
  const name = createHash("sha256").update(words).digest("hex").slice(0, 12);
  messages.set(name, words);
  return { name, values: (node["expressions"] ?? []) as readonly Node[] };
}
