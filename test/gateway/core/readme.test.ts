import { readFileSync } from "node:fs";

import { expect } from "chai";

import { selectorOf, signatureOf } from "../../../gateway/core/abi.ts";
import { fromHex, toHex, utf8ToBytes, type Hex } from "../../../gateway/core/bytes.ts";
import { canonicalize, contentHash, parseJson } from "../../../gateway/core/canonical.ts";
import { parsePack, packLeaf, verifyPack } from "../../../gateway/core/envelope.ts";
import { digestOf, type Deployment, type Operation } from "../../../gateway/core/operations.ts";
import { requireAgreement } from "../../../gateway/core/agreement.ts";
import { parseSignedStatement, requireBound } from "../../../gateway/core/statement.ts";
import { headOf } from "../../../gateway/core/verify/histories.ts";
import { ANSWERS, VIEWS } from "../../../gateway/core/views.ts";
import { requireSignature } from "../../../gateway/core/verify/signatures.ts";

type Harvest = {
  readonly publicKey: Hex;
  readonly deployment: Deployment;
  readonly statement: Operation;
  readonly document: Readonly<Record<string, unknown>>;
  readonly documentJcs: string;
  readonly digest: Hex;
  readonly signature: string;
  readonly blockTime: number;
  readonly lot: Hex;
  readonly head: Hex;
};
type Packs = Record<"cose" | "coseLeaf" | "jws" | "jwsLeaf", Hex> & { readonly records: unknown };

const readme = readFileSync(new URL("../../../gateway/core/README.md", import.meta.url), "utf8");
const [harvest, packs] = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = ""]) =>
  parseJson(json),
) as [Harvest, Packs];

describe("What is read of the chain", () => {
  for (const [name, { contract, inputs, output }] of Object.entries(VIEWS))
    it(`is named in the table as it is called and answered: ${name}`, () => {
      const selector = selectorOf(signatureOf(ANSWERS, name, inputs));
      const called = inputs.map(([member, type]) =>
        type.endsWith("[]") ? type : `${type} ${member}`,
      );
      const row = `| ${contract} | \`${name}(${called.join(",")})\` \`${selector}\` | `;
      const [, answer = ""] = readme.replaceAll(", ", ",").split(row);
      const struct = ANSWERS[output.replaceAll("[]", "") as keyof typeof ANSWERS] ?? [];
      const members = struct.map(([member, type]) => `${type} ${member}`);
      const wanted = members.length === 0 ? output : `(${members.join(",")})`;
      expect(answer.slice(0, answer.indexOf("\n"))).to.include(`\`${wanted}`);
    });
});

describe("The worked examples of the formats", () => {
  it("hash the document to the content that was signed", () => {
    expect(canonicalize(harvest.document)).to.equal(harvest.documentJcs);
    expect(toHex(contentHash(harvest.document))).to.equal(harvest.statement.content);
    requireAgreement(harvest.statement, harvest.document);
  });

  it("are signed over the digest that is given", async () => {
    const { statement, publicKey, signature, document, deployment } = harvest;
    expect(digestOf(deployment, "Operation", statement)).to.equal(harvest.digest);
    const signed = parseSignedStatement({
      name: "Operation",
      statement,
      publicKey,
      signature,
      document,
    });
    requireBound(signed);
    await requireSignature(deployment, signed);
  });

  it("lead to the head that is given", () => {
    const { lot, digest, blockTime, head } = harvest;
    expect(headOf(lot, [{ digest, time: blockTime }])).to.equal(head);
  });

  for (const form of ["cose", "jws"] as const)
    it(`hold the three readings in a pack as ${form}`, async () => {
      const bytes = form === "cose" ? fromHex(packs.cose) : utf8ToBytes(packs.jws);
      const pack = parsePack(bytes);
      await verifyPack(pack, fromHex(harvest.publicKey));
      expect(pack).to.deep.include({ form, epoch: 0, seq: 7, records: packs.records });
      expect(toHex(packLeaf(bytes))).to.equal(packs[`${form}Leaf`]);
    });
});
