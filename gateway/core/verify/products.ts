import type { Hex } from "../bytes.ts";
import { requireCheckDigit } from "../check-digit.ts";
import type { Portion } from "../operations.ts";
import { idOf } from "../recording.ts";
import type { SignedStatement } from "../statement.ts";
import { TraceError } from "../trace-error.ts";
import type { SignedDigest } from "./histories.ts";
import { failure, type Check } from "./report.ts";
import { recordName } from "./standing.ts";

const LOT_URI = /https:\/\/id\.gs1\.org\/01\/(\d{14})\/10\/[\w.-]+/g;

/** The first GTIN of lots, or of what they were made of, that a certificate is not for. */
type Unlisted = (certificate: Hex, lots: readonly Pick<Portion, "lot">[]) => string | undefined;

/**
 * Every certificate is used for what its issuer listed (`products` of its document: GTINs): the goods that it is drawn for, and all
 * that they were made of. One without a list is for any. Gives what fails, and how to ask for more. Statements come in the order of the chain.
 */
export function judgeProducts(
  digested: readonly SignedDigest[],
): readonly [misused: readonly Check[], unlisted: Unlisted] {
  const listed = new Map<Hex, readonly unknown[]>();
  for (const { recorded } of digested) {
    const products = recorded.document?.["products"];
    if (recorded.name === "Grant" && Array.isArray(products))
      listed.set(recorded.statement.certificate, products);
  }
  const gtins = new Map<Hex, string | undefined>();
  const within = new Map<Hex, ReadonlySet<string>>(); // the products of a lot and of all that it was made of
  const goodsOf = (lots: readonly Pick<Portion, "lot">[]): readonly string[] =>
    lots.flatMap(({ lot }) => [...(within.get(lot) ?? [])]);
  const unlisted: Unlisted = (certificate, lots) =>
    goodsOf(lots).find((gtin) => listed.get(certificate)?.includes(gtin) === false);
  const misused = digested.flatMap((each) => {
    const { recorded } = each;
    if (recorded.name !== "Operation" || listed.size === 0) return [];
    const { inputs, outputs, certificate } = recorded.statement;
    // A URI that hashes to a lot's id is that lot's, wherever it stands.
    for (const [uri, gtin] of JSON.stringify(recorded.document).matchAll(LOT_URI))
      gtins.set(idOf(uri), gtin);
    for (const { lot } of outputs)
      within.set(lot, new Set([...goodsOf(inputs), gtins.get(lot) ?? ""]));
    const odd = unlisted(certificate, [...inputs, ...outputs]);
    return odd === undefined
      ? []
      : failure(
          { question: "plausible", record: recordName(each), subject: each.digest },
          "RULE_BROKEN",
          `its certificate is not for product ${odd}`,
        );
  });
  return [misused, unlisted];
}

/**
 * A grant's list of products, where it has one, is of GTINs of 14 digits. It is the issuer's to say, so a gateway asks for it when
 * the grant is signed, and no verdict does: what is not a list lists nothing. Throws BAD_OPERATION, BAD_IDENTIFIER.
 */
export function requireProductList({ document }: Pick<SignedStatement, "document">): void {
  const products = document?.["products"];
  if (products === undefined) return;
  if (!Array.isArray(products) || products.length === 0 || products.length > 100)
    throw new TraceError("BAD_OPERATION", `"products" is not a list of 1 to 100`);
  for (const gtin of products as readonly unknown[]) {
    if (typeof gtin !== "string" || gtin.length !== 14)
      throw new TraceError("BAD_IDENTIFIER", `"products" are not all GTINs of 14 digits`);
    requireCheckDigit(gtin);
  }
}
