import { useEffect, useState } from "preact/hooks";

import type { Words } from "../../../../gateway/core/recording.ts";
import type { StoredEntry } from "../entry.ts";
import { formatTime, useLanguage, useSay } from "../language.ts";
import { entriesOf, onChange, recordAgain, removeEntry, sendAgain, sendSoon } from "../outbox.ts";
import type { Person } from "../roles.ts";
import { linkTo } from "../route.ts";
import type { Session } from "../session.ts";
import { Backup } from "./backup.tsx";
import { Notice } from "./notice.tsx";

/** This device's entries, the newest first, as they change; undefined until they are read. */
export function useEntries(person: Person): readonly StoredEntry[] | undefined {
  const [entries, setEntries] = useState<readonly StoredEntry[]>();
  useEffect(() => {
    const read = () => void entriesOf(person).then(setEntries);
    read();
    return onChange(read);
  }, [person]);
  return entries;
}

/** One entry: what it says, where it is on its way, and, when it came back, why and what to do. */
export function EntryCard({ session, entry }: { session: Session; entry: StoredEntry }) {
  const [say, language] = [useSay(), useLanguage()];
  return (
    <article class="card entry">
      <div class="row">
        <div>
          <h3>{say(entry.title)}</h3>
          <p>{say(entry.detail)}</p>
          {entry.inNameOf && (
            <p>
              {say(FOR)} <b>{say(entry.inNameOf.name)}</b>
            </p>
          )}
          <p class="quiet">{formatTime(entry.at, language)}</p>
        </div>
        <State entry={entry} />
      </div>
      {entry.refusal && entry.state !== "sent" && (
        <Notice kind={entry.state === "review" ? "bad" : "wait"}>
          {say(entry.refusal.message)}
        </Notice>
      )}
      {entry.state === "review" && <Review {...{ session, entry }} />}
      {entry.state === "stored" && (
        <button type="button" onClick={sendSoon}>
          {say(SEND_NOW)}
        </button>
      )}
    </article>
  );
}

/** Where an entry is, in the four words of this app; a fifth says that the chain has it. */
export function State({ entry }: { entry: StoredEntry }) {
  const say = useSay();
  const state = entry.confirmed ? "confirmed" : entry.state;
  return <span class={`state ${state}`}>{say(STATES[state])}</span>;
}

function Review({ session, entry }: { session: Session; entry: StoredEntry }) {
  const say = useSay();
  const { id, origin, inNameOf, restored } = entry;
  const fix = { fix: String(id), for: inNameOf?.id };
  return (
    <>
      <div class="buttons">
        {origin && (
          <a class="button primary" href={linkTo(origin.page, fix)}>
            {say(CORRECT)}
          </a>
        )}
        {restored ? (
          <button type="button" onClick={() => void sendAgain(entry)}>
            {say(SEND_AGAIN)}
          </button>
        ) : (
          <button type="button" onClick={() => void recordAgain(session, entry)}>
            {say(AGAIN)}
          </button>
        )}
      </div>
      <details>
        <summary>{say(MORE)}</summary>
        <p>{say(REMOVE_ALONE)}</p>
        <button type="button" class="danger" onClick={() => void removeEntry(id)}>
          {say(REMOVE)}
        </button>
      </details>
    </>
  );
}

/** What has not arrived yet or came back, above everything else; nothing when all is well. */
export function Unsent({ session }: { session: Session }) {
  const say = useSay();
  const unsent = (useEntries(session.person) ?? []).filter(({ state }) => state !== "sent");
  if (unsent.length === 0) return null;
  return (
    <>
      <h2>{say(UNSENT)}</h2>
      <div class="cards">
        {unsent.map((entry) => (
          <EntryCard key={entry.id} {...{ session, entry }} />
        ))}
      </div>
    </>
  );
}

/** All of this device's entries. */
export function OutboxPage({
  session,
  entries,
}: {
  session: Session;
  entries: readonly StoredEntry[];
}) {
  const say = useSay();
  return (
    <>
      <div class="row">
        <h1>{say(TITLE)}</h1>
        {entries.some(({ state }) => state !== "sent" && state !== "review") && (
          <button type="button" onClick={sendSoon}>
            {say(SEND_NOW)}
          </button>
        )}
      </div>
      {entries.length === 0 && <p class="empty">{say(NOTHING)}</p>}
      <div class="cards">
        {entries.map((entry) => (
          <EntryCard key={entry.id} {...{ session, entry }} />
        ))}
      </div>
      <Backup {...{ session, entries }} />
    </>
  );
}

const STATES = {
  stored: { vi: "Lưu trên máy", en: "Saved here" },
  sending: { vi: "Đang gửi", en: "Sending" },
  sent: { vi: "Đã gửi (có biên nhận)", en: "Sent (receipt)" },
  confirmed: { vi: "Đã gửi, đã vào sổ chung", en: "Sent and on the chain" },
  review: { vi: "Cần xem lại", en: "To review" },
} as const satisfies Record<string, Words>;

const SEND_NOW: Words = { vi: "Gửi ngay", en: "Send now" };
const CORRECT: Words = { vi: "Sửa", en: "Correct" };
const FOR: Words = { vi: "Ghi hộ", en: "For" };
const SEND_AGAIN: Words = { vi: "Gửi lại", en: "Send again" };
const AGAIN: Words = { vi: "Ký và gửi lại", en: "Sign and send again" };
const MORE: Words = { vi: "Việc khác", en: "Something else" };
const REMOVE: Words = { vi: "Bỏ mục này khỏi máy", en: "Take this entry off this device" };
const REMOVE_ALONE: Words = {
  vi: "Chỉ bỏ mục này. Những mục khác vẫn còn.",
  en: "Only this entry goes. All others stay.",
};
const UNSENT: Words = { vi: "Chưa gửi xong", en: "Not sent yet" };
const TITLE: Words = { vi: "Sổ trên máy này", en: "The book on this device" };
const NOTHING: Words = { vi: "Chưa ghi gì trên máy này.", en: "Nothing recorded here yet." };
