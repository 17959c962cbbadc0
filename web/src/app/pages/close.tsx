import { useState } from "preact/hooks";

import type { Words } from "../../../../gateway/core/recording.ts";
import { useLanguage, useSay } from "../language.ts";
import { formatMass } from "../numbers.ts";
import { TextField } from "../parts/fields.tsx";
import { doneNow, SignForm, type PageProps } from "../parts/form.tsx";
import { lotNumberOf, usable, useLots } from "../parts/lots.tsx";
import { Failure, Notice } from "../parts/notice.tsx";
import { partyPlace } from "../places.ts";

/** Ends a lot that is spoilt, used up elsewhere or was recorded by mistake: nothing is taken back, it is said. */
export function ClosePage(props: PageProps) {
  const { session, route } = props;
  const [say, language] = [useSay(), useLanguage()];
  const { value: lots, failure } = useLots(session);
  const [reason, setReason] = useState("");
  if (lots === undefined) return <Failure of={failure} />;
  const lot = lots.find(({ lot }) => lot === route.params.get("lot"));
  const { uri = null } = lot ?? {};
  if (lot === undefined || uri === null || !usable(lot, session.party.id))
    return <p class="empty">{say(NOT_HELD)}</p>;
  const build = () => {
    const memo = reason.trim();
    if (memo === "") return GIVE_REASON;
    return {
      plan: doneNow({
        kind: "retire",
        lot: uri,
        mass: lot.mass,
        place: partyPlace(session),
        memo,
      }),
      title: TITLE,
      detail: { vi: `${lotNumberOf(lot)} · ${memo}`, en: `${lotNumberOf(lot)} · ${memo}` },
      values: { lot: lot.lot },
    } as const;
  };
  return (
    <SignForm {...props} title={TITLE} button={SIGN} build={build}>
      <p>
        <b>{lot.product && say(lot.product)}</b> <span class="number">{lotNumberOf(lot)}</span>
        <br />
        {formatMass(lot.mass, language)}
      </p>
      <Notice kind="tell">{say(WHAT_IT_DOES)}</Notice>
      <TextField label={REASON} hint={REASON_HINT} value={reason} onValue={setReason} required />
    </SignForm>
  );
}

const TITLE: Words = { vi: "Đóng lô", en: "Close the lot" };
const WHAT_IT_DOES: Words = {
  vi: "Bản ghi không xóa được; đóng lô là ghi rõ rằng phần còn lại không dùng nữa. Sau đó không ai giao, chế biến hay gắn chứng nhận lô này được. Hạn mức đã dùng không trở lại: nếu ghi nhầm số cân, xin nơi cấp mã cấp thêm.",
  en: "Records cannot be erased; closing a lot says that what is left of it is not used any more. Nobody can hand it over, process or certify it then. The quota that it took stays spent: if the weight was a mistake, ask the issuer of the code for more.",
};
const REASON: Words = { vi: "Lý do", en: "Why" };
const REASON_HINT: Words = {
  vi: "Ví dụ: ghi nhầm 1,25 kg, đúng là 1.250 kg. Người quét mã sẽ đọc được.",
  en: "For example: 1.25 kg was a mistake for 1,250 kg. Whoever scans the code can read it.",
};
const GIVE_REASON: Words = { vi: "Xin ghi lý do.", en: "Please give the reason." };
const SIGN: Words = { vi: "Ký đóng lô", en: "Sign and close" };
const NOT_HELD: Words = {
  vi: "Bạn không giữ lô này. Lô đang chờ bên kia nhận thì rút lại lời giao trước.",
  en: "This lot is not in your hands. If it waits for somebody to take it over, take the offer back first.",
};
