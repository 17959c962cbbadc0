import { expect } from "chai";

import { weave, type Numbered } from "../../../scripts/mutants/weave.ts";
import { parseSolidity } from "../../../scripts/solidity/ast.ts";

const SOURCE = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;
contract Gate {
    uint256 private constant AGE = 6;
    uint256 private _opened;
    function open(uint256 age) external restricted returns (uint256) {
        require(age > AGE, "stay out");
        return ++_opened;
    }
}
`;
const FILE = "contracts/Gate.sol";
const mutant = (number: number, find: string, put = ""): Numbered => ({
  number,
  file: FILE,
  name: `${number}`,
  find,
  put,
});
const CHECK = mutant(1, 'require(age > AGE, "stay out");');
const GOVERNANCE = mutant(2, " restricted");
const CONSTANT = mutant(3, "AGE = 6", "AGE = 7");

describe("Weaving mutants into one source", () => {
  it("keeps the original, with a changed copy that its number chooses", () => {
    const { woven, text } = weave(FILE, SOURCE, [CHECK]);
    expect(woven).to.deep.equal([CHECK]);
    expect(text).to.contain("{if (mutant() == 1) return openAs1(age);");
    expect(text.split(CHECK.find)).to.have.lengthOf(2);
    expect(/function openAs1\(uint256 age\) internal +returns/.test(text)).to.equal(true);
    expect(text.split("restricted")).to.have.lengthOf(2);
    parseSolidity(FILE, text);
  });

  it("asks for a modifier's number in the modifier", () => {
    const { woven, text } = weave(FILE, SOURCE, [GOVERNANCE, CHECK]);
    expect(woven).to.deep.equal([GOVERNANCE, CHECK]);
    expect(text).to.contain("external restrictedBut2 returns");
    expect(text).to.contain("if (mutant() != 2) _checkCanCall(msg.sender, msg.data);");
    parseSolidity(FILE, text);
  });

  it("leaves a constant to be built alone, and refuses what names no one place", () => {
    expect(weave(FILE, SOURCE, [CONSTANT])).to.deep.equal({ woven: [], text: SOURCE });
    expect(() => weave(FILE, SOURCE, [mutant(4, "AGE")])).to.throw("does not name one place");
  });
});
