import { expect } from "chai";

import { parseLotUri } from "../../../../gateway/core/identifiers.ts";
import { viewOf } from "../../../../gateway/core/trail-view.ts";
import { requireProductList } from "../../../../gateway/core/verify/products.ts";
import * as cashew from "../cashew.ts";
import {
  abroad,
  at,
  bags,
  cashewWorld,
  FIELD,
  foundWorld,
  kernels,
  rawA,
  shells,
} from "../cashew.ts";
import type { World } from "../trails.ts";
import { digest, expectRed, expectSaid, judgeWorld } from "./judged.ts";

const { province, certifier, farmA, works, FACTORY, PLOT_A } = cashew;
const gtins = (...lots: readonly { readonly lot: string }[]) =>
  lots.map(({ lot }) => parseLotUri(lot).gtin);

const CLAIM = "https://plotline.example/certificates/claim";
/** The works hold a claim for these products and put it on this lot. */
function claim(world: World, lot: string, products?: readonly string[]) {
  const terms = { scheme: "organic", uri: CLAIM, area: null, quota: 1_000 } as const;
  world.grant(certifier, works, { ...terms, ...(products && { products }) });
  const certify = { kind: "certify", lot, mass: 1_000, certificate: CLAIM } as const;
  return world.record(works, { ...certify, place: FACTORY }, at(90));
}

describe("A certificate's list of products", () => {
  const broken = { question: "plausible", code: "RULE_BROKEN" } as const;

  it("is kept by goods that are on it with all that they were made of", async () => {
    const world = await cashewWorld();
    claim(world, bags.lot, gtins(rawA, kernels, bags));
    expect((await judgeWorld(world, bags.lot)).outcome).to.equal("holds");
  });

  it("is broken by goods of another product", async () => {
    const world = await cashewWorld();
    const lie = claim(world, bags.lot, gtins(rawA, kernels, shells));
    const report = await judgeWorld(world, bags.lot);
    const [told] = expectSaid(report, { ...broken, subject: digest(lie) });
    expect(told?.reason).to.equal(`its certificate is not for product ${gtins(bags)[0]}`);
    expectRed(report, "plausible");
  });

  it("is broken by what the goods were made of, steps before", async () => {
    const world = await cashewWorld();
    const lie = claim(world, bags.lot, gtins(kernels, bags));
    const [told] = expectSaid(await judgeWorld(world, bags.lot), {
      ...broken,
      subject: digest(lie),
    });
    expect(told?.reason).to.contain(gtins(rawA)[0]);
  });

  it("lets a certificate speak of no lot that was made into something else", async () => {
    const world = foundWorld();
    const terms = { scheme: "organic", uri: CLAIM, area: null, quota: 1_000 } as const;
    world.grant(certifier, works, { ...terms, products: gtins(abroad) });
    const place = FACTORY;
    world.record(works, { kind: "intake", ...abroad, mass: 9, area: "KH", place }, at(1));
    const certify = { kind: "certify", lot: abroad.lot, mass: 9, certificate: CLAIM } as const;
    world.record(works, { ...certify, place }, at(2));
    const inputs = [{ lot: abroad.lot, mass: 9 }];
    const outputs = [{ ...bags, mass: 9 }];
    expect((await judgeWorld(world, abroad.lot)).claims).to.have.length(1);
    world.record(works, { kind: "process", inputs, outputs, place }, at(3));
    const report = await judgeWorld(world, bags.lot);
    expect([report.outcome, report.claims]).to.deep.equal(["holds", []]);
    const view = viewOf(await world.bundleOf(bags.lot), { readings: [], now: at(4) });
    expect(view.certificates.map(({ share }) => share)).to.deep.equal([0]);
  });

  it("is broken by a harvest of what does not grow there", async () => {
    const world = foundWorld();
    const uri = `${PLOT_A}-pepper`;
    const terms = { scheme: "growingArea", uri, area: "VN-58", quota: 1_000 } as const;
    world.grant(province, farmA, { ...terms, products: gtins(abroad) });
    const harvest = { kind: "harvest", ...rawA, mass: 9, plot: uri, place: FIELD } as const;
    const lie = world.record(farmA, harvest, at(1));
    const report = await judgeWorld(world, rawA.lot);
    expectSaid(report, { ...broken, subject: digest(lie) });
    expectRed(report, "plausible");
  });

  it("is of any product where its issuer wrote none", async () => {
    const world = await cashewWorld();
    claim(world, bags.lot);
    expect((await judgeWorld(world, bags.lot)).outcome).to.equal("holds");
  });

  for (const [products, code] of [
    ["09520001000011", "BAD_OPERATION"],
    [[], "BAD_OPERATION"],
    [Array.from({ length: 101 }, () => "09520001000011"), "BAD_OPERATION"],
    [["9520001000011"], "BAD_IDENTIFIER"],
    [["09520001000012"], "BAD_IDENTIFIER"],
    [[9520001000011], "BAD_IDENTIFIER"],
  ] as const)
    it(`is not ${JSON.stringify(products).slice(0, 40)}`, () => {
      const said = () => requireProductList({ document: { products } });
      expect(said).to.throw().with.property("code", code);
    });
});
