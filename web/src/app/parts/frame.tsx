import type { ComponentChildren } from "preact";

import type { Words } from "../../../../gateway/core/recording.ts";
import type { StoredEntry } from "../entry.ts";
import { useLanguage, useSay, type Language } from "../language.ts";
import { PEOPLE, type Person } from "../roles.ts";

/** What stands around every page: whose it is, what is not sent yet, the language, and the way back. */
export function Frame(props: {
  readonly person: Person;
  readonly home: boolean;
  readonly entries: readonly StoredEntry[];
  readonly party: Words | undefined;
  readonly onLanguage: (language: Language) => void;
  readonly children: ComponentChildren;
}) {
  const [say, language] = [useSay(), useLanguage()];
  const { person, home, entries, party, onLanguage, children } = props;
  const other = language === "vi" ? "en" : "vi";
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        {say(SKIP)}
      </a>
      <header>
        <div class="bar">
          {home ? (
            <span class="mark" aria-hidden="true">
              <Leaf />
            </span>
          ) : (
            <a class="mark" href="#/" aria-label={say(BACK)}>
              ←
            </a>
          )}
          <div class="who">
            <b>{say(PEOPLE[person].name)}</b>
            <small>{party === undefined ? "Plotline" : say(party)}</small>
          </div>
          {party !== undefined && <Badge entries={entries} />}
          <button
            type="button"
            class="language"
            lang={other}
            aria-label={OTHER_LANGUAGE[other]}
            onClick={() => onLanguage(other)}
          >
            {other.toUpperCase()}
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

/** How many entries are not sent, or came back; a tap shows them. */
function Badge({ entries }: { entries: readonly StoredEntry[] }) {
  const say = useSay();
  const back = entries.filter(({ state }) => state === "review").length;
  const unsent = entries.filter(({ state }) => state === "stored" || state === "sending").length;
  const [kind, number, words] =
    back > 0
      ? (["bad", back, TO_REVIEW] as const)
      : unsent > 0
        ? (["wait", unsent, UNSENT] as const)
        : (["good", 0, entries.length > 0 ? ALL_SENT : BOOK] as const);
  return (
    <a
      class={`badge ${kind}`}
      href="#/outbox"
      aria-label={entries.length > 0 ? `${say(words)}: ${number}` : say(words)}
    >
      {number > 0 ? number : entries.length > 0 ? "✓" : "≡"}
      <small>{say(words)}</small>
    </a>
  );
}

/** The address names the page, so the way past the header must leave it alone. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

const Leaf = () => (
  <svg viewBox="0 0 24 24" width="28" height="28">
    <path
      d="M4 20C4 9 10 4 21 3c0 11-5 16-12 16-1.6 0-2.9-.3-4-1M4 20c2-5 6-9 11-11"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);

const SKIP: Words = { vi: "Tới nội dung", en: "Skip to content" };
const BACK: Words = { vi: "Về trang chính", en: "Back to the start" };
const OTHER_LANGUAGE = { vi: "VI: Tiếng Việt", en: "EN: English" } as const;
const UNSENT: Words = { vi: "chưa gửi", en: "unsent" };
const TO_REVIEW: Words = { vi: "cần xem", en: "to review" };
const BOOK: Words = { vi: "sổ", en: "book" };
const ALL_SENT: Words = { vi: "đã gửi", en: "all sent" };
