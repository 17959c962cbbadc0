import { expect } from "chai";
import { array, assert, constantFrom, integer, property, uint8Array } from "fast-check";

import { parseLotUri } from "../../../gateway/core/identifiers.ts";
import { balanceOf } from "../../../web/src/app/balance.ts";
import { codeOf, enrolmentCode, lotNumber } from "../../../web/src/app/lot-number.ts";
import { CROPS, MADE, newLot, PACKED } from "../../../web/src/app/products.ts";
import { linkTo, routeOf } from "../../../web/src/app/route.ts";

const KERNELS = { vi: "Nhân hạt điều", en: "Cashew kernels" };
const SHELLS = { vi: "Vỏ hạt điều", en: "Cashew shells" };

describe("the balance of a step", () => {
  it("says what goes in, what comes out and what is lost", () => {
    const { loss, words } = balanceOf(
      [600_000, 400_000],
      [
        { name: KERNELS, mass: 236_000 },
        { name: SHELLS, mass: 700_000 },
      ],
    );
    expect(loss).to.equal(64_000);
    expect(words.vi).to.equal(
      "Vào 1.000 kg, ra 236 kg nhân hạt điều, 700 kg vỏ hạt điều, hao hụt 64 kg (6,4 %)",
    );
    expect(words.en).to.equal(
      "In 1,000 kg, out 236 kg cashew kernels, 700 kg cashew shells, loss 64 kg (6.4 %)",
    );
  });

  it("says at once that more comes out than goes in", () => {
    const { loss, words } = balanceOf([100_000], [{ name: KERNELS, mass: 100_001 }]);
    expect(loss).to.equal(-1);
    expect(words.vi).to.contain("ra nhiều hơn vào 0,001 kg");
  });

  it("speaks of no loss before anything is said to come out", () => {
    const { words } = balanceOf([300_000], []);
    expect(words.vi).to.equal("Vào 300 kg, chưa nhập gì ra");
    expect(words.en).to.equal("In 300 kg, nothing out yet");
  });

  it("loses no gram", () => {
    const masses = array(integer({ min: 0, max: 1e10 }), { maxLength: 9 });
    assert(
      property(masses, masses, (inputs, outputs) => {
        const weighed = outputs.map((mass) => ({ name: KERNELS, mass }));
        const { input, output, loss } = balanceOf(inputs, weighed);
        expect(output + loss).to.equal(input);
      }),
    );
  });
});

describe("names that are made on the device", () => {
  it("gives a lot number of the day in Viet Nam", () => {
    const evening = Date.parse("2026-11-22T18:30:00Z"); // half past one the next morning there
    expect(lotNumber("D", evening, Uint8Array.of(0, 31, 32, 255, 10))).to.equal("D261123-0Z0ZA");
  });

  it("makes URIs that are a lot's one name, for every product", () => {
    assert(
      property(constantFrom(...CROPS, ...MADE, ...PACKED), (product) => {
        const { gtin, lot } = parseLotUri(newLot(product));
        expect(gtin).to.equal(product.gtin);
        expect(lot).to.match(/^[A-Z]\d{6}-[0-9A-Z]{5}$/);
      }),
    );
  });

  it("gives each product a GTIN and a letter of its own", () => {
    const products = [...CROPS, ...MADE, ...PACKED];
    for (const member of ["gtin", "letter"] as const)
      expect(new Set(products.map((product) => product[member])).size).to.equal(products.length);
  });

  it("writes codes without letters that are mixed up", () => {
    assert(
      property(uint8Array({ minLength: 12, maxLength: 12 }), (random) => {
        expect(enrolmentCode(random)).to.match(
          /^(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/,
        );
        expect(enrolmentCode(random).replaceAll("-", "")).to.equal(codeOf(random));
      }),
    );
  });
});

describe("a route of the app", () => {
  it("is read back from its link", () => {
    const { page, params } = routeOf(linkTo("give", { lot: "0xab", fix: undefined }));
    expect([page, [...params]]).to.deep.equal(["give", [["lot", "0xab"]]]);
  });

  it("is the start for an enrolment code and for an empty address", () => {
    expect(routeOf("#code=K7QF-2M9X-4TPD").page).to.equal("");
    expect(routeOf("").page).to.equal("");
  });
});
