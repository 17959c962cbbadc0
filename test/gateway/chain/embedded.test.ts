import { appendFile, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { TraceError } from "../../../gateway/core/trace-error.ts";
import type { EmbeddedChain } from "../../../gateway/chain/embedded.ts";
import { chainOf, newestOf, openFolder, selfPayment, type Said } from "./embedded-folder.ts";

describe("the embedded chain", () => {
  let folder: Awaited<ReturnType<typeof openFolder>>;
  const journal = () => join(folder.path, "chain.jsonl");
  beforeEach(async () => {
    folder = await openFolder();
  });
  const opened: EmbeddedChain[] = [];
  afterEach(async () => {
    for (const chain of opened.splice(0)) await chain.close(); // a second time does nothing
    await folder.close();
  });
  const open = async (options?: Parameters<typeof chainOf>[1]): Promise<EmbeddedChain> => {
    const chain = await chainOf(folder.path, options);
    opened.push(chain);
    return chain;
  };

  /** Mines `count` transactions, stops, and gives the newest block. */
  const mined = async (count: number, now?: number) => {
    const chain = await open(now === undefined ? {} : { now });
    for (let nonce = 0; nonce < count; nonce++)
      await chain.request("eth_sendRawTransaction", [await selfPayment(chain, nonce)]);
    const newest = await newestOf(chain);
    await chain.close();
    return newest;
  };
  const restarted = async () => {
    const chain = await open();
    const newest = await newestOf(chain);
    await chain.close();
    return newest;
  };
  const expectRefusedStart = async (code: string) => {
    const refusal = await open().then(
      (chain) => chain.close(),
      (error: unknown) => error,
    );
    expect(refusal).to.be.instanceOf(TraceError);
    expect((refusal as TraceError).code).to.equal(code);
  };

  it("comes back from a restart as the same blocks, and goes on", async () => {
    const before = await mined(5);
    expect(Number(before.number)).to.equal(5);
    expect(await restarted()).to.deep.equal(before);
    const chain = await open();
    await chain.request("eth_sendRawTransaction", [await selfPayment(chain, 5)]);
    const grown = await newestOf(chain);
    await chain.close();
    expect(await restarted()).to.deep.equal(grown);
  });

  it("gives each block the clock's time, and a later one than its parent where the clock stands", async () => {
    expect(Number((await mined(1, 1_700_000_000_500)).timestamp)).to.equal(1_700_000_000);
    const chain = await open({ now: 1_600_000_000_000 });
    await chain.request("eth_sendRawTransaction", [await selfPayment(chain, 1)]);
    expect(Number((await newestOf(chain)).timestamp)).to.equal(1_700_000_001);
    await chain.close();
  });

  it("makes a block for whoever asks for the newest when that is old, and the same one after a restart", async () => {
    const noon = 1_760_000_000_000;
    await mined(1, noon);
    const asked = async (hours: number) => {
      const chain = await open({ now: noon + hours * 3_600_000 });
      const newest = await newestOf(chain);
      await chain.close();
      return newest;
    };
    expect(Number((await asked(6)).number)).to.equal(1);
    const fresh = await asked(7);
    expect(Number(fresh.timestamp) * 1_000).to.equal(noon + 7 * 3_600_000);
    expect(await asked(8)).to.deep.equal(fresh);
    const chain = await open({ now: noon });
    await chain.request("eth_sendRawTransaction", [await selfPayment(chain, 1)]);
    expect(Number((await newestOf(chain)).number)).to.equal(3);
  });

  it("keeps its key to itself", async () => {
    await mined(0);
    expect((await stat(join(folder.path, "relayer.key"))).mode & 0o777).to.equal(0o600);
    expect((await stat(journal())).mode & 0o777).to.equal(0o600);
  });

  it("is not touched by what it refuses or is asked between two blocks", async () => {
    const before = await mined(3);
    await folder.close();
    folder = await openFolder();
    const chain = await open();
    const call = { to: chain.relayer.address, data: "0x" };
    for (let nonce = 0; nonce < 3; nonce++) {
      for (const [method, params] of [
        ["eth_sendRawTransaction", [await selfPayment(chain, nonce + 4)]],
        ["eth_sendRawTransaction", [await selfPayment(chain, nonce, { gasLimit: 20_000 })]],
        ["eth_sendRawTransaction", [await selfPayment(chain, nonce, { maxFeePerGas: 1n })]],
        ["eth_call", [call, "pending"]],
        ["eth_estimateGas", [call, "latest"]],
        ["eth_getBlockByNumber", ["pending", true]],
      ] as const)
        await chain.request(method, params).catch(() => undefined);
      await chain.request("eth_sendRawTransaction", [await selfPayment(chain, nonce)]);
    }
    expect(await newestOf(chain)).to.deep.equal(before);
    await chain.close();
    expect(await restarted()).to.deep.equal(before);
  });

  it("mines on start what a crash left in the journal without its block", async () => {
    const before = await mined(3);
    const lines = (await readFile(journal(), "utf8")).trimEnd().split("\n");
    await writeFile(journal(), `${lines.slice(0, -1).join("\n")}\n`);
    expect(await restarted()).to.deep.equal(before);
    expect(await restarted()).to.deep.equal(before);
  });

  it("heals from a journal that was cut at any byte", async () => {
    await mined(2);
    const whole = await readFile(journal());
    const heights = new Set<number>();
    for (let length = 0; length <= whole.length; length += 61) {
      await writeFile(journal(), whole.subarray(0, length));
      heights.add(Number((await restarted()).number));
      const healed = await readFile(journal());
      expect(whole.subarray(0, healed.length).equals(healed), `cut at ${length}`).to.equal(true);
    }
    expect([...heights]).to.deep.equal([0, 1, 2]);
  });

  it("drops what power loss left of an unsynced end", async () => {
    const before = await mined(2);
    await appendFile(journal(), `${"\0".repeat(300)}\n{"time":1,"ra`);
    expect(await restarted()).to.deep.equal(before);
  });

  it("refuses a journal that is damaged before its end", async () => {
    await mined(3);
    const whole = await readFile(journal(), "utf8");
    const [first = "", second = "", ...rest] = whole.split("\n");
    await writeFile(journal(), [first, `${second.slice(0, -9)}`, ...rest].join("\n"));
    await expectRefusedStart("BAD_ENCODING");
  });

  for (const [damage, change] of [
    ["another time", (text: string) => text.replace('"time":1760000000', '"time":1760000009')],
    [
      "another block",
      (text: string) => text.replace(/("block":1,"hash":"0x)......../, "$100000000"),
    ],
    [
      "a transaction left out",
      (text: string) => text.replace(/\n\{"time[^\n]*\n\{"block[^\n]*/, ""),
    ],
    ["a block left out", (text: string) => text.replace(/\n\{"block[^\n]*/, "")],
  ] as const)
    it(`refuses a journal with ${damage}`, async () => {
      await mined(3);
      const whole = await readFile(journal(), "utf8");
      const changed = change(whole);
      expect(changed).not.to.equal(whole);
      await writeFile(journal(), changed);
      await expectRefusedStart("OTHER_CHAIN");
    });

  it("refuses a journal whose beginning is gone", async () => {
    await mined(3);
    await writeFile(journal(), "\0".repeat((await stat(journal())).size));
    await expectRefusedStart("BAD_ENCODING");
  });

  it("refuses another account's journal", async () => {
    await mined(1);
    await writeFile(join(folder.path, "relayer.key"), `0x${"09".repeat(32)}\n`);
    await expectRefusedStart("OTHER_CHAIN");
  });

  it("takes nothing more once somebody else wrote into its journal", async () => {
    const chain = await open();
    await truncate(journal(), 10);
    for (const _ of [1, 2]) {
      const refusal = await chain
        .request("eth_sendRawTransaction", [await selfPayment(chain, 0)])
        .catch((error: unknown) => error);
      expect((refusal as TraceError).code).to.equal("UNAVAILABLE");
    }
    expect(Number((await newestOf(chain)).number)).to.equal(0);
    await chain.close();
  });

  it("replays a thousand transactions in about a second, and says how far it is", async () => {
    await mined(1_000);
    const said: Said[] = [];
    const start = performance.now();
    const chain = await open({ said });
    expect(performance.now() - start).to.be.below(5_000);
    expect(Number((await newestOf(chain)).number)).to.equal(1_000);
    const told = said.map(({ details }) => (details as { block: number }).block);
    expect(told).to.deep.equal([500, 1_000, 1_000]);
    await chain.close();
  });
});
