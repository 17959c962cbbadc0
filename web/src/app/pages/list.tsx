import type { Words } from "../../../../gateway/core/recording.ts";
import { useAnswer } from "../kept.ts";
import { useSay } from "../language.ts";
import { Failure } from "../parts/notice.tsx";
import { Table, type Action, type Row } from "../parts/table.tsx";
import { linkTo } from "../route.ts";

/** The lists behind the numbers of the province's wall, as `/api/overview` names them. */
export const LISTS = {
  lots: { vi: "Lô hôm nay", en: "Lots today" },
  waiting: { vi: "Chưa vào sổ chung", en: "Not on the chain yet" },
  refused: { vi: "Bị từ chối (7 ngày)", en: "Refused (7 days)" },
  excursions: { vi: "Vượt ngưỡng (24 giờ)", en: "Out of limits (24 h)" },
  silent: { vi: "Cảm biến im lặng", en: "Silent sensors" },
  recalls: { vi: "Đang thu hồi", en: "Recalls" },
  affected: { vi: "Làm ra từ lô bị thu hồi", en: "Made of recalled lots" },
  equivocations: { vi: "Cảm biến nói hai lời", en: "Sensors that contradict themselves" },
} as const satisfies Record<string, Words>;

export type ListName = keyof typeof LISTS;

/** How far the wall looks back: today, or so many days. */
export const PERIODS = [1, 30, 365] as const;
export type Days = (typeof PERIODS)[number];

/** What a list is called when it looks back so many days. */
export function titleOf(name: ListName, days: Days): Words {
  if (days === 1 || !LOOKS_BACK.has(name)) return LISTS[name];
  const [vi, en] = [LISTS[name].vi, LISTS[name].en].map((title) => title.replace(/ \(.*\)$/, ""));
  return name === "lots"
    ? { vi: `Lô trong ${days} ngày`, en: `Lots of ${days} days` }
    : { vi: `${vi} (${days} ngày)`, en: `${en} (${days} days)` };
}

const LOOKS_BACK: ReadonlySet<ListName> = new Set(["lots", "refused", "excursions"]);

/** One of them, as a table and as a file. */
export function ListPage(props: { name: ListName; days: Days; below?: boolean }) {
  const say = useSay();
  const { name, days, below = false } = props;
  const [behind, Title] = [BEHIND[name], below ? "h2" : "h1"] as const;
  const { value, failure } = useAnswer<readonly Row[]>(`/api/overview/${name}?days=${days}`);
  return (
    <>
      <div class="row">
        <Title>{say(titleOf(name, days))}</Title>
        <a class="button" href={`/api/overview/${name}.csv?days=${days}`}>
          {say(CSV)}
        </a>
      </div>
      <Failure of={failure} />
      {value?.length === 0 && <p class="empty">{say(NONE)}</p>}
      {value && value.length > 0 && <Table rows={value} action={ACTIONS[name]} />}
      {behind && <ListPage name={behind} days={days} below />}
    </>
  );
}

/** A list that belongs below another: who holds what was made of the recalled lots. */
const BEHIND: Readonly<Partial<Record<ListName, ListName>>> = { recalls: "affected" };

/** What the centre can do about a row right there. */
const ACTIONS: Readonly<Partial<Record<ListName, Action>>> = {
  recalls: {
    words: { vi: "Gỡ lệnh thu hồi", en: "Lift the recall" },
    link: ({ lot }) => linkTo("recall", { lot: String(lot) }),
  },
};
const CSV: Words = { vi: "Tải bảng (CSV)", en: "As a table (CSV)" };
const NONE: Words = { vi: "Không có mục nào.", en: "Nothing here." };
