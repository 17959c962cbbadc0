import { expect } from "chai";

import { heardDate, nowSeconds } from "../../../web/src/app/clock.ts";
import { wasFor } from "../../../web/src/app/handed-out.ts";
import { formatDay, formatTime } from "../../../web/src/app/language.ts";

describe("A time that somebody else wrote", () => {
  for (const time of [9e15 * 1000, -9e15 * 1000, Infinity, NaN])
    it(`is shown and breaks no page: ${time}`, () => {
      for (const language of ["vi", "en"] as const) {
        expect(formatDay(time, language)).to.match(/\d/);
        expect(formatTime(time, language)).to.match(/\d/);
      }
    });
});

describe("A gateway's clock", () => {
  const hoursBack = () => (Date.now() / 1000 - nowSeconds()) / 3_600;
  const says = (hours: number): void =>
    heardDate(new Date(Date.now() - hours * 3_600_000).toUTCString());
  afterEach(() => heardDate(new Date(Date.now()).toUTCString()));

  it("holds back a phone that runs ahead of it", () => {
    says(3);
    expect(hoursBack()).to.be.within(2.99, 3.01);
  });

  it("dates nothing years back where it is lost", () => {
    says(7 * 365 * 24);
    expect(hoursBack()).to.be.within(23.9, 24.1);
  });

  it("moves nothing forward", () => {
    says(-3);
    expect(hoursBack()).to.be.below(0.01);
  });
});

describe("A code that this device handed out", () => {
  const subject = { uri: "https://plotline.example/parties/a", name: { vi: "Hộ A", en: "Farm A" } };
  const codes = [{ subject, roles: ["farmer"] as const }];

  it("is for the party, the name and the role that it was made for", () => {
    expect(wasFor(codes, { subject, roles: ["farmer"] })).to.equal(true);
  });

  for (const [what, asked] of [
    ["another party of that name", { subject: { ...subject, uri: `${subject.uri}b` } }],
    ["that party by another name", { subject: { ...subject, name: { vi: "Hộ B", en: "B" } } }],
    ["another role", { roles: ["farmer", "cooperative"] as const }],
  ] as const)
    it(`is not for ${what}`, () => {
      expect(wasFor(codes, { subject, roles: ["farmer"], ...asked })).to.equal(false);
    });
});
