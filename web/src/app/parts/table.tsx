import { DIGITAL_LINK } from "../../../../gateway/core/identifiers.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import { formatSpan, formatTime, useLanguage, useSay, type Language } from "../language.ts";
import { formatMass, formatNumber } from "../numbers.ts";

type Cell = string | number | Words | null;
export type Row = Readonly<Record<string, Cell>>;

/** What can be done with each row: its name, and where it leads. */
export type Action = { readonly words: Words; readonly link: (row: Row) => string };

/** Rows as the gateway gives them: known columns get their names in both languages, lots lead to their pages. */
export function Table({ rows, action }: { rows: readonly Row[]; action?: Action | undefined }) {
  const [say, language] = [useSay(), useLanguage()];
  const columns = Object.keys(COLUMNS).filter((column) =>
    rows.some((row) => (row[column] ?? null) !== null),
  );
  return (
    <div class="scroll" role="region" tabIndex={0} aria-label={say(TABLE)}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {say(COLUMNS[column] ?? TABLE)}
              </th>
            ))}
            {action && <th scope="col">{say(WORK)}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {columns.map((column) => (
                <td
                  key={column}
                  class={typeof row[column] === "number" ? "amount" : ""}
                  data-name={say(COLUMNS[column] ?? TABLE)}
                >
                  {shown(column, row[column] ?? null, language)}
                </td>
              ))}
              {action && (
                <td class="action">
                  <a class="button" href={action.link(row)}>
                    {say(action.words)}
                  </a>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function shown(column: string, cell: Cell, language: Language) {
  if (cell === null) return "–";
  if (typeof cell === "number") {
    if (column === "mass") return formatMass(cell, language);
    return /seconds$/i.test(column) ? formatSpan(cell, language) : formatNumber(cell, language);
  }
  if (typeof cell !== "string") return cell[language];
  const fixed = Object.hasOwn(VALUES, cell) ? VALUES[cell] : undefined;
  if (fixed !== undefined) return fixed[language];
  if (cell.startsWith(`${DIGITAL_LINK}/01/`))
    return <a href={cell.slice(DIGITAL_LINK.length)}>{cell.split("/").at(-1)}</a>;
  if (TIMES.has(column)) return formatTime(Date.parse(cell), language);
  return /^0x[0-9a-f]{64}$/.test(cell) ? <span class="number">{cell.slice(0, 12)}…</span> : cell;
}

/** By column, not by look: what people wrote may look like a time. */
const TIMES: ReadonlySet<string> = new Set(["at", "last", "from", "until"]);
const TABLE: Words = { vi: "Bảng", en: "Table" };
const WORK: Words = { vi: "Làm gì", en: "What to do" };

const COLUMNS: Readonly<Record<string, Words>> = {
  uri: { vi: "Lô", en: "Lot" },
  product: { vi: "Sản phẩm", en: "Product" },
  place: { vi: "Nơi", en: "Place" },
  label: { vi: "Cảm biến", en: "Sensor" },
  device: { vi: "Mã cảm biến", en: "Device" },
  kind: { vi: "Việc", en: "What" },
  mass: { vi: "Cân nặng", en: "Mass" },
  quantity: { vi: "Đại lượng", en: "Quantity" },
  peak: { vi: "Cao/thấp nhất", en: "Peak" },
  unit: { vi: "Đơn vị", en: "Unit" },
  min: { vi: "Ngưỡng dưới", en: "Lower limit" },
  max: { vi: "Ngưỡng trên", en: "Upper limit" },
  party: { vi: "Bên", en: "Party" },
  of: { vi: "Làm từ lô", en: "Made of" },
  holder: { vi: "Đang giữ", en: "Holder" },
  reason: { vi: "Lý do", en: "Reason" },
  affected: { vi: "Lô liên quan", en: "Lots made of it" },
  state: { vi: "Tình trạng", en: "State" },
  last: { vi: "Nghe lần cuối", en: "Last heard" },
  silentSeconds: { vi: "Đã im lặng", en: "Silent for" },
  seconds: { vi: "Đã chờ", en: "Waiting for" },
  since: { vi: "Từ lúc", en: "Since" },
  from: { vi: "Từ", en: "From" },
  until: { vi: "Đến", en: "Until" },
  at: { vi: "Lúc", en: "At" },
  epoch: { vi: "Lần khởi động", en: "Epoch" },
  seq: { vi: "Số gói", en: "Pack" },
};

const VALUES: Readonly<Record<string, Words>> = {
  harvest: { vi: "Thu hoạch", en: "Harvest" },
  intake: { vi: "Nhập ngoài", en: "Intake" },
  process: { vi: "Chế biến", en: "Processing" },
  handOver: { vi: "Giao", en: "Hand-over" },
  takeOver: { vi: "Nhận", en: "Take-over" },
  certify: { vi: "Gắn chứng nhận", en: "Certified" },
  note: { vi: "Ghi chú", en: "Note" },
  recall: { vi: "Thu hồi", en: "Recall" },
  lift: { vi: "Gỡ lệnh thu hồi", en: "Recall lifted" },
  retire: { vi: "Kết thúc", en: "Retired" },
  stored: { vi: "Đã nhận", en: "Taken" },
  sent: { vi: "Đang vào sổ", en: "On its way" },
  confirmed: { vi: "Đã vào sổ", en: "On the chain" },
  refused: { vi: "Bị từ chối", en: "Refused" },
  Cel: { vi: "°C", en: "°C" },
  "%RH": { vi: "%", en: "%" },
  temperature: { vi: "Nhiệt độ", en: "Temperature" },
  humidity: { vi: "Độ ẩm", en: "Humidity" },
};
