import canonicalizePeer from "canonicalize";

import { utf8ToBytes } from "../../gateway/core/bytes.ts";
import { canonicalize } from "../../gateway/core/canonical.ts";
import { eventHash } from "../../gateway/core/event-hash.ts";
import { appendLeaf, emptyFrontier, rootOfFrontier } from "../../gateway/core/frontier.ts";
import { hashLeaf } from "../../gateway/core/merkle.ts";
import { EVENT_CONTEXT } from "../../gateway/core/recording.ts";
import { verifyTrail } from "../../gateway/core/verify.ts";
import { interleaved, rateOf, spreadOf, type Spread } from "./rounds.ts";
import { openPage, verifierSizes, zipped } from "./verify-browser.ts";
import { eventOf, provenReading, trailOf } from "./verify-samples.ts";

const ROUNDS = 5;
const LEAVES = 1_000_000;

type Peer = { readonly SimpleMerkleTree: { of(values: string[]): { readonly root: string } } };

/** OpenZeppelin's tree, where it is installed. Named so that the rest needs no package that only this bench uses. */
const peerTree = async (): Promise<Peer | null> => {
  const name = "@openzeppelin/merkle-tree";
  return import(name).then(
    (module: unknown) => module as Peer,
    () => null,
  );
};

/** One line: what was measured, its rounds, and how it stands to what it should be. */
type Line = {
  readonly what: string;
  readonly unit: string;
  readonly value: Spread;
  readonly bound: number;
  readonly least?: boolean; // the bound is a floor
};

const once = (value: number): Spread => spreadOf([value]);
const digits = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);

function print({ what, unit, value, bound, least = false }: Line): void {
  const { median, least: low, most } = value;
  const spread = low === most ? "" : ` (${digits(low)} … ${digits(most)})`;
  const good = least ? median >= bound : median <= bound;
  const ratio = (median / bound).toFixed(2);
  const asked = `${ratio} of ${digits(bound)} ${unit} ${least ? "at least" : "at most"}`;
  console.log(`${good ? "  " : "! "}${what}: ${digits(median)} ${unit}${spread}, ${asked}`);
}

/** Records of many kinds of text and number, a good 100 kB of JSON. */
const jsonSample = (): unknown => Array.from({ length: 100 }, (_, i) => eventOf(i));

async function inNode(): Promise<Line[]> {
  const sample = jsonSample();
  const size = utf8ToBytes(canonicalize(sample)).length / 1e6;
  const events = Array.from({ length: 200 }, (_, i) => eventOf(i));
  const { bundle, trust } = trailOf(1_000, 100);
  const text = JSON.stringify(bundle);
  const rates = await interleaved(ROUNDS, {
    hashing: () =>
      rateOf(
        () => {
          for (const event of events) eventHash(event, EVENT_CONTEXT);
        },
        { each: events.length },
      ),
    jcs: () => rateOf(() => canonicalize(sample), { each: size }),
    jcsPeer: () => rateOf(() => canonicalizePeer(sample), { each: size }),
    trail: async () => {
      const start = performance.now();
      const report = await verifyTrail(JSON.parse(text), trust);
      if (report.outcome !== "holds") throw new Error("the trail that is measured does not hold");
      return performance.now() - start;
    },
  });
  const beside = rates.jcs.median / rates.jcsPeer.median;
  console.log(
    `  JCS is ${beside.toFixed(2)} times as fast as canonicalize (${digits(rates.jcsPeer.median)} MB/s)`,
  );
  return [
    { what: "event hashing", unit: "events/s", value: rates.hashing, bound: 20_000, least: true },
    { what: "JCS", unit: "MB/s", value: rates.jcs, bound: 50, least: true },
    {
      what: "a trail of 1,000 records over 100 lots, here",
      unit: "ms",
      value: rates.trail,
      bound: 1_000,
    },
  ];
}

async function trees(rounds: number): Promise<void> {
  const entries = Array.from({ length: LEAVES }, (_, i) => utf8ToBytes(`entry ${i}`));
  const peer = await peerTree();
  const words = entries.map((_, i) => `0x${i.toString(16).padStart(64, "0")}`);
  const seconds = (run: () => unknown) => () => {
    const start = performance.now();
    run();
    return (performance.now() - start) / 1_000;
  };
  const ours = seconds(() =>
    rootOfFrontier(entries.reduce((log, entry) => appendLeaf(log, hashLeaf(entry)), emptyFrontier)),
  );
  if (peer === null) {
    const { median } = spreadOf(Array.from({ length: rounds }, ours));
    console.log(
      `  a tree of a million leaves: ${digits(median)} s (no @openzeppelin/merkle-tree here to compare with)`,
    );
    return;
  }
  const both = await interleaved(rounds, {
    ours,
    theirs: seconds(() => peer.SimpleMerkleTree.of(words).root),
  });
  const ratio = (both.theirs.median / both.ours.median).toFixed(1);
  console.log(
    `  a tree of a million leaves: ${digits(both.ours.median)} s (${digits(both.ours.least)} … ${digits(both.ours.most)}), ` +
      `${ratio} times as fast as @openzeppelin/merkle-tree (${digits(both.theirs.median)} s)`,
  );
}

async function inBrowser(reading: Awaited<ReturnType<typeof provenReading>>): Promise<Line[]> {
  const opened = await openPage();
  if (opened === null) {
    console.log("  no Chromium on this machine: what browsers take was not measured");
    return [];
  }
  const { page, close } = opened;
  const trail = trailOf(1_000, 100);
  const ask = (call: string, ...args: readonly unknown[]): Promise<number> =>
    page.evaluate(`${call}(...${JSON.stringify(args)})`);
  try {
    await ask("timeReading", reading.bundle); // what a page does once is not what a record costs
    const times = await interleaved(ROUNDS, {
      reading: () => ask("timeReading", reading.bundle),
      trail: () => ask("timeTrail", trail.bundle, trail.trust),
    });
    return [
      { what: "one record verified in Chromium", unit: "ms", value: times.reading, bound: 10 },
      {
        what: "a trail of 1,000 records over 100 lots in Chromium",
        unit: "ms",
        value: times.trail,
        bound: 1_000,
      },
    ];
  } finally {
    await close();
  }
}

/** The verifier's size and speed, five interleaved rounds each, as ratios to what they should be. `--quick`: one round of the trees. */
export async function bench(args: readonly string[]): Promise<void> {
  const { page, sensors, words, fallback } = await verifierSizes();
  for (const [what, value] of [
    ["all of the browser's verifier (page, passkeys and sensors)", page + sensors],
    ["what of it a lot without sensors loads", page],
  ] as const)
    print({ what: `${what}, gzip`, unit: "bytes", value: once(value), bound: 20_000 });
  console.log(
    `  not counted: for the exact words of what failed, when somebody asks, ${digits(words)} bytes; ` +
      `without WebCrypto ${digits(fallback)}`,
  );
  const reading = await provenReading(LEAVES);
  const size = once(zipped(JSON.stringify(reading.bundle)));
  print({
    what: "one reading's bundle in a log of a million, gzip",
    unit: "bytes",
    value: size,
    bound: 2_500,
  });
  for (const line of [...(await inBrowser(reading)), ...(await inNode())]) print(line);
  await trees(args.includes("--quick") ? 1 : ROUNDS);
}
