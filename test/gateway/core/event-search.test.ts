import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { nodeOver } from "../../../gateway/chain/node.ts";
import { requestOver } from "../../../gateway/chain/request.ts";
import { topicOf } from "../../../gateway/core/abi.ts";
import { toHex } from "../../../gateway/core/bytes.ts";
import { encodeFunction } from "../../../gateway/core/calls.ts";
import { readChainState } from "../../../gateway/core/chain-reader.ts";
import type { Request } from "../../../gateway/core/chain-state.ts";
import { searchEvents } from "../../../gateway/core/event-search.ts";
import { hashLeaf, proveConsistency, rootOf } from "../../../gateway/core/merkle.ts";
import { NOBODY } from "../../../gateway/core/trust.ts";
import { requestOver as requestInBrowser } from "../../../web/src/verify/request.ts";
import { expectRejection } from "../../refusal.ts";
import { LOG_ID, openBareWorld, type World } from "../chain/world.ts";

const LEAVES = Array.from({ length: 4 }, (_, i) => hashLeaf(Uint8Array.of(i)));
const APART = 3_000; // blocks between two anchors
const SIZES = [1, 2, 3, 4];

/** How an endpoint turns a question away. */
type No = { readonly status?: number; readonly code: number; readonly message: string };
const TOO_WIDE: No = { code: -32_000, message: "exceed maximum block range" };

/** What public endpoints answer to a search that is too wide for them. */
const REFUSALS: readonly No[] = [
  TOO_WIDE,
  { code: -32_005, message: "query returned more than 10000 results" },
  { code: -32_602, message: "range 12000 exceeds limit of 1000" },
  { code: -32_603, message: "eth_getLogs range is too large, max is 1k blocks" },
  { code: 35, message: "ranges over 1000 blocks are not supported on freetier" },
  { status: 413, code: -32_614, message: "eth_getLogs is limited to a 1,000 range" },
];

type Question = {
  readonly method: string;
  readonly params: readonly [{ readonly fromBlock: string; readonly toBlock: string }];
};

describe("A search for events", () => {
  let world: World;
  let newest: number;
  let server: Server;
  let url: string;
  /** The blocks that each question spans, in turn, and what the endpoint says of so many. */
  let asked: number[];
  let answer: (blocks: number) => No | undefined;

  before(async () => {
    world = await openBareWorld();
    const { chain, deployment } = world;
    for (const size of SIZES) {
      const leaves = LEAVES.slice(0, size);
      const proof = size === 1 ? [] : proveConsistency(leaves, size - 1).map(toHex);
      const terms = { log: LOG_ID, size, root: toHex(rootOf(leaves)), proof };
      const data = encodeFunction("anchor", terms);
      await (await chain.relayer.sendTransaction({ to: deployment.checkpoints, data })).wait();
      await chain.request("hardhat_mine", [`0x${APART.toString(16)}`]);
    }
    newest = Number(await chain.request("eth_blockNumber", []));
    server = createServer((question, response) => {
      void (async () => {
        const { method, params } = (await new Response(question as never).json()) as Question;
        const { status = 200, ...error } = (method === "eth_getLogs" && noTo(params)) || {};
        const said = "code" in error ? { error } : { result: await chain.request(method, params) };
        response.writeHead(status).end(JSON.stringify({ jsonrpc: "2.0", id: 1, ...said }));
      })();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  function noTo([{ fromBlock, toBlock }]: Question["params"]): No | undefined {
    const blocks = Number(toBlock) - Number(fromBlock) + 1;
    asked.push(blocks);
    return answer(blocks);
  }
  beforeEach(() => {
    asked = [];
    answer = () => undefined;
  });
  after(async () => {
    server.close();
    await world.close();
  });

  const upTo = (most: number, no: No) => (blocks: number) => (blocks > most ? no : undefined);
  const search = (request: Request) => {
    const filter = {
      address: world.deployment.checkpoints,
      topics: [topicOf("Anchored(bytes32,uint64,bytes32)"), LOG_ID],
    };
    return searchEvents(request, [filter], { from: 1, to: newest });
  };
  const sizesIn = (events: readonly unknown[]): readonly number[] =>
    events.map((event) => Number((event as { topics: string[] }).topics[2]));

  it("is one question where the endpoint answers it", async () => {
    expect(sizesIn(await search(requestOver(url)))).to.deep.equal(SIZES);
    expect(asked).to.deep.equal([newest]);
  });

  for (const [who, over] of [
    ["a gateway", requestOver],
    ["a browser", requestInBrowser],
  ] as const)
    for (const no of REFUSALS)
      it(`goes on in narrower ranges, from ${who}, where it is told "${no.message}" (${no.code})`, async () => {
        answer = upTo(1_000, no);
        expect(sizesIn(await search(over(url)))).to.deep.equal(SIZES);
        const answered = asked.filter((blocks) => blocks <= 1_000);
        // Every block once.
        expect(answered.reduce((sum, blocks) => sum + blocks, 0)).to.equal(newest);
        expect(asked.length - answered.length).to.be.below(Math.log2(newest));
      });

  it("tells a reader the roots and times of older checkpoints from narrow ranges too", async () => {
    const { accessManager: _, block: __, ...deployment } = world.deployment;
    const wanted = { ...NOBODY, logId: LOG_ID, anchoredSizes: [1, 3], timesOfSizes: [2] };
    const read = () => readChainState({ request: requestOver(url), deployment, wanted });
    const state = await read();
    answer = upTo(500, TOO_WIDE);
    expect(await read()).to.deep.equal(state);
    expect([Object.keys(state.anchored), Object.keys(state.anchoredAt)]).to.deep.equal([
      ["1", "3"],
      ["2", "4"],
    ]);
  });

  it("tells a relayer what the chain took from narrow ranges too", async () => {
    answer = upTo(500, TOO_WIDE);
    const node = nodeOver(requestOver(url));
    const found = await node.events(world.deployment.checkpoints, [null, LOG_ID]);
    expect(found.map(({ topics }) => Number(topics[2]))).to.deep.equal(SIZES.slice(1));
  });

  it("is given up, and says why, before it would take more than five hundred questions", async () => {
    answer = upTo(20, TOO_WIDE);
    const failure = await expectRejection("UNAVAILABLE", search(requestOver(url)));
    expect(failure.message).to.match(/searches so few blocks at once/);
    expect(asked.length).to.be.below(20);
  });

  it("ends where a single block is refused", async () => {
    answer = () => TOO_WIDE;
    const { checkpoints } = world.deployment;
    const request = requestOver(url);
    const one = searchEvents(request, [{ address: checkpoints }], { from: newest, to: newest });
    const failure: unknown = await one.catch((thrown: unknown) => thrown);
    expect(failure).to.include({ code: -32_000, message: TOO_WIDE.message });
    expect(asked).to.deep.equal([1]);
  });

  it("is not tried again where the endpoint says that it was asked too often", async () => {
    answer = () => ({ status: 429, ...TOO_WIDE });
    const failure: unknown = await search(requestOver(url)).catch((thrown: unknown) => thrown);
    expect(failure).to.be.instanceOf(Error);
    expect(asked).to.deep.equal([newest]);
  });
});
