import { useState } from "preact/hooks";

import { DIGITAL_LINK } from "../../../../gateway/core/identifiers.ts";
import { idOf, type Words } from "../../../../gateway/core/recording.ts";
import { ask, type LotInfo } from "../api.ts";
import { useLanguage, useSay } from "../language.ts";
import { formatMass, parseKilograms } from "../numbers.ts";
import { MassField } from "../parts/fields.tsx";
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
  const wanted = props.route.params.get("lot");
  const { id } = props.session.party;
  const offered = (lots ?? []).filter((lot) => lotState(lot, id) === "offered");
  const lot = offered.find(({ lot }) => lot === wanted);
  if (lot?.uri != null) return <TakeForm {...props} lot={{ ...lot, uri: lot.uri }} />;
  const find = async (code: string) => {
    const typed = code.toUpperCase();
    const found = offered.find(({ uri }) => uri === code || uri?.endsWith(`/${typed}`) === true);
    if (found !== undefined) return goTo(linkTo("take", { lot: found.lot }));
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
  const grams = parseKilograms(mass, language);
  const off = grams === undefined ? 0 : Math.abs(grams - lot.mass) / lot.mass;
  const differs = grams !== undefined && grams !== lot.mass;
  const recorded = recordedAs(lot.mass, grams ?? lot.mass);
  const build = () => {
    if (grams === undefined) return WEIGH;
    if (off > TOLERANCE) return DIFFERS;
    const from = lot.holder.uri;
    if (from === null) return NO_GIVER;
    // The chain moves the whole lot as it was offered; what the scales said is told beside it.
    const memo = `${language === "vi" ? "Cân lại" : "Weighed"}: ${formatMass(grams, language)}`;
    const intent = {
      kind: "takeOver",
      lot: lot.uri,
      mass: lot.mass,
      from,
      place: partyPlace(session),
      ...(differs && { memo }),
    } as const;
    return {
      plan: doneNow(intent),
      title: TAKEN,
      detail: {
        vi: `${lotNumberOf(lot)} · ${formatMass(lot.mass, "vi")}${differs ? `. ${recorded.vi}` : ""}`,
        en: `${lotNumberOf(lot)} · ${formatMass(lot.mass, "en")}${differs ? `. ${recorded.en}` : ""}`,
      },
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
        trouble={off > TOLERANCE ? DIFFERS : undefined}
      />
      {differs && off <= TOLERANCE && <Notice kind="tell">{say(recorded)}</Notice>}
    </SignForm>
  );
}

/** What is signed where the scales say something else than the giver did; grams. */
const recordedAs = (offered: number, weighed: number): Words => {
  const sign = weighed < offered ? "−" : "+";
  const [vi, en] = (["vi", "en"] as const).map((language) => ({
    offered: formatMass(offered, language),
    weighed: formatMass(weighed, language),
    difference: sign + formatMass(Math.abs(weighed - offered), language),
  })) as [Weighing, Weighing];
  return {
    vi: `Sổ vẫn ghi ${vi.offered} như bên giao đã ký; số cân ${vi.weighed} (lệch ${vi.difference}) nằm trong ghi chú`,
    en: `The record stays at the ${en.offered} that the giver signed; the ${en.weighed} weighed (${en.difference}) go into the note`,
  };
};
type Weighing = Readonly<Record<"offered" | "weighed" | "difference", string>>;

/** Scales differ by a little; by more, it is not the lot that was offered. */
const TOLERANCE = 0.02;

const TITLE: Words = { vi: "Nhận lô", en: "Take over" };
const OFFERED: Words = { vi: "Lô đang chờ bạn nhận", en: "Lots that wait for you" };
const NONE: Words = { vi: "Chưa ai giao lô nào cho bạn.", en: "Nobody has offered you a lot." };
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
const DIFFERS: Words = {
  vi: "Lệch hơn 2 % so với bên giao ghi. Đừng ký; nhờ bên giao rút lại và ghi đúng.",
  en: "More than 2 % off. Do not sign; ask the giver to take it back and correct it.",
};
const NO_GIVER: Words = {
  vi: "Chưa biết bên giao. Xin thử lại khi có mạng.",
  en: "The giver is not known yet. Try again with a network.",
};
const SIGN: Words = { vi: "Ký nhận", en: "Sign and take over" };
const TAKEN: Words = { vi: "Nhận lô", en: "Taken over" };
