import { calibrationEnd } from "../../../../gateway/core/calibration.ts";
import { fingerprintOf } from "../../../../gateway/core/key-id.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import { nowSeconds } from "../clock.ts";
import { formatDay, useLanguage, useSay } from "../language.ts";
import type { PageProps } from "../parts/form.tsx";
import { Failure } from "../parts/notice.tsx";
import { linkTo } from "../route.ts";
import { isWatching, useSensors, type SensorInfo } from "../sensors.ts";

/** The sensors of the party: where they are, how they stand, and what can be done with each. */
export function SensorsPage({ session }: PageProps) {
  const say = useSay();
  const { value, failure } = useSensors(session);
  return (
    <section>
      <h1>{say(TITLE)}</h1>
      <Failure of={failure} />
      {value?.length === 0 && <p class="empty">{say(NONE)}</p>}
      <ul class="cards plain">
        {value?.map((sensor) => (
          <Sensor key={`${sensor.device}${sensor.place}`} {...sensor} />
        ))}
      </ul>
    </section>
  );
}

function Sensor(sensor: SensorInfo) {
  const [say, language] = [useSay(), useLanguage()];
  const { device, label, placeName, placeUri, calibration, keyUntil } = sensor;
  const valid = keyUntil > nowSeconds();
  const expired = calibration !== null && calibrationEnd(calibration) <= nowSeconds();
  return (
    <li class="card">
      <b>{label}</b>
      <p>
        {say(placeName)} · {say(valid ? (isWatching(sensor) ? WATCHING : ELSEWHERE) : REVOKED)}
        {!valid && ` ${formatDay(keyUntil * 1000, language)}`}
      </p>
      <p class="fingerprint">{fingerprintOf(device)}</p>
      <p class="quiet">
        {calibration === null
          ? say(UNCALIBRATED)
          : `${say(expired ? EXPIRED : CALIBRATED)} ${formatDay(
              (calibrationEnd(calibration) - 86_400) * 1000,
              language,
            )} (${calibration.certificate}, ${calibration.issuer})`}
      </p>
      {valid && isWatching(sensor) && (
        <p>
          <a class="button" href={linkTo("device", { replaces: device, label, place: placeUri })}>
            {say(REPLACE)}
          </a>{" "}
          <a class="button" href={linkTo("sensor-end", { device })}>
            {say(END)}
          </a>
        </p>
      )}
    </li>
  );
}

const TITLE: Words = { vi: "Cảm biến của tôi", en: "My sensors" };
const NONE: Words = { vi: "Chưa có cảm biến nào.", en: "No sensors yet." };
const WATCHING: Words = { vi: "đang theo dõi", en: "watching" };
const ELSEWHERE: Words = { vi: "không còn theo dõi nơi này", en: "no longer watching here" };
const REVOKED: Words = { vi: "khóa đã thu hồi từ", en: "key revoked as of" };
const CALIBRATED: Words = { vi: "Hiệu chuẩn đến hết ngày", en: "Calibrated until the end of" };
const EXPIRED: Words = { vi: "Hết hạn hiệu chuẩn từ sau ngày", en: "Calibration expired after" };
const UNCALIBRATED: Words = { vi: "Chưa khai giấy hiệu chuẩn.", en: "No calibration is named." };
const REPLACE: Words = { vi: "Đổi khóa hoặc đổi máy", en: "New key or new sensor" };
const END: Words = { vi: "Ngừng dùng", en: "Take out of use" };
