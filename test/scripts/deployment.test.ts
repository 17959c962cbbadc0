import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { expect } from "chai";
import { Contract, JsonRpcProvider, Wallet } from "ethers";
import { network } from "hardhat";
import solc from "solc";

import { ACCESS_MANAGER_ABI, CHECKPOINTS_ABI } from "../../gateway/chain/contracts.ts";
import { readDeployment } from "../../gateway/chain/link.ts";
import { sha256OfText } from "../../gateway/core/hash.ts";
import { toHex } from "../../gateway/core/bytes.ts";
import { readVerifications, type Verification } from "../../scripts/ignition/records.ts";
import { openGateway } from "../gateway/open.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PARAMETERS = "scripts/ignition/parameters/localhost.json";
const HARDHAT = "node_modules/hardhat/dist/src/cli.js";
const ORIGIN = "plotline.example/log"; // whose hash is in the parameters

const deployer = new Wallet(toHex(sha256OfText("a deployer")));
const relayer = new Wallet(toHex(sha256OfText("a relayer")));
const { Handover, Log } = JSON.parse(readFileSync(join(ROOT, PARAMETERS), "utf8")) as {
  readonly Handover: { readonly governance: string };
  readonly Log: { readonly logId: string; readonly operator: string };
};

describe("A deployment through a JSON-RPC server", function () {
  this.timeout(1_200_000); // a compiler runs in it
  const folder = mkdtempSync(join(tmpdir(), "plotline-deployment-"));
  const id = `test-${process.pid}`;
  const records = join(ROOT, "scripts/ignition/deployments", id);
  const book = join(folder, "deployment.json");
  const closers: (() => Promise<void> | void)[] = [
    () => rmSync(folder, { recursive: true }),
    () => rmSync(records, { recursive: true, force: true }),
  ];
  let url = "";
  let provider: JsonRpcProvider;

  before(async () => {
    const server = await network.createServer("default", "127.0.0.1", 0);
    closers.push(() => server.close());
    url = `http://127.0.0.1:${(await server.listen()).port}`;
    provider = new JsonRpcProvider(url, undefined, { pollingInterval: 20 });
    closers.push(() => provider.destroy());
    for (const { address } of [deployer, relayer])
      await provider.send("hardhat_setBalance", [address, "0x8ac7230489e80000"]);
    expect(await deploy()).to.deep.include({ code: 0 });
  });
  after(async () => {
    for (const close of closers.toReversed()) await close();
  });

  const run = (environment: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    new Promise<{ code: number; text: string }>((done) => {
      const env = { PATH: process.env["PATH"], HOME: folder, ...environment };
      execFile(process.execPath, args, { cwd: ROOT, env }, (failure, stdout, stderr) =>
        done({ code: Number(failure?.code ?? 0), text: stdout + stderr }),
      );
    });

  /** The documented command, with a chain and a key that only the environment knows; both profiles build the same. */
  const deploy = () => {
    const environment = {
      RPC_URL: url,
      DEPLOYER_KEY: deployer.privateKey,
      HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: "true",
    };
    const command = "ignition deploy scripts/ignition/modules/Handover.ts --network rpc";
    const options = `--parameters ${PARAMETERS} --deployment-id ${id} --build-profile default`;
    return run(environment, HARDHAT, ...`${command} ${options}`.split(" "));
  };

  const record = (...args: readonly string[]) => run({}, "scripts/deployment.ts", ...args);

  it("leaves the multisig as the only admin and the log to its operator", async () => {
    expect((await record(records, "--out", book)).code).to.equal(0);
    const { accessManager, checkpoints } = JSON.parse(readFileSync(book, "utf8")) as Record<
      string,
      string
    >;
    const manager = new Contract(accessManager ?? "", ACCESS_MANAGER_ABI, provider);
    const isAdmin = async (account: string): Promise<unknown> =>
      (await manager.getFunction("hasRole").staticCall(0n, account))[0];
    expect(await isAdmin(Handover.governance)).to.equal(true);
    expect(await isAdmin(deployer.address)).to.equal(false);
    const logs = new Contract(checkpoints ?? "", CHECKPOINTS_ABI, provider);
    expect((await logs.getFunction("latest").staticCall(Log.logId)).operator).to.equal(
      Log.operator,
    );
  });

  it("run again resumes and changes nothing", async () => {
    const [nonce, before] = [await provider.getTransactionCount(deployer.address), state()];
    const again = await deploy();
    expect(again.code, again.text).to.equal(0);
    expect(await provider.getTransactionCount(deployer.address)).to.equal(nonce);
    expect(state()).to.equal(before);
  });

  const state = (): string => readFileSync(join(records, "deployed_addresses.json"), "utf8");

  it("gives a gateway all that it needs to start", async () => {
    await record(records, "--out", book);
    const gateway = await openGateway({
      environment: {
        RPC_URL: url,
        DEPLOYMENT: book,
        LOG_ORIGIN: ORIGIN,
        RELAYER_KEY: relayer.privateKey,
      },
    });
    expect((await fetch(`${gateway.url}/livez`)).status).to.equal(200);
    expect(gateway.urls.rpc).to.deep.equal([url]);
    await gateway.end();
  });

  it("is refused in words as long as it is not finished", async () => {
    const { code, text } = await record(folder, "--out", book);
    expect(code).to.equal(1);
    expect(text).to.contain("not a finished deployment");
  });

  it("can be compiled again from the sources that it hands out, to what is on the chain", async () => {
    const deployment = readDeployment(book) as unknown as Record<string, string>;
    const verifications = readVerifications(records);
    for (const name of ["Parties", "Lots", "Certificates", "Checkpoints"]) {
      const { code, immutables } = compiled(verifications[name] as Verification);
      const onChain = await provider.getCode(deployment[name.toLowerCase()] ?? "");
      expect(masked(onChain, immutables), name).to.equal(masked(`0x${code}`, immutables));
    }
  });

  type Place = { readonly start: number; readonly length: number };

  /** What npm's compiler makes of a standard-JSON input, and nothing else. */
  function compiled({ contract, compiler, input }: Verification) {
    expect(compiler).to.equal(`v${solc.version().replace(/\.Emscripten.*/, "")}`);
    const [, source = "", name = ""] = /^(.*):(.*)$/.exec(contract) ?? [];
    const output = JSON.parse(solc.compile(JSON.stringify(input))) as {
      contracts: Record<string, Record<string, { evm: { deployedBytecode: Code } }>>;
    };
    const bytecode = output.contracts[source]?.[name]?.evm.deployedBytecode;
    const immutables = Object.values(bytecode?.immutableReferences ?? {}).flat();
    return { code: bytecode?.object, immutables };
  }

  type Code = {
    readonly object: string;
    readonly immutableReferences: Readonly<Record<string, readonly Place[]>>;
  };

  /** Code with zeros where the constructor wrote what it was given. */
  const masked = (code: string, immutables: readonly Place[]): string =>
    immutables.reduce((text, { start, length }) => {
      const [from, to] = [2 + 2 * start, 2 + 2 * (start + length)];
      return text.slice(0, from) + "00".repeat(length) + text.slice(to);
    }, code);
});
