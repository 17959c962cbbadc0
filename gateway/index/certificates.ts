import { areaText, NO_AREA } from "../core/recording.ts";
import type { Hex } from "../core/bytes.ts";
import { SCHEMES, type Scheme } from "../core/operations.ts";
import type { Sql } from "../store/schema.ts";
import { confirmedAbout } from "../store/views.ts";
import type { ChainView } from "./chain-view.ts";

/** A certificate as lists show it; grams and seconds. `revoked` is 0 while it stands. */
export type CertificateEntry = {
  readonly certificate: Hex;
  readonly uri: string | null;
  readonly number: string | null;
  readonly scheme: Scheme | null;
  readonly area: string | null;
  readonly products: readonly string[] | null; // GTINs; null: any
  readonly issuer: Hex;
  readonly holder: Hex;
  readonly holderUri: string | null;
  readonly quota: number;
  readonly spent: number;
  readonly from: number;
  readonly until: number;
  readonly revoked: number;
};

const SCHEME_NAMES = new Map(
  Object.entries(SCHEMES).map(([name, number]) => [number as number, name as Scheme]),
);

/** The certificates that `party` holds or has issued, newest first. */
export async function certificatesOfParty(
  sql: Sql,
  chain: ChainView,
  party: Hex,
): Promise<readonly CertificateEntry[]> {
  const statements = await confirmedAbout(sql, [party], ["party", "holder"]);
  const grants = statements.flatMap(({ signed }) => (signed.name === "Grant" ? [signed] : []));
  const states = await chain.certificates(grants.map(({ statement }) => statement.certificate));
  return grants
    .flatMap(({ statement, document }, i) => {
      const state = states[i];
      if (state === undefined || state.until === 0) return [];
      const { issuer, holder, quota, spent, from, until, revoked } = state;
      return {
        certificate: statement.certificate,
        uri: textOr(document?.["uri"]),
        number: textOr(document?.["number"]),
        scheme: SCHEME_NAMES.get(state.scheme) ?? null,
        area: state.area === NO_AREA ? null : areaText(state.area),
        products: textsOr(document?.["products"]),
        issuer,
        holder,
        holderUri: textOr(document?.["holder"]),
        quota,
        spent,
        from,
        until,
        revoked,
      };
    })
    .toReversed();
}

const textsOr = (value: unknown): readonly string[] | null =>
  Array.isArray(value) ? value.map(String) : null;
const textOr = (value: unknown): string | null => (typeof value === "string" ? value : null);
