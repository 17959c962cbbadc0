import { existsSync } from "node:fs";
import { join } from "node:path";

import { TraceError } from "../core/trace-error.ts";
import {
  inOneMoment,
  lockName,
  ping,
  postgres,
  sqlite,
  sqliteForReading,
  type Dialect,
} from "./dialects.ts";
import { holdFolder } from "./folder.ts";
import { migrate } from "./migrations.ts";
import type { Sql } from "./schema.ts";

/** Where everything is kept: a folder of our own, or somebody's PostgreSQL. */
export type StorePlace =
  | { readonly dataDir: string }
  | {
      readonly databaseUrl: string;
      readonly onLost?: (error: Error) => void;
      readonly silence?: number; // ms until a connection that says nothing is given up
    };

/** An open store, at the newest schema. */
export type Store = {
  readonly db: Sql;
  readonly dialect: Dialect;

  /** Runs in one transaction: when it resolves, all of it is on the disk; when it rejects, none of it is. */
  readonly write: <T>(run: (transaction: Sql) => Promise<T>) => Promise<T>;

  /** Within `write`: makes this transaction the only holder of `name`, over all gateways of the database. */
  readonly lock: (transaction: Sql, name: string) => Promise<void>;

  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Opens, locks and migrates. Throws UNAVAILABLE where another process holds the folder. */
export async function openStore(place: StorePlace): Promise<Store> {
  const { db, dialect, release } = connect(place);
  const close = async (): Promise<void> => {
    await db.destroy();
    release();
  };
  try {
    await migrate(db, dialect);
  } catch (failure) {
    await close();
    throw failure;
  }
  return {
    db,
    dialect,
    write: (run) => db.transaction().execute(run),
    lock: (transaction, name) => lockName(dialect, transaction, name),
    ping: () => ping(db),
    close,
  };
}

/**
 * Reads one moment of a store, beside whichever gateway has it open. Changes nothing, migrates nothing. Throws NOT_FOUND
 * where the folder holds no store.
 */
export async function readStore<T>(
  place: StorePlace,
  run: (snapshot: Sql) => Promise<T>,
): Promise<T> {
  const external = "databaseUrl" in place;
  if (!external && !existsSync(join(place.dataDir, FILE)))
    throw new TraceError("NOT_FOUND", `no gateway has ever run on ${place.dataDir}`);
  const db = external
    ? postgres(place.databaseUrl, () => {})
    : sqliteForReading(join(place.dataDir, FILE));
  try {
    return await inOneMoment(external ? "postgres" : "sqlite", db, run);
  } finally {
    await db.destroy();
  }
}

const FILE = "plotline.sqlite";

function connect(place: StorePlace): { db: Sql; dialect: Dialect; release: () => void } {
  if ("databaseUrl" in place) {
    const { databaseUrl, onLost = () => {}, silence } = place;
    return { db: postgres(databaseUrl, onLost, silence), dialect: "postgres", release: () => {} };
  }
  const { release } = holdFolder(place.dataDir);
  try {
    const db = sqlite(join(place.dataDir, FILE));
    return { db, dialect: "sqlite", release };
  } catch (failure) {
    release();
    throw failure;
  }
}
