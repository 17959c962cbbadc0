import { parseArgs } from "node:util";

import type { Outcome } from "./simulation/run.ts";
import { virtualiseNetwork } from "./simulation/network.ts";
import { virtualiseProcess } from "./simulation/scheduler.ts";

const HELP = `Usage: npm run test:simulation -- [--seeds N] [--from S] [--sabotage NAME|all] [--trace] [--json]

Runs devices, a broker, the gateway and a chain in virtual time, under faults that a seed chooses, and checks
what was promised (I1 to I9) from outside. A seed gives the same run each time.

  --seeds N        how many seeds (default 50)
  --from S         the first seed (default 1)
  --sabotage NAME  with a part that is broken on purpose; "all": each of them, and whether it was seen
  --trace          prints all that happens
  --json           prints an outcome a line, for programs`;

/** One line of `--json`. */
export type SaidOutcome = Outcome & { readonly sabotage?: string };

const told = ({ seed, trace, violations, counts, sabotage }: SaidOutcome): string =>
  `${sabotage === undefined ? "" : `${sabotage}, `}seed ${seed}: ${counts.packs} packs, ` +
  `${counts.crashes} crashes, ${counts.minutes} minutes, trace ${trace.slice(0, 16)}` +
  violations.map(({ invariant, message }) => `\n  ${invariant}: ${message}`).join("");

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "50" },
      from: { type: "string", default: "1" },
      sabotage: { type: "string" },
      trace: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  virtualiseProcess();
  virtualiseNetwork();
  // What is imported from here on finds virtual timers and a virtual network.
  const { openStage } = await import("./simulation/run.ts");
  const { SABOTAGE } = await import("./simulation/sabotage.ts");
  const stage = await openStage();
  const [from, seeds] = [Number(values.from), Number(values.seeds)];
  const say = (outcome: SaidOutcome): void =>
    console.log(values.json ? JSON.stringify(outcome) : told(outcome));
  const onNote = values.trace ? console.log : () => {};
  const names = Object.keys(SABOTAGE).filter(
    (name) => values.sabotage === "all" || values.sabotage === name,
  );
  for (const name of names) {
    const outcome = await stage.run(from, { sabotage: SABOTAGE[name], onNote });
    say({ ...outcome, sabotage: name });
    const breaks = SABOTAGE[name]?.breaks;
    if (!outcome.violations.some(({ invariant }) => invariant === breaks)) {
      console.error(`"${name}" should have broken ${breaks}`);
      process.exitCode = 1;
    }
  }
  for (let seed = from; values.sabotage === undefined && seed < from + seeds; seed++) {
    const outcome = await stage.run(seed, { onNote });
    say(outcome);
    if (outcome.violations.length === 0) continue;
    console.error(`see it again: npm run test:simulation -- --seeds 1 --from ${seed} --trace`);
    process.exitCode = 1;
  }
  await stage.close();
}

if (import.meta.main) await main();
