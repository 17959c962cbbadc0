/** Something waits to be stored; `done` and `fail` answer whoever brought it. */
type Waiting<Item, Result> = {
  readonly item: Item;
  readonly done: (result: Result) => void;
  readonly fail: (reason: unknown) => void;
};

/** A queue in front of the disk. */
export type Commits<Item, Result> = {
  /** Resolves when the item is durable, with what became of it; rejects when its commit failed. */
  readonly add: (item: Item) => Promise<Result>;

  /** How many wait, those under way included. */
  readonly waiting: () => number;

  /** Resolves when nothing waits any more. */
  readonly drained: () => Promise<void>;
};

/**
 * Group commit: while one batch is being synced, and as long again, whatever arrives gathers for the next, so that
 * the disk's pace sets the size of the batches and nobody waits for a timer. `commit` takes its batch, of `most` items, when
 * the store is its own: what arrives while others have the store comes along.
 */
export function groupCommits<Item, Result>(
  commit: (take: () => readonly Item[]) => Promise<readonly Result[]>,
  most = 1_024,
): Commits<Item, Result> {
  let queue: Waiting<Item, Result>[] = [];
  let waiting = 0;
  let running: Promise<void> | undefined;
  let free = 0; // when the disk may be asked again

  const commitAll = async (): Promise<void> => {
    while (queue.length > 0) {
      // Let what is being read from sockets in this turn of the loop come along. And the disk gets half of the
      // time at most: the slower it is, the more come along.
      await new Promise((resolve) => setImmediate(resolve));
      const pause = free - performance.now();
      if (pause >= 1 && queue.length < most) await new Promise((go) => setTimeout(go, pause));
      await commitNext();
    }
    running = undefined; // in the same breath as the look at the queue: what comes after this starts anew
  };

  const commitNext = async (): Promise<void> => {
    const start = performance.now();
    let batch: readonly Waiting<Item, Result>[] | undefined;
    const take = (): readonly Waiting<Item, Result>[] => {
      if (batch !== undefined) return batch;
      batch = queue.slice(0, most);
      queue = queue.slice(most);
      return batch;
    };
    try {
      const results = await commit(() => take().map(({ item }) => item));
      for (const [i, { done }] of take().entries()) done(results[i] as Result);
    } catch (failure) {
      for (const { fail } of take()) fail(failure); // a store that cannot be had keeps nobody waiting
    }
    free = 2 * performance.now() - start;
    waiting -= take().length;
  };

  return {
    add: (item) =>
      new Promise<Result>((done, fail) => {
        queue.push({ item, done, fail });
        waiting += 1;
        running ??= commitAll();
      }),
    waiting: () => waiting,
    drained: () => running ?? Promise.resolve(),
  };
}
