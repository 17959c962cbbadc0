import { requireCalibration, type Calibration } from "../../../../gateway/core/calibration.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import { TraceError } from "../../../../gateway/core/trace-error.ts";
import { useSay } from "../language.ts";
import { TextField } from "./fields.tsx";

export const NOT_CALIBRATED: Calibration = { certificate: "", issuer: "", until: "" };

/** A sensor's calibration certificate: it may be left out, and then pages say so. */
export function CalibrationFields(props: {
  readonly value: Calibration;
  readonly onValue: (value: Calibration) => void;
}) {
  const say = useSay();
  const { value, onValue } = props;
  const field = (member: keyof Calibration, label: Words, type: "text" | "date" = "text") => (
    <TextField
      {...{ label, type }}
      value={value[member]}
      onValue={(text) => onValue({ ...value, [member]: text })}
    />
  );
  return (
    <details>
      <summary>{say(TITLE)}</summary>
      {field("certificate", CERTIFICATE)}
      {field("issuer", ISSUER)}
      {field("until", UNTIL, "date")}
    </details>
  );
}

/** As it is signed. */
export const calibrationOf = ({ certificate, issuer, until }: Calibration): Calibration => ({
  certificate: certificate.trim().normalize("NFC"),
  issuer: issuer.trim().normalize("NFC"),
  until,
});

/** What is missing of one that was begun. */
export function calibrationTrouble(value: Calibration): Words | undefined {
  try {
    requireCalibration(calibrationOf(value));
    return undefined;
  } catch (failure) {
    if (failure instanceof TraceError) return WHOLE;
    throw failure;
  }
}

const TITLE: Words = {
  vi: "Giấy hiệu chuẩn (nếu có)",
  en: "Calibration certificate (if there is one)",
};
const CERTIFICATE: Words = { vi: "Số giấy hiệu chuẩn", en: "Its number" };
const ISSUER: Words = { vi: "Nơi cấp", en: "Issued by" };
const UNTIL: Words = { vi: "Có giá trị đến hết ngày", en: "Valid until the end of" };
const WHOLE: Words = {
  vi: "Giấy hiệu chuẩn cần đủ số, nơi cấp và ngày hết hạn.",
  en: "A calibration needs its number, its issuer and its last day.",
};
