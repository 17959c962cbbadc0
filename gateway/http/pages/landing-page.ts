import type { Words } from "../../core/recording.ts";
import { FIND_STYLE, findForm } from "./find-form.ts";
import { icon, type Icon } from "./icons.ts";
import type { Language } from "./language.ts";
import { sayIn } from "./language.ts";
import type { Page } from "./layout.ts";
import { markup } from "./markup.ts";

const WORDS = {
  title: { vi: "Plotline: từ thửa đất đến bao bì", en: "Plotline: from the plot to the bag" },
  head: {
    vi: "Mỗi lô nông sản, một hồ sơ ai cũng kiểm tra được",
    en: "Every lot of produce, with records that anyone can check",
  },
  lead: {
    vi: "Nông hộ, cơ sở chế biến và tổ chức chứng nhận tự ký từng bước. Không ai, kể cả chúng tôi, có thể giấu, thổi phồng hay mượn một nguồn gốc mà bạn không nhìn thấy.",
    en: "Farmers, processors and certifiers sign every step themselves. Nobody, not even we, can hide, inflate or borrow an origin without you seeing it.",
  },
  find: { vi: "Xem một lô hàng", en: "Look up a lot" },
  scan: {
    vi: "Quét mã QR trên bao bì, hoặc nhập hai dòng in bên cạnh mã.",
    en: "Scan the QR code on the bag, or enter the two lines printed beside it.",
  },
  work: { vi: "Bạn là người ghi hồ sơ?", en: "Do you keep the records?" },
  how: { vi: "Năm câu hỏi, trả lời riêng từng câu", en: "Five questions, each answered by itself" },
  howText: {
    vi: "Ai đã ký, đã ghi lên chuỗi khối chưa, có gì bị giấu không, còn hiệu lực không, khối lượng có khớp không. Trình duyệt của bạn tự đọc chuỗi khối và tự trả lời.",
    en: "Who signed, is it on the chain, was anything withheld, is it still valid, do the masses add up. Your own browser reads the chain and answers.",
  },
  not: {
    vi: "Hồ sơ khớp không có nghĩa là mọi việc đều đã được ghi, hay gói hàng trên tay bạn là gói hàng trong hồ sơ: mã in có thể bị sao chép.",
    en: "Matching records do not prove that everything was recorded, nor that the bag in your hand is the bag of the records: a printed code can be copied.",
  },
} as const;

const PEOPLE: readonly (readonly [string, Icon, Words, Words])[] = [
  [
    "farmer",
    "sprout",
    { vi: "Nông hộ", en: "Farmer" },
    { vi: "Ghi một lô thu hoạch", en: "Register a harvest lot" },
  ],
  [
    "processor",
    "gears",
    { vi: "Cơ sở chế biến", en: "Processor" },
    { vi: "Nhận hàng, chế biến, cân đối", en: "Take over, process, balance" },
  ],
  [
    "certifier",
    "seal",
    { vi: "Tổ chức chứng nhận", en: "Certifier" },
    { vi: "Cấp và thu hồi chứng nhận", en: "Issue and revoke certificates" },
  ],
  [
    "exporter",
    "ship",
    { vi: "Nhà xuất khẩu", en: "Exporter" },
    { vi: "Hồ sơ cho người mua, hải quan", en: "A dossier for buyer and customs" },
  ],
  [
    "cooperative",
    "people",
    { vi: "Hợp tác xã", en: "Cooperative" },
    { vi: "Ghi danh người và thiết bị", en: "Enrol people and devices" },
  ],
  [
    "province",
    "gauge",
    { vi: "Trung tâm điều hành tỉnh", en: "Provincial centre" },
    { vi: "Nhìn toàn cảnh trong năm giây", en: "The whole picture in five seconds" },
  ],
];

const STYLE = `
.hero{padding:1.2rem 0 1.4rem}.hero h1{font-size:2.1rem;max-width:24ch}
.hero p{margin-top:.8rem;max-width:60ch;font-size:1.125rem}
.ways{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:.8rem}
.ways a{display:flex;gap:.8rem;height:100%;align-items:flex-start;padding:1rem;border:1px solid var(--line);border-radius:1rem;background:var(--paper);text-decoration:none;color:var(--ink)}
.ways a:hover{border-color:var(--leaf)}.ways .icon{color:var(--leaf);width:1.9rem;height:1.9rem}`;

/** The way in for each person. */
export function landingPage(language: Language): Page {
  const say = sayIn(language);
  const ways = PEOPLE.map(
    ([name, drawing, who, what]) =>
      markup`<li><a href="/app/${name}?lang=${language}">${icon(drawing)}<span><b>${say(who)}</b><br><small>${say(what)}</small></span></a></li>`,
  );
  return {
    language,
    path: "/",
    title: say(WORDS.title),
    description: say(WORDS.lead),
    style: STYLE + FIND_STYLE,
    body: markup`<div class="hero"><h1>${say(WORDS.head)}</h1><p>${say(WORDS.lead)}</p></div>
<section class="card"><h2>${say(WORDS.find)}</h2><p>${say(WORDS.scan)}</p>${findForm(language)}</section>
<section class="card"><h2>${say(WORDS.work)}</h2><ul class="ways">${ways}</ul></section>
<section class="card"><h2>${say(WORDS.how)}</h2><p>${say(WORDS.howText)}</p><p class="small">${say(WORDS.not)}</p></section>`,
  };
}
