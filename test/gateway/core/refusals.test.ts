import { expect } from "chai";
import { Interface } from "ethers";

import {
  CERTIFICATES_ABI,
  CHECKPOINTS_ABI,
  LOTS_ABI,
  PARTIES_ABI,
} from "../../../gateway/chain/contracts.ts";
import { reasonWords } from "../../../gateway/core/reasons.ts";
import { decodeRefusal, parseRefusal, REFUSALS } from "../../../gateway/core/refusals.ts";
import { refusalError, refusalIn, type Refusal } from "../../../gateway/core/refusals.ts";
import { TraceError } from "../../../gateway/core/trace-error.ts";

const OURS = /^(?:Parties|Lots|Certificates|Checkpoints)/;
const built = new Interface(
  [...PARTIES_ABI, ...LOTS_ABI, ...CERTIFICATES_ABI, ...CHECKPOINTS_ABI].filter(
    ({ type, name }: { type: string; name?: string }) => type === "error" && OURS.test(name ?? ""),
  ),
);
const LOT = `0x${"ab".repeat(32)}`;

/** A value of a Solidity type, and how it reads as an argument. */
const sample = (type: string): string =>
  type === "bytes32" ? LOT : type === "address" ? `0x${"cd".repeat(20)}` : "7";

describe("the contracts' refusals", () => {
  it("are all known, and no others", () => {
    const names = new Set<string>();
    built.forEachError(({ name }) => names.add(name));
    expect(Object.keys(REFUSALS).toSorted()).to.deep.equal([...names].toSorted());
  });

  for (const name of Object.keys(REFUSALS))
    it(`reads ${name} as ethers writes it, and says it in both languages`, () => {
      const { inputs } = built.getError(name) ?? expect.fail(name);
      const values = inputs.map(({ type }) => sample(type));
      const refusal = decodeRefusal(built.encodeErrorResult(name, values));
      const args = Object.fromEntries(inputs.map((input, i) => [input.name, values[i]]));
      expect(refusal).to.deep.equal({ name, args });
      const { vi, en } = reasonWords(refusal);
      for (const sentence of [vi, en]) {
        expect(sentence).to.match(/^\S.*\.$/);
        expect(sentence).not.to.match(/undefined|NaN|\?|  |Invalid/);
        expect(sentence.normalize("NFC")).to.equal(sentence);
      }
      expect(vi).not.to.equal(en);
    });

  it("fills in kilograms, names and times as people write them", () => {
    const args = { lot: LOT, mass: "1234500", left: "500" };
    expect(reasonWords({ name: "LotsWrongMass", args }, () => "A1")).to.deep.equal({
      vi: "Lô A1 còn 0,5 kg, không phải 1.234,5 kg.",
      en: "Lot A1 has 0.5 kg left, not 1,234.5 kg.",
    });
    const valid = { certificate: LOT, from: "1735664400", until: "1767200399", time: "1" };
    expect(reasonWords({ name: "CertificatesNotValid", args: valid })).to.deep.equal({
      vi: "Chứng nhận 0xababab…abab chỉ có hiệu lực từ 00:00 01/01/2025 đến 23:59 31/12/2025.",
      en: "Certificate 0xababab…abab is valid only from 01/01/2025, 00:00 to 31/12/2025, 23:59.",
    });
    const open = { ...valid, until: "18446744073709551615" };
    expect(reasonWords({ name: "CertificatesNotValid", args: open }).en).to.match(/00:00 on\.$/);
  });

  it("takes whatever it cannot understand for a refusal without a reason", () => {
    const damaged = built.encodeErrorResult("LotsExists", [LOT]).slice(0, -2);
    for (const data of [undefined, null, 5, "", "0x", "0x12345678", "0x08c379a0", damaged]) {
      const refusal = decodeRefusal(data);
      expect(refusal.name).to.equal("Unknown");
      expect(reasonWords(refusal).en).to.match(/without a reason/);
    }
  });

  it("travel in errors and in JSON", () => {
    const refusal: Refusal = { name: "LotsRecalled", args: { lot: LOT } };
    const error = refusalError(refusal);
    expect(error.code).to.equal("NOT_CURRENT");
    expect(refusalIn(error)).to.deep.equal(refusal);
    expect(parseRefusal(JSON.stringify(refusal))).to.deep.equal(refusal);
    expect(refusalIn(new TraceError("NOT_CURRENT", "said by the gateway"))).to.equal(undefined);
    for (const other of ["", "LotsRecalled", "null", '{"name":"toString","args":{}}', "{}"])
      expect(parseRefusal(other), other).to.equal(undefined);
  });
});
