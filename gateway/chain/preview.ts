import { encodeCall } from "../core/calls.ts";
import type { Request } from "../core/chain-state.ts";
import { TAKERS, type Deployment } from "../core/operations.ts";
import { decodeRefusal, refusalError, type Refusal } from "../core/refusals.ts";
import type { SignedStatement } from "../core/statement.ts";
import { TraceError } from "../core/trace-error.ts";
import { dataOf } from "./request.ts";

export type PreviewParts = { readonly request: Request; readonly deployment: Deployment };

/**
 * Asks the statement's contract whether it would take it in the next block. Throws the contract's refusal (`refusalIn` tells which),
 * or UNAVAILABLE where the chain does not answer.
 */
export async function preview(parts: PreviewParts, signed: SignedStatement): Promise<void> {
  const refusal = await refusalOf(parts, signed);
  if (refusal !== null) throw refusalError(refusal);
}

/** Why the contract would turn the statement down in the next block, or null. Throws UNAVAILABLE. */
export async function refusalOf(
  { request, deployment }: PreviewParts,
  signed: SignedStatement,
): Promise<Refusal | null> {
  const to = deployment[TAKERS[signed.name]];
  const call = { to, data: encodeCall(signed) };
  let trouble: unknown;
  // The next block and not the newest: on a quiet chain the newest is older than what was done since. Not every node has it.
  for (const block of ["pending", "latest"])
    try {
      await request("eth_call", [call, block]);
      return null;
    } catch (error) {
      if (isRevert(error)) return decodeRefusal(dataOf((error as { data?: unknown }).data));
      trouble ??= error;
    }
  throw new TraceError("UNAVAILABLE", "the chain did not say whether it takes this", {
    cause: trouble,
  });
}

/** A node tells a revert by its data, or by code 3 where there is none; anything else is the node's own trouble. */
const isRevert = (error: unknown): boolean => {
  const { code, data } = (error ?? {}) as { code?: unknown; data?: unknown };
  return code === 3 || (dataOf(data) ?? "0x") !== "0x";
};
