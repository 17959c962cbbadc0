import { toBase64Url, toHex, type Hex } from "../../gateway/core/bytes.ts";
import { sha256OfText } from "../../gateway/core/hash.ts";
import { hashLeaf } from "../../gateway/core/merkle.ts";
import { logSigner } from "../../gateway/log-signer.ts";
import type { NewPack } from "../../gateway/store/packs.ts";

/** A log's signer, the same in every test. */
export const SIGNER = logSigner("plotline.test/log", toBase64Url(sha256OfText("a log's seed")));

export const deviceNamed = (name: string): Hex => toHex(sha256OfText(name));

/** A pack as capture hands it to the store; nobody here looks into its envelope. */
export function packOf(
  seq: number,
  { device = deviceNamed("a device"), epoch = 0, text = `pack ${seq}` } = {},
): NewPack {
  const envelope = sha256OfText(`signed ${device} ${epoch} ${text}`);
  return {
    device,
    epoch,
    seq,
    form: "cose",
    envelope,
    contentHash: sha256OfText(text),
    leafHash: hashLeaf(envelope),
    firstTime: 1_000 * seq,
    lastTime: 1_000 * seq + 500,
    receivedAt: 7,
  };
}
