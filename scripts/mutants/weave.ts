import { importing, nodesOf, parseSolidity, spanOf, type Node } from "../solidity/ast.ts";
import type { Mutant } from "./list.ts";

/** A mutant with its number, from 1 on. */
export type Numbered = Mutant & { readonly number: number };

/** Where the function lies by which a woven source asks which mutant it shall be. */
export const MUTANT = "contracts/Mutant.sol";

/** The number is the block's coinbase, which a run of the tests sets; nothing else in the contracts reads it. */
export const MUTANT_SOURCE = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;
function mutant() pure returns (uint256) {
    return _asPure(_number)();
}
function _number() view returns (uint256) {
    return uint160(address(block.coinbase));
}
function _asPure(
    function() view returns (uint256) f
) pure returns (function() pure returns (uint256) g) {
    assembly {
        g := f
    }
}
`;

/**
 * A source that is each of its mutants by turns, so that all are built at once: a function with a mutant has a changed
 * copy beside it and asks at its beginning whether it is that one. Those that change something else than a function's
 * body or a modifier are left to be built alone.
 */
export function weave(file: string, source: string, mutants: readonly Numbered[]) {
  const nodes = nodesOf(parseSolidity(file, source));
  const bytes = Buffer.from(source);
  const inserted: { readonly at: number; readonly put: string; readonly without?: number }[] = [];
  const woven = mutants.filter((mutant) => {
    const at = Buffer.byteLength(source.slice(0, placeOf(source, mutant)));
    const end = at + Buffer.byteLength(mutant.find);
    const around = (node: Node) => spanOf(node).start <= at && end <= spanOf(node).end;
    const found = nodes.find((n) => n.nodeType === "FunctionDefinition" && around(n));
    const body = found?.["body"] as Node | undefined;
    if (found === undefined || body === undefined || found["kind"] === "constructor") return false;
    const { number } = mutant;
    if (around(body)) {
      const name = `${String(found["name"])}As${number}`;
      const { parameters } = found["parameters"] as { parameters: readonly { name: string }[] };
      const args = parameters.map((parameter) => parameter.name).join(", ");
      const text = (from: number, to: number) => bytes.subarray(from, to).toString();
      const [own, inner] = [spanOf(found), spanOf(body)];
      const head = text(own.start, inner.start)
        .replace(/^function \w+/, `function ${name}`)
        .replace(/\b(external|public)\b/, "internal")
        .replace(/ restricted\b/, "");
      const copy = `${head}${text(inner.start, at)}${mutant.put}${text(end, own.end)}`;
      inserted.push({
        at: inner.start + 1,
        put: `if (mutant() == ${number}) return ${name}(${args});`,
      });
      inserted.push({ at: own.end, put: ` ${copy}` });
      return true;
    }
    const contract = nodes.find((n) => n.nodeType === "ContractDefinition" && around(n));
    if (mutant.find !== " restricted" || contract === undefined) return false;
    inserted.push({ at, put: ` restrictedBut${number}`, without: end - at });
    const checks = `if (mutant() != ${number}) _checkCanCall(msg.sender, msg.data);`;
    const put = ` modifier restrictedBut${number}() { ${checks} _; } `;
    inserted.push({ at: spanOf(contract).end - 1, put });
    return true;
  });
  const text = inserted
    .toSorted((a, b) => b.at - a.at)
    .reduce(
      (rest, { at, put, without = 0 }) =>
        Buffer.concat([rest.subarray(0, at), Buffer.from(put), rest.subarray(at + without)]),
      bytes,
    )
    .toString();
  const names = woven.length === 0 ? [] : ["mutant"];
  return { woven, text: importing(text, file, { names, from: MUTANT }) };
}

/** Where a mutant's text stands in its source. Throws if that is not one place. */
export function placeOf(source: string, { file, name, find, at }: Mutant): number {
  const from = at ?? source.indexOf(find);
  if (from < 0 || (at === undefined && source.includes(find, from + 1)))
    throw new Error(`${file}: "${name}" does not name one place`);
  return from;
}
