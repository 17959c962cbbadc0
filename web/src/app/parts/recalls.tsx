import { languageOfText } from "../../../../gateway/core/free-text.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import type { LotInfo, RecallInfo } from "../api.ts";
import { useSay } from "../language.ts";
import { Notice } from "./notice.tsx";

const numberOf = ({ uri, lot }: RecallInfo): string =>
  uri?.split("/").at(-1) ?? `${lot.slice(0, 10)}…`;

/** Each recall once, whichever of the lots it concerns. */
const recallsOf = (lots: readonly LotInfo[]): readonly RecallInfo[] => [
  ...new Map(lots.flatMap(({ recalls = [] }) => recalls.map((each) => [each.lot, each]))).values(),
];

/** In a list: that the lot, or what it was made from, is recalled, and why. */
export function RecallBadge({ lot }: { lot: LotInfo }) {
  const say = useSay();
  const recalls = recallsOf([lot]);
  if (recalls.length === 0) return null;
  return (
    <span class="recall">
      <span class="state recalled">{say(RECALLED)}</span>{" "}
      {recalls.map((recall, at) => (
        <span key={recall.lot} lang={languageOfText(recall.reason ?? "")}>
          {at > 0 && " · "}
          {recall.reason ?? numberOf(recall)}
        </span>
      ))}
    </span>
  );
}

/** On a page and before signing: which lots are recalled, why, and what to do. It does not hinder anybody. */
export function RecallNotice({ lots }: { lots: readonly LotInfo[] }) {
  const say = useSay();
  const [own, recalls] = [new Set(lots.map(({ lot }) => lot)), recallsOf(lots)];
  if (recalls.length === 0) return null;
  return (
    <Notice kind="bad">
      <span class="state recalled">{say(RECALLED)}</span>
      {recalls.map((recall) => (
        <p key={recall.lot}>
          {say(own.has(recall.lot) ? THIS_LOT : MADE_FROM)}{" "}
          <span class="number">{numberOf(recall)}</span>
          {recall.reason !== null && (
            <>
              {" – "}
              {say(REASON)} <span lang={languageOfText(recall.reason)}>{recall.reason}</span>
            </>
          )}
        </p>
      ))}
      <p>{say(STOP)}</p>
    </Notice>
  );
}

const RECALLED: Words = { vi: "Thu hồi", en: "Recalled" };
const THIS_LOT: Words = { vi: "Lô này đang bị thu hồi:", en: "This lot is recalled:" };
const MADE_FROM: Words = {
  vi: "Làm từ một lô đang bị thu hồi:",
  en: "Made from a lot that is recalled:",
};
const REASON: Words = { vi: "lý do:", en: "reason:" };
const STOP: Words = {
  vi: "Đừng bán, đừng giao tiếp. Giữ riêng ra và hỏi nơi đã thu hồi.",
  en: "Do not sell it or pass it on. Keep it apart and ask who recalled it.",
};
