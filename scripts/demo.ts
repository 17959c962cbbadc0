import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { Command } from "commander";
import QRCode from "qrcode";

import { ConfigError, parseConfig, type Config } from "../gateway/config.ts";
import { fromBase64Url, toBase64Url, toHex } from "../gateway/core/bytes.ts";
import { sha256OfText } from "../gateway/core/hash.ts";
import { TraceError } from "../gateway/core/trace-error.ts";
import { createLogger } from "../gateway/http/logger.ts";
import { startGateway, type Gateway } from "../gateway/main.ts";
import { PortTakenError } from "../gateway/ports.ts";
import { holdFolder } from "../gateway/store/folder.ts";
import { LOTS, PEOPLE, SOURCES } from "./season/cast.ts";
import { seasonClock } from "./season/clock.ts";
import { openDevices } from "./season/devices.ts";
import { anchored, ask } from "./season/doors.ts";
import { playSeason } from "./season/play.ts";
import { receive, ROLES_TO_TRY } from "./season/reception.ts";
import { START } from "./season/time.ts";
import { tamper } from "./season/tamper.ts";

/** Accounts that follow from a name, so that the same season has the same contracts everywhere. For demonstrations only. */
const secretOf = (name: string): Uint8Array => sha256OfText(`plotline demonstration: ${name}`);

function demoConfig(dataDir: string): Config {
  const config = parseConfig({ LOG_LEVEL: "warn", ...process.env, DATA_DIR: dataDir });
  if (config.production)
    throw new Error("the demonstration's keys are known to everybody: it is not for production");
  const { uri, words: name } = PEOPLE.province;
  return {
    ...config,
    authority: { uri, name },
    anchorEvery: 2,
    governanceKey: toHex(secretOf("governance")),
    relayerKey: toHex(secretOf("relayer")),
    logKey: toBase64Url(secretOf("log")),
    ...SOURCES,
  };
}

/** One line that is written over on a terminal, and a line each ten per cent elsewhere. */
function progress(): (done: number, of: number, title: string) => void {
  let told = -1;
  return (done, of, title) => {
    const percent = Math.floor((100 * done) / of);
    if (process.stdout.isTTY)
      process.stdout.write(`\r\u001b[2K${String(percent).padStart(3)} %  ${title.slice(0, 70)}`);
    else if (Math.floor(percent / 10) > told) {
      told = Math.floor(percent / 10);
      console.log(`${String(percent).padStart(3)} %  ${title}`);
    }
  };
}

async function play(gateway: Gateway, clock: ReturnType<typeof seasonClock>): Promise<void> {
  const { urls, deployment, invitation } = gateway;
  const { log } = await ask<{ log: { publicKey: string } }>(`${urls.http}/api/deployment`);
  const logKey = fromBase64Url(log.publicKey);
  const devices = await openDevices(urls.mqtt, { now: clock.now, logKey });
  try {
    await playSeason({
      doors: { url: urls.http, deployment },
      clock,
      invitation,
      publish: devices.publish,
      tell: progress(),
    });
    if (process.stdout.isTTY) process.stdout.write("\r\u001b[2K");
    clock.join(); // anchors keep their distance in time, so time must go on
    await devices.receipted();
    await anchored({ url: urls.http });
  } finally {
    await devices.close();
  }
}

const pathOf = (lot: string): string => new URL(lot).pathname;

async function say(
  { urls }: Gateway,
  codes: ReadonlyMap<string, string>,
  { dataDir, once = false }: { readonly dataDir: string; readonly once?: boolean | undefined },
): Promise<void> {
  const page = (lot: string): string => `${urls.http}${pathOf(lot)}`;
  console.log(`
The season is played. ${once ? "What is below goes away with this run." : "Everything below is running until Ctrl-C."}

For the shopper, who scans the code on the bag:
  the pure bag         ${page(LOTS.bags.lot)}
  the mixed bag        ${page(LOTS.mixedBags.lot)}   (made of a recalled lot)
  pepper               ${page(LOTS.pepperBags.lot)}
  rubber               ${page(LOTS.rubberBlocks.lot)}
For the buyer and customs:
  the export dossier   ${urls.http}/dossier${pathOf(LOTS.cartons.lot)}

For those who record (the first visit makes a key in your browser; each code is good for one):
${ROLES_TO_TRY.map(({ page: name, title }) => `  ${title.padEnd(20)} ${urls.http}/app/${name}#code=${codes.get(name) ?? ""}`).join("\n")}

The same verdict in the terminal:
  npm run --silent verify -- ${page(LOTS.bags.lot)} --deployment ${join(dataDir, "deployment.json")}
MQTT ${urls.mqtt}   chain ${urls.rpc.join(", ")}
`);
  console.log(`The pure bag's code (${page(LOTS.bags.lot)}):\n`);
  console.log(
    await QRCode.toString(page(LOTS.bags.lot), { type: "terminal", small: true, margin: 1 }),
  );
  if (new URL(urls.http).hostname === "127.0.0.1")
    console.log(
      "The code names this machine, which a phone cannot reach. For phones in the same network, stop this and run\n" +
        "  HOST=0.0.0.0 npm run demo\n" +
        "They read every page then; recording needs https, or a browser on this machine.\n",
    );
}

/**
 * Removes what an earlier run left. Throws where a run still has it (that one would go on with files which nobody finds
 * again), and for a folder that no run has made.
 */
function forget(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  forget(join(folder, TAMPERED));
  const left = readdirSync(folder);
  if (left.includes("lock")) holdFolder(folder).release();
  else if (left.length > 0 && !left.includes(MARK))
    throw new TraceError("NOT_ALLOWED", `no run has made ${folder}: it is not emptied`);
  rmSync(folder, { recursive: true, force: true });
}

const TAMPERED = "tampered"; // of DATA_DIR
const MARK = "season.json"; // where a season was played to its end

type Options = { readonly tamper?: true; readonly fresh?: true; readonly once?: true };

async function demo({ tamper: tampering, fresh, once }: Options): Promise<void> {
  const given = resolve(process.env["DATA_DIR"] ?? "./data");
  const dataDir = tampering ? join(given, TAMPERED) : given;
  if (fresh || tampering) forget(dataDir);
  mkdirSync(dataDir, { recursive: true });
  const mark = join(dataDir, MARK);
  const played = existsSync(mark);
  const clock = seasonClock(START * 1_000, Date.now);
  if (played) {
    clock.advanceTo((JSON.parse(readFileSync(mark, "utf8")) as { end: number }).end);
    clock.join();
  }
  const config = demoConfig(dataDir);
  console.log("Plotline: starting broker, chain, store and gateway …");
  const gateway = await startGateway({
    config,
    now: clock.now,
    random: (length) => new Uint8Array(randomBytes(length)),
    log: createLogger(config.logLevel),
  });
  let closing: Promise<void> | undefined;
  const stop = (): void => {
    console.log("\nclosing …");
    closing ??= gateway.close().then(() => process.exit(0));
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);

  if (!played) {
    console.log(`playing one season through the public doors of ${gateway.urls.http}`);
    await play(gateway, clock);
    writeFileSync(mark, `${JSON.stringify({ end: clock.now() })}\n`);
  }
  const doors = { url: gateway.urls.http, deployment: gateway.deployment };
  const reception = await receive(doors, { now: clock.now, found: gateway.found });
  await say(gateway, reception.codes, { dataDir, once });
  if (tampering) console.log(await tamper(dataDir, gateway.urls.http));
  if (once) {
    reception.close();
    await gateway.close();
  }
}

await new Command("demo")
  .description(
    "Starts broker, chain, store and gateway in one process, plays one season of cashew, pepper and rubber through the " +
      "public doors, prints a page for each person, and stays up until Ctrl-C. A second run goes on with the same data.",
  )
  .option(
    "--tamper",
    "in a data folder of its own: changes one stored record behind the gateway's back, and says which page shows it",
  )
  .option("--fresh", "forgets what an earlier run left in DATA_DIR")
  .option("--once", "plays, prints and ends")
  .addHelpText(
    "after",
    `
Environment (\`npm start -- --help\` has the rest):
  PORT, MQTT_PORT, RPC_PORT  8080, 1883, 8545; taken ones give way to free ones unless named
  HOST                       127.0.0.1; 0.0.0.0 for phones in the same network
  PUBLIC_URL                 how those reach this machine, where it has several networks
  DATA_DIR                   ./data`,
  )
  .action(async (options: Options) => {
    try {
      await demo(options);
    } catch (failure) {
      const known =
        failure instanceof ConfigError ||
        failure instanceof PortTakenError ||
        failure instanceof TraceError;
      if (!known) throw failure;
      console.error(failure.message);
      process.exit(1);
    }
  })
  .parseAsync();
