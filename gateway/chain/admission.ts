import { Transaction } from "ethers";

import type { Hex } from "../core/bytes.ts";
import type { Request } from "../core/chain-state.ts";
import { RpcError } from "../core/rpc-error.ts";
import { EMBEDDED_CHAIN_ID } from "./simulated.ts";

/**
 * Refuses, before it costs a byte of disk, a transaction that the chain would refuse anyway: strangers have no money here.
 * Throws RpcError with the words that geth uses, which senders look for.
 */
export async function admit(request: Request, raw: unknown): Promise<Hex> {
  const { from, hash, chainId, nonce, gasLimit, value, ...rest } = parseTransaction(raw);
  if (chainId !== EMBEDDED_CHAIN_ID)
    throw new RpcError(-32000, `invalid chain id: this is ${EMBEDDED_CHAIN_ID}`);
  const next = Number(await request("eth_getTransactionCount", [from, "latest"]));
  if (nonce < next) {
    const known = (await request("eth_getTransactionByHash", [hash])) !== null;
    throw new RpcError(-32000, known ? "already known" : `nonce too low: next is ${next}`);
  }
  if (nonce > next) throw new RpcError(-32000, `nonce too high: next is ${next}`);
  const balance = BigInt(String(await request("eth_getBalance", [from, "latest"])));
  if (balance === 0n || balance < gasLimit * rest.price + value)
    throw new RpcError(-32000, "insufficient funds for gas * price + value");
  return rest.raw;
}

/** A signed transaction in its canonical encoding. Throws RpcError. */
function parseTransaction(raw: unknown) {
  try {
    const parsed = Transaction.from(String(raw));
    const { from, hash, nonce, gasLimit, value, serialized } = parsed;
    const price = parsed.maxFeePerGas ?? parsed.gasPrice ?? 0n;
    const chainId = Number(parsed.chainId);
    if (from !== null && hash !== null && serialized === raw)
      return { from, hash, chainId, nonce, gasLimit, value, price, raw: serialized as Hex };
  } catch {
    // Said below, as for a second spelling of the same.
  }
  throw new RpcError(-32602, "not a signed transaction in its canonical encoding");
}
