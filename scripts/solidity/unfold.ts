import { importing, isNode, nodesOf, parseSolidity, spanOf, type Node } from "./ast.ts";

/** A condition that decides something, and where its source has it. */
export type Branch = {
  readonly file: string;
  readonly line: number;
  readonly condition: string;
};

/** Sources by path. */
export type Sources = ReadonlyMap<string, string>;

/** Where the functions lie that the unfolded sources call. */
export const BRANCHES = "contracts/Branches.sol";

/**
 * The same contracts with every branch made two statements, so that a coverage of statements tells of branches: each
 * condition of `if`, `?:`, `for`, `while` and `require`, and each side of `&&` and `||`, goes through a function of its
 * own that returns true in one statement and false in another. Lines stay where they are. `assert` is no branch: its
 * other side cannot be.
 */
export function unfold(sources: Sources): { readonly text: Sources; readonly branches: Branch[] } {
  const branches: Branch[] = [];
  const text = new Map<string, string>();
  for (const [file, source] of sources) {
    const bytes = Buffer.from(source);
    const first = branches.length;
    const begins = new Map<number, string>();
    const ends = new Map<number, string>();
    for (const node of nodesOf(parseSolidity(file, source)).flatMap(decidedBy)) {
      const { start, end } = spanOf(node);
      const line = bytes.subarray(0, start).toString().split("\n").length;
      const condition = bytes.subarray(start, end).toString();
      // Of conditions that begin at one place, the outer one comes first, as `nodesOf` has them.
      begins.set(start, `${begins.get(start) ?? ""}branch${branches.length}(`);
      ends.set(end, `${ends.get(end) ?? ""})`);
      branches.push({ file, line, condition: condition.replaceAll(/\s+/g, " ") });
    }
    const places = [...new Set([0, ...begins.keys(), ...ends.keys()])].toSorted((a, b) => a - b);
    const unfolded = places.map((place, i) => {
      const rest = bytes.subarray(place, places[i + 1]).toString();
      return `${ends.get(place) ?? ""}${begins.get(place) ?? ""}${rest}`;
    });
    const names = branches.slice(first).map((_, i) => `branch${first + i}`);
    text.set(file, importing(unfolded.join(""), file, { names, from: BRANCHES }));
  }
  text.set(BRANCHES, functionsFor(branches.length));
  return { text, branches };
}

/** The branch that a line of BRANCHES stands for, and which of its sides; undefined: no line of that kind. */
export function sideAt(line: number): { readonly branch: number; readonly side: boolean } | null {
  const [branch, within] = [Math.floor((line - HEAD) / LINES), (line - HEAD) % LINES];
  if (branch < 0 || (within !== 2 && within !== 4)) return null;
  return { branch, side: within === 2 };
}

const [HEAD, LINES] = [3, 6]; // lines before the first function, and of each

const functionsFor = (count: number): string =>
  "// SPDX-License-Identifier: Apache-2.0\npragma solidity ^0.8.28;\n" +
  Array.from(
    { length: count },
    (_, n) =>
      `function branch${n}(bool c) pure returns (bool) {\n    if (c) {\n        return true;\n` +
      "    }\n    return false;\n}\n",
  ).join("");

/** What a node decides by. */
function decidedBy(node: Node): readonly Node[] {
  const { nodeType } = node;
  if (/^(IfStatement|Conditional|ForStatement|WhileStatement|DoWhileStatement)$/.test(nodeType))
    return [node["condition"]].filter(isNode);
  if (nodeType === "BinaryOperation" && /^(&&|\|\|)$/.test(String(node["operator"])))
    return [node["leftExpression"], node["rightExpression"]].filter(isNode);
  const called = node["expression"];
  const requires = nodeType === "FunctionCall" && isNode(called) && called["name"] === "require";
  return requires ? [(node["arguments"] as unknown[])[0]].filter(isNode) : [];
}
