import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { ask } from "../../../scripts/season/doors.ts";
import { openForeignChain, type ForeignChain } from "../foreign-chain.ts";
import { openGateway, type OpenGateway } from "../open.ts";
import { openGatewayForVillage, openVillage, type Village } from "../village.ts";

type Check = {
  readonly ok: boolean;
  readonly state: string;
  readonly why?: string;
  readonly remedy?: string;
  readonly nodes?: readonly { readonly host: string; readonly state: string }[];
};
type Checks = Readonly<Record<string, Check>>;
type Call = { readonly method: string; readonly params: readonly unknown[] };
type Answer = { readonly status?: number; readonly body: unknown };
/** What stands between a gateway and its chain, and may lie: an answer of its own, or nothing, or one made of the chain's. */
type Fault = (call: Call, honest: () => Promise<unknown>) => Promise<Answer | undefined>;

const honest: Fault = async () => undefined;
const result = (result: unknown): Answer => ({ body: { jsonrpc: "2.0", id: 1, result } });
const refusal = (message: string): Answer => ({
  body: { jsonrpc: "2.0", id: 1, error: { code: -32000, message } },
});
const instead =
  (method: string, answer: Answer): Fault =>
  async (call) =>
    call.method === method ? answer : undefined;

/** A node in front of another one. */
async function openNode(behind: string, fault: () => Fault) {
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const headers = { "Content-Type": "application/json" };
    const pass = async (): Promise<unknown> =>
      (await fetch(behind, { method: "POST", headers, body })).json();
    try {
      const answer = await fault()(JSON.parse(body.toString()) as Call, pass);
      response.writeHead(answer?.status ?? 200, headers);
      response.end(JSON.stringify(answer === undefined ? await pass() : answer.body));
    } catch {
      response.destroy(); // an unreachable node
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}

const readiness = async ({ url }: { readonly url: string }) => {
  const response = await fetch(`${url}/readyz`);
  const { ready, checks } = (await response.json()) as { ready: boolean; checks: Checks };
  return { status: response.status, ready, checks };
};

/** Asks until it holds. */
async function until(gateway: OpenGateway, holds: (checks: Checks) => boolean) {
  for (;;) {
    const answer = await readiness(gateway);
    if (holds(answer.checks)) return answer;
    await new Promise((done) => setTimeout(done, 100));
  }
}

describe("/readyz of a gateway on somebody else's chain", function () {
  this.timeout(60_000);
  let [chain, gateway, village]: [ForeignChain, OpenGateway, Village] = [] as never;
  let [first, second]: [Fault, Fault] = [honest, honest];
  let close = (): void => {};

  before(async () => {
    chain = await openForeignChain();
    const nodes = [await openNode(chain.url, () => first), await openNode(chain.url, () => second)];
    close = () => nodes.forEach((node) => node.close());
    const urls = nodes.map(({ url }) => url).join(",");
    gateway = await openGatewayForVillage({ ...chain.environment, RPC_URL: urls });
    village = await openVillage(gateway);
  });
  after(async () => {
    await gateway?.end();
    close();
    await chain?.end();
  });
  const well = () =>
    until(gateway, ({ relayer, chain }) => relayer?.state === "working" && chain?.ok === true);

  it("says of each part that it is ready", async () => {
    const { status, ready, checks } = await well();
    expect([status, ready]).to.deep.equal([200, true]);
    expect(checks).to.have.keys("store", "broker", "chain", "relayer", "log", "disk");
    expect(Object.values(checks).every(({ ok }) => ok)).to.equal(true);
  });

  const broken: Fault = () => Promise.reject(new Error("gone"));
  const troubles: readonly [what: string, state: string, fault: Fault][] = [
    ["no node answers", "unreachable", broken],
    ["every node was asked too often", "throttled", async () => ({ status: 429, body: "no" })],
    ["the nodes are of another chain", "other-chain", instead("eth_chainId", result("0x5"))],
    ["a node talks nonsense", "nonsense", instead("eth_getBlockByNumber", result({ number: 7 }))],
  ];
  for (const [what, state, fault] of troubles)
    it(`names ${state} where ${what}, says what to do, and is well when that is over`, async () => {
      await well();
      [first, second] = [fault, fault];
      const { status, checks } = await until(gateway, ({ relayer }) => relayer?.state === state);
      expect(status).to.equal(503);
      expect(checks["relayer"]).to.include({ ok: false, state });
      expect(checks["relayer"]?.remedy).to.match(/\.$/);
      expect(checks["store"]?.ok).to.equal(true);
      const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
      expect(metrics).to.contain(`plotline_relayer_state{state="${state}"} 1`);
      expect(metrics).to.match(/^plotline_outbox_age_seconds \d/m);
      [first, second] = [honest, honest];
      await well();
    });

  it("names no-contracts where the chain has lost them", async () => {
    await well();
    const empty: Fault = async ({ method }) =>
      method === "eth_getCode" || method === "eth_call" ? result("0x") : undefined;
    [first, second] = [empty, empty];
    await until(gateway, ({ relayer }) => relayer?.state === "no-contracts");
    [first, second] = [honest, honest];
    await well();
  });

  it("names drained where the account cannot pay, and carries what waited when it can", async () => {
    await well();
    const poor = instead("eth_sendRawTransaction", refusal("insufficient funds for gas"));
    [first, second] = [poor, poor];
    const statement = village.enrolment("province", "certifier");
    const { url } = await ask<{ url: string }>(`${gateway.url}/api/statements`, statement);
    const { checks } = await until(gateway, ({ relayer }) => relayer?.state === "drained");
    expect(checks["relayer"]?.remedy).to.contain("Send money");
    [first, second] = [honest, honest];
    await well();
    for (let state = ""; state !== "confirmed";)
      ({ state } = await ask<{ state: string }>(gateway.url + url));
  });

  it("names contradicted, and which nodes, where one lies about a block", async () => {
    await well();
    second = async ({ method }, pass) => {
      if (method !== "eth_getBlockByNumber") return undefined;
      const { result: block } = (await pass()) as { result: object };
      return result({ ...block, hash: `0x${"1e".repeat(32)}` });
    };
    const { checks } = await until(gateway, ({ relayer }) => relayer?.state === "contradicted");
    expect(checks["chain"]?.nodes?.map(({ state }) => state)).to.deep.equal([
      "contradicted",
      "contradicted",
    ]);
    second = honest;
    await well();
  });

  it("goes on with the other node where one fails, and says which", async () => {
    first = broken;
    const { status, checks } = await until(
      gateway,
      ({ chain }) => chain?.nodes?.[0]?.state === "unreachable",
    );
    expect([status, checks["relayer"]?.state]).to.deep.equal([200, "working"]);
    expect(checks["chain"]?.nodes?.[1]?.state).to.equal("ready");
    first = honest;
  });

  it("is there from the start where no node answers, and names it until one does", async () => {
    [first, second] = [broken, broken];
    gateway = await gateway.reopen();
    const { checks } = await until(gateway, ({ relayer }) => relayer?.state === "unreachable");
    expect([checks["store"]?.ok, checks["broker"]?.ok]).to.deep.equal([true, true]);
    [first, second] = [honest, honest];
    await well();
  });
});

describe("/readyz of a gateway", function () {
  this.timeout(30_000);

  it("says no while the disk is fuller than was asked for", async () => {
    const gateway = await openGateway({ environment: { DISK_RESERVE: "1000000000" } });
    const { status, checks } = await readiness(gateway);
    await gateway.end();
    expect(status).to.equal(503);
    expect(checks["disk"]).to.include({ ok: false, state: "low" });
    expect(checks["disk"]?.why).to.contain("DISK_RESERVE");
  });

  it("says why readings cannot reach it, and takes everything else", async () => {
    const gateway = await openGateway({ environment: { MQTT_URL: "mqtt://127.0.0.1:1" } });
    const { status, checks } = await until(gateway, ({ broker }) =>
      /REFUSED/.test(broker?.why ?? ""),
    );
    const alive = await fetch(`${gateway.url}/livez`);
    await gateway.end();
    expect([status, alive.status]).to.deep.equal([503, 200]);
    expect(checks["broker"]).to.include({ ok: false, state: "away" });
  });
});
