import { expect } from "chai";
import { network } from "hardhat";

import { measureGas, type Gas } from "../../scripts/bench/gas-measure.ts";
import { readSnapshot } from "../../scripts/bench/gas.ts";

const [LOT, OPERATION, ANCHOR] = [85_000, 40_000, 66_000];

/** Budgets are for a person's own batch; EIP-2929 makes twenty strangers' first accesses dearer, whatever we write. */
function budgetOf(name: string): number | undefined {
  if (/^anchor, \d{7}/.test(name)) return ANCHOR;
  if (!name.endsWith("one signer")) return undefined;
  return /^(harvest|intake|process)/.test(name) ? LOT : OPERATION;
}

describe("Gas", () => {
  let gas: Gas;
  before(async () => {
    gas = await measureGas(await network.create());
  });

  it("is what scripts/bench/gas.json says; `npm run bench -- gas --snapshot` writes it", () => {
    expect(gas).to.deep.equal(readSnapshot());
  });

  it("stays within the budgets", () => {
    const judged = Object.entries(gas).flatMap(([name, used]) => {
      const budget = budgetOf(name);
      return budget === undefined ? [] : [{ name, used, budget }];
    });
    expect(judged).to.have.lengthOf(15);
    expect(judged.filter(({ used, budget }) => used > budget)).to.deep.equal([]);
  });

  it("of an anchor after a log's first never pays for a new slot", () => {
    const NEW_SLOT = 20_000;
    const [first, next] = [gas["anchor, a log's first"] ?? 0, gas["anchor, 1 to 2"] ?? 0];
    expect(first - next).to.be.greaterThan(NEW_SLOT - 5_000);
  });
});
