import type { Hex } from "./bytes.ts";
import type { Deployment } from "./operations.ts";

/** Asks some chain by JSON-RPC. What it answers is a stranger's word. */
export type Request = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** A lot as the chain sees it (ILots.Lot); mass in grams. All zeros where the chain knows no such lot. */
export type LotState = {
  readonly head: Hex;
  readonly holder: Hex;
  readonly pending: Hex;
  readonly mass: number;
  readonly count: number;
  readonly area: Hex;
  readonly flags: number;
};

/** A certificate as the chain sees it (ICertificates.Certificate); grams, seconds. All zeros where unknown. */
export type CertificateState = {
  readonly issuer: Hex;
  readonly holder: Hex;
  readonly scheme: number;
  readonly area: Hex;
  readonly quota: number;
  readonly spent: number;
  readonly from: number;
  readonly until: number;
  readonly revoked: number;
  readonly content: Hex;
};

/** A key as the chain sees it (IParties.Key); seconds. All zeros where nobody enrolled it. */
export type KeyState = {
  readonly party: Hex;
  readonly roles: number;
  readonly from: number;
  readonly until: number;
  readonly number: number;
  readonly content: Hex; // of its enrolment
};

/** A watch over a place (IParties.Watching); seconds. */
export type Watching = {
  readonly device: Hex;
  readonly from: number;
  readonly until: number;
  readonly interval: number;
  readonly taken: number; // block time of its registration
  readonly content: Hex; // of its watch statement
};

/** What the chain said at one block about everything a reader asked. Times in seconds, masses in grams. */
export type ChainState = {
  readonly deployment: Deployment;
  readonly block: { readonly number: number; readonly hash: Hex; readonly time: number };
  readonly lots: Readonly<Record<Hex, LotState>>;
  readonly certificates: Readonly<Record<Hex, CertificateState>>;
  readonly keys: Readonly<Record<Hex, KeyState>>;
  readonly watches: Readonly<Record<Hex, readonly Watching[]>>;
  /** Who answers for a party beside itself: whoever enrolled it first. All zeros where nobody did. */
  readonly sponsors: Readonly<Record<Hex, Hex>>;
  /** Until when `${party}:${agent}` may record in the party's name; 0: never allowed. */
  readonly delegations: Readonly<Record<`${Hex}:${Hex}`, number>>;
  /** The newest anchored checkpoint of the log, or null where it has none. */
  readonly checkpoint: { readonly root: Hex; readonly size: number; readonly time: number } | null;
  /** The anchored root by tree size, of the sizes that were asked for and are anchored. */
  readonly anchored: Readonly<Record<number, Hex>>;
  /** When each of these was anchored: block time, seconds. */
  readonly anchoredAt: Readonly<Record<number, number>>;
};
