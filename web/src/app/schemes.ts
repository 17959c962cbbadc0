import type { Scheme } from "../../../gateway/core/operations.ts";
import type { Words } from "../../../gateway/core/recording.ts";

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
