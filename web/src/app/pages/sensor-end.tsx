import { useState } from "preact/hooks";

import type { Words } from "../../../../gateway/core/recording.ts";
import { nowSeconds } from "../clock.ts";
import { useSay } from "../language.ts";
import { TextField } from "../parts/fields.tsx";
import { SignForm, type PageProps } from "../parts/form.tsx";
import { Failure } from "../parts/notice.tsx";
import { endOfKey, endOfWatch, isWatching, useSensors } from "../sensors.ts";

/** Takes a sensor out of use: its watches and its key end, with the reason that everybody may read. */
export function SensorEndPage(props: PageProps) {
  const { session, route } = props;
  const say = useSay();
  const { value, failure } = useSensors(session);
  const [text, setText] = useState("");
  const [day, setDay] = useState("");
  const own = value?.filter(({ device }) => device === route.params.get("device"));
  const [sensor] = own ?? [];
  if (own === undefined) return <Failure of={failure} />;
  if (sensor === undefined) return <p class="empty">{say(NOT_MINE)}</p>;
  const build = () => {
    const reason = text.trim().normalize("NFC");
    if (reason === "") return GIVE_REASON;
    const since = day === "" ? nowSeconds() : Date.parse(`${day}T00:00:00+07:00`) / 1000;
    if (!(since <= nowSeconds())) return NOT_YET;
    return {
      ...endOfKey(sensor, since, reason),
      before: own.filter(isWatching).map(endOfWatch),
      values: {},
    };
  };
  return (
    <SignForm {...props} title={TITLE} button={SIGN} build={build}>
      <p>
        <b>{sensor.label}</b> · {say(sensor.placeName)}
      </p>
      <TextField label={REASON} hint={REASON_HINT} value={text} onValue={setText} required />
      <TextField label={SINCE} hint={SINCE_HINT} type="date" value={day} onValue={setDay} />
    </SignForm>
  );
}

const TITLE: Words = { vi: "Ngừng dùng cảm biến", en: "Take a sensor out of use" };
const REASON: Words = { vi: "Lý do", en: "Reason" };
const REASON_HINT: Words = {
  vi: "Ai xem lô hàng cũng đọc được lý do này. Không rút lại được.",
  en: "Everybody who looks at the lots reads it. This cannot be undone.",
};
const SINCE: Words = {
  vi: "Từ ngày nào không tin được nữa?",
  en: "Since which day can it not be trusted?",
};
const SINCE_HINT: Words = {
  vi: "Để trống: từ bây giờ. Mất cắp thì ghi ngày mất: số đo từ ngày đó không còn giá trị.",
  en: "Empty: as of now. If it was stolen, say when: what it measured since counts for nothing.",
};
const SIGN: Words = { vi: "Ký thu hồi", en: "Sign and revoke" };
const GIVE_REASON: Words = { vi: "Xin ghi lý do.", en: "Please give the reason." };
const NOT_YET: Words = { vi: "Ngày đó chưa tới.", en: "That day is still to come." };
const NOT_MINE: Words = {
  vi: "Không thấy cảm biến này.",
  en: "This sensor is not among yours.",
};
