import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";

/** Something that runs, and may be cut off: what it still waited for then never happens. */
export type Machine = {
  readonly name: string;
  alive: boolean;
};

type Task = {
  readonly at: number;
  readonly turn: number;
  readonly machine: Machine;
  readonly label: string;
  readonly run: () => unknown;
  dropped: boolean;
};

/** Virtual time, one thing after another; everything that is left to chance comes from one seed. */
export type Scheduler = {
  readonly now: () => number; // ms
  readonly chance: (probability: number) => boolean;
  /** A whole number from `low` up to and with `high`. */
  readonly between: (low: number, high: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;

  /** Runs later on `machine`, unless that is cut off before. */
  readonly after: (ms: number, on: Machine, label: string, run: () => unknown) => Task;
  readonly drop: (task: Task) => void;
  readonly pause: (ms: number) => Promise<void>;

  /** Work outside of virtual time (the chain's machine, the system's cryptography): the world stands still meanwhile. */
  readonly outside: <T>(work: () => Promise<T>) => Promise<T>;

  /** Notes something for the trace. */
  readonly note: (text: string) => void;
  readonly trace: () => string; // SHA-256 of all that happened, in order

  /** Runs until it holds, or until `deadline` of virtual time. Gives whether it holds. */
  readonly runUntil: (
    holds: () => boolean | Promise<boolean>,
    deadline: number,
  ) => Promise<boolean>;
};

const within = new AsyncLocalStorage<{
  readonly machine: Machine;
  readonly scheduler: Scheduler;
}>();

/** Runs on a machine: its timers are virtual from here on. */
export const runOn = <T>(scheduler: Scheduler, machine: Machine, run: () => T): T =>
  within.run({ machine, scheduler }, run);

/** The machine on which this runs. Throws outside of a simulation. */
export function here(): Machine {
  const machine = within.getStore()?.machine;
  if (machine === undefined) throw new Error("this runs on no simulated machine");
  return machine;
}

const real = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate };
const nextTurn = (): Promise<void> => new Promise((resolve) => real.setImmediate(resolve));

/** A scheduler at `start` (ms). `onNote` hears the trace while it grows. */
export function createScheduler(
  seed: number,
  start: number,
  onNote: (text: string) => void = () => {},
): Scheduler {
  const random = randomOf(seed);
  const tasks = new Tasks();
  const hash = createHash("sha256");
  let [now, turn] = [start, 0];
  const work = { underWay: 0 };
  let last: Promise<unknown> = Promise.resolve();

  const note = (text: string): void => {
    const line = `${now - start} ${text}`;
    hash.update(`${line}\n`);
    onNote(line);
  };
  const settled = async (): Promise<void> => {
    do await nextTurn();
    while (work.underWay > 0);
  };
  const scheduler: Scheduler = {
    now: () => now,
    chance: (probability) => random() < probability,
    between: (low, high) => low + Math.floor(random() * (high - low + 1)),
    pick: (from) => from[Math.floor(random() * from.length)] as never,
    after: (ms, machine, label, run) => {
      const at = now + Math.max(0, Math.ceil(ms));
      const task = { at, turn: turn++, machine, label, run, dropped: false };
      tasks.add(task);
      return task;
    },
    drop: (task) => {
      task.dropped = true;
    },
    pause: (ms) =>
      new Promise((resolve) => {
        scheduler.after(ms, here(), "pause", resolve);
      }),
    outside: (run) => {
      work.underWay += 1;
      // One at a time, so that answers come in the order of the questions.
      const result = last.then(() => within.exit(run));
      last = result.catch(() => {});
      return result.finally(() => {
        work.underWay -= 1;
      });
    },
    note,
    trace: () => hash.copy().digest("hex"),
    runUntil: async (holds, deadline) => {
      while (!(await holds())) {
        if ((tasks.first()?.at ?? Infinity) > deadline) return false;
        const task = tasks.next() as Task;
        if (task.dropped || !task.machine.alive) continue;
        now = task.at;
        note(`${task.machine.name} ${task.label}`);
        runOn(scheduler, task.machine, task.run);
        await settled();
      }
      return true;
    },
  };
  return scheduler;
}

/** What is to be done, by time and then by the order of asking (a binary heap). */
class Tasks {
  readonly #heap: Task[] = [];

  add(task: Task): void {
    const heap = this.#heap;
    let at = heap.push(task) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (before(heap[above] as Task, task)) break;
      heap[at] = heap[above] as Task;
      at = above;
    }
    heap[at] = task;
  }

  first(): Task | undefined {
    return this.#heap[0];
  }

  next(): Task | undefined {
    const heap = this.#heap;
    const [first, last] = [heap[0], heap.pop()];
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && before(heap[below + 1] as Task, heap[below] as Task)) below++;
      if (before(last, heap[below] as Task)) break;
      heap[at] = heap[below] as Task;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

const before = (a: Task, b: Task): boolean => a.at < b.at || (a.at === b.at && a.turn < b.turn);

/** Numbers from 0 to 1 that depend on the seed alone (Steele and Vigna's SplitMix in 32 bits). */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** A virtual timer as programs hold it. */
class Timer {
  readonly #start: () => Task;
  #task: Task;
  constructor(start: () => Task) {
    this.#start = start;
    this.#task = start();
  }
  cancel(): void {
    this.#task.dropped = true;
  }
  refresh(): this {
    this.#task.dropped = true;
    this.#task = this.#start();
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
}

type Callback = (...args: unknown[]) => void;

/**
 * Gives this process's timers, clock and WebCrypto to the machines that run in it. Before any program is imported, as some
 * hold on to what they find at their start; outside of machines nothing changes.
 */
export function virtualiseProcess(): void {
  const timerOf =
    (label: string, real: (...given: never[]) => unknown, repeats: boolean) =>
    (run: Callback, ms = 0, ...args: unknown[]): unknown => {
      const at = within.getStore();
      if (at === undefined) return real(...([run, ms, ...args] as never[]));
      const { scheduler, machine } = at;
      const timer: Timer = new Timer(() =>
        scheduler.after(Math.max(1, ms), machine, label, () => {
          if (repeats) timer.refresh();
          run(...args);
        }),
      );
      return timer;
    };
  const clear = (real: (timer: never) => void) => (timer: unknown) =>
    timer instanceof Timer ? timer.cancel() : real(timer as never);
  const clock = Date.now.bind(Date);
  const tick = performance.now.bind(performance);
  const chance = Math.random.bind(Math);
  Object.assign(globalThis, {
    setTimeout: timerOf("timeout", real.setTimeout as never, false),
    setInterval: timerOf("interval", real.setInterval as never, true),
    setImmediate: (run: Callback, ...args: unknown[]) => {
      const at = within.getStore();
      if (at === undefined) return real.setImmediate(run, ...args);
      return new Timer(() => at.scheduler.after(0, at.machine, "immediate", () => run(...args)));
    },
    clearTimeout: clear(real.clearTimeout as never),
    clearInterval: clear(real.clearInterval as never),
    clearImmediate: clear(real.clearImmediate as never),
  });
  Date.now = () => within.getStore()?.scheduler.now() ?? clock();
  performance.now = () => within.getStore()?.scheduler.now() ?? tick();
  Math.random = () => {
    const at = within.getStore();
    return at === undefined ? chance() : at.scheduler.between(0, 2 ** 31) / 2 ** 31;
  };
  const { subtle } = globalThis.crypto;
  const waiting = new Proxy(subtle, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return (...args: unknown[]) => {
        const call = (): Promise<unknown> => method.apply(target, args) as Promise<unknown>;
        return within.getStore()?.scheduler.outside(call) ?? call();
      };
    },
  });
  Object.defineProperty(globalThis.crypto, "subtle", { value: waiting, configurable: true });
}
