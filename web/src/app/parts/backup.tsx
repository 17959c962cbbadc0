import { useState } from "preact/hooks";

import type { Words } from "../../../../gateway/core/recording.ts";
import { backupOf, restoredFrom } from "../backup.ts";
import { dayOf } from "../clock.ts";
import type { StoredEntry } from "../entry.ts";
import { useSay } from "../language.ts";
import { restore } from "../outbox.ts";
import type { Session } from "../session.ts";
import { Notice } from "./notice.tsx";

/** Unsent entries as a file, by one tap, and such a file read again: on this device or another. */
export function Backup(props: { session: Session; entries: readonly StoredEntry[] }) {
  const say = useSay();
  const { session, entries } = props;
  const [told, setTold] = useState<{ readonly kind: "good" | "bad"; readonly words: Words }>();
  const unsent = entries.filter(({ state }) => state !== "sent");
  const open = async (file: File) => {
    const read = restoredFrom(await file.text(), session.party, session.deployment);
    if (read === undefined) return setTold({ kind: "bad", words: NOT_OURS });
    const back = await restore(session.person, read.entries);
    setTold({ kind: read.bad > 0 ? "bad" : "good", words: restoredWords(back, read) });
  };
  return (
    <section>
      <h2>{say(TITLE)}</h2>
      <p>{say(unsent.length > 0 ? EXPLAIN : ALL_SENT)}</p>
      <div class="buttons">
        {unsent.length > 0 && (
          <button type="button" onClick={() => save(fileOf(unsent, session))}>
            {say(SAVE)} ({unsent.length})
          </button>
        )}
        {unsent.length > 0 && canShare(fileOf(unsent, session)) && (
          <button
            type="button"
            onClick={() => void navigator.share({ files: [fileOf(unsent, session)] }).catch(closed)}
          >
            {say(SHARE)}
          </button>
        )}
        <label class="button">
          {say(OPEN)}
          <input
            type="file"
            class="apart"
            accept=".txt,text/plain"
            onChange={({ currentTarget: input }) => {
              const [file] = input.files ?? [];
              if (file !== undefined) void open(file).then(() => (input.value = ""));
            }}
          />
        </label>
      </div>
      {told && <Notice kind={told.kind}>{say(told.words)}</Notice>}
    </section>
  );
}

/** Plain text by name and type: what phones let other apps have. */
const fileOf = (unsent: readonly StoredEntry[], { party }: Session): File =>
  new File([backupOf(unsent, party)], `plotline-${dayOf(Date.now())}-${unsent.length}.txt`, {
    type: "text/plain",
  });

const canShare = (file: File): boolean => navigator.canShare?.({ files: [file] }) ?? false;

/** Whoever closes the list of apps has changed their mind; the entries are where they were. */
function closed(refusal: unknown): void {
  if (!(refusal instanceof DOMException)) throw refusal;
}

function save(file: File): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const restoredWords = (
  back: number,
  { entries, bad }: { readonly entries: readonly unknown[]; readonly bad: number },
): Words => {
  const there = entries.length - back;
  return {
    vi: [
      `Đã lấy lại ${back} mục`,
      ...(there > 0 ? [`${there} mục đã có sẵn`] : []),
      ...(bad > 0 ? [`${bad} mục trong tệp bị hỏng hoặc bị sửa, không dùng được`] : []),
    ].join("; "),
    en: [
      `${back} entries are back`,
      ...(there > 0 ? [`${there} were here already`] : []),
      ...(bad > 0 ? [`${bad} in the file are damaged or altered and of no use`] : []),
    ].join("; "),
  };
};

const TITLE: Words = { vi: "Tệp dự phòng", en: "A file, to be safe" };
const EXPLAIN: Words = {
  vi: "Lưu các mục chưa gửi thành một tệp: mất máy hay xóa trình duyệt vẫn còn. Mục nào cũng đã ký, nên máy nào mở tệp này cũng gửi giúp được mà không sửa được. Ai có tệp đều đọc được.",
  en: "Keeps what is unsent even if the phone or its browser is lost. Every entry is signed: any device that opens the file can send it, and none can change it. Whoever has the file can read it.",
};
const ALL_SENT: Words = {
  vi: "Mọi mục đã gửi xong, không cần lưu tệp. Có tệp từ máy khác thì mở ở đây.",
  en: "All is sent, so there is nothing to save. A file from another device can be opened here.",
};
const SAVE: Words = { vi: "Lưu thành tệp", en: "Save as a file" };
const SHARE: Words = { vi: "Gửi tệp qua Zalo, email…", en: "Send the file by Zalo, mail…" };
const OPEN: Words = { vi: "Mở tệp đã lưu", en: "Open a saved file" };
const NOT_OURS: Words = {
  vi: "Tệp này không phải tệp dự phòng của trang này. Không có gì bị thay đổi.",
  en: "This is no file that these pages saved. Nothing was changed.",
};
