import type { Words } from "../../../gateway/core/recording.ts";
import { ask, NO_NETWORK, Refused, type KeyInfo } from "./api.ts";
import { nowSeconds } from "./clock.ts";
import { database, type StoredKey } from "./database.ts";
import type { Entry, Origin, Plan, Refusal, StoredEntry } from "./entry.ts";
import { announceChange } from "./kept.ts";
import { signingLock, storedKey, usedUpTo } from "./keys.ts";
import type { Person } from "./roles.ts";
import { inNameOf, type Session } from "./session.ts";
import { signPlan } from "./signing.ts";

/** What a form hands in. */
export type Wanted = {
  readonly plan: Plan;
  readonly title: Words;
  readonly detail: Words;
  readonly origin: Origin | null;
};

/** Signs and stores; from then on it cannot get lost. `replacing` is the entry that this one corrects. */
export async function record(
  { person, party, agent, deployment }: Session,
  wanted: Wanted,
  replacing?: number,
): Promise<StoredEntry> {
  // One at a time over all tabs: no two statements may carry one number.
  const stored = await navigator.locks.request(signingLock(person), async () => {
    const key = await storedKey(person);
    if (key === undefined) throw new Error(`no key of ${person} on this device`);
    const number = key.number + 1;
    const made = await signPlan(wanted.plan, { key, party: party.uri, deployment, number });
    const entry: Entry = {
      ...(replacing !== undefined && { id: replacing }),
      ...wanted,
      ...made,
      person,
      state: "stored",
      confirmed: false,
      refusal: null,
      at: Date.now(),
      ...(agent !== undefined && { inNameOf: party }),
    };
    // The number and the entry together, or neither: a number is lost at worst, never used twice.
    const transaction = (await database()).transaction(["keys", "outbox"], "readwrite", {
      durability: "strict",
    });
    await transaction.objectStore("keys").put({ ...key, number });
    const id = await transaction.objectStore("outbox").put(entry);
    await transaction.done;
    return { ...entry, id };
  });
  changed();
  void navigator.storage.persist();
  sendSoon();
  return stored;
}

/** Signs a refused entry as it is once more: with a new number, and no time that is still to come. */
export async function recordAgain(session: Session, entry: StoredEntry): Promise<StoredEntry> {
  await liftNumber(session.key).catch(() => undefined); // without a network the next number will do
  const { plan } = entry;
  const again =
    plan.name === "Operation" ? { ...plan, time: Math.min(plan.time, nowSeconds()) } : plan;
  const { title, detail, origin, inNameOf: principal } = entry;
  const signing = principal === undefined ? session : inNameOf(session, principal);
  return record(signing, { plan: again, title, detail, origin }, entry.id);
}

/** Takes note of the numbers that the gateway saw this key use, should this device know of fewer. */
async function liftNumber({ person, keyId }: StoredKey): Promise<void> {
  const { next } = await ask<KeyInfo>(`/api/keys/${keyId}`);
  await usedUpTo(person, next - 1);
}

/** Puts entries that were saved in a file back among this person's; those that are there already are left alone. */
export async function restore(
  person: Person,
  saved: readonly Omit<Entry, "person">[],
): Promise<number> {
  const known = new Set((await entriesOf(person)).map(({ digest }) => digest));
  const missing = saved.filter(({ digest }) => !known.has(digest));
  const transaction = (await database()).transaction("outbox", "readwrite", {
    durability: "strict",
  });
  for (const entry of missing) await transaction.store.put({ ...entry, person });
  await transaction.done;
  changed();
  sendSoon();
  return missing.length;
}

/** Sends an entry that came back once more, as it was signed. */
export async function sendAgain(entry: StoredEntry): Promise<void> {
  await change(entry, { state: "stored", refusal: null });
  sendSoon();
}

export async function entriesOf(person: Person): Promise<readonly StoredEntry[]> {
  const entries = await (await database()).getAllFromIndex("outbox", "person", person);
  return (entries as StoredEntry[]).toReversed();
}

export const entryOf = async (id: number): Promise<StoredEntry | undefined> =>
  (await (await database()).get("outbox", id)) as StoredEntry | undefined;

/** Takes one entry off this device, and no other. */
export async function removeEntry(id: number): Promise<void> {
  await (await database()).delete("outbox", id);
  changed();
}

const listeners = new Set<() => void>();
const otherTabs = new BroadcastChannel("plotline-outbox");
otherTabs.addEventListener("message", () => listeners.forEach((listen) => listen()));

function changed(): void {
  listeners.forEach((listen) => listen());
  // oxlint-disable-next-line require-post-message-target-origin -- a channel has no origin to name
  otherTabs.postMessage("changed");
}

/** Calls `listen` after each change of the outbox, in this tab or another; gives back how to stop. */
export function onChange(listen: () => void): () => void {
  listeners.add(listen);
  return () => listeners.delete(listen);
}

const [FIRST_WAIT, LONGEST_WAIT, FIRST_LOOK, LONGEST_LOOK] = [2_000, 300_000, 500, 30_000];
let [wait, look, timer] = [FIRST_WAIT, FIRST_LOOK, 0];

/** Sends what waits: now, and with growing pauses for as long as anything is left. */
export function sendSoon(): void {
  clearTimeout(timer);
  [wait, look] = [FIRST_WAIT, FIRST_LOOK];
  void send();
}

/** Sends on every sign of a network, and at the start of the page. */
export function keepSending(): void {
  window.addEventListener("online", sendSoon);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") sendSoon();
  });
  sendSoon();
}

async function send(): Promise<void> {
  const left = await navigator.locks.request("plotline-send", sendAll);
  if (left === "nothing") return;
  clearTimeout(timer);
  timer = window.setTimeout(() => void send(), left === "unconfirmed" ? look : wait);
  if (left === "unsent") wait = Math.min(2 * wait, LONGEST_WAIT);
  else look = Math.min(1.5 * look, LONGEST_LOOK);
}

/** In the order of signing. A refused entry waits for its person and holds nobody up; a lost network holds all. */
async function sendAll(): Promise<"nothing" | "unconfirmed" | "unsent"> {
  const entries = (await (await database()).getAll("outbox")) as StoredEntry[];
  const bySigning = entries.toSorted((a, b) => a.at - b.at);
  try {
    for (const entry of bySigning)
      if (entry.state === "stored" || entry.state === "sending") await sendOne(entry);
    let unconfirmed = false;
    for (const entry of bySigning) {
      const now = await entryOf(entry.id);
      if (now?.state === "sent" && !now.confirmed && !(await confirm(now))) unconfirmed = true;
    }
    return unconfirmed ? "unconfirmed" : "nothing";
  } catch (failure) {
    if (!(failure instanceof NotNow)) throw failure;
    return "unsent";
  }
}

class NotNow extends Error {}

async function sendOne(entry: StoredEntry): Promise<void> {
  await change(entry, { state: "sending", refusal: null });
  try {
    await ask("/api/statements", entry.signed);
    await change(entry, { state: "sent" });
  } catch (failure) {
    if (failure instanceof Refused && !failure.passing) {
      const { code, words } = failure;
      await change(entry, { state: "review", refusal: { code, message: words } });
      return;
    }
    const message = failure instanceof Refused ? failure.words : NO_NETWORK;
    await change(entry, { state: "stored", refusal: { code: "UNAVAILABLE", message } });
    throw new NotNow();
  }
}

type Fate = {
  readonly state: "stored" | "sent" | "confirmed" | "refused";
  readonly error?: Refusal;
};

/** Whether the fate of a sent entry is known by now. */
async function confirm(entry: StoredEntry): Promise<boolean> {
  let fate: Fate;
  try {
    fate = await ask<Fate>(`/api/statements/${entry.digest}`);
  } catch (failure) {
    // It was taken and is not there any more: the store was rolled back. What was signed is here, and goes again.
    if (failure instanceof Refused && failure.status === 404)
      await change(entry, { state: "stored" });
    throw new NotNow();
  }
  if (fate.state === "confirmed") await change(entry, { confirmed: true });
  if (fate.state === "refused")
    await change(entry, {
      state: "review",
      refusal: fate.error ?? { code: "RULE_BROKEN", message: REFUSED_LATE },
    });
  if (fate.state === "confirmed") announceChange();
  return fate.state === "confirmed" || fate.state === "refused";
}

const REFUSED_LATE: Words = {
  vi: "Sổ chung (chuỗi khối) không nhận bản ghi này.",
  en: "The common book (the chain) did not take this record.",
};

/** Writes what became of an entry, unless its person corrected or removed it meanwhile. */
async function change(entry: StoredEntry, what: Partial<Entry>): Promise<void> {
  const transaction = (await database()).transaction("outbox", "readwrite");
  const now = await transaction.store.get(entry.id);
  if (now?.digest === entry.digest) await transaction.store.put({ ...now, ...what });
  await transaction.done;
  changed();
}
