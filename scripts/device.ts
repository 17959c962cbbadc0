import { Command, InvalidArgumentError, Option } from "commander";

import { rotateKey } from "./device/rotate.ts";
import { SimulationError } from "./device/simulation-error.ts";
import { enrolDevices, makeDevices, simulate } from "./device/simulate.ts";

const program = new Command("device")
  .description("Sensors for trying, demonstrating and loading a gateway.")
  .showHelpAfterError("(--help says what there is)");

const folder = [
  "-f, --folder <path>",
  "where keys and unsent packs are kept",
  "./data/devices",
] as const;
const gateway = ["-g, --gateway <url>", "the gateway", "http://127.0.0.1:8080"] as const;

program
  .command("keys")
  .description("make keys, and print their ids and public keys")
  .option(...folder)
  .option("-n, --devices <count>", "how many devices", some, 1)
  .action((options: { folder: string; devices: number }) => {
    for (const { keyId, publicKey } of makeDevices(options.folder, options.devices))
      console.log(`${keyId} ${publicKey}`);
  });

program
  .command("enrol")
  .description("ask to be enrolled, each device with one code that a cooperative handed out")
  .argument("<codes...>", "one code for each device")
  .option(...folder)
  .option(...gateway)
  .action((codes: readonly string[], options: { folder: string; gateway: string }) =>
    enrolDevices(options.folder, options.gateway, codes),
  );

program
  .command("rotate")
  .description(
    "give a device a new key; its owner then signs it in the app (My sensors, New key), which ends the old one",
  )
  .argument("<number>", "which device of the folder, counted from 0", whole)
  .option(...folder)
  .action((number: number, options: { folder: string }) => {
    const { old, keyId, publicKey } = rotateKey(options.folder, number);
    console.log(`${old} was its key\n${keyId} ${publicKey}`);
  });

program
  .command("simulate")
  .description("send signed packs until stopped, keeping each until the log's receipt comes")
  .option(...folder)
  .option(...gateway)
  .option("-u, --url <url>", "the broker", "mqtt://127.0.0.1:1883")
  .option(
    "--password <text>",
    "for a broker that is not the gateway's: what it lets each device in by, under its key id as user name",
  )
  .option("-n, --devices <count>", "how many devices", some, 1)
  .option("-r, --rate <packs>", "packs a second, of all devices together", above, 1)
  .option("-c, --count <packs>", "stop after so many packs; 0: never", whole, 0)
  .option("-p, --readings <count>", "readings in a pack", some, 10)
  .addOption(new Option("--form <form>", "of a pack").choices(["cose", "jws"]).default("cose"))
  .option("--memory", "keep unsent packs in memory only, to load the gateway and not this disk")
  .action(simulate);

try {
  await program.parseAsync();
} catch (failure) {
  if (!(failure instanceof SimulationError)) throw failure;
  console.error(failure.message);
  process.exitCode = 1;
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It is not a whole number.");
  return Number(text);
}

function some(text: string): number {
  if (whole(text) === 0) throw new InvalidArgumentError("At least one is needed.");
  return whole(text);
}

function above(text: string): number {
  if (!(Number(text) > 0)) throw new InvalidArgumentError("It is no number above zero.");
  return Number(text);
}
