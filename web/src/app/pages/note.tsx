import { useState } from "preact/hooks";

import { NOTE_STEPS, type NoteStep, type Words } from "../../../../gateway/core/recording.ts";
import type { LotInfo } from "../api.ts";
import { useSay } from "../language.ts";
import { Choice, SelectField } from "../parts/choices.tsx";
import { TextField } from "../parts/fields.tsx";
import { doneNow, SignForm, useInitial, type PageProps } from "../parts/form.tsx";
import { lotNumberOf, usable, useLots } from "../parts/lots.tsx";
import { Failure } from "../parts/notice.tsx";
import { partyPlace, usePlaces } from "../places.ts";

type Values = {
  readonly lot: string;
  readonly step: NoteStep;
  readonly place: string;
  readonly memo: string;
};

/** Says where a lot is and what is done with it: from then on the sensors of that place speak for it. */
export function NotePage(props: PageProps) {
  const initial = useInitial<Values>(props);
  const { value: lots, failure } = useLots(props.session);
  const say = useSay();
  const [lot, setLot] = useState<string>();
  const [step, setStep] = useState<NoteStep>();
  const [place, setPlace] = useState<string>();
  const [memo, setMemo] = useState<string>();
  const watched = usePlaces();
  if (initial === undefined || lots === undefined) return <Failure of={failure} />;

  const { session, route } = props;
  const held = lots.filter((lot) => usable(lot, session.party.id));
  const places = [partyPlace(session), ...watched];
  const now: Values = {
    lot: lot ?? route.params.get("lot") ?? initial.lot ?? only(held),
    step: step ?? initial.step ?? "storing",
    place: place ?? initial.place ?? session.party.uri,
    memo: memo ?? "",
  };
  const build = () => {
    const [chosen, at] = [
      held.find(({ lot }) => lot === now.lot),
      places.find(({ uri }) => uri === now.place),
    ];
    if (chosen?.uri == null || at === undefined) return CHOOSE_LOT;
    const text = now.memo.trim();
    return {
      plan: doneNow({
        kind: "note",
        lot: chosen.uri,
        step: now.step,
        place: at,
        ...(text !== "" && { memo: text }),
      }),
      title: STEPS[now.step],
      detail: {
        vi: `${lotNumberOf(chosen)} · ${at.name.vi}`,
        en: `${lotNumberOf(chosen)} · ${at.name.en}`,
      },
      values: now,
      remember: { step: now.step, place: now.place },
    } as const;
  };
  return (
    <SignForm {...props} title={TITLE} button={SAVE} build={build}>
      <SelectField
        label={LOT}
        value={now.lot}
        onValue={setLot}
        options={held.map((lot) => ({
          value: lot.lot,
          name: `${lotNumberOf(lot)} ${lot.product ? say(lot.product) : ""}`,
        }))}
      />
      <Choice
        label={WHAT}
        value={now.step}
        onValue={(step) => setStep(step as NoteStep)}
        options={NOTE_STEPS.map((value) => ({ value, name: say(STEPS[value]) }))}
      />
      <SelectField
        label={WHERE}
        hint={SENSORS}
        value={now.place}
        onValue={setPlace}
        options={places.map(({ uri, name }) => ({ value: uri, name: say(name) }))}
      />
      <TextField label={MEMO} value={now.memo} onValue={setMemo} />
    </SignForm>
  );
}

/** Whoever holds one lot need not choose it. */
const only = (held: readonly LotInfo[]): string => (held.length === 1 ? (held[0]?.lot ?? "") : "");

const STEPS: Readonly<Record<NoteStep, Words>> = {
  storing: { vi: "Phơi sấy, lưu kho", en: "Drying or storing" },
  inspecting: { vi: "Kiểm tra", en: "Inspecting" },
  transporting: { vi: "Vận chuyển", en: "Transporting" },
  holding: { vi: "Tạm giữ", en: "Holding" },
  packing: { vi: "Đóng gói", en: "Packing" },
};
const TITLE: Words = { vi: "Ghi chú về lô", en: "Note about a lot" };
const LOT: Words = { vi: "Lô nào?", en: "Which lot?" };
const WHAT: Words = { vi: "Đang làm gì?", en: "What is done?" };
const WHERE: Words = { vi: "Ở đâu?", en: "Where?" };
const SENSORS: Words = {
  vi: "Cảm biến ở nơi đó sẽ kể tiếp về lô này.",
  en: "The sensors of that place then speak for this lot.",
};
const MEMO: Words = { vi: "Ghi thêm (không bắt buộc)", en: "A remark (optional)" };
const SAVE: Words = { vi: "Ký và lưu", en: "Sign and save" };
const CHOOSE_LOT: Words = { vi: "Xin chọn lô và nơi.", en: "Please choose lot and place." };
