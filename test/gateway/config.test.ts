import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { expect } from "chai";

import { ConfigError, describeConfig, parseConfig } from "../../gateway/config.ts";
import { hasOpenssl, makeAuthority } from "../certificates.ts";

const HARDHAT = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const OWN = `0x${"5a".repeat(32)}`;

function troublesOf(environment: Record<string, string>): string {
  try {
    parseConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
}

describe("the configuration", () => {
  it("has a default for everything", () => {
    const config = parseConfig({});
    expect(config.port).to.deep.equal({ port: 8080, fixed: false });
    expect(config.mqttPort).to.deep.equal({ port: 1883, fixed: false });
    expect(config.rpcPort).to.deep.equal({ port: 8545, fixed: false });
    expect(config.host).to.equal("127.0.0.1");
    expect(config.databaseUrl).to.equal(undefined);
    expect(config.rpcUrls).to.deep.equal([]);
    expect(config.production).to.equal(false);
  });

  it("holds on to a port that somebody asked for", () => {
    expect(parseConfig({ PORT: "8080" }).port).to.deep.equal({ port: 8080, fixed: true });
  });

  it("takes an empty value for none", () => {
    expect(parseConfig({ PORT: "", DATABASE_URL: "" }).port.fixed).to.equal(false);
  });

  it("names every trouble at once", () => {
    const troubles = troublesOf({ PORT: "eighty", MQTT_URL: "https://broker", LOG_LEVEL: "loud" });
    expect(troubles.split("\n").map((line) => line.split(":")[0])).to.deep.equal([
      "PORT",
      "MQTT_URL",
      "LOG_LEVEL",
    ]);
  });

  it("refuses a public URL with a path", () => {
    expect(troublesOf({ PUBLIC_URL: "https://trace.example/app" })).to.match(/^PUBLIC_URL:/);
    expect(parseConfig({ PUBLIC_URL: "https://trace.example/" }).publicUrl).to.equal(
      "https://trace.example",
    );
  });

  it("wants to know who pays on somebody else's chain", () => {
    expect(troublesOf({ RPC_URL: "http://node:8545" })).to.match(/^RELAYER_KEY:/);
  });

  it("does not show readers an RPC URL that holds a token", () => {
    const environment = { RPC_URL: "https://node.example/v3/token", RELAYER_KEY: OWN };
    expect(troublesOf(environment)).to.match(/^PUBLIC_RPC_URL:/);
    const config = parseConfig({
      ...environment,
      PUBLIC_RPC_URL: "https://a.example, https://b.example",
    });
    expect(config.publicRpcUrls).to.deep.equal(["https://a.example", "https://b.example"]);
  });

  describe("with secrets in files", () => {
    const folder = mkdtempSync(join(tmpdir(), "plotline-"));
    const file = join(folder, "relayer");
    after(() => rmSync(folder, { recursive: true }));

    it("reads them and drops the line's end", () => {
      writeFileSync(file, `${OWN}\n`);
      expect(parseConfig({ RELAYER_KEY_FILE: file }).relayerKey).to.equal(OWN);
    });

    it("refuses a secret that is given twice", () => {
      writeFileSync(file, OWN);
      expect(troublesOf({ RELAYER_KEY_FILE: file, RELAYER_KEY: OWN })).to.match(/^RELAYER_KEY:/);
    });

    it("refuses a file that is not there", () => {
      expect(troublesOf({ LOG_KEY_FILE: join(folder, "none") })).to.match(/^LOG_KEY_FILE:/);
    });
  });

  describe("with certificates for the broker", function () {
    this.timeout(20_000);
    const certified = { cert: "", key: "" };
    let other = certified;
    const broker = "mqtts://broker.example";

    before(function () {
      if (!hasOpenssl() && process.env["REQUIRE_SERVICES"] === undefined) return this.skip();
      const authority = makeAuthority("an authority");
      Object.assign(certified, authority.issue("a gateway"));
      other = authority.issue("another");
    });

    it("takes one with its key", () => {
      const { cert, key } = certified;
      const environment = { MQTT_URL: broker, MQTT_CA: cert, MQTT_CERT: cert, MQTT_KEY: key };
      expect(parseConfig(environment).mqttTls).to.deep.equal({ ca: cert, cert, key });
    });

    it("refuses what is no PEM", () => {
      expect(troublesOf({ MQTT_URL: broker, MQTT_CA: "a path?" })).to.match(/^MQTT_CA: not a cert/);
      const environment = { MQTT_URL: broker, MQTT_CERT: certified.cert };
      expect(troublesOf({ ...environment, MQTT_KEY: certified.cert })).to.match(/^MQTT_KEY: not a/);
    });

    it("refuses one without its key, a key without it, and another's key", () => {
      const [MQTT_CERT, MQTT_KEY] = [certified.cert, certified.key];
      expect(troublesOf({ MQTT_CERT })).to.match(/^MQTT_KEY: MQTT_CERT is there/);
      expect(troublesOf({ MQTT_KEY })).to.match(/^MQTT_CERT: MQTT_KEY is there/);
      expect(troublesOf({ MQTT_CERT, MQTT_KEY: other.key })).to.match(/^MQTT_KEY: not the key of/);
    });

    it("refuses to go without TLS where certificates are named", () => {
      const environment = { MQTT_URL: "mqtt://broker.example", MQTT_CA: certified.cert };
      expect(troublesOf(environment)).to.match(/^MQTT_URL: .* begins with mqtts:/);
      expect(troublesOf({ MQTT_CA: certified.cert })).to.match(/^MQTT_CA: goes with MQTT_URL/);
    });
  });

  describe("in production", () => {
    const production = { NODE_ENV: "production", LOG_ORIGIN: "trace.example/log" };

    it("refuses an account that every development chain funds", () => {
      expect(troublesOf({ ...production, RELAYER_KEY: HARDHAT })).to.match(/^RELAYER_KEY:/);
      expect(troublesOf({ ...production, GOVERNANCE_KEY: HARDHAT })).to.match(/^GOVERNANCE_KEY:/);
      expect(troublesOf({ RELAYER_KEY: HARDHAT })).to.equal("");
    });

    it("refuses a default password of the database and of the broker", () => {
      expect(
        troublesOf({ ...production, DATABASE_URL: "postgres://plotline:postgres@db/plotline" }),
      ).to.match(/^DATABASE_URL:/);
      expect(troublesOf({ ...production, MQTT_URL: "mqtts://guest:guest@broker" })).to.match(
        /^MQTT_URL:/,
      );
    });

    it("refuses a log without a name of its own", () => {
      expect(troublesOf({ NODE_ENV: "production" })).to.match(/^LOG_ORIGIN:/);
    });

    it("starts with secrets of its own", () => {
      expect(parseConfig({ ...production, RELAYER_KEY: OWN }).production).to.equal(true);
    });
  });

  it("describes each setting in one line", () => {
    const text = describeConfig();
    for (const name of ["PORT", "DATA_DIR", "DATABASE_URL", "MQTT_URL", "RPC_URL", "PUBLIC_URL"])
      expect(text).to.match(new RegExp(`^  ${name} `, "m"));
    for (const line of text.split("\n")) expect(line.length, line).to.be.at.most(120);
  });

  describe("and the gateway's README", () => {
    const readme = readFileSync(resolve(import.meta.dirname, "../../gateway/README.md"), "utf8");
    const [, written = ""] = /```sh\n# NODE_ENV([^]*?)```/.exec(readme) ?? [];
    const settings = [
      ...describeConfig().matchAll(/^ {2}([A-Z_]+) .*?(?:\(default ([^;)]*))?[;)]?$/gm),
    ];

    it("name the same settings, with the same defaults", () => {
      for (const [, name = "", fallback] of settings)
        expect(readme).to.match(
          fallback === undefined
            ? new RegExp(`^#? ?${name}=`, "m")
            : new RegExp(
                `^#? ?${name}="?${fallback.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}"?(?: |$)`,
                "m",
              ),
        );
      const names = new Set(settings.map(([, name]) => name));
      for (const [, name] of written.matchAll(/^#? ?([A-Z_]+)=/gm)) expect(names).to.include(name);
    });

    it("say the same of what may come in a file", () => {
      const [, told = ""] = /^(`DATABASE_URL`, [^]*?) may be given as the path/m.exec(readme) ?? [];
      const secrets = describeConfig().matchAll(/^ {2}([A-Z_]+) .*or \*_FILE\)$/gm);
      expect([...told.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name)).to.have.members(
        [...secrets].map(([, name]) => name),
      );
    });
  });
});
