import { useEffect, useRef, useState } from "preact/hooks";

import { DIGITAL_LINK, parseLotPath } from "../../../../gateway/core/identifiers.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import { TraceError } from "../../../../gateway/core/trace-error.ts";
import { useSay } from "../language.ts";
import { TextField } from "./fields.tsx";

/** Finds a lot by its QR code, or by its number typed. Gives its canonical URI, or the typed number. */
export function FindLot({
  onFound,
  label = TYPE,
  placeholder = "D261123-7K3QF",
}: {
  onFound: (uri: string) => void;
  label?: Words;
  placeholder?: string;
}) {
  const say = useSay();
  const [text, setText] = useState("");
  const [scanning, setScanning] = useState(false);
  const found = (code: string) => {
    setScanning(false);
    onFound(uriOf(code));
  };
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") found(text.trim());
      }}
    >
      {scanning ? (
        <Camera onCode={found} onStop={() => setScanning(false)} />
      ) : (
        CAN_SCAN && (
          <button type="button" class="primary" onClick={() => setScanning(true)}>
            ▣ {say(SCAN)}
          </button>
        )
      )}
      <TextField label={label} value={text} onValue={setText} placeholder={placeholder} required />
      <button type="submit">{say(FIND)}</button>
    </form>
  );
}

/** The canonical URI in a scanned code, whatever host it names; anything else as it is. */
export function uriOf(code: string): string {
  const path = /^https?:\/\/[^/]+(?:\/dossier)?(\/01\/[^?#]*)/.exec(code)?.[1];
  if (path === undefined) return code;
  try {
    parseLotPath(path);
    return DIGITAL_LINK + path;
  } catch (failure) {
    if (failure instanceof TraceError) return code;
    throw failure;
  }
}

type Detector = {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
};
declare const BarcodeDetector: new (options: { formats: readonly string[] }) => Detector;

function Camera({ onCode, onStop }: { onCode: (code: string) => void; onStop: () => void }) {
  const say = useSay();
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    let [stream, timer]: [MediaStream | undefined, number] = [undefined, 0];
    const look = async () => {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (video.current === null) return stream.getTracks().forEach((track) => track.stop());
      video.current.srcObject = stream;
      await video.current.play();
      timer = window.setInterval(() => {
        if (video.current === null) return;
        void detector.detect(video.current).then(([code]) => code && onCode(code.rawValue));
      }, 250);
    };
    look().catch(onStop); // no camera, or it was not allowed: typing stays
    return () => {
      clearInterval(timer);
      stream?.getTracks().forEach((track) => track.stop());
    };
    // oxlint-disable-next-line exhaustive-deps -- the camera starts once
  }, []);
  return (
    <>
      <video ref={video} class="camera" muted playsInline aria-label={say(POINT)} />
      <button type="button" onClick={onStop}>
        {say(STOP)}
      </button>
    </>
  );
}

/** Whether this browser reads QR codes; where it does not, pages must not speak of scanning. */
export const CAN_SCAN = "BarcodeDetector" in globalThis;

const SCAN: Words = { vi: "Quét mã QR trên bao", en: "Scan the code on the sack" };
const TYPE: Words = CAN_SCAN
  ? { vi: "hoặc gõ số lô", en: "or type the lot number" }
  : { vi: "Gõ số lô trên bao", en: "Type the lot number on the sack" };
const FIND: Words = { vi: "Tìm lô", en: "Find" };
const POINT: Words = { vi: "Đưa mã vào khung", en: "Point the camera at the code" };
const STOP: Words = { vi: "Thôi quét", en: "Stop" };
