import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { connectAsync } from "mqtt";

import { ConfigError } from "../../gateway/config.ts";
import { toHex, type Hex } from "../../gateway/core/bytes.ts";
import { contentHash } from "../../gateway/core/canonical.ts";
import { sha256OfText } from "../../gateway/core/hash.ts";
import { ROLES, type Role } from "../../gateway/core/operations.ts";
import { idOf } from "../../gateway/core/recording.ts";
import { TraceError } from "../../gateway/core/trace-error.ts";
import { enrolSources, readSources } from "../../gateway/sources.ts";
import { sourceKey } from "../../gateway/source-keys.ts";
import { PEOPLE, SOURCES } from "../../scripts/season/cast.ts";
import { ask, signed, submit, wish } from "../../scripts/season/doors.ts";
import { partyDocument } from "../../scripts/season/play.ts";
import { START } from "../../scripts/season/time.ts";
import { APPLICATION, CHIRPSTACK, DEV_EUI } from "./core/uplink-messages.ts";
import type { OpenGateway } from "./open.ts";
import { MORNING, openGatewayForVillage, openVillage } from "./village.ts";

const PASSWORD = "chirpstack's own password";
const fileOf = (device: object) => ({
  servers: [
    {
      name: "loc-ninh",
      kind: "chirpstack",
      application: APPLICATION,
      user: "chirpstack",
      password: PASSWORD,
      devices: { [DEV_EUI]: device },
    },
  ],
});
const { keyId, publicKey } = sourceKey(SOURCES.sourcesKey, {
  server: "loc-ninh",
  name: DEV_EUI,
  generation: 1,
});

describe("A gateway with a network server", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "plotline-sources-"));
  const file = join(folder, "sources.json");
  let gateway: OpenGateway | undefined;
  const write = (device: object): void => writeFileSync(file, JSON.stringify(fileOf(device)));
  afterEach(async () => {
    await gateway?.end();
    gateway = undefined;
  });
  after(() => rmSync(folder, { recursive: true }));

  const { province } = PEOPLE;
  const pending = (doors: OpenGateway) =>
    wish<readonly { keyId: Hex; publicKey: Hex; roles: readonly Role[] }[]>(
      doors,
      province,
      "/api/enrolments/list",
      {},
      MORNING,
    );
  /** The province hands out a code, and the gateway is started anew with the code in its file. */
  const withCode = async (role: Role): Promise<OpenGateway> => {
    write({});
    const first = await openGatewayForVillage({
      SOURCES: file,
      SOURCES_KEY: SOURCES.sourcesKey,
    });
    gateway = first;
    await openVillage(first);
    const subject = { uri: province.uri, name: province.words };
    const codeHash = toHex(sha256OfText("SOURCECODE"));
    const code = { codeHash, subject, roles: [role], label: "shelf" };
    await wish(first, province, "/api/codes", code, MORNING);
    write({ code: "source-code" });
    gateway = await first.reopen();
    return gateway;
  };

  it("asks for its key with the code, waits for approval, and then takes what the server says", async () => {
    const doors = await withCode("networkServer");
    expect(await pending(doors)).to.deep.include({
      keyId,
      publicKey: toHex(publicKey),
      subject: { uri: province.uri, name: province.words },
      roles: ["networkServer"],
      label: "shelf",
      at: new Date(MORNING * 1_000).toISOString(),
    });
    const document = partyDocument(province);
    const statement = {
      party: idOf(province.uri),
      key: province.keyId,
      number: 1,
      subject: idOf(province.uri),
      subjectKey: keyId,
      roles: ROLES.networkServer,
      from: START,
      until: START + 365 * 86_400,
      content: toHex(contentHash(document)),
    };
    await submit(
      doors,
      signed(doors.deployment, province, { name: "Enrolment", statement, document }),
    );
    const client = await connectAsync(doors.urls.mqtt, {
      clientId: "chirpstack",
      username: "chirpstack",
      password: PASSWORD,
    });
    const time = new Date(MORNING * 1_000).toISOString();
    const topic = `application/${APPLICATION}/device/${DEV_EUI}/event/up`;
    const message = JSON.stringify({ ...CHIRPSTACK, time });
    // The key was unknown a moment ago, and for a second the gateway believes it.
    for (let taken = 0; taken === 0;) {
      await client.publishAsync(topic, message, { qos: 1 });
      const metrics = await (await fetch(`${doors.url}/metrics`)).text();
      taken = Number(/plotline_uplinks_total\{.*fate="new"\} (\d)/.exec(metrics)?.[1] ?? 0);
    }
    await client.endAsync();
    const key = await ask<{ roles: readonly Role[] }>(`${doors.url}/api/keys/${keyId}`);
    expect(key.roles).to.deep.equal(["networkServer"]);
  });

  it("asks for nothing with a code that was handed out for a device", async () => {
    expect(await pending(await withCode("device"))).to.deep.equal([]);
  });

  for (const [damage, text, path] of [
    ["is no JSON", "{", "JSON"],
    ["names a member twice", '{"servers":[],"servers":[]}', "twice"],
    ["has a member that nobody knows", '{"servers":[],"more":1}', "more"],
    ["has a device that is none", JSON.stringify(fileOf({ generation: 0 })), "generation"],
  ] as const)
    it(`does not start when its sources file ${damage}, and says where`, async () => {
      writeFileSync(file, text);
      const failure = await openGatewayForVillage({ SOURCES: file }).then(
        () => undefined,
        (refusal: unknown) => refusal,
      );
      expect(failure).to.be.instanceOf(ConfigError);
      expect((failure as ConfigError).message)
        .to.contain(file)
        .and.to.contain(path);
    });

  it("does not start without its file, or the file of a password, or with a default one in production", () => {
    const { sourcesKey: seed } = SOURCES;
    const read = (production = false) => readSources(file, { seed, production });
    expect(() => readSources(join(folder, "none"), { seed, production: false })).to.throw(
      ConfigError,
    );
    const [server] = fileOf({}).servers;
    const { password: _, ...rest } = server ?? {};
    const withFile = JSON.stringify({ servers: [{ ...rest, passwordFile: "password" }] });
    writeFileSync(file, withFile);
    expect(() => read()).to.throw(ConfigError);
    writeFileSync(join(folder, "password"), "changeme\n");
    expect(read()).to.have.length(1);
    expect(() => read(true)).to.throw(ConfigError);
  });
});

describe("The sources' keys, while the chain is away", () => {
  it("wait for the next start, and keep no gateway from starting", async () => {
    const folder = mkdtempSync(join(tmpdir(), "plotline-sources-"));
    const file = join(folder, "sources.json");
    writeFileSync(file, JSON.stringify(fileOf({ code: "ABCD-EFGH-JKMN" })));
    const sources = readSources(file, { seed: SOURCES.sourcesKey, production: false });
    const warned: unknown[] = [];
    await enrolSources(sources, {
      store: undefined as never, // it is not asked
      keyOf: () => Promise.reject(new TraceError("UNAVAILABLE", "no node answers")),
      now: Date.now,
      log: { info: () => {}, warn: (about: unknown) => warned.push(about) },
    });
    expect(warned).to.have.length(1);
    expect(warned[0]).to.include({ server: "loc-ninh", why: "no node answers" });
    rmSync(folder, { recursive: true });
  });
});
