import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { expect } from "chai";

import { sha256OfText } from "../../gateway/core/hash.ts";
import { toHex } from "../../gateway/core/bytes.ts";
import { CERTIFICATES, LOTS, PLACES } from "../../scripts/season/cast.ts";
import { ask } from "../../scripts/season/doors.ts";
import { POSTGRES_PROGRAMS, startPostgres, type Postgres } from "../postgres.ts";
import { openForeignChain } from "./foreign-chain.ts";
import { openGateway, type OpenGateway } from "./open.ts";
import { openGatewayForVillage, openVillage } from "./village.ts";

const MAIN = resolve(import.meta.dirname, "../../gateway/main.ts");

/** From the founder to a harvest, and back out as a trail. */
async function growOneLot(gateway: OpenGateway): Promise<number> {
  const village = await openVillage(gateway);
  const plot = { ...CERTIFICATES.plot1, scheme: "growingArea" } as const;
  await village.settle(
    village.enrolment("province", "certifier"),
    village.enrolment("province", "cooperative"),
    village.enrolment("cooperative", "farm1"),
    village.grant("certifier", plot),
    village.record("farm1", {
      kind: "harvest",
      ...LOTS.raw1,
      mass: 1000,
      plot: plot.uri,
      place: PLACES.plot1,
    }),
  );
  const path = new URL(LOTS.raw1.lot).pathname;
  const bundle = await ask<{ statements: unknown[] }>(`${gateway.url}/bundle${path}`);
  return bundle.statements.length;
}

const start = (environment: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  spawnSync(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env["PATH"], ...environment },
    encoding: "utf8",
    timeout: 30_000,
  });

describe("the gateway as a program", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "plotline-main-"));
  after(() => rmSync(folder, { recursive: true }));

  it("prints its settings", () => {
    const { status, stdout } = start({}, "--help");
    expect(status).to.equal(0);
    expect(stdout).to.contain("DATA_DIR").and.to.contain("RELAYER_KEY");
  });

  it("refuses what it cannot read in one line for each trouble", () => {
    const { status, stderr } = start({ PORT: "web", HOST: "127.0.0.1" });
    expect(status).to.equal(1);
    expect(stderr).to.match(/^PORT: [^\n]+\n$/);
  });

  it("refuses a port that was asked for and is taken", async () => {
    const other: Server = createServer();
    await new Promise<void>((done) => {
      other.listen(0, "127.0.0.1", done);
    });
    const { port } = other.address() as AddressInfo;
    const { status, stderr } = start({ DATA_DIR: folder, RPC_PORT: String(port) });
    other.close();
    expect(status).to.equal(1);
    expect(stderr).to.equal(`port ${port} on 127.0.0.1 is taken; name another one\n`);
  });

  it("refuses a second gateway on one folder, and says who holds it", async () => {
    const gateway = await openGateway();
    const { status, stderr } = start({
      DATA_DIR: gateway.dataDir,
      PORT: "0",
      RPC_PORT: "0",
      MQTT_PORT: "0",
    });
    await gateway.end();
    expect(status).to.equal(1);
    expect(stderr).to.equal(`${gateway.dataDir} is in use by process ${process.pid}\n`);
  });

  it("refuses somebody else's chain without contracts", () => {
    const { status, stderr } = start({
      DATA_DIR: folder,
      RPC_URL: "http://127.0.0.1:1",
      RELAYER_KEY: toHex(sha256OfText("a relayer")),
    });
    expect(status).to.equal(1);
    expect(stderr).to.contain("deployment.json is not there");
  });
});

describe("a gateway", function () {
  this.timeout(60_000);

  it("works on somebody else's chain, where others govern", async () => {
    const chain = await openForeignChain();
    const gateway = await openGatewayForVillage(chain.environment);
    expect(gateway.urls.rpc).to.deep.equal([chain.url]);
    expect(await growOneLot(gateway)).to.be.greaterThan(3);
    await gateway.end();
    await chain.end();
  });

  if (POSTGRES_PROGRAMS === undefined) it.skip("works on PostgreSQL (not installed)");
  else
    it("works on PostgreSQL", async () => {
      const postgres: Postgres = await startPostgres();
      const gateway = await openGatewayForVillage({
        DATABASE_URL: await postgres.newDatabase(),
      });
      expect(await growOneLot(gateway)).to.be.greaterThan(3);
      const overview = await ask<{ lots: { count: number } }>(`${gateway.url}/api/overview`);
      expect(overview.lots.count).to.equal(1);
      for (const list of ["waiting", "refused", "excursions", "silent", "recalls"])
        expect(await ask(`${gateway.url}/api/overview/${list}`)).to.deep.equal([]);
      await gateway.end();
      await postgres.stop();
    });
});
