import type { Hex } from "../../gateway/core/bytes.ts";
import { SCHEMES } from "../../gateway/core/operations.ts";
import { areaBytes, idOf } from "../../gateway/core/recording.ts";
import { AREA, PEOPLE, type Who } from "./cast.ts";
import { START } from "./time.ts";

/** What an issuer grants to whom, in grams. */
export type Granted = {
  readonly scheme: keyof typeof SCHEMES;
  readonly uri: string;
  readonly number: string;
  readonly holder: Who;
  readonly quota: number;
  readonly products: readonly string[]; // GTINs
};

/** The statement of a grant. Certificates run for the year; a growing-area code and the GI belong to one area. */
export const grantOf = (grant: Granted, who: Who, signer: { key: Hex; number: number }) => {
  const { scheme, uri, number, holder, quota, products } = grant;
  const document = {
    type: "Certificate",
    uri,
    number,
    scheme,
    area: AREA,
    products,
    holder: PEOPLE[holder].uri,
    issuer: PEOPLE[who].uri,
  };
  return {
    document,
    statement: {
      party: idOf(PEOPLE[who].uri),
      ...signer,
      certificate: idOf(uri),
      scheme: SCHEMES[scheme],
      holder: idOf(PEOPLE[holder].uri),
      area: areaBytes(AREA),
      quota,
      from: START,
      until: START + 2 * 365 * 86_400,
    },
  };
};
