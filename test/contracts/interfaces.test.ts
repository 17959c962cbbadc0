import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect } from "chai";

import { nodesOf, parseSolidity, type Node } from "../../scripts/solidity/ast.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const sources = (pattern: string) =>
  globSync(pattern, { cwd: ROOT }).map((file) => {
    const nodes = nodesOf(parseSolidity(file, readFileSync(join(ROOT, file), "utf8")));
    return { file, nodes };
  });
const ofType = (nodes: readonly Node[], ...types: readonly string[]) =>
  nodes.filter(({ nodeType }) => types.some((type) => nodeType === `${type}Definition`));
const said = (node: Node): string =>
  String((node["documentation"] as { readonly text?: string } | null)?.text ?? "");
const nameOf = (node: Node): string => String(node["name"]);

describe("The interfaces of the contracts", () => {
  it("say of every struct, enum, event, error and function what it promises", () => {
    const silent = sources("contracts/interfaces/*.sol").flatMap(({ file, nodes }) =>
      ofType(nodes, "Struct", "Enum", "Event", "Error", "Function")
        .filter((node) => !said(node).startsWith("@notice"))
        .map((node) => `${file}: ${nameOf(node)}`),
    );
    expect(silent).to.deep.equal([]);
  });

  it("name every error by its contract, with what offended", () => {
    for (const { file, nodes } of sources("contracts/interfaces/I*.sol")) {
      const component = /I(\w+)\.sol$/.exec(file)?.[1] ?? "";
      for (const error of ofType(nodes, "Error")) {
        expect(nameOf(error).startsWith(component), nameOf(error)).to.equal(true);
        const { parameters } = error["parameters"] as { readonly parameters: readonly Node[] };
        expect(parameters, nameOf(error)).not.to.deep.equal([]);
      }
    }
  });

  it("are what the contracts inherit every word from", () => {
    const own = sources("contracts/*.sol").flatMap(({ file, nodes }) =>
      ofType(nodes, "Function")
        .filter(({ kind, visibility }) => kind === "function" && visibility === "external")
        .filter((node) => !/^@inheritdoc I\w+$/.test(said(node)))
        .map((node) => `${file}: ${nameOf(node)}`),
    );
    expect(own).to.deep.equal([]);
  });
});
