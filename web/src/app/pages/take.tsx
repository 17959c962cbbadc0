import { useState } from "preact/hooks";

import { DIGITAL_LINK } from "../../../../gateway/core/identifiers.ts";
import { idOf, type Words } from "../../../../gateway/core/recording.ts";
import { ask, type LotInfo } from "../api.ts";
import { useLanguage, useSay, type Language } from "../language.ts";
import { formatMass, formatShare, parseKilograms } from "../numbers.ts";
import { MassField, TextField } from "../parts/fields.tsx";
import { doneNow, SignForm, type PageProps } from "../parts/form.tsx";
import { lotNumberOf, LotList, lotState, nameOf, useLots } from "../parts/lots.tsx";
import { Failure, Notice } from "../parts/notice.tsx";
import { RecallNotice } from "../parts/recalls.tsx";
import { FindLot } from "../parts/scan.tsx";
import { partyPlace } from "../places.ts";
import { goTo, linkTo } from "../route.ts";

/** Lots that were offered to me: scanned, typed or picked; then weighed, then signed for. */
export function TakePage(props: PageProps) {
  const say = useSay();
  const { value: lots, failure } = useLots(props.session);
  const [missing, setMissing] = useState<{ readonly what: string; readonly known: boolean }>();
  const [alike, setAlike] = useState<readonly LotInfo[]>([]);
  const wanted = props.route.params.get("lot");
  const { id } = props.session.party;
  const offered = (lots ?? []).filter((lot) => lotState(lot, id) === "offered");
  const lot = offered.find(({ lot }) => lot === wanted);
  if (lot?.uri != null) return <TakeForm {...props} lot={{ ...lot, uri: lot.uri }} />;
  const find = async (code: string) => {
    const typed = code.toUpperCase();
    const found = offered.filter(
      ({ uri }) => uri === code || uri?.toUpperCase().endsWith(`/${typed}`) === true,
    );
    const [only] = found;
    if (found.length === 1 && only !== undefined) return goTo(linkTo("take", { lot: only.lot }));
    setAlike(found.length > 1 ? found : []);
    if (found.length > 1) return;
    setMissing({ what: code.split("/").at(-1) ?? code, known: await isKnown(code) });
  };
  return (
    <section class="narrow">
      <h1>{say(TITLE)}</h1>
      <FindLot onFound={(code) => void find(code)} />
      {missing !== undefined && (
        <Notice kind="bad">
          {missing.what}: {say(missing.known ? NOT_OFFERED : NOT_AMONG)}
        </Notice>
      )}
      {alike.length > 0 && (
        <Notice kind="bad">
          {say(ALIKE)}
          <ul>
            {alike.map((lot) => (
              <li key={lot.lot}>
                <a href={linkTo("take", { lot: lot.lot })}>
                  {say(nameOf(lot.holder))}: {lot.product && say(lot.product)},{" "}
                  {lot.uri?.split("/")[4]}
                </a>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <h2>{say(OFFERED)}</h2>
      <Failure of={failure} />
      <LotList lots={offered} party={id} empty={NONE} />
    </section>
  );
}

/** Whether the gateway knows a lot of this URI; by its bare number none can be asked for. */
const isKnown = (code: string): Promise<boolean> =>
  code.startsWith(DIGITAL_LINK)
    ? ask(`/api/lots/${idOf(code)}`).then(
        () => true,
        () => false,
      )
    : Promise.resolve(false);

function TakeForm(props: PageProps & { readonly lot: LotInfo & { readonly uri: string } }) {
  const { session, lot } = props;
  const [say, language] = [useSay(), useLanguage()];
  const [mass, setMass] = useState("");
  const [why, setWhy] = useState("");
  const grams = parseKilograms(mass, language);
  const difference = (grams ?? lot.mass) - lot.mass;
  const large = Math.abs(difference) > lot.mass * TOLERANCE;
  const build = () => {
    if (grams === undefined) return WEIGH;
    if (large && difference > 0) return HEAVIER;
    if (large && why.trim() === "") return SAY_WHY;
    const from = lot.holder.uri;
    if (from === null) return NO_GIVER;
    // The chain moves the whole lot as it was offered; what the scales said is told beside it.
    const weighed = differenceWords(lot.mass, grams)[language];
    const memo = [weighed, ...(large ? [why.trim()] : [])].join(". ");
    const intent = {
      kind: "takeOver",
      lot: lot.uri,
      mass: lot.mass,
      from,
      place: partyPlace(session),
      ...(difference !== 0 && { memo }),
    } as const;
    const detail = (language: Language) =>
      [
        `${lotNumberOf(lot)} · ${formatMass(lot.mass, language)}`,
        ...(difference === 0 ? [] : [differenceWords(lot.mass, grams)[language]]),
      ].join(". ");
    return {
      plan: doneNow(intent),
      title: TAKEN,
      detail: { vi: detail("vi"), en: detail("en") },
      values: { lot: lot.lot },
    } as const;
  };
  return (
    <SignForm {...props} title={TITLE} button={SIGN} build={build}>
      <p>
        {lot.product && say(lot.product)} <b class="number">{lotNumberOf(lot)}</b>
      </p>
      <p>
        {say(SAID)} <b>{formatMass(lot.mass, language)}</b>
        {` · ${say(nameOf(lot.holder))}`}
      </p>
      <RecallNotice lots={[lot]} />
      <MassField
        label={WEIGHED}
        value={mass}
        onValue={setMass}
        trouble={large && difference > 0 ? HEAVIER : undefined}
      />
      {grams !== undefined && difference !== 0 && !(large && difference > 0) && (
        <Weighings offered={lot.mass} weighed={grams} />
      )}
      {large && difference < 0 && (
        <TextField label={WHY} hint={WHY_HINT} value={why} onValue={setWhy} required />
      )}
    </SignForm>
  );
}

/** The three figures where the scales differ from the giver, and what becomes of each. */
function Weighings({ offered, weighed }: { offered: number; weighed: number }) {
  const [say, language] = [useSay(), useLanguage()];
  return (
    <div class="card">
      <dl class="facts">
        <dt>{say(SIGNED)}</dt>
        <dd>{formatMass(offered, language)}</dd>
        <dt>{say(ON_SCALES)}</dt>
        <dd>{formatMass(weighed, language)}</dd>
        <dt>{say(DIFFERENCE)}</dt>
        <dd>{differenceOf(offered, weighed, language)}</dd>
      </dl>
      <p class="quiet">{say(weighed < offered ? KEPT_BOTH : KEPT_BOTH_MORE)}</p>
    </div>
  );
}

/** "−2 kg (−0,7 %)". */
function differenceOf(offered: number, weighed: number, language: Language): string {
  const sign = weighed < offered ? "−" : "+";
  const difference = Math.abs(weighed - offered);
  const share = formatShare(difference / offered, language);
  return `${sign}${formatMass(difference, language)} (${sign}${share})`;
}

/** What is signed, in the giver's and the buyer's sight, where the scales say something else than the giver did; grams. */
const differenceWords = (offered: number, weighed: number): Words => ({
  vi: `Bên nhận cân được ${formatMass(weighed, "vi")}, lệch ${differenceOf(offered, weighed, "vi")}`,
  en: `Weighed by the receiver: ${formatMass(weighed, "en")}, ${differenceOf(offered, weighed, "en")}`,
});

/** Scales differ by a little; by more, somebody should know why. */
const TOLERANCE = 0.02;

const TITLE: Words = { vi: "Nhận lô", en: "Take over" };
const OFFERED: Words = { vi: "Lô đang chờ bạn nhận", en: "Lots that wait for you" };
const NONE: Words = { vi: "Chưa ai giao lô nào cho bạn.", en: "Nobody has offered you a lot." };
const ALIKE: Words = {
  vi: "Có nhiều lô cùng số. Xin xem mã sản phẩm (GTIN) trên bao và chọn đúng lô:",
  en: "Several lots have this number. Look at the product code (GTIN) on the sack and choose:",
};
const NOT_OFFERED: Words = {
  vi: "lô này chưa được giao cho bạn. Nhờ bên giao ký giao trước.",
  en: "this lot was not offered to you. Ask its holder to sign it over first.",
};
const NOT_AMONG: Words = {
  vi: "không thấy lô nào có số này trong các lô giao cho bạn. Xem lại số, hoặc hỏi bên giao đã ký giao chưa.",
  en: "no lot that was offered to you has this number. Check it, or ask the giver whether they have signed.",
};
const SAID: Words = { vi: "Bên giao ghi:", en: "The giver says:" };
const WEIGHED: Words = { vi: "Cân được (kg)", en: "Weighed (kg)" };
const WEIGH: Words = { vi: "Xin cân lại và nhập số cân.", en: "Please weigh it and enter it." };
const HEAVIER: Words = {
  vi: "Nặng hơn bên giao ghi quá 2 %. Phần dư chưa ai ghi nên không nhận chung được: nhờ bên giao ghi thêm một lô cho phần dư.",
  en: "More than 2 % heavier than the giver says. Nobody has recorded the rest, so it cannot come with this lot: ask the giver to register it as another one.",
};
const SAY_WHY: Words = {
  vi: "Nhẹ hơn bên giao ghi quá 2 %. Xin ghi lý do, hoặc để bên giao rút lại.",
  en: "More than 2 % lighter than the giver says. Please say why, or let the giver take it back.",
};
const WHY: Words = { vi: "Vì sao nhẹ hơn?", en: "Why is it lighter?" };
const WHY_HINT: Words = {
  vi: "Ví dụ: hao ẩm khi phơi. Ai xem lô hàng cũng đọc được.",
  en: "For example: it dried. Everybody who looks at the lot reads it.",
};
const SIGNED: Words = { vi: "Bên giao đã ký", en: "Signed by the giver" };
const ON_SCALES: Words = { vi: "Bạn cân được", en: "On your scales" };
const DIFFERENCE: Words = { vi: "Lệch", en: "Difference" };
const KEPT_BOTH: Words = {
  vi: "Cả hai số đều được ghi lại. Lô sang tên theo số bên giao đã ký, vì hai bên phải ký cùng một số; số cân của bạn đứng ngay bên cạnh. Khi chế biến, phần thiếu tính vào hao hụt.",
  en: "Both figures are kept. The lot passes at the figure the giver signed, since both must sign the same; yours stands beside it. When you process it, what is missing counts as loss.",
};
const KEPT_BOTH_MORE: Words = {
  vi: "Cả hai số đều được ghi lại. Lô sang tên theo số bên giao đã ký; số cân của bạn đứng ngay bên cạnh. Bạn chỉ chế biến được chừng bên giao đã ký.",
  en: "Both figures are kept. The lot passes at the figure the giver signed; yours stands beside it. You can process no more than the giver signed.",
};
const NO_GIVER: Words = {
  vi: "Chưa biết bên giao. Xin thử lại khi có mạng.",
  en: "The giver is not known yet. Try again with a network.",
};
const SIGN: Words = { vi: "Ký nhận", en: "Sign and take over" };
const TAKEN: Words = { vi: "Nhận lô", en: "Taken over" };
