import { request as httpRequest } from "node:http";

import { expect } from "chai";
import { Wallet } from "ethers";

import type { EmbeddedChain } from "../../../gateway/chain/embedded.ts";
import { EMBEDDED_CHAIN_ID } from "../../../gateway/chain/simulated.ts";
import { ask, chainOf, newestOf, openFolder, selfPayment } from "./embedded-folder.ts";

const stranger = new Wallet(`0x${"33".repeat(32)}`);

describe("what a stranger can do at the embedded chain's door", () => {
  let folder: Awaited<ReturnType<typeof openFolder>>;
  let chain: EmbeddedChain;
  before(async () => {
    folder = await openFolder();
    chain = await chainOf(folder.path);
    // A contract that never ends: JUMPDEST PUSH0 JUMP, behind a constructor that returns it.
    const data = "0x625b5f566000526003601df3";
    await chain.request("eth_sendRawTransaction", [
      await selfPayment(chain, 0, { to: null, data, gasLimit: 200_000 }),
    ]);
  });
  after(async () => {
    await chain.close();
    await folder.close();
  });

  for (const [method, params] of [
    ["evm_mine", []],
    ["evm_setNextBlockTimestamp", [4_000_000_000]],
    ["evm_increaseTime", [10]],
    ["evm_snapshot", []],
    ["evm_revert", ["0x1"]],
    ["hardhat_mine", ["0x1"]],
    ["hardhat_setBalance", [stranger.address, "0xffffffff"]],
    ["hardhat_setCode", [stranger.address, "0x00"]],
    ["hardhat_setStorageAt", [stranger.address, "0x0", `0x${"00".repeat(32)}`]],
    ["hardhat_impersonateAccount", [stranger.address]],
    ["hardhat_reset", []],
    ["eth_accounts", []],
    ["eth_sendTransaction", [{ from: stranger.address }]],
    ["eth_sign", [stranger.address, "0x00"]],
    ["eth_signTypedData_v4", [stranger.address, {}]],
    ["personal_sign", ["0x00", stranger.address]],
    ["debug_traceTransaction", [`0x${"00".repeat(32)}`]],
    ["debug_traceCall", [{}, "latest"]],
    ["eth_newFilter", [{}]],
    ["eth_subscribe", ["logs"]],
    ["constructor", []],
  ] as const)
    it(`is refused ${method}`, async () => {
      const before = await newestOf(chain);
      expect((await ask(chain.url, method, [...params])).error?.code).to.equal(-32601);
      expect(await newestOf(chain)).to.deep.equal(before);
    });

  it("sends nothing of its own, for want of money", async () => {
    const raw = await stranger.signTransaction({
      type: 2,
      chainId: EMBEDDED_CHAIN_ID,
      to: stranger.address,
      nonce: 0,
      gasLimit: 21_000,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
    });
    const { error } = await ask(chain.url, "eth_sendRawTransaction", [raw]);
    expect(error).to.include({ code: -32000 });
    expect(Number((await newestOf(chain)).number)).to.equal(1);
  });

  it("sends what the account itself signed, once", async () => {
    const raw = await selfPayment(chain, 1);
    expect((await ask(chain.url, "eth_sendRawTransaction", [raw])).result).to.be.a("string");
    expect((await ask(chain.url, "eth_sendRawTransaction", [raw])).error).to.deep.equal({
      code: -32000,
      message: "already known",
    });
  });

  for (const [damage, params] of Object.entries({
    nothing: [],
    "a number": [5],
    "no transaction": ["0x1234"],
    "an unsigned one": ["0x02c0"],
  }))
    it(`is refused ${damage} as a transaction`, async () => {
      const { error } = await ask(chain.url, "eth_sendRawTransaction", params);
      expect(error?.code).to.equal(-32602);
    });

  it("cannot keep the chain busy with a call that never ends", async () => {
    const to = (
      (await chain.request("eth_getTransactionReceipt", [
        (
          (await chain.request("eth_getBlockByNumber", ["0x1", false])) as {
            transactions: [string];
          }
        ).transactions[0],
      ])) as { contractAddress: string }
    ).contractAddress;
    expect(await chain.request("eth_getCode", [to, "latest"])).to.equal("0x5b5f56");
    const { error } = await ask(chain.url, "eth_call", [{ to, gas: "0xffffffffffff" }, "latest"]);
    expect(error).to.deep.include({ message: "Transaction ran out of gas" });
  });

  it("runs no code of its own, and no precompile", async () => {
    for (const [call, error] of [
      [{ data: "0x5b5f56" }, -32602],
      [{ to: null, data: "0x5b5f56" }, -32602],
    ] as const)
      expect((await ask(chain.url, "eth_call", [call, "latest"])).error?.code).to.equal(error);
    const to = `0x${"00".repeat(19)}09`;
    expect((await ask(chain.url, "eth_call", [{ to, data: "0x00" }])).result).to.equal("0x");
    const override = { [to]: { code: "0x5b5f56" } };
    const answer = await ask(chain.url, "eth_call", [{ to }, "latest", override]);
    expect(answer.result).to.equal("0x");
  });

  it("reads from a page of any origin", async () => {
    const asked = await fetch(chain.url, {
      method: "OPTIONS",
      headers: { origin: "https://a.example" },
    });
    expect(asked.status).to.equal(204);
    expect(asked.headers.get("access-control-allow-origin")).to.equal("*");
    expect(asked.headers.get("access-control-allow-headers")).to.equal("content-type");
    const body = JSON.stringify({ jsonrpc: "2.0", id: "a", method: "eth_chainId" });
    const read = await fetch(chain.url, { method: "POST", body });
    expect(read.headers.get("access-control-allow-origin")).to.equal("*");
    expect(await read.json()).to.deep.equal({
      jsonrpc: "2.0",
      id: "a",
      result: `0x${EMBEDDED_CHAIN_ID.toString(16)}`,
    });
  });

  it("gets a batch answered in order, and is told what is no request", async () => {
    const post = async (body: string) => (await fetch(chain.url, { method: "POST", body })).json();
    const one = { jsonrpc: "2.0", method: "eth_blockNumber", params: [] };
    const batch = [{ ...one, id: 1 }, one, { ...one, id: 2, method: "evm_mine" }, 7];
    const answers = (await post(JSON.stringify(batch))) as { id: unknown }[];
    expect(answers.map(({ id }) => id)).to.deep.equal([1, 2, null]);
    for (const [body, code] of [
      ["{", -32700],
      ["[]", -32600],
      ["null", -32600],
      [JSON.stringify(Array.from({ length: 101 }, () => one)), -32600],
      [JSON.stringify({ ...one, id: 1, params: { a: 1 } }), -32600],
    ] as const)
      expect(((await post(body)) as { error: { code: number } }).error.code, body).to.equal(code);
    expect((await fetch(chain.url)).status).to.equal(405);
  });

  it("cannot make it read a body without end", async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = httpRequest(chain.url, { method: "POST" }, (response) => {
        resolve(response.statusCode);
        sending.destroy();
      });
      sending.on("error", reject);
      const more = (): void => {
        if (!sending.destroyed) sending.write("x".repeat(65_536), more);
      };
      more();
    });
    expect(status).to.equal(413);
  });
});
