import { useState } from "preact/hooks";

import { fromHex, type Hex } from "../../../../gateway/core/bytes.ts";
import { checkDigitOf } from "../../../../gateway/core/check-digit.ts";
import { placeUri } from "../../../../gateway/core/identifiers.ts";
import type { Role } from "../../../../gateway/core/operations.ts";
import { keyIdOf } from "../../../../gateway/core/key-id.ts";
import { idOf, type Words } from "../../../../gateway/core/recording.ts";
import { fingerprintOf } from "../../../../gateway/core/key-id.ts";
import { TraceError } from "../../../../gateway/core/trace-error.ts";
import type { KeyInfo } from "../api.ts";
import { nowSeconds } from "../clock.ts";
import { enrolmentOf } from "../enrolments.ts";
import { useAnswer } from "../kept.ts";
import { useSay } from "../language.ts";
import { randomBytes } from "../lot-number.ts";
import { SelectField } from "../parts/choices.tsx";
import {
  CalibrationFields,
  calibrationOf,
  calibrationTrouble,
  NOT_CALIBRATED,
} from "../parts/calibration.tsx";
import { TextField } from "../parts/fields.tsx";
import { SignForm, type PageProps } from "../parts/form.tsx";
import { usePlaces } from "../places.ts";
import { sensorRole } from "../roles.ts";
import { endOfKey, endOfWatch, isWatching, useSensors } from "../sensors.ts";

const NEW = "new";
const YEAR = 365 * 86_400;

/** A place of our own: GS1's demonstration prefix 952 and nine random digits. */
function newPlace(): string {
  const digits = `952${[...randomBytes(9)].map((byte) => byte % 10).join("")}`;
  return placeUri(digits + checkDigitOf(digits));
}

/** Enrols a sensor's key and says which place it watches: from then on its silence is seen. */
export function DevicePage(props: PageProps) {
  const { session, route } = props;
  const [say, places] = [useSay(), usePlaces()];
  const [publicKey, setPublicKey] = useState(route.params.get("key") ?? "");
  const [label, setLabel] = useState(route.params.get("label") ?? "");
  const role = sensorRole([route.params.get("role") as Role]) ?? "device";
  const [place, setPlace] = useState(route.params.get("place") ?? NEW);
  const [name, setName] = useState("");
  const [minutes, setMinutes] = useState("10");
  const [[min, max], setLimits] = useState<readonly [string, string]>(["10", "35"]);
  const [calibration, setCalibration] = useState(NOT_CALIBRATED);
  const sensors = (useSensors(session).value ?? []).filter(isWatching);
  const replaced = sensors.filter(({ device }) => device === route.params.get("replaces"));

  const keyId = keyIdIn(publicKey);
  const info = useAnswer<KeyInfo>(keyId === undefined ? null : `/api/keys/${keyId}`).value;

  const build = () => {
    const known = places.find(({ uri }) => uri === place);
    const given = name.trim().normalize("NFC");
    if (keyId === undefined) return BAD_KEY;
    if ((known === undefined && given === "") || label.trim() === "") return NAME_IT;
    const at = known ?? { uri: newPlace(), name: { vi: given, en: given } };
    const interval = Math.round(Number(minutes) * 60);
    const limits = { min: Number(min), max: Number(max) };
    if (!(interval > 0) || !(limits.min < limits.max)) return BAD_NUMBERS;
    const named = Object.values(calibration).some((text) => text.trim() !== "");
    const trouble = named ? calibrationTrouble(calibration) : undefined;
    if (trouble !== undefined) return trouble;
    if (replaced.some((old) => old.device === keyId)) return SAME_KEY;
    const device = label.trim().normalize("NFC");
    // One that moves to another place keeps its key, and leaves the old place.
    const moved = sensors.filter((old) => old.device === keyId && old.place !== idOf(at.uri));
    const enrolment = enrolmentOf({
      keyId,
      roles: [role],
      label: device,
      subject: { uri: session.party.uri, name: session.party.name },
    });
    const from = nowSeconds();
    return {
      before: [
        ...(info?.state === "enrolled" ? [] : [enrolment]),
        ...[...moved, ...replaced].map(endOfWatch),
        ...replaced.slice(0, 1).map((old) => endOfKey(old, from, replacedBy(keyId))),
      ],
      plan: {
        name: "Watch",
        body: { device: keyId, place: idOf(at.uri), from, until: from + 2 * YEAR, interval },
        document: {
          type: "Watch",
          place: at.uri,
          name: at.name,
          device,
          quantityLimits: [{ name: "temperature", unit: "Cel", ...limits }],
          ...(named && { calibration: calibrationOf(calibration) }),
        },
      },
      title: { vi: `Cảm biến ${device}`, en: `Sensor ${device}` },
      detail: at.name,
      values: {},
    } as const;
  };

  return (
    <SignForm {...props} title={TITLE} button={SIGN} build={build}>
      {role === "networkServer" && <p>{say(ATTESTED)}</p>}
      {replaced.length > 0 && <p>{say(REPLACING)}</p>}
      <TextField label={KEY} hint={KEY_HINT} value={publicKey} onValue={setPublicKey} required />
      <TextField label={LABEL} value={label} onValue={setLabel} required />
      <SelectField
        label={PLACE}
        value={place}
        onValue={(value) => setPlace(value === "" ? NEW : value)}
        options={[
          { value: NEW, name: say(NEW_PLACE) },
          ...places.map(({ uri, name }) => ({ value: uri, name: say(name) })),
        ]}
      />
      {place === NEW && <TextField label={NAME} value={name} onValue={setName} required />}
      <TextField label={EVERY} type="number" value={minutes} onValue={setMinutes} />
      <div class="line">
        <TextField
          label={LOWEST}
          type="number"
          value={min}
          onValue={(value) => setLimits([value, max])}
        />
        <TextField
          label={HIGHEST}
          type="number"
          value={max}
          onValue={(value) => setLimits([min, value])}
        />
      </div>
      <CalibrationFields value={calibration} onValue={setCalibration} />
    </SignForm>
  );
}

function keyIdIn(text: string) {
  const hex = text.trim().toLowerCase();
  try {
    return keyIdOf(fromHex(hex.startsWith("0x") ? hex : `0x${hex}`, 65));
  } catch (failure) {
    if (failure instanceof TraceError) return undefined;
    throw failure;
  }
}

const ATTESTED: Words = {
  vi: "Cảm biến này không tự ký. Mọi người sẽ thấy: số đo do máy chủ mạng xác nhận.",
  en: "This sensor does not sign. Everybody will see: attested by the network server.",
};
/** The reason that everybody reads beside the end of the old key. */
const replacedBy = (keyId: Hex): string =>
  `Đổi sang khóa ${fingerprintOf(keyId)} | Replaced by ${fingerprintOf(keyId)}`;

const REPLACING: Words = {
  vi: "Khóa mới thay cho khóa đang dùng: khóa cũ hết hiệu lực ngay khi ký.",
  en: "The new key takes the place of the one in use, which ends as you sign.",
};
const SAME_KEY: Words = {
  vi: "Đây chính là khóa đang dùng. Cần khóa mới.",
  en: "This is the key that is in use. A new one is needed.",
};
const TITLE: Words = { vi: "Thêm cảm biến", en: "Add a sensor" };
const KEY: Words = { vi: "Khóa công khai của cảm biến", en: "The sensor's public key" };
const KEY_HINT: Words = {
  vi: "Dán dãy 04… (65 byte hệ 16) in trên cảm biến.",
  en: "Paste the 04… (65 bytes in hex) that comes with it.",
};
const LABEL: Words = { vi: "Tên cảm biến", en: "What it is called" };
const PLACE: Words = { vi: "Theo dõi nơi nào?", en: "Which place does it watch?" };
const NEW_PLACE: Words = { vi: "+ Nơi mới", en: "+ A new place" };
const NAME: Words = { vi: "Tên nơi đó", en: "Name of the place" };
const EVERY: Words = { vi: "Ít nhất bao nhiêu phút một lần?", en: "At least once in … minutes" };
const LOWEST: Words = { vi: "Thấp nhất (°C)", en: "Lowest (°C)" };
const HIGHEST: Words = { vi: "Cao nhất (°C)", en: "Highest (°C)" };
const SIGN: Words = { vi: "Ký", en: "Sign" };
const BAD_KEY: Words = {
  vi: "Đây không phải khóa công khai P-256 dạng 04…",
  en: "This is not a P-256 public key of the form 04…",
};
const NAME_IT: Words = {
  vi: "Xin đặt tên cho cảm biến và nơi đặt.",
  en: "Please name the sensor and its place.",
};
const BAD_NUMBERS: Words = {
  vi: "Xin xem lại số phút và khoảng nhiệt độ.",
  en: "Please check the minutes and the limits.",
};
