import { dirname, relative } from "node:path/posix";

import solc from "solc";

/** A node of solc's AST; `src` is `start:length:file`, in bytes of UTF-8. */
export type Node = {
  readonly nodeType: string;
  readonly src: string;
  readonly [member: string]: unknown;
};

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** All nodes of a tree, each before those within it. */
export function nodesOf(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (!isNode(value)) return [];
  return [value, ...Object.values(value).flatMap(nodesOf)];
}

/** From which byte to which a node goes. */
export function spanOf({ src }: Node): { readonly start: number; readonly end: number } {
  const [start = 0, length = 0] = src.split(":").map(Number);
  return { start, end: start + length };
}

/** What one source says, without what it imports. */
export function parseSolidity(file: string, content: string): Node {
  const input = {
    language: "Solidity",
    sources: { [file]: { content } },
    settings: { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as {
    readonly sources?: Readonly<Record<string, { readonly ast?: Node }>>;
    readonly errors?: readonly { readonly formattedMessage: string }[];
  };
  const ast = output.sources?.[file]?.ast;
  if (ast === undefined) throw new Error(output.errors?.[0]?.formattedMessage ?? `no AST: ${file}`);
  return ast;
}

/** The source with one more import, on the pragma's line, so that no line moves. */
export function importing(
  source: string,
  file: string,
  { names, from }: { readonly names: readonly string[]; readonly from: string },
): string {
  if (names.length === 0) return source;
  const path = relative(dirname(file), from);
  const target = path.startsWith(".") ? path : `./${path}`;
  return source.replace(
    /^pragma [^;]*;/m,
    (pragma) => `${pragma} import {${names.join(", ")}} from "${target}";`,
  );
}
