import { fromHex, toBase64Url, toHex, type Hex } from "../../../gateway/core/bytes.ts";
import { keyIdOf } from "../../../gateway/core/key-id.ts";
import { normalizeS } from "../../../gateway/core/p256.ts";
import { database, type StoredKey } from "./database.ts";
import type { Person } from "./roles.ts";

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;

/** Whether this page may make keys at all: browsers want https, or the machine itself, for that. */
export const canMakeKeys = (): boolean => globalThis.crypto?.subtle !== undefined;

export const storedKey = async (person: Person): Promise<StoredKey | undefined> =>
  (await database()).get("keys", person);

/** The person's key on this device; makes it when there is none. Its private half can never be read out. */
export async function ownKey(person: Person): Promise<StoredKey> {
  const known = await storedKey(person);
  if (known !== undefined) return known;
  const pair = await crypto.subtle.generateKey(P256, false, ["sign", "verify"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const made: StoredKey = {
    person,
    keyId: keyIdOf(point),
    publicKey: toHex(point),
    pair,
    number: 0,
    asked: false,
  };
  // Another tab may have been faster: `add` fails then, and its key is the one.
  const db = await database();
  try {
    await db.add("keys", made);
    return made;
  } catch (failure) {
    const faster = await db.get("keys", person);
    if (faster === undefined) throw failure;
    return faster;
  }
}

/** Who holds this lock may choose a number, in whatever tab. */
export const signingLock = (person: Person): string => `plotline-sign-${person}`;

/** More than anybody signs on other devices meanwhile: a number beyond is a mistake, and would leave none to sign with. */
const MOST_AHEAD = 1_000_000;

/** The key's numbers up to this one are taken. */
export const usedUpTo = (person: Person, number: number): Promise<void> =>
  navigator.locks.request(signingLock(person), () =>
    changeKey(person, (key) =>
      number > key.number && number <= key.number + MOST_AHEAD ? { ...key, number } : key,
    ),
  );

/** A code was handed in with this key. */
export const markAsked = (person: Person): Promise<void> =>
  changeKey(person, (key) => ({ ...key, asked: true }));

async function changeKey(person: Person, change: (key: StoredKey) => StoredKey): Promise<void> {
  const transaction = (await database()).transaction("keys", "readwrite");
  const key = await transaction.store.get(person);
  if (key !== undefined) await transaction.store.put(change(key));
  await transaction.done;
}

/**
 * Gives one person's key to another on this device, who has none: a code was handed in on the wrong page. A key that has
 * signed stays, because what it signed lies in that person's book.
 */
export async function moveKey(from: Person, to: Person): Promise<void> {
  const transaction = (await database()).transaction("keys", "readwrite");
  const key = await transaction.store.get(from);
  const theirs = await transaction.store.get(to);
  if (key?.number === 0 && (theirs === undefined || !theirs.asked)) {
    await transaction.store.put({ ...key, person: to });
    await transaction.store.delete(from);
  }
  await transaction.done;
}

/** Forgets the key of a person: for one that was revoked, or whose code was wrong. */
export const forgetKey = async (person: Person): Promise<void> =>
  (await database()).delete("keys", person);

/** ES256 over `message`, low s, as base64url. */
export async function sign(key: StoredKey, message: Hex | Uint8Array): Promise<string> {
  const bytes = typeof message === "string" ? fromHex(message) : message;
  const signature = await crypto.subtle.sign(
    { name: "ECDSA", hash: "SHA-256" },
    key.pair.privateKey,
    Uint8Array.from(bytes),
  );
  return toBase64Url(normalizeS(new Uint8Array(signature)));
}
