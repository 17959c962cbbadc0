import { expect } from "chai";
import { pino } from "pino";
import { Registry } from "prom-client";

import { toHex } from "../../../gateway/core/bytes.ts";
import { parseCheckpoint } from "../../../gateway/core/checkpoint.ts";
import { hashLeaf, verifyInclusion } from "../../../gateway/core/merkle.ts";
import { entriesOf, tilePath } from "../../../gateway/core/tile-path.ts";
import { proveInclusionFromTiles } from "../../../gateway/core/tiles.ts";
import { createApp } from "../../../gateway/http/app.ts";
import { listen, type Listening } from "../../../gateway/http/listen.ts";
import { logRouter } from "../../../gateway/http/log.ts";
import { sequence } from "../../../gateway/sequencer.ts";
import { insertPacks } from "../../../gateway/store/packs.ts";
import { packOf, SIGNER } from "../samples.ts";
import { describeStores } from "../store/stores.ts";

describeStores("The log over HTTP", (store) => {
  let server: Listening;
  const packs = Array.from({ length: 300 }, (_, seq) => packOf(seq));

  beforeEach(async () => {
    await store().write((transaction) => insertPacks(transaction, packs));
    await sequence({ store: store(), signer: SIGNER, now: () => 42 });
    const app = createApp({
      routers: [logRouter(store().db)],
      registry: new Registry(),
      log: pino({ level: "silent" }),
      namesOf: async () => new Map(),
      store: store(),
      proxies: 0,
      rpcUrls: [],
      https: false,
    });
    server = await listen(app, { host: "127.0.0.1", port: 0 });
  });
  afterEach(() => server.close());

  const get = (path: string) => fetch(`http://127.0.0.1:${server.port}/${path}`);
  const bytesOf = async (path: string) => new Uint8Array(await (await get(path)).arrayBuffer());

  it("gives a stranger all that proves an entry", async () => {
    const note = await (await get("checkpoint")).text();
    const { size, root } = await parseCheckpoint(note, SIGNER);
    const [, last] = await Promise.all([
      bytesOf("tile/entries/000"),
      bytesOf("tile/entries/001.p/44"),
    ]);
    const entry = entriesOf(last)[42] ?? new Uint8Array();
    expect(toHex(entry)).to.equal(toHex(packs[298]?.envelope ?? new Uint8Array()));
    const proof = await proveInclusionFromTiles(298, size, (tile) => bytesOf(tilePath(tile)));
    verifyInclusion({ leaf: hashLeaf(entry), index: 298, size, proof, root });
  });

  it("lets everybody keep a tile for ever, and nobody a checkpoint", async () => {
    const kept = async (path: string) => (await get(path)).headers.get("cache-control");
    expect(await kept("tile/0/000")).to.contain("immutable");
    expect(await kept("tile/entries/001.p/3")).to.contain("immutable");
    expect(await kept("checkpoint")).to.equal("no-cache");
  });

  it("still serves the narrower tile that an older checkpoint names", async () => {
    const [narrow, wide] = [await bytesOf("tile/0/001.p/3"), await bytesOf("tile/0/001.p/44")];
    expect(toHex(narrow)).to.equal(toHex(wide.slice(0, 96)));
  });

  it("has nothing at a tile that the log has not filled, nor at other spellings", async () => {
    for (const path of ["tile/0/001", "tile/0/001.p/45", "tile/2/000", "tile/0/1", "tile/00/000"])
      expect((await get(path)).status, path).to.equal(404);
  });
});
