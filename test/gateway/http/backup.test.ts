import { copyFileSync } from "node:fs";
import { join } from "node:path";

import { p256 } from "@noble/curves/nist.js";
import { expect } from "chai";

import { buildPack } from "../../../gateway/core/build-pack.ts";
import { fromHex, toHex } from "../../../gateway/core/bytes.ts";
import { contentHash } from "../../../gateway/core/canonical.ts";
import { ROLES } from "../../../gateway/core/operations.ts";
import { idOf } from "../../../gateway/core/recording.ts";
import { DEVICES, PEOPLE } from "../../../scripts/season/cast.ts";
import { signed, submit } from "../../../scripts/season/doors.ts";
import { partyDocument } from "../../../scripts/season/play.ts";
import { START } from "../../../scripts/season/time.ts";
import type { OpenGateway } from "../open.ts";
import { MORNING, openGatewayForVillage, openVillage } from "../village.ts";

const { keyId, publicKey, secret } = DEVICES.dryer;

/** The season's first sensor belongs to the province, whose key has signed nothing else. */
async function enrolSensor(gateway: OpenGateway): Promise<void> {
  await openVillage(gateway);
  const { province } = PEOPLE;
  const document = partyDocument(province);
  const statement = {
    party: idOf(province.uri),
    key: province.keyId,
    number: 1,
    subject: idOf(province.uri),
    subjectKey: keyId,
    roles: ROLES.device,
    from: START,
    until: START + 365 * 86_400,
    content: toHex(contentHash(document)),
  };
  await submit(
    gateway,
    signed(gateway.deployment, province, { name: "Enrolment", statement, document }),
  );
}

/** Sends one pack over HTTP and waits until it is anchored. */
async function sendPack({ url }: OpenGateway, seq: number): Promise<void> {
  await fetch(`${url}/api/devices/${keyId}/key`, {
    method: "PUT",
    headers: { "Content-Type": "application/octet-stream" },
    body: Buffer.from(fromHex(publicKey)),
  });
  const time = MORNING * 1_000 + seq;
  const body = await buildPack({
    form: "cose",
    keyId,
    epoch: 0,
    seq,
    records: [{ name: "temperature", unit: "Cel", value: 25, time }],
    sign: (message) => p256.sign(message, secret, { lowS: true }),
  });
  const headers = { "Content-Type": "application/cose" };
  const sent = await fetch(`${url}/api/readings/${keyId}`, {
    method: "POST",
    headers,
    body: Buffer.from(body),
  });
  expect(sent.status).to.equal(201);
}

type Log = {
  readonly state: string;
  readonly why?: string;
  readonly remedy?: string;
  readonly anchored?: number;
};

async function logUntil({ url }: OpenGateway, holds: (log: Log) => boolean): Promise<Log> {
  for (;;) {
    const { checks } = (await (await fetch(`${url}/readyz`)).json()) as { checks: { log: Log } };
    if (holds(checks.log)) return checks.log;
    await new Promise((done) => setTimeout(done, 50));
  }
}

describe("A gateway on yesterday's backup", function () {
  this.timeout(60_000);

  it("signs nothing, says so on /readyz, and keeps what devices send", async () => {
    let gateway = await openGatewayForVillage();
    const [file, backup] = ["plotline.sqlite", "yesterday"].map((name) =>
      join(gateway.dataDir, name),
    );
    if (file === undefined || backup === undefined) throw new Error("no paths");
    await enrolSensor(gateway);
    await sendPack(gateway, 0);
    await logUntil(gateway, ({ anchored }) => anchored === 1);
    await gateway.close();
    copyFileSync(file, backup); // closed, it is one file
    gateway = await gateway.reopen();
    await sendPack(gateway, 1);
    await logUntil(gateway, ({ anchored }) => anchored === 2);
    await gateway.close();
    copyFileSync(backup, file);
    gateway = await gateway.reopen();
    const { why, remedy } = await logUntil(gateway, ({ state }) => state === "stuck");
    expect(why).to.contain("the store has 1 leaves, 2 were signed");
    expect(remedy).to.contain("newest backup");
    await sendPack(gateway, 2);
    const note = await (await fetch(`${gateway.url}/checkpoint`)).text();
    expect(note.split("\n")[1]).to.equal("1");
    await gateway.end();
  });
});
