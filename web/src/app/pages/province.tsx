import { useEffect } from "preact/hooks";

import type { Words } from "../../../../gateway/core/recording.ts";
import { useAnswer } from "../kept.ts";
import { formatTime, useLanguage, useSay } from "../language.ts";
import { formatMass } from "../numbers.ts";
import { lotCount } from "../parts/lots.tsx";
import { Failure, Notice } from "../parts/notice.tsx";
import { Tiles, type Tile } from "../parts/tiles.tsx";
import { linkTo, type Route } from "../route.ts";
import type { Session } from "../session.ts";
import { useWaiting } from "./cooperative.tsx";
import { ListPage, LISTS, PERIODS, titleOf, type Days, type ListName } from "./list.tsx";

type Counted = { readonly count: number };
type Overview = {
  readonly at: string;
  readonly days: number;
  readonly lots: Counted & {
    readonly byProduct: readonly {
      readonly product: Words | null;
      readonly count: number;
      readonly mass: number;
    }[];
  };
  readonly waiting: Counted & { readonly late: number };
  readonly refused: Counted;
  readonly excursions: Counted;
  readonly silent: Counted;
  readonly recalls: Counted & { readonly affected: number };
  readonly equivocations: Counted;
  readonly anchor: {
    readonly size: number;
    readonly anchored: number;
    readonly lagSeconds: number;
  };
};

const EVERY = 5_000;

/** The wall of the operations centre: what needs somebody stands out, and each number opens its list. */
export function ProvincePage(props: {
  readonly route: Route;
  readonly session: Session | undefined;
}) {
  const { route, session } = props;
  const say = useSay();
  const asked = periodOf(Number(route.params.get("days")));
  const query = asked === undefined ? "" : `?days=${asked}`;
  const { value, failure, refresh } = useAnswer<Overview>(`/api/overview${query}`);
  const days = asked ?? periodOf(value?.days) ?? 1;
  useEffect(() => {
    const timer = setInterval(refresh, EVERY);
    return () => clearInterval(timer);
  }, [refresh]);
  const list = route.page === "list" ? route.params.get("name") : null;
  if (list !== null && Object.hasOwn(LISTS, list))
    return <ListPage name={list as ListName} days={days} />;
  return (
    <>
      <Failure of={failure} />
      {session && <SomebodyWaits session={session} />}
      <Periods days={days} />
      {asked === undefined && days !== 1 && <p class="quiet">{say(SINCE_NOTHING[days])}</p>}
      {value && <Wall overview={value} days={days} />}
      <h2>{say(WORK)}</h2>
      <Tiles tiles={TILES} even />
    </>
  );
}

/** Who asked to be let in stands outside until somebody looks: so the wall says it. */
function SomebodyWaits({ session }: { readonly session: Session }) {
  const say = useSay();
  const { length } = useWaiting(session).waiting;
  if (length === 0) return null;
  const waiting: Words = {
    vi: `${length} bên đang chờ duyệt`,
    en: `${length} waiting for approval`,
  };
  return (
    <Notice kind="wait">
      <a href={linkTo("people")}>{say(waiting)}</a>
    </Notice>
  );
}

const periodOf = (days?: number): Days | undefined => PERIODS.find((period) => period === days);

/** Why the wall looks back so far, where nobody asked it to. */
const SINCE_NOTHING: Readonly<Record<Exclude<Days, 1>, Words>> = {
  30: {
    vi: "Hôm nay chưa có lô nào, nên bảng này cho thấy 30 ngày qua.",
    en: "No lot was made today, so this shows the last 30 days.",
  },
  365: {
    vi: "30 ngày qua không có lô nào, nên bảng này cho thấy một năm qua.",
    en: "No lot was made in the last 30 days, so this shows the last year.",
  },
};

/** Which days the wall tells of. */
function Periods({ days }: { days: Days }) {
  const say = useSay();
  return (
    <nav class="periods">
      {PERIODS.map((period) => (
        <a
          key={period}
          class={period === days ? "button primary" : "button"}
          aria-current={period === days ? "true" : undefined}
          href={linkTo("", { days: String(period) })}
        >
          {say(PERIOD_NAMES[period])}
        </a>
      ))}
    </nav>
  );
}

const PERIOD_NAMES: Readonly<Record<Days, Words>> = {
  1: { vi: "Hôm nay", en: "Today" },
  30: { vi: "30 ngày", en: "30 days" },
  365: { vi: "Một năm", en: "A year" },
};

function Wall({ overview, days }: { overview: Overview; days: Days }) {
  const [say, language] = [useSay(), useLanguage()];
  const { at, lots, waiting, recalls, anchor } = overview;
  const late: Words = { vi: `${waiting.late} quá một phút`, en: `${waiting.late} over a minute` };
  const made = lotCount(recalls.affected);
  const affected: Words = { vi: `${made.vi} liên quan`, en: `${made.en} made of them` };
  const waits = waiting.late > 0 ? "bad" : "";
  return (
    <>
      <div class="wall">
        <Figure days={days} name="lots" number={lots.count} kind="" />
        <Figure days={days} name="waiting" number={waiting.count} kind={waits} more={late} />
        <Figure days={days} name="excursions" number={overview.excursions.count} kind="wait" />
        <Figure days={days} name="silent" number={overview.silent.count} kind="wait" />
        <Figure days={days} name="recalls" number={recalls.count} kind="bad" more={affected} />
        <Figure days={days} name="refused" number={overview.refused.count} kind="wait" />
        <Figure days={days} name="equivocations" number={overview.equivocations.count} kind="bad" />
        <div class={anchor.lagSeconds > LATE ? "figure bad" : "figure"}>
          <span>{say(ANCHOR)}</span>
          <b>{anchor.lagSeconds} s</b>
          <small>{say(anchoredOf(anchor))}</small>
        </div>
      </div>
      <p class="quiet">
        {say(AS_OF)} {formatTime(Date.parse(at), language)}
      </p>
      {lots.byProduct.length > 0 && (
        <>
          <h2>{say(BY_PRODUCT)}</h2>
          <div class="card">
            <dl class="facts">
              {lots.byProduct.map(({ product, count, mass }) => (
                <>
                  <dt>
                    {product ? say(product) : "?"} · {say(lotCount(count))}
                  </dt>
                  <dd>{formatMass(mass, language)}</dd>
                </>
              ))}
            </dl>
          </div>
        </>
      )}
    </>
  );
}

/** One number; it takes its colour only when it is not zero. */
function Figure(props: { days: Days; name: ListName; number: number; kind: string; more?: Words }) {
  const say = useSay();
  const { days, name, number, kind, more } = props;
  return (
    <a
      class={`figure ${number > 0 ? kind : ""}`}
      href={linkTo("list", { name, days: String(days) })}
    >
      <span>{say(titleOf(name, days))}</span>
      <b>{number}</b>
      <small>{more && number > 0 ? say(more) : ""}</small>
    </a>
  );
}

const LATE = 600; // seconds: twice what the gateway lets pass between two anchors
const ANCHOR: Words = { vi: "Số đo chờ neo lâu nhất", en: "Longest wait for the chain" };
const anchoredOf = ({ anchored, size }: Overview["anchor"]): Words => ({
  vi: `${anchored}/${size} gói đã neo`,
  en: `${anchored} of ${size} packs anchored`,
});
const AS_OF: Words = { vi: "Lúc", en: "As of" };
const BY_PRODUCT: Words = { vi: "Theo sản phẩm", en: "By product" };
const WORK: Words = { vi: "Việc của trung tâm", en: "The centre's work" };
const TILES: readonly Tile[] = [
  { page: "recall", icon: "alert", words: { vi: "Thu hồi lô hàng", en: "Recall a lot" } },
  { page: "papers", icon: "seal", words: { vi: "Mã số, chứng nhận", en: "Codes, certificates" } },
  { page: "people", icon: "people", words: { vi: "Ghi danh, các bên", en: "Enrolment, parties" } },
];
