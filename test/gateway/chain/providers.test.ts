import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { requestAt } from "../../../gateway/chain/providers.ts";
import { RpcError } from "../../../gateway/core/rpc-error.ts";

describe("several nodes", () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  /** A node that answers everything with these words; gives its URL. */
  async function nodeSaying(status: number, body: string): Promise<string> {
    const server = createServer((_, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const error = (code: number, message: string, data?: string): string =>
    JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code, message, data } });
  const good = (): Promise<string> => nodeSaying(200, '{"jsonrpc":"2.0","id":1,"result":"0x7"}');

  for (const [what, status, body] of [
    ["is busy", 429, "Too Many Requests"],
    ["counts requests", 200, error(-32005, "rate limit exceeded")],
    ["is a web page", 200, "<html>"],
    ["answers nothing", 200, '{"jsonrpc":"2.0","id":1}'],
  ] as const)
    it(`asks the next where one ${what}`, async () => {
      const urls = [await nodeSaying(status, body), await good()];
      expect(await requestAt(urls)("eth_blockNumber", [])).to.equal("0x7");
    });

  it("asks the next where one is not there at all", async () => {
    const urls = ["http://127.0.0.1:1", await good()];
    expect(await requestAt(urls)("eth_blockNumber", [])).to.equal("0x7");
  });

  it("believes the first that refuses, with the contract's reason", async () => {
    for (const said of [error(-32000, "nonce too low"), error(3, "reverted: too many", "0x12")]) {
      const urls = [await nodeSaying(200, said), await good()];
      const refusal = await requestAt(urls)("eth_call", []).catch((thrown: unknown) => thrown);
      expect(refusal).to.be.instanceOf(RpcError);
    }
  });

  it("fails where none answers", async () => {
    const failure = await requestAt([])("eth_call", []).catch((thrown: unknown) => thrown);
    expect(failure).to.be.instanceOf(Error);
  });
});
