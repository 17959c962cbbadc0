/** A sleep that can be cut short: what a loop does between two steps. */
export type Bed = { readonly sleep: (ms?: number) => Promise<void>; readonly rouse: () => void };

/** Without `ms` it sleeps until it is roused. */
export function makeBed(): Bed {
  let rouse = (): void => {};
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
        rouse = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    rouse: () => rouse(),
  };
}
