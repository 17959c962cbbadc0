import { expect } from "chai";
import { network } from "hardhat";

import { measureGas, type Gas, type Measured } from "../../scripts/bench/gas-measure.ts";
import { readSnapshot } from "../../scripts/bench/gas.ts";

const [LOT, OPERATION, ANCHOR] = [85_000, 40_000, 66_000];

/** Budgets are for a person's own batch; EIP-2929 makes twenty strangers' first accesses dearer, whatever we write. */
function budgetOf(name: string): number | undefined {
  if (/^anchor, \d{7}/.test(name)) return ANCHOR;
  if (!name.endsWith("one signer")) return undefined;
  return /^(harvest|intake|process)/.test(name) ? LOT : OPERATION;
}

describe("Gas", function () {
  this.timeout(600_000); // traces are long

  let [gas, slots]: [Gas, Gas] = [{}, {}];
  before(async () => {
    const measured: Measured = await measureGas(await network.create());
    [gas, slots] = [measured.gas, measured.slots];
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

  it("of a lot made by strangers stays within the budget too, where nothing is drawn from another", () => {
    for (const name of ["harvest", "harvest by an agent", "intake"])
      expect(gas[`${name}, each its own`], name).to.be.within(1, LOT);
  });

  it("pays for two new slots of a new lot, and for none of any other operation", () => {
    const made = new Set(["harvest", "harvest by an agent", "intake", "process one lot into one"]);
    const wanted = Object.keys(gas).flatMap((name) => {
      const [kind = "", share] = name.split(", ");
      return share === "one signer" ? [[name, made.has(kind) ? 2 : 0] as const] : [];
    });
    expect(wanted).to.have.lengthOf(11);
    for (const [name, count] of wanted) expect(slots[name], name).to.equal(count);
  });

  it("pays for no new slot of any anchor after a log's first", () => {
    const anchors = Object.entries(slots).filter(([name]) => name.startsWith("anchor"));
    expect(anchors).to.have.lengthOf(6);
    for (const [name, count] of anchors)
      expect(count, name).to.equal(name === "anchor, a log's first" ? 1 : 0);
  });
});
