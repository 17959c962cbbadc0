import type { Bundle, Recorded } from "../bundle.ts";
import { fromHex, toHex, type Hex } from "../bytes.ts";
import { sha256 } from "../hash.ts";
import type { Deployment, Operation } from "../operations.ts";
import { idOf } from "../recording.ts";
import type { SignedStatement } from "../statement.ts";
import { TraceError } from "../trace-error.ts";
import type { Trust } from "../verify.ts";
import type { LotState } from "../chain-state.ts";
import { append } from "./grouped.ts";
import { digestOfSigned } from "./signatures.ts";

/** An operation of the bundle, with its digest and block time (seconds). */
export type Step = {
  readonly recorded: Recorded;
  readonly operation: Operation;
  readonly digest: Hex;
  readonly time: number;
};

/** A signed statement with its digest. */
export type SignedDigest = { readonly recorded: SignedStatement; readonly digest: Hex };
/** The same of a bundle. */
export type Digested = { readonly recorded: Recorded; readonly digest: Hex };

export const digestedOf = (
  deployment: Deployment,
  statements: readonly Recorded[],
): readonly Digested[] =>
  statements.map((recorded) => ({ recorded, digest: digestOfSigned(deployment, recorded) }));

/** The operations among statements, in their order. */
export const stepsAmong = (digested: readonly Digested[]): Step[] =>
  digested.flatMap(({ recorded, digest }) =>
    recorded.name === "Operation"
      ? [{ recorded, operation: recorded.statement, digest, time: recorded.time }]
      : [],
  );

/** The operations of a bundle in its order. */
export const stepsOf = (deployment: Deployment, statements: readonly Recorded[]): Step[] =>
  stepsAmong(
    digestedOf(
      deployment,
      statements.filter(({ name }) => name === "Operation"),
    ),
  );

/** Every lot that an operation names, once. */
export const lotsOf = ({ inputs, outputs }: Operation): Hex[] => [
  ...new Set([...inputs, ...outputs].map(({ lot }) => lot)),
];

/** The steps that name a lot, by lot, in their order. */
export type Histories = ReadonlyMap<Hex, readonly Step[]>;

export function historiesOf(steps: readonly Step[]): Histories {
  const found = new Map<Hex, Step[]>();
  for (const step of steps) for (const lot of lotsOf(step.operation)) append(found, lot, step);
  return found;
}

/** The lot and all that it was made of, by the operations shown. */
export function lineageOf(lot: Hex, steps: readonly Step[]): ReadonlySet<Hex> {
  const makers = new Map<Hex, Operation[]>();
  for (const { operation } of steps)
    for (const made of operation.outputs) append(makers, made.lot, operation);
  const found = new Set([lot]);
  // A set is walked in the order in which it grows, so this ends when no new ancestor turns up.
  for (const next of found)
    for (const { inputs } of makers.get(next) ?? [])
      for (const input of inputs) found.add(input.lot);
  return found;
}

/** The operations of a bundle and the lineage of the lot that was asked for. */
export function lineageIn({ statements }: Bundle, { lot, state }: Trust) {
  const steps = stepsOf(state.deployment, statements);
  return { steps, lineage: lineageOf(idOf(lot), steps) };
}

const timeBytes = (seconds: number): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(seconds));
  return bytes;
};

/** A lot's head after these steps: from its id, SHA-256(head ‖ digest ‖ uint64 block time) for each (ILots.Lot). */
export const headOf = (lot: Hex, steps: readonly Pick<Step, "digest" | "time">[]): Hex =>
  toHex(
    steps.reduce(
      (head, { digest, time }) => sha256(head, fromHex(digest), timeBytes(time)),
      fromHex(lot),
    ),
  );

/** The steps shown are the lot's whole history on the chain. Throws WITHHELD, OTHER_CHAIN (not on the chain), UNAVAILABLE. */
export function requireHistory(
  lot: Hex,
  steps: readonly Step[],
  state: LotState | undefined,
): void {
  if (state === undefined) throw new TraceError("UNAVAILABLE", "the chain was not asked");
  if (steps.length < state.count)
    throw new TraceError(
      "WITHHELD",
      `the chain has ${state.count} records of this lot, ${steps.length} are shown`,
    );
  if (steps.length > state.count)
    throw new TraceError(
      "OTHER_CHAIN",
      `${steps.length} records are shown, the chain has ${state.count} of this lot`,
    );
  if (headOf(lot, steps) !== state.head)
    throw new TraceError("OTHER_CHAIN", "the records shown are not those on the chain");
}
