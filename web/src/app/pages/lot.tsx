import { areaName } from "../../../../gateway/core/areas.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import type { LotInfo } from "../api.ts";
import { useLanguage, useSay } from "../language.ts";
import { formatMass } from "../numbers.ts";
import { principalOf, type PageProps } from "../parts/form.tsx";
import { lotNumberOf, lotPathOf, lotState, nameOf, STATES, useLots } from "../parts/lots.tsx";
import { Failure } from "../parts/notice.tsx";
import { Qr } from "../parts/qr.tsx";
import { RecallNotice } from "../parts/recalls.tsx";
import { linkTo } from "../route.ts";
import type { Session } from "../session.ts";

/** One of my lots: its code, how it stands, and what I can do with it. */
export function LotPage({ session, route }: PageProps) {
  const [say, language] = [useSay(), useLanguage()];
  const { value: lots, failure } = useLots(session);
  const lot = lots?.find(({ lot }) => lot === route.params.get("lot"));
  if (lot === undefined)
    return lots === undefined ? <Failure of={failure} /> : <p class="empty">{say(NOT_MINE)}</p>;
  const state = lotState(lot, session.party.id);
  return (
    <section class="narrow">
      <h1>{lot.product ? say(lot.product) : say(LOT)}</h1>
      <div class="card">
        <dl class="facts">
          <dt>{say(NUMBER)}</dt>
          <dd class="number">{lotNumberOf(lot)}</dd>
          <dt>{say(LEFT)}</dt>
          <dd>{formatMass(lot.mass, language)}</dd>
          <dt>{say(STANDING)}</dt>
          <dd>
            <span class={`state ${state}`}>{say(STATES[state])}</span>
            {lot.pending && state === "leaving" && ` → ${say(nameOf(lot.pending))}`}
          </dd>
          {lot.area && (
            <>
              <dt>{say(AREA)}</dt>
              <dd class="long">{say(areaName(lot.area))}</dd>
            </>
          )}
        </dl>
      </div>
      <RecallNotice lots={[lot]} />
      <Actions lot={lot} state={state} session={session} />
      {lot.uri && (
        <figure class="card centre">
          <Qr text={location.origin + lotPathOf(lot.uri)} label={say(QR)} />
          <figcaption>
            <a class="button" href={`${lotPathOf(lot.uri)}?lang=${language}`}>
              {say(LOT_PAGE)}
            </a>
          </figcaption>
        </figure>
      )}
    </section>
  );
}

/** What a holder does with a lot; the first that fits the person is the main one. */
function Actions(props: { lot: LotInfo; state: keyof typeof STATES; session: Session }) {
  const [say, language] = [useSay(), useLanguage()];
  const { lot, state, session } = props;
  const { person } = session;
  const { uri } = lot;
  const makes = person === "processor" || person === "exporter";
  const notes = makes || (person === "cooperative" && session.agent === undefined);
  const actions =
    state === "held"
      ? [
          ...(makes ? [["process", person === "exporter" ? PACK : PROCESS] as const] : []),
          ["give", GIVE] as const,
          ...(notes ? [["note", NOTE] as const] : []),
          ...(makes ? [["certify", CERTIFY] as const] : []),
          ...(session.agent === undefined ? [["close", CLOSE] as const] : []),
        ]
      : state === "leaving"
        ? [["give", TAKE_BACK] as const]
        : [];
  return (
    <div class="buttons">
      {actions.map(([page, words], i) => (
        <a
          key={page}
          class={i === 0 ? "button primary" : "button"}
          href={linkTo(page, { lot: lot.lot, ...principalOf(session) })}
        >
          {say(words)}
        </a>
      ))}
      {person === "exporter" && uri && (
        <a class="button" href={`/dossier${lotPathOf(uri)}?lang=${language}`}>
          {say(DOSSIER)}
        </a>
      )}
    </div>
  );
}

const LOT: Words = { vi: "Lô hàng", en: "Lot" };
const NUMBER: Words = { vi: "Số lô", en: "Lot number" };
const LEFT: Words = { vi: "Còn lại", en: "Left" };
const STANDING: Words = { vi: "Tình trạng", en: "State" };
const AREA: Words = { vi: "Vùng", en: "Area" };
const QR: Words = { vi: "Mã QR của lô", en: "The lot's QR code" };
const LOT_PAGE: Words = { vi: "Xem trang của lô", en: "See the lot's page" };
const GIVE: Words = { vi: "Giao lô này", en: "Hand over" };
const TAKE_BACK: Words = { vi: "Rút lại lời giao", en: "Take the offer back" };
const PROCESS: Words = { vi: "Chế biến", en: "Process" };
const PACK: Words = { vi: "Đóng hàng", en: "Pack" };
const NOTE: Words = { vi: "Ghi chú kho, phơi sấy", en: "Note: storing, drying" };
const CERTIFY: Words = { vi: "Gắn chứng nhận", en: "Certify" };
const CLOSE: Words = { vi: "Đóng lô…", en: "Close…" };
const DOSSIER: Words = { vi: "Mở hồ sơ lô hàng", en: "Open the dossier" };
const NOT_MINE: Words = {
  vi: "Không thấy lô này trong sổ của bạn.",
  en: "This lot is not among yours.",
};
