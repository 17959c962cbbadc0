import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Command } from "commander";

import { readAddressBook, readVerifications } from "./ignition/records.ts";

const write = (file: string, value: unknown): void => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
  console.log(file);
};

/** Writes what others need of a finished deployment: addresses for the gateway, sources for whoever verifies them. */
new Command("deployment")
  .description("What Ignition deployed, as the gateway and verifiers of sources want it.")
  .argument("<folder>", "of the deployment: scripts/ignition/deployments/<id>")
  .option("--out <file>", "the addresses, which DEPLOYMENT names", "data/deployment.json")
  .option("--sources <folder>", "a standard-JSON input for each contract is written there too")
  .action((folder: string, { out, sources }: { out: string; sources?: string }) => {
    try {
      write(out, readAddressBook(folder));
      if (sources === undefined) return;
      for (const [name, { contract, compiler, input }] of Object.entries(
        readVerifications(folder),
      )) {
        write(join(sources, `${name}.json`), input);
        console.log(`  ${contract} by solc ${compiler}`);
      }
    } catch (failure) {
      console.error(`not a finished deployment: ${(failure as Error).message}`);
      process.exitCode = 1;
    }
  })
  .parse();
