import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect } from "chai";

import { copySolidity } from "../../../scripts/solidity/copy.ts";
import { measureCoverage } from "../../../scripts/solidity/measure.ts";
import { BRANCHES, sideAt, unfold } from "../../../scripts/solidity/unfold.ts";

const HEAD = "// SPDX-License-Identifier: Apache-2.0\npragma solidity ^0.8.28;\n";
const GATE = `${HEAD}
contract Gate {
    function open(uint256 age, bool known) external pure returns (uint256 fee) {
        require(age > 6 && known, "stay out"); // Ä: bytes are not characters
        fee = age < 18 ? 1 : 2;
    }
}
`;
const testOf = (body: string) => `${HEAD}
import {Gate} from "../../contracts/Gate.sol";
contract GateTest {
    Gate private _gate = new Gate();
    function test_AGateOpens() public view {
        ${body}
    }
}
`;
const GROWN = 'require(_gate.open(30, true) == 2, "fee");';
const REFUSED = 'try _gate.open(1, true) { revert("in"); } catch {}';
const UNKNOWN = 'try _gate.open(30, false) { revert("in"); } catch {}';
const CHILD = 'require(_gate.open(7, true) == 1, "fee");';

describe("A coverage of branches", function () {
  this.timeout(300_000);

  it("unfolds each condition and each side of a conjunction, and moves no line", () => {
    const { text, branches } = unfold(new Map([["contracts/Gate.sol", GATE]]));
    expect(branches.map(({ line, condition }) => [line, condition])).to.deep.equal([
      [6, "age > 6 && known"],
      [6, "age > 6"],
      [6, "known"],
      [7, "age < 18"],
    ]);
    const unfolded = text.get("contracts/Gate.sol")?.split("\n") ?? [];
    expect(unfolded).to.have.lengthOf(GATE.split("\n").length);
    expect(unfolded[5]).to.contain("require(branch0(branch1(age > 6) && branch2(known)),");
    expect(unfolded[1]).to.contain('from "./Branches.sol"');
    const lines = (text.get(BRANCHES) ?? "").split("\n");
    lines.forEach((line, i) => {
      const found = sideAt(i + 1);
      expect(/return (true|false)/.exec(line)?.[1]).to.equal(found ? `${found.side}` : undefined);
    });
  });

  it("is whole only when every condition went both ways, and names what did not", () => {
    expect(missed(GROWN, REFUSED, UNKNOWN, CHILD)).to.deep.equal([]);
    expect(missed(GROWN, REFUSED, UNKNOWN)).to.deep.equal([
      "contracts/Gate.sol:7 never true: age < 18",
    ]);
    expect(missed(GROWN, REFUSED, CHILD)).to.deep.equal([
      "contracts/Gate.sol:6 never false: known",
    ]);
  });

  function missed(...body: readonly string[]): readonly string[] {
    const folder = mkdtempSync(join(tmpdir(), "plotline-coverage-"));
    for (const [file, text] of [
      ["contracts/Gate.sol", GATE],
      ["test/contracts/Gate.t.sol", testOf(body.join("\n        "))],
    ] as const) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const copy = copySolidity({ optimizer: false, runs: 1 }, { from: folder });
    rmSync(folder, { recursive: true });
    return measureCoverage(copy, ["Gate.t.sol"]).missed;
  }
});
