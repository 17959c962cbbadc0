/** What rounds of one thing came to. */
export type Spread = { readonly median: number; readonly least: number; readonly most: number };

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (i: number): number => sorted[i] ?? NaN;
  return { median: at(sorted.length >> 1), least: at(0), most: at(sorted.length - 1) };
}

/** Runs all things once in each round, one after the other, so that what disturbs the machine disturbs them all. */
export async function interleaved<N extends string>(
  rounds: number,
  things: Readonly<Record<N, () => number | Promise<number>>>,
): Promise<Readonly<Record<N, Spread>>> {
  const names = Object.keys(things) as N[];
  const values = new Map<N, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const name of names) values.get(name)?.push(await things[name]());
  return Object.fromEntries(
    names.map((name) => [name, spreadOf(values.get(name) ?? [])]),
  ) as Record<N, Spread>;
}

/** How often a second `work` is done, trying for about `time` ms; `each` is how much one call does. */
export async function rateOf(
  work: () => unknown,
  { time = 300, each = 1 }: { readonly time?: number; readonly each?: number } = {},
): Promise<number> {
  const start = performance.now();
  let done = 0;
  let spent = 0;
  do {
    await work();
    done += each;
    spent = performance.now() - start;
  } while (spent < time);
  return (done / spent) * 1_000;
}

/** The number that follows `name` among a command's arguments. */
export function numberAfter(args: readonly string[], name: string, usual: number): number {
  const value = args.includes(name) ? Number(args[args.indexOf(name) + 1]) : usual;
  if (!(value > 0)) throw new RangeError(`${name} is followed by a number above 0`);
  return value;
}
