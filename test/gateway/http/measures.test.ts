import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { Registry } from "prom-client";

import type { PackIntake } from "../../../gateway/capture-pack.ts";
import { measure } from "../../../gateway/http/measures.ts";
import { measured } from "../../../gateway/ingest-metrics.ts";
import { openStore, type Store } from "../../../gateway/store/open.ts";

describe("What Prometheus is told", () => {
  let folder: string;
  let store: Store;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "plotline-measures-"));
    store = await openStore({ dataDir: folder });
  });
  after(() => rmSync(folder, { recursive: true }));

  it("leaves out what a store that is away would have to say, and tells the rest", async () => {
    const registry = new Registry();
    const intake = { waiting: () => 3 } as PackIntake;
    for (const metric of measured(intake, store.db).metrics) registry.registerMetric(metric);
    const away = (): Promise<never> => Promise.reject(new Error("away"));
    const parts = { anchor: away, relayer: away, connected: () => true };
    measure({ ...parts, sql: store.db, now: Date.now }, registry);
    const figures = async (): Promise<string[]> =>
      (await registry.metrics()).split("\n").filter((line) => /^plotline_.* /.test(line));
    expect(await figures()).to.include.members([
      "plotline_packs_unsequenced 0",
      "plotline_outbox_age_seconds 0",
    ]);
    await store.close();
    const left = await figures();
    expect(left).to.include.members(["plotline_packs_waiting 3", "plotline_broker_connected 1"]);
    expect(left.join("\n")).not.to.match(/unsequenced|outbox_age|anchor_lag|statements\{/);
  });
});
