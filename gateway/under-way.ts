/** What has begun and has not ended. */
export type UnderWay = {
  /** Counts this work until it settles, either way. */
  readonly add: (work: Promise<unknown>) => void;
  readonly count: () => number;

  /** Resolves when there is none. */
  readonly none: () => Promise<void>;
};

/** Counts works under way; `onSettled` hears of every end. */
export function countUnderWay(onSettled: () => void = () => {}): UnderWay {
  let count = 0;
  let waiting: (() => void)[] = [];
  const settled = (): void => {
    count -= 1;
    onSettled();
    if (count > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  return {
    add: (work) => {
      count += 1;
      work.then(settled, settled);
    },
    count: () => count,
    none: () =>
      new Promise((resolve) => {
        if (count === 0) resolve();
        else waiting.push(resolve);
      }),
  };
}
