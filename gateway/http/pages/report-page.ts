import { lotPath } from "../../core/identifiers.ts";
import type { TrailView } from "../../core/trail-view.ts";
import { icon } from "./icons.ts";
import type { Language } from "./language.ts";
import type { Page } from "./layout.ts";
import { markup } from "./markup.ts";
import { contextIn } from "./trail/context.ts";
import { TRAIL_STYLE } from "./trail-style.ts";

const WORDS = {
  title: { vi: "Báo một vấn đề", en: "Report a problem" },
  about: { vi: "{product}, lô {lot}", en: "{product}, lot {lot}" },
  now: {
    vi: "Nếu thấy hàng có vấn đề: đừng ăn, giữ lại bao bì và chụp ảnh mã QR cùng số lô.",
    en: "If something is wrong with the goods: do not eat them, keep the bag, and photograph the code and the lot number.",
  },
  unsent: {
    vi: "Trang này không gửi đi và không lưu lại báo cáo nào. Bạn hãy tự gọi, nhắn hoặc đến tận nơi, kèm địa chỉ của trang này.",
    en: "This page sends nothing and stores nothing. Call, write or go there yourself, and give them the address of this page.",
  },
  maker: { vi: "Đã làm ra lô này", en: "Made this lot" },
  recaller: { vi: "Đã thu hồi lô này", en: "Recalled this lot" },
  issuer: {
    vi: "Đã cấp chứng nhận, độc lập với bên làm ra",
    en: "Issued its certificates; independent of who made it",
  },
  whom: { vi: "Báo cho ai", en: "Whom to tell" },
  seller: { vi: "Nơi bạn đã mua", en: "Where you bought it" },
  operator: { vi: "Người vận hành trang này", en: "Whoever runs this site" },
  write: { vi: "Viết cho họ", en: "Write to them" },
  copied: {
    vi: "Số lô trên trang khác với số in trên bao bì? Mã có thể đã bị sao chép. Hãy báo cả hai số.",
    en: "Does the lot number here differ from the print on the bag? The code may have been copied. Report both numbers.",
  },
  back: { vi: "Về trang của lô", en: "Back to the lot" },
} as const;

/** Whom a shopper can tell, without an account: those who made the lot, the seller, and whoever runs this gateway. */
export function reportPage(view: TrailView, language: Language, contact: string | undefined): Page {
  const { say, nameOf } = contextIn(language);
  const path = lotPath(view.gtin, view.number);
  const product = view.product?.[language] ?? view.gtin;
  const about = say(WORDS.about, { product, lot: view.number });
  const makers = view.parties.filter(
    ({ did }) => did.includes("process") || did.includes("recall"),
  );
  const known = new Set(makers.map(({ party }) => party.id));
  const issuers = new Map(view.certificates.map(({ issuer }) => [issuer.id, issuer]));
  const people = [
    ...makers.map(
      ({ party, did }) => [party, did.includes("recall") ? WORDS.recaller : WORDS.maker] as const,
    ),
    ...[...issuers.values()]
      .filter(({ id }) => !known.has(id))
      .map((party) => [party, WORDS.issuer] as const),
  ];
  const subject = contact?.startsWith("mailto:") ? `?subject=${encodeURIComponent(about)}` : "";
  const write = contact !== undefined && contact + subject;
  return {
    language,
    path: `/report${path}`,
    title: say(WORDS.title),
    style: TRAIL_STYLE,
    body: markup`<section class="card"><h1>${say(WORDS.title)}</h1><p class="over">${about}</p>
<p>${say(WORDS.now)}</p><p>${say(WORDS.copied)}</p></section>
<section class="card"><h2>${say(WORDS.whom)}</h2><p>${say(WORDS.unsent)}</p><ul class="people"><li>${icon("box")}<div><h3>${say(WORDS.seller)}</h3></div></li>
${people.map(([party, why]) => markup`<li>${icon("people")}<div><h3>${nameOf(party)}</h3><p class="small">${say(why)}</p>${party.address !== undefined && markup`<p class="small">${party.address}</p>`}</div></li>`)}
${write && markup`<li>${icon("note")}<div><h3>${say(WORDS.operator)}</h3><p><a href="${write}">${say(WORDS.write)}</a></p></div></li>`}</ul>
<p class="buttons"><a class="button" href="${path}?lang=${language}">${say(WORDS.back)}</a></p></section>`,
  };
}
