import type { Wallet } from "ethers";
import type { Logger } from "pino";

import type { Node } from "./chain/node.ts";
import type { NodeReport } from "./chain/survey.ts";
import type { Hex } from "./core/bytes.ts";
import type { Deployment } from "./core/operations.ts";
import type { Store } from "./store/open.ts";

/** What relaying takes. `account` pays and signs, and nobody else may use it. Times in ms. */
export type RelayerParts = {
  readonly store: Store;
  readonly node: Node;
  readonly deployment: Deployment;
  readonly account: Wallet;
  readonly logId: Hex;
  readonly now: () => number;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  /** How each of several nodes fares. */
  readonly survey?: () => Promise<readonly NodeReport[]>;
  /** The least time between two anchors. */
  readonly anchorEvery: number;
};

/** How a relayer fares, in a word for programs. */
export type RelayerState =
  | "starting"
  | "working"
  | "no-store" // the store did not answer at the last look, whatever the chain does
  | "unreachable" // no node answers
  | "throttled" // every node that answers was asked too often
  | "nonsense" // a node answers what no chain can have said
  | "contradicted" // two nodes tell different stories of the same height
  | "other-chain"
  | "no-contracts"
  | "drained" // the account cannot pay
  | "shared" // somebody else uses the account
  | "not-operator" // the account may not anchor this log; statements go on
  | "behind"; // the chain holds more of the log than the store; statements go on

/** What keeps a relayer from its work until somebody sees to it. */
export class Trouble extends Error {
  override readonly name = "Trouble";
  readonly state: RelayerState;

  constructor(state: RelayerState, message: string) {
    super(message);
    this.state = state;
  }
}

/** What a transaction is for; kept with it, so that a restart knows. */
export type Payload =
  | { readonly kind: "relay"; readonly contract: Relayed; readonly digests: readonly Hex[] }
  | { readonly kind: "anchor"; readonly size: number; readonly root: Hex };
export type Relayed = "lots" | "certificates" | "parties";

/** A transaction before it is signed. */
export type Plan = {
  readonly to: Hex;
  readonly data: Hex;
  readonly gas: bigint;
  readonly payload: Payload;
};

export const senderOf = ({ account }: Pick<RelayerParts, "account">): Hex =>
  account.address.toLowerCase() as Hex;
