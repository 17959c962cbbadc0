import { openDB, type DBSchema, type IDBPDatabase } from "idb";

import type { Hex } from "../../../gateway/core/bytes.ts";
import type { Entry } from "./entry.ts";
import type { Person } from "./roles.ts";

/** A person's key on this device. The private half cannot leave the browser: it is stored as a handle. */
export type StoredKey = {
  readonly person: Person;
  readonly keyId: Hex;
  readonly publicKey: Hex; // uncompressed point
  readonly pair: CryptoKeyPair;
  readonly number: number; // the highest number it has signed with on this device
  readonly asked: boolean; // a code was handed in with it, and the gateway took it
};

/** What was last read from the gateway, or chosen in a form: shown when there is no network. */
export type Kept = { readonly name: string; readonly value: unknown; readonly at: number };

interface Schema extends DBSchema {
  keys: { key: Person; value: StoredKey };
  outbox: { key: number; value: Entry; indexes: { person: Person } };
  kept: { key: string; value: Kept };
}

export type Database = IDBPDatabase<Schema>;

let opened: Promise<Database> | undefined;

/** The one database of this app on this device. */
export const database = (): Promise<Database> =>
  (opened ??= openDB<Schema>("plotline", 1, {
    upgrade(db) {
      db.createObjectStore("keys", { keyPath: "person" });
      db.createObjectStore("outbox", { keyPath: "id", autoIncrement: true }).createIndex(
        "person",
        "person",
      );
      db.createObjectStore("kept", { keyPath: "name" });
    },
  }));
