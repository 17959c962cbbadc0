import type { Generated, Kysely, Selectable } from "kysely";

import type { Hex } from "../core/bytes.ts";
import type { StatementName } from "../core/operations.ts";

/** What became of a statement: on our disk, in a broadcast transaction, in a block, or turned down by its contract. */
export type StatementState = "stored" | "sent" | "confirmed" | "refused";

/** How a pack was signed: by its device (COSE, JWS), or by the gateway for a source that cannot sign. */
export const PACK_FORMS = ["cose", "jws", "attested"] as const;
export type PackForm = (typeof PACK_FORMS)[number];

/** What became of a transaction: signed and stored, handed to a node, settled by a receipt, or overtaken. */
export type TransactionState = "stored" | "sent" | "confirmed" | "failed";

type Statements = {
  readonly digest: Hex;
  readonly name: StatementName;
  readonly party: Hex;
  readonly key: Hex;
  readonly number: number;
  readonly kind: number | null; // of an operation
  readonly body: string; // JSON of the SignedStatement
  readonly state: StatementState;
  readonly reason: string | null;
  readonly block_number: number | null;
  readonly block_time: number | null; // seconds
  readonly position: number | null; // order on chain: block * 1e6 + log index
  readonly arrival: Generated<number>;
  readonly received_at: number; // ms
};

type StatementSubjects = { readonly digest: Hex; readonly subject: Hex; readonly role: string };

type Packs = {
  readonly id: Generated<number>;
  readonly leaf_index: number | null; // null until sequenced
  readonly device: Hex;
  readonly epoch: number;
  readonly seq: number;
  readonly again: 0 | 1; // 1: another content under a number that was used
  readonly form: PackForm;
  readonly envelope: Uint8Array;
  readonly content_hash: Uint8Array; // of what was signed: the same for a second signature over it
  readonly leaf_hash: Uint8Array;
  readonly first_time: number; // ms
  readonly last_time: number; // ms
  readonly received_at: number; // ms
};

/** What a network server sent, as it came: the evidence behind an attested pack. */
type Uplinks = {
  readonly id: Generated<number>;
  readonly device: Hex; // the key that its packs are under
  readonly name: string; // the same when it comes again
  readonly series: string | null;
  readonly counter: number | null;
  readonly seq: number | null; // of its pack; null where it held no reading
  readonly body: Uint8Array;
  readonly received_at: number; // ms
};

/** How many of a device's messages are known to be missing, and no pack says so yet. */
type Losses = { readonly device: Hex; readonly lost: number };

/** The first seq of an epoch that is not yet in the log: everything below it is. */
type Receipts = { readonly device: Hex; readonly epoch: number; readonly next: number };

type Tiles = {
  readonly level: number;
  readonly index: number;
  readonly width: number;
  readonly bytes: Uint8Array;
};

type Checkpoints = {
  readonly size: number;
  readonly root: Hex;
  readonly note: string; // the signed note
  readonly signed_at: number; // ms
};

type Transactions = {
  readonly sender: Hex; // account
  readonly nonce: number;
  readonly purpose: string;
  readonly payload: string; // JSON: what the sender must know again after a restart
  readonly state: TransactionState;
  readonly hash: Hex; // of the newest attempt; of the one that counted, once settled
  readonly created_at: number;
};

/** Each raw transaction that was ever signed for a nonce: any of them may still be mined. */
type Attempts = {
  readonly hash: Hex;
  readonly sender: Hex;
  readonly nonce: number;
  readonly raw: Hex;
  readonly created_at: number;
  readonly payload: string | null; // null: of an older program
};

type Keys = { readonly key_id: Hex; readonly public_key: Hex };

type Uris = { readonly hash: Hex; readonly uri: string };

type Codes = {
  readonly code_hash: Hex;
  readonly subject: string; // JSON {uri, name}
  readonly roles: number; // bits
  readonly label: string;
  readonly by_party: Hex;
  readonly created_at: number;
  readonly used_by: Hex | null; // key id
};

type Enrolments = {
  readonly key_id: Hex;
  readonly public_key: Hex;
  readonly code_hash: Hex;
  readonly state: "pending" | "approved";
  readonly at: number;
};

type Openings = {
  readonly digest: Hex;
  readonly name: string;
  readonly value: string; // JSON
  readonly salt: string;
};

type Meta = { readonly name: string; readonly value: string };

/** Every table, for both databases. Times are ms since 1970 unless said otherwise. */
export type Schema = {
  readonly statements: Statements;
  readonly statement_subjects: StatementSubjects;
  readonly packs: Packs;
  readonly uplinks: Uplinks;
  readonly losses: Losses;
  readonly receipts: Receipts;
  readonly tiles: Tiles;
  readonly checkpoints: Checkpoints;
  readonly transactions: Transactions;
  readonly attempts: Attempts;
  readonly keys: Keys;
  readonly uris: Uris;
  readonly codes: Codes;
  readonly enrolments: Enrolments;
  readonly openings: Openings;
  readonly meta: Meta;
};

/** A connection or an open transaction: what every query function takes first. */
export type Sql = Kysely<Schema>;

export type StatementRow = Selectable<Statements>;
export type PackRow = Selectable<Packs>;
export type CheckpointRow = Selectable<Checkpoints>;
export type CodeRow = Selectable<Codes>;
export type EnrolmentRow = Selectable<Enrolments>;
