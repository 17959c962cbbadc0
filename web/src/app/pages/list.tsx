import type { Words } from "../../../../gateway/core/recording.ts";
import { useAnswer } from "../kept.ts";
import { useSay } from "../language.ts";
import { Failure } from "../parts/notice.tsx";
import { Table, type Row } from "../parts/table.tsx";

/** The lists behind the numbers of the province's wall, as `/api/overview` names them. */
export const LISTS = {
  lots: { vi: "Lô hôm nay", en: "Lots today" },
  waiting: { vi: "Chưa vào sổ chung", en: "Not on the chain yet" },
  refused: { vi: "Bị từ chối (7 ngày)", en: "Refused (7 days)" },
  excursions: { vi: "Vượt ngưỡng (24 giờ)", en: "Out of limits (24 h)" },
  silent: { vi: "Cảm biến im lặng", en: "Silent sensors" },
  recalls: { vi: "Đang thu hồi", en: "Recalls" },
  equivocations: { vi: "Cảm biến nói hai lời", en: "Sensors that contradict themselves" },
} as const satisfies Record<string, Words>;

export type ListName = keyof typeof LISTS;

/** One of them, as a table and as a file. */
export function ListPage({ name }: { name: ListName }) {
  const say = useSay();
  const { value, failure } = useAnswer<readonly Row[]>(`/api/overview/${name}`);
  return (
    <>
      <div class="row">
        <h1>{say(LISTS[name])}</h1>
        <a class="button" href={`/api/overview/${name}.csv`} download>
          {say(CSV)}
        </a>
      </div>
      <Failure of={failure} />
      {value?.length === 0 && <p class="empty">{say(NONE)}</p>}
      {value && value.length > 0 && <Table rows={value} />}
    </>
  );
}

const CSV: Words = { vi: "Tải bảng (CSV)", en: "As a table (CSV)" };
const NONE: Words = { vi: "Không có mục nào.", en: "Nothing here." };
