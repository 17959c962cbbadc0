import { areaName } from "../../../gateway/core/areas.ts";
import { SCHEMES, type Role, type Scheme } from "../../../gateway/core/operations.ts";
import { areaBytes, idOf, NO_AREA, type Words } from "../../../gateway/core/recording.ts";
import type { Plan } from "./entry.ts";

const NAMES: Readonly<Record<Scheme, Words>> = {
  growingArea: { vi: "Mã số vùng trồng", en: "Growing-area code" },
  gi: { vi: "Chỉ dẫn địa lý", en: "Geographical indication" },
  organic: { vi: "Chứng nhận hữu cơ", en: "Organic certificate" },
  packing: { vi: "Mã số cơ sở đóng gói", en: "Packing code" },
};
const UNKNOWN: Words = { vi: "Chứng nhận", en: "Certificate" };

export const SCHEME_LIST = Object.keys(NAMES) as readonly Scheme[];

/** What people call a scheme. */
export const schemeName = (scheme: Scheme | null): Words =>
  scheme === null ? UNKNOWN : NAMES[scheme];

/** Who can do something with a certificate of each scheme. */
export const HOLDERS: Readonly<Record<Scheme, readonly Role[]>> = {
  growingArea: ["farmer", "cooperative"],
  gi: ["processor", "exporter", "cooperative"],
  organic: ["farmer", "processor", "exporter", "cooperative"],
  packing: ["processor", "exporter"],
};

/** A country or a province of Viet Nam that has a name, or what can be a region of another country. */
export function isArea(code: string): boolean {
  const [, country = "", region] = /^([A-Z]{2})(-[A-Z0-9]{1,3})?$/.exec(code) ?? [];
  const known = region === undefined || country === "VN" ? code : country;
  return areaName(known).en !== known;
}

/** What an issuer enters: parties as URIs, grams, seconds; an empty area is any area. */
export type Granted = {
  readonly scheme: Scheme;
  readonly number: string;
  readonly holder: string;
  readonly issuer: string;
  readonly area: string;
  readonly products: readonly string[] | undefined; // GTINs
  readonly quota: number;
  readonly from: number;
  readonly until: number;
};

/** A certificate to sign. It is named under the host where it was issued, by its number. */
export function grantPlan(granted: Granted): Plan {
  const { scheme, holder, issuer, quota, from, until } = granted;
  const [number, area] = [granted.number.trim().normalize("NFC"), granted.area.trim()];
  const uri = `https://${location.host}/certificates/${encodeURIComponent(number)}`;
  const where = area === "" ? {} : { area };
  const what = granted.products === undefined ? {} : { products: granted.products };
  return {
    name: "Grant",
    document: { type: "Certificate", uri, number, scheme, ...where, ...what, holder, issuer },
    body: {
      certificate: idOf(uri),
      scheme: SCHEMES[scheme],
      holder: idOf(holder),
      area: area === "" ? NO_AREA : areaBytes(area),
      quota,
      from,
      until,
    },
  };
}
