import type { Bundle } from "../../gateway/core/bundle.ts";
import { fromBase64Url, fromHex } from "../../gateway/core/bytes.ts";
import { parseCheckpoint } from "../../gateway/core/checkpoint.ts";
import { parsePack, verifyPack } from "../../gateway/core/envelope.ts";
import { hashLeaf, verifyInclusion } from "../../gateway/core/merkle.ts";
import { verifyTrail, type Trust } from "../../gateway/core/verify.ts";

/** How long (ms) a browser takes for one reading: the device's signature, the log's, and the proof between them. */
export async function timeReading({ log, checkpoint, packs, devices }: Bundle): Promise<number> {
  const start = performance.now();
  const [pack, device] = [packs[0], devices[0]];
  if (pack === undefined || device === undefined) throw new RangeError("nothing to verify");
  const bytes = fromBase64Url(pack.envelope);
  await verifyPack(parsePack(bytes), fromHex(device));
  const publicKey = fromBase64Url(log.publicKey);
  const signed = await parseCheckpoint(checkpoint ?? "", { origin: log.origin, publicKey });
  const proof = pack.proof.map(fromBase64Url);
  verifyInclusion({ ...signed, leaf: hashLeaf(bytes), index: pack.index, proof });
  return performance.now() - start;
}

/** How long (ms) a browser takes to judge a trail, which must hold. */
export async function timeTrail(bundle: unknown, trust: Trust): Promise<number> {
  const start = performance.now();
  const { outcome } = await verifyTrail(bundle, trust);
  if (outcome === "fails") throw new Error("the trail that is measured does not hold");
  return performance.now() - start;
}

Object.assign(globalThis, { timeReading, timeTrail });
