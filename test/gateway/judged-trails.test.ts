import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { Request } from "../../gateway/core/chain-state.ts";
import { chainView } from "../../gateway/index/chain-view.ts";
import { judgedTrails } from "../../gateway/judged-trails.ts";
import { openStore, type Store } from "../../gateway/store/open.ts";
import { openBareWorld, type World } from "./chain/world.ts";
import { LOTS, sampleTrail } from "./sample-trail.ts";

describe("The gateway's own verdict", () => {
  const folder = mkdtempSync(join(tmpdir(), "plotline-judged-"));
  let world: World;
  let store: Store;
  before(async () => {
    world = await openBareWorld();
    store = await openStore({ dataDir: folder });
  });
  after(async () => {
    await store.close();
    await world.close();
    rmSync(folder, { recursive: true });
  });

  it("blames no trail for a node that serves another chain, nonsense or nothing", async () => {
    const { bundle } = sampleTrail(); // which nobody signed
    const { deployment, chain } = world;
    let lie: Request | undefined;
    const request: Request = (...asked) => (lie ?? chain.request)(...asked);
    const trailOf = judgedTrails({
      trails: () => Promise.resolve(bundle),
      store,
      chain: chainView(chain.request, deployment),
      deployment,
      request,
    });
    const lies: readonly Request[] = [
      (method, params) =>
        method === "eth_chainId" ? Promise.resolve("0x1") : chain.request(method, params),
      () => Promise.resolve({}),
      () => Promise.reject(new Error("timeout")),
    ];
    for (lie of lies) expect((await trailOf(LOTS.bags))?.outcome).to.equal("unchecked");
    lie = undefined;
    expect((await trailOf(LOTS.bags))?.outcome).to.equal("fails");
  });
});
