import { expect } from "chai";
import { pino } from "pino";
import { Registry } from "prom-client";

import { parseReceipt } from "../../../gateway/core/receipt.ts";
import { parseRefusal } from "../../../gateway/core/refusal.ts";
import { ping } from "../../../gateway/store/dialects.ts";
import { createApp } from "../../../gateway/http/app.ts";
import { listen, type Listening } from "../../../gateway/http/listen.ts";
import { readingsRouter } from "../../../gateway/http/readings.ts";
import { equivocationsOf } from "../../../gateway/store/packs.ts";
import { KEY, openGateways, packOf, until, USER, type Gateways } from "../mqtt/gateways.ts";
import { deviceNamed, SIGNER } from "../samples.ts";

const COSE = "application/cose";
type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };

describe("The door for sensors without MQTT", () => {
  let [gateways, server]: [Gateways, Listening] = [] as never;

  beforeEach(async () => {
    gateways = await openGateways();
    const parts = await gateways.start({ host: "127.0.0.1", port: 0 });
    const app = createApp({
      routers: [readingsRouter({ ...parts, db: gateways.db, signer: SIGNER, now: Date.now })],
      registry: new Registry(),
      log: pino({ level: "silent" }),
      namesOf: async () => new Map(),
      store: { ping: () => ping(gateways.db) },
      proxies: 0,
      rpcUrls: [],
      https: false,
    });
    server = await listen(app, { host: "127.0.0.1", port: 0 });
  });
  afterEach(async () => {
    await server.close();
    await gateways.end();
  });

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${server.port}/api/${path}`, init);
  const showKey = (device = USER) =>
    ask(`devices/${device}/key`, {
      method: "PUT",
      headers: { "Content-Type": "application/octet-stream" },
      body: Buffer.from(KEY.publicKey),
    });
  const send = async (pack: Uint8Array<ArrayBuffer>, type = COSE): Promise<Answer> => {
    const headers = { "Content-Type": type };
    const response = await ask(`readings/${USER}`, { method: "POST", headers, body: pack });
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, body: (body["error"] as Answer["body"]) ?? body };
  };
  const sendOne = async (seq: number, options: Parameters<typeof packOf>[1] = {}) =>
    send(new Uint8Array(await packOf(seq, options)));

  it("takes a pack that is in the store before the answer, and knows it when it comes again", async () => {
    expect((await showKey()).status).to.equal(204);
    const pack = new Uint8Array(await packOf(0));
    const { status, body } = await send(pack);
    expect(status).to.equal(201);
    expect(body).to.include({ device: KEY.keyId, epoch: 0, seq: 0, fate: "new" });
    expect(await gateways.stored()).to.equal(1);
    const again = await send(pack);
    expect([again.status, again.body["fate"]]).to.deep.equal([200, "duplicate"]);
    expect(await gateways.stored()).to.equal(1);
  });

  it("takes a pack in JOSE, whatever the parameters of its type", async () => {
    await showKey();
    const pack = new Uint8Array(await packOf(0, { form: "jws" }));
    expect((await send(pack, "application/jose; charset=utf-8")).status).to.equal(201);
  });

  it("gives the log's signed receipt where the answer said", async () => {
    await showKey();
    await sendOne(0);
    const { body } = await sendOne(1);
    const path = String(body["receipt"]).replace("/api/", "");
    let text = "";
    await until(async () => {
      text = await (await ask(path)).text();
      return !text.startsWith("{") && (await parseReceipt(text, SIGNER.publicKey)).seq === 1;
    });
    const receipt = await parseReceipt(text, SIGNER.publicKey);
    expect(receipt).to.include({ device: KEY.keyId, epoch: 0, seq: 1, size: 2 });
    const newest = await (await ask(`devices/${USER}/receipt`)).text();
    expect(await parseReceipt(newest, SIGNER.publicKey)).to.include({ epoch: 0, seq: 1 });
  });

  it("has no receipt of a device that nobody heard, nor of an epoch that is none", async () => {
    expect((await ask(`devices/${USER}/receipt`)).status).to.equal(404);
    expect((await ask(`devices/${USER}/receipt?epoch=3`)).status).to.equal(404);
    expect((await ask(`devices/${USER}/receipt?epoch=-1`)).status).to.equal(400);
  });

  it("refuses a pack whose device has not shown its key", async () => {
    const { status, body } = await sendOne(0);
    expect([status, body["code"]]).to.deep.equal([403, "UNKNOWN_SIGNER"]);
  });

  it("refuses the key of another device", async () => {
    const response = await showKey(deviceNamed("another"));
    expect(response.status).to.equal(400);
  });

  it("refuses a clock that runs ahead, by the log's own word", async () => {
    await showKey();
    const { status, body } = await sendOne(7, { time: Date.now() + 301_000 });
    expect([status, body["code"], body["seq"]]).to.deep.equal([422, "CLOCK", 7]);
    const word = await parseRefusal(String(body["jws"]), SIGNER.publicKey);
    expect(word).to.include({ device: KEY.keyId, epoch: 0, seq: 7, code: "CLOCK" });
    expect(await gateways.stored()).to.equal(0);
  });

  it("refuses other readings under a number that was used, and keeps both", async () => {
    await showKey();
    await sendOne(0);
    const { status, body } = await sendOne(0, { value: 22 });
    expect([status, body["code"]]).to.deep.equal([409, "EQUIVOCATION"]);
    expect(await equivocationsOf(gateways.db, KEY.keyId)).to.have.length(1);
  });

  it("refuses a body of another type, or that is not of its type, or none, or too long", async () => {
    await showKey();
    const pack = new Uint8Array(await packOf(0));
    const statuses = await Promise.all(
      [
        send(pack, "application/octet-stream"),
        send(pack, "application/jose"),
        send(new Uint8Array()),
        send(new Uint8Array(65_536).fill(0xd2)),
      ].map(async (answer) => (await answer).status),
    );
    expect(statuses).to.deep.equal([400, 400, 400, 413]);
    expect(await gateways.stored()).to.equal(0);
  });

  it("answers no 2xx for what could not be stored", async () => {
    await showKey();
    await gateways.db.schema.alterTable("packs").renameTo("packs_gone").execute();
    expect((await sendOne(0)).status).to.equal(500);
    await gateways.db.schema.alterTable("packs_gone").renameTo("packs").execute();
    expect(await gateways.stored()).to.equal(0);
  });
});
