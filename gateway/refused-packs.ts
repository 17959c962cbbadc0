import { toHex, type Hex } from "./core/bytes.ts";
import { buildRefusal } from "./core/refusal.ts";
import type { TraceError } from "./core/trace-error.ts";
import { PackRefusal } from "./capture-pack.ts";
import type { LogSigner } from "./log-signer.ts";

/** What a device may act on: which of its packs was turned down, and the log's own word for it. */
export type RefusedPack = { readonly epoch: number; readonly seq: number; readonly jws: string };

/**
 * The log's word on a pack that its device did sign; undefined for what it did not, as strangers could ask
 * for any number of signatures.
 */
export async function refusedPack(
  { sign }: Pick<LogSigner, "sign">,
  device: Hex,
  refusal: TraceError,
): Promise<RefusedPack | undefined> {
  const pack = refusal instanceof PackRefusal ? refusal.pack : undefined;
  if (pack === undefined) return undefined;
  const { epoch, seq, content } = pack;
  const { code } = refusal;
  const jws = await buildRefusal({ device, epoch, seq, content: toHex(content), code }, sign);
  return { epoch, seq, jws };
}
