import type { NetworkConnection } from "hardhat/types/network";

type Step = {
  readonly op: string;
  readonly depth: number;
  readonly stack: readonly string[];
};

/** A slot that a transaction wrote, with its word before and after. */
export type Written = {
  readonly contract: string;
  readonly slot: string;
  readonly before: bigint;
  readonly after: bigint;
};

/** Every slot that a mined transaction wrote, by its trace and the storage of the blocks around it. */
export async function writtenSlots(
  { provider }: NetworkConnection,
  {
    hash,
    to,
    blockNumber,
  }: { readonly hash: string; readonly to: string; readonly blockNumber: number },
): Promise<readonly Written[]> {
  const request = (method: string, ...params: readonly unknown[]): Promise<unknown> =>
    provider.request({ method, params });
  const trace = await request("debug_traceTransaction", hash, {
    disableMemory: true,
    disableStorage: true,
  });
  const callers: string[] = [to]; // whose storage each depth of calls writes
  const found = new Map<string, { readonly contract: string; readonly slot: string }>();
  for (const { op, depth, stack } of (trace as { readonly structLogs: readonly Step[] })
    .structLogs) {
    const contract = callers[depth - 1] ?? to;
    if (op === "SSTORE") {
      const slot = wordOf(stack.at(-1));
      found.set(`${contract} ${slot}`, { contract, slot });
    }
    if (op === "DELEGATECALL" || op === "CALLCODE") callers[depth] = contract;
    if (op === "CALL" || op === "STATICCALL")
      callers[depth] = `0x${wordOf(stack.at(-2)).slice(26)}`;
    if (op.startsWith("CREATE")) throw new Error("what is created is not followed");
  }
  const at = async (contract: string, slot: string, block: number): Promise<bigint> =>
    BigInt(String(await request("eth_getStorageAt", contract, slot, `0x${block.toString(16)}`)));
  return Promise.all(
    [...found.values()].map(async ({ contract, slot }) => {
      const before = await at(contract, slot, blockNumber - 1);
      return { contract, slot, before, after: await at(contract, slot, blockNumber) };
    }),
  );
}

/** How many slots a transaction filled that were empty before. */
export const newSlots = (written: readonly Written[]): number =>
  written.filter(({ before, after }) => before === 0n && after !== 0n).length;

const wordOf = (value = "0x0"): string => `0x${BigInt(value).toString(16).padStart(64, "0")}`;
