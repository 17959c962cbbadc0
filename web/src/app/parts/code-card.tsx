import { useState } from "preact/hooks";

import type { Words } from "../../../../gateway/core/recording.ts";
import { useSay } from "../language.ts";
import type { Person, SensorRole } from "../roles.ts";
import { Qr } from "./qr.tsx";

/** A fresh enrolment code, to read out, to scan, or to send as a link; a sensor is told it by whoever sets it up. */
export function CodeCard({ code, person }: { code: string; person: Person | SensorRole }) {
  const say = useSay();
  const link = `${location.origin}/app/${person}#code=${code}`;
  return (
    <section class="narrow">
      <h1>{say(READY)}</h1>
      <div class="card centre">
        <p class="fingerprint code">{code}</p>
        {person === "device" || person === "networkServer" ? (
          <p>{say(FOR_SENSOR)}</p>
        ) : (
          <Link link={link} />
        )}
      </div>
      <a class="button" href="#/">
        {say(DONE)}
      </a>
    </section>
  );
}

function Link({ link }: { link: string }) {
  const say = useSay();
  const [copied, setCopied] = useState(false);
  return (
    <>
      <Qr text={link} label={say(SCAN_IT)} />
      <p>{say(SCAN_IT)}</p>
      <button
        type="button"
        onClick={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}
      >
        {say(copied ? COPIED : COPY)}
      </button>
      <p class="quiet link">{link}</p>
    </>
  );
}

const FOR_SENSOR: Words = {
  vi: "Nhập mã này khi cài cảm biến (hay ghi vào tệp nguồn của máy chủ). Cảm biến sẽ hiện ở mục chờ duyệt.",
  en: "Enter it when you set up the sensor (or in the gateway's sources file). The sensor then waits for your approval.",
};
const READY: Words = { vi: "Mã ghi danh", en: "Enrolment code" };
const SCAN_IT: Words = {
  vi: "Người nhận quét mã này, hoặc mở đường dẫn. Mã dùng một lần.",
  en: "They scan this, or open the link. It works once.",
};
const COPY: Words = { vi: "Chép đường dẫn", en: "Copy the link" };
const COPIED: Words = { vi: "Đã chép", en: "Copied" };
const DONE: Words = { vi: "Xong", en: "Done" };
