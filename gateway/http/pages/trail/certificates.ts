import { areaName } from "../../../core/areas.ts";
import { languageOfText } from "../../../core/free-text.ts";
import type { Scheme } from "../../../core/operations.ts";
import type { Words } from "../../../core/recording.ts";
import type { CertificateView, TrailView } from "../../../core/trail-view.ts";
import { icon } from "../icons.ts";
import { markup, type Markup } from "../markup.ts";
import type { Context } from "./context.ts";
import { folded, marksOf } from "./folded.ts";
import { isLapsed } from "./status.ts";

export const SCHEME_WORDS: Readonly<Record<Scheme, Words>> = {
  growingArea: { vi: "Mã số vùng trồng", en: "Growing-area code" },
  gi: { vi: "Quyền dùng chỉ dẫn địa lý", en: "Right to the geographical indication" },
  organic: { vi: "Chứng nhận hữu cơ", en: "Organic certificate" },
  packing: { vi: "Mã số cơ sở đóng gói", en: "Packing-house code" },
};

const WORDS = {
  title: { vi: "Chứng nhận", en: "Certificates" },
  none: {
    vi: "Lô này không mang chứng nhận nào.",
    en: "This lot carries no certificate.",
  },
  other: { vi: "Chứng nhận", en: "Certificate" },
  number: { vi: "Số {number}", en: "No. {number}" },
  issued: { vi: "{issuer} cấp cho {holder}", en: "Issued by {issuer} to {holder}" },
  period: { vi: "Từ {from} đến {until}", en: "From {from} to {until}" },
  valid: { vi: "Còn hiệu lực", en: "Valid" },
  ended: { vi: "Đã hết hạn", en: "Expired" },
  third: { vi: "Bên thứ ba xác nhận", en: "Confirmed by a third party" },
  used: { vi: "Còn hiệu lực khi dùng, nay đã hết hạn", en: "Valid when used, since ended" },
  revoked: { vi: "Bị thu hồi ngày {day}", en: "Revoked on {day}" },
  covers: { vi: "Chỉ áp dụng cho {share} khối lượng lô này", en: "Covers {share} of this lot" },
  area: { vi: "Vùng: {area}", en: "Area: {area}" },
  only: { vi: "Chỉ cho: {products}", en: "Only for: {products}" },
  others: { vi: "{count} sản phẩm khác", en: "{count} more" },
  all: { vi: "Xem thêm {count} chứng nhận", en: "See {count} more certificates" },
} as const;

/** So many certificates are shown at once: a lot of many farms has one code for each plot. */
const SHOWN = 5;

/** A claim that does not cover all of the lot is no claim on the lot. */
const isPartial = ({ share }: CertificateView): boolean => share !== undefined && share < 1;

export function certificatesCard(
  view: TrailView,
  now: number,
  context: Context,
  whole = false,
): Markup {
  const { say } = context;
  // What a shopper looks for comes first: claims on the goods, and whatever is no longer valid.
  const rank = (each: CertificateView): number =>
    isLapsed(each, now) ? 0 : each.scheme === "growingArea" ? 3 : isPartial(each) ? 2 : 1;
  const all = view.certificates.toSorted((a, b) => rank(a) - rank(b));
  const names = productNames(view, context);
  const papers = all.map((each) => paper(each, now, { names, context }));
  const shown = whole ? papers.length : SHOWN;
  const rest = papers.slice(shown);
  return markup`<section class="card"><h2>${say(WORDS.title)}</h2>
${papers.length === 0 && markup`<p>${say(WORDS.none)}</p>`}${papers.slice(0, shown)}
${rest.length > 0 && folded(WORDS.all, rest, { view, context }, (items) => markup`${items}`)}</section>`;
}

/** What the lots of this trail are called, by GTIN. */
const productNames = ({ steps }: TrailView, { productOf }: Context): ReadonlyMap<string, string> =>
  new Map(
    steps
      .flatMap(({ outputs }) => outputs)
      .flatMap((lot) =>
        (lot.uri?.match(/\/01\/(\d{14})\//) ?? [])
          .slice(1)
          .map((gtin) => [gtin, productOf(lot)] as const),
      ),
  );

type Told = { readonly names: ReadonlyMap<string, string>; readonly context: Context };

function paper(certificate: CertificateView, now: number, { names, context }: Told): Markup {
  const { say, format, nameOf, language } = context;
  const { scheme, number, issuer, holder, from, until, area, products, reason, digest, share } =
    certificate;
  const lapsed = isLapsed(certificate, now);
  const partial = isPartial(certificate);
  return markup`<article class="paper${lapsed ? " bad" : partial && " part"}" data-records="${marksOf([digest, certificate.id])}">${icon("seal")}<div>
<h3>${say(scheme === undefined ? WORDS.other : SCHEME_WORDS[scheme])}</h3>
${number !== undefined && markup`<p>${say(WORDS.number, { number })}</p>`}
<p class="small">${issuer.id !== holder.id && markup`<b>${say(WORDS.third)}</b>: `}${say(WORDS.issued, { issuer: nameOf(issuer), holder: nameOf(holder) })}</p>
${products.length > 0 && markup`<p class="small">${say(WORDS.only, { products: listOf(products, names, context) })}</p>`}
${area !== undefined && markup`<p class="small">${say(WORDS.area, { area: areaName(area)[language] })}</p>`}
<p class="small">${say(WORDS.period, { from: format.day(from), until: format.day(until) })}</p>
${partial && markup`<p class="covers">${say(WORDS.covers, { share: format.atLeast(share ?? 0) })}</p>`}
${(lapsed || !partial) && markup`<p class="chip">${icon(lapsed ? "cross" : "check")}${stateOf(certificate, now, context)}</p>`}
${reason !== undefined && markup`<p class="small" lang="${languageOfText(reason)}">${reason}</p>`}</div></article>`;
}

/** The products that this trail has by their names, and how many more. */
function listOf(gtins: readonly string[], names: Told["names"], { say }: Context): string {
  const known = gtins.flatMap((gtin) => names.get(gtin) ?? []);
  const count = gtins.length - known.length;
  return [...known, ...(count > 0 ? [say(WORDS.others, { count })] : [])].join(", ");
}

function stateOf({ revoked, until, scheme }: CertificateView, now: number, context: Context) {
  const { say, format } = context;
  if (revoked !== undefined) return say(WORDS.revoked, { day: format.day(revoked) });
  if (until > now) return say(WORDS.valid);
  return say(scheme === "growingArea" ? WORDS.used : WORDS.ended);
}
