import type { Log } from "../../../core/bundle.ts";
import { lotPath } from "../../../core/identifiers.ts";
import type { Deployment } from "../../../core/operations.ts";
import type { Words } from "../../../core/recording.ts";
import type { TrailView } from "../../../core/trail-view.ts";
import { VERDICT_WORDS } from "../../../core/verdict-words.ts";
import { QUESTIONS, type Question } from "../../../core/verify/report.ts";
import { icon } from "../icons.ts";
import { markup, type Markup } from "../markup.ts";
import type { Context } from "./context.ts";
import { lotWords } from "./goods.ts";
import { QUANTITIES } from "./sensors.ts";

/** What the reader's browser needs to judge for itself, and where the file for offline use lies. */
export interface ProofOptions {
  /** How readers reach us: scheme, host and port. */
  readonly origin: string;
  readonly rpcUrls: readonly string[];
  readonly deployment: Deployment;
  readonly log: Log;
}

export const QUESTION_WORDS: Readonly<Record<Question, { name: Words; asked: Words }>> = {
  authentic: {
    name: { vi: "Đúng người ký", en: "Authentic" },
    asked: {
      vi: "Mỗi bản ghi có chữ ký của người được phép ghi vào lúc đó không?",
      en: "Was every record signed by somebody who was allowed to, at that time?",
    },
  },
  anchored: {
    name: { vi: "Đã neo", en: "Anchored" },
    asked: {
      vi: "Mỗi bản ghi có nằm trên chuỗi khối, hay trong nhật ký đã neo lên đó không?",
      en: "Is every record on the chain, or in the log whose root is on the chain?",
    },
  },
  complete: {
    name: { vi: "Đầy đủ", en: "Complete" },
    asked: {
      vi: "Có bản ghi nào về lô này đã bị giấu đi không?",
      en: "Was anything that was recorded about this lot withheld?",
    },
  },
  current: {
    name: { vi: "Còn hiệu lực", en: "Current" },
    asked: {
      vi: "Lô này hay nguyên liệu của nó có bị thu hồi, chứng nhận có còn hiệu lực không?",
      en: "Is there a recall of this lot or of what it was made from, is each certificate valid?",
    },
  },
  plausible: {
    name: { vi: "Hợp lý", en: "Plausible" },
    asked: {
      vi: "Khối lượng, hạn mức của thửa đất và số đo có khớp nhau không?",
      en: "Do masses, the plots' quotas and the readings add up?",
    },
  },
};

const WORDS = {
  title: { vi: "Bằng chứng: bạn tự kiểm tra", en: "The proof: check it yourself" },
  intro: {
    vi: "Trình duyệt của bạn tải hồ sơ về, đọc thẳng chuỗi khối và tự trả lời năm câu hỏi này. Máy chủ của chúng tôi không trả lời thay.",
    en: "Your browser fetches the records, reads the chain itself and answers these five questions. Our server does not answer for it.",
  },
  pending: {
    vi: "Chưa kiểm tra: trình duyệt của bạn sẽ kiểm tra",
    en: "Not checked yet: your browser checks this",
  },
  noscript: {
    vi: "JavaScript đang tắt, nên trình duyệt của bạn không tự kiểm tra được. Bạn vẫn có thể kiểm tra bằng lệnh hoặc bằng tệp tải về ở dưới.",
    en: "JavaScript is off, so your browser cannot check. You can still check with the command, or with the file to download below.",
  },
  notTitle: { vi: "Trang này không chứng minh được", en: "What this page does not prove" },
  notAll: {
    vi: "rằng mọi việc xảy ra đều đã được ghi lại;",
    en: "that everything that happened was recorded;",
  },
  notYield: {
    vi: "rằng lượng làm ra là hợp lẽ với lượng đưa vào, ngoài việc không bao giờ nhiều hơn: hãy xem hao hụt ở từng bước;",
    en: "that what came out is what such goods yield, beyond never being more than went in: see the loss at each step;",
  },
  notBag: {
    vi: "rằng gói hàng trên tay bạn chính là gói hàng trong hồ sơ, vì mã in có thể bị sao chép;",
    en: "that the bag in your hand is the bag of these records: a printed code can be copied;",
  },
  notPage: {
    vi: "rằng chính trang này là thật, vì nó cũng đến từ máy chủ của chúng tôi. Muốn chắc hơn, hãy dùng lệnh hoặc tệp tự kiểm tra.",
    en: "that this page itself is honest: it comes from our server too. To be surer, use the command or the file that checks itself.",
  },
  notFile: {
    vi: "rằng tệp này không bị tráo trước khi đến tay bạn: hãy lấy tệp từ người bạn tin, hoặc dùng lệnh.",
    en: "that this file was not swapped before it reached you: take it from somebody you trust, or use the command.",
  },
  command: {
    vi: "Kiểm tra bằng lệnh, từ mã nguồn mở của chúng tôi:",
    en: "Check with a command, from our open source:",
  },
  pin: {
    vi: "Muốn không phải tin máy chủ này, hãy thay địa chỉ sau --deployment bằng tệp deployment.json mà bạn nhận từ nơi bạn tin, chẳng hạn cơ quan quản lý.",
    en: "So as not to trust this server, put a deployment.json in place of the address after --deployment, from somebody whom you trust, such as the authority.",
  },
  file: { vi: "Tải tệp tự kiểm tra", en: "Save a file that checks itself" },
  bundle: { vi: "Tải dữ liệu hồ sơ (JSON)", en: "Download the records (JSON)" },
  dossier: { vi: "Bản in cho người mua, hải quan", en: "Printable dossier" },
  report: { vi: "Báo một vấn đề", en: "Report a problem" },
  technical: { vi: "Chi tiết kỹ thuật", en: "Technical details" },
  chain: { vi: "Chuỗi khối số", en: "Chain" },
  contract: { vi: "Hợp đồng {name}", en: "Contract {name}" },
} as const;

/** The five questions, open until the reader's browser has answered them: web/src/verify/page.ts fills this in. */
export function proofCard(view: TrailView, options: ProofOptions, context: Context): Markup {
  const { say, language } = context;
  const path = lotPath(view.gtin, view.number);
  const { origin, rpcUrls, deployment, log } = options;
  return markup`<section class="card proof" id="proof" data-bundle="/bundle${path}" data-lot="${view.uri}"
data-rpc="${rpcUrls.join(" ")}" data-deployment="${JSON.stringify(deployment)}" data-log="${JSON.stringify(log)}" data-names="${namesFor(view, context)}" data-words="${JSON.stringify(VERDICT_WORDS[language])}">
<h2>${say(WORDS.title)}</h2><p>${say(WORDS.intro)}</p>
<noscript><p class="not">${say(WORDS.noscript)}</p></noscript>
${questionList(context)}
<p class="small" id="as-of" aria-live="polite"></p>
${notProven(context)}
${commandLine(origin, path, context)}
<p class="buttons"><a class="button" href="/dossier${path}?lang=${language}&amp;download=1" download>${icon("down")}${say(WORDS.file)}</a>
<a class="button" href="/bundle${path}" download="${view.number}.json">${icon("down")}${say(WORDS.bundle)}</a>
<a class="button" href="/dossier${path}?lang=${language}">${icon("print")}${say(WORDS.dossier)}</a>
<a class="button" href="/report${path}?lang=${language}">${icon("flag")}${say(WORDS.report)}</a></p>
${technical(options, context)}</section>`;
}

/** Names for so many lots, the latest ones: the rest keep their ids, and the page its size. */
const NAMED = 60;

/** What the verifier's short ids and quantities are called on this page: "0x15b8b493" is "Store-room". As JSON. */
export function namesFor({ steps, series }: TrailView, context: Context): string {
  const lots = steps.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]);
  return JSON.stringify({
    ...Object.fromEntries(
      [...new Map(lots.map((lot) => [lot.id, lot])).values()]
        .slice(-NAMED)
        .flatMap(({ id, number }) =>
          lotWords(number, context).map((words) => [id.slice(0, 10), capital(words)]),
        ),
    ),
    ...Object.fromEntries(
      series.map(({ device, place, label }) => [
        device.slice(0, 10),
        place?.[context.language] ?? label ?? "",
      ]),
    ),
    ...Object.fromEntries(
      series.flatMap(({ name }) => {
        const words = QUANTITIES[name]?.[context.language];
        return words === undefined ? [] : [[name, words.toLowerCase()]];
      }),
    ),
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** One line for each question, with a place for its answer and its reasons. */
export const questionList = ({ say }: Context): Markup =>
  markup`<ol class="questions">${QUESTIONS.map((question) => {
    const { name, asked } = QUESTION_WORDS[question];
    return markup`<li data-question="${question}"><h3>${say(name)}</h3><p class="small">${say(asked)}</p>
<p class="answer" data-state="pending">${icon("question")}<span>${say(WORDS.pending)}</span></p><ul class="why"></ul></li>`;
  })}</ol>`;

/** How to judge the lot without any page: scripts/verify.ts. */
export const commandLine = (origin: string, path: string, { say }: Context): Markup =>
  markup`<p class="small">${say(WORDS.command)}
<code class="block">npm run --silent verify -- ${origin}${path} --deployment ${origin}/api/deployment</code>
${say(WORDS.pin)}</p>`;

/** What a verdict leaves open, said by a page of ours or by a file that was kept. */
export const notProven = ({ say }: Context, by: "page" | "file" = "page"): Markup =>
  markup`<div class="not"><h3>${say(WORDS.notTitle)}</h3>
<ul><li>${say(WORDS.notAll)}</li><li>${say(WORDS.notYield)}</li><li>${say(WORDS.notBag)}</li><li>${say(by === "page" ? WORDS.notPage : WORDS.notFile)}</li></ul></div>`;

const technical = (options: ProofOptions, context: Context): Markup =>
  markup`<details class="no-print"><summary>${context.say(WORDS.technical)}</summary>${references(options, context)}</details>`;

/** Which chain and contracts a verdict must be read from: nothing else has to be believed. */
export function references({ rpcUrls, deployment }: ProofOptions, { say }: Context): Markup {
  const { chainId, ...contracts } = deployment;
  const rows: readonly (readonly [string, string])[] = [
    [say(WORDS.chain), String(chainId)],
    ["RPC", rpcUrls.join(" ")],
    ...Object.entries(contracts).map(
      ([name, address]) => [say(WORDS.contract, { name: capital(name) }), address] as const,
    ),
  ];
  return markup`<dl class="references small">${rows.map(([name, value]) => markup`<div><dt>${name}</dt><dd><code>${value}</code></dd></div>`)}</dl>`;
}
