import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openStore, type Store } from "../../../gateway/store/open.ts";
import { POSTGRES_PROGRAMS, startPostgres, type Postgres } from "../../postgres.ts";

/** Runs the same tests on a fresh SQLite folder and a fresh PostgreSQL database for each of them. */
export function describeStores(title: string, run: (store: () => Store) => void): void {
  describe(`${title}, on SQLite`, () => {
    let [folder, store]: [string?, Store?] = [];
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), "plotline-store-"));
      store = await openStore({ dataDir: folder });
    });
    afterEach(async () => {
      await store?.close();
      if (folder !== undefined) rmSync(folder, { recursive: true });
    });
    run(() => opened(store));
  });

  if (POSTGRES_PROGRAMS === undefined) {
    describe.skip(`${title}, on PostgreSQL (not installed)`, () => it("waits"));
    return;
  }
  describe(`${title}, on PostgreSQL`, function () {
    this.timeout(60_000);
    let [server, store]: [Postgres?, Store?] = [];
    before(async () => {
      server = await startPostgres();
    });
    beforeEach(async () => {
      if (server !== undefined)
        store = await openStore({ databaseUrl: await server.newDatabase() });
    });
    afterEach(() => store?.close());
    after(() => server?.stop());
    run(() => opened(store));
  });
}

function opened(store: Store | undefined): Store {
  if (store === undefined) throw new Error("the store did not open");
  return store;
}
