import { generateKeyPairSync, randomBytes, sign, verify } from "node:crypto";
import { availableParallelism } from "node:os";
import { parentPort, Worker, workerData } from "node:worker_threads";

/** How ES256 signatures are handed to Node: as devices send them, or in the form that it takes in less time. */
export type SignatureForm = "ieee-p1363" | "der";

/** P-256 verifications a second of all cores at once, each thread with its key at hand, for about `time` ms. */
export async function rawP256(form: SignatureForm, time: number): Promise<number> {
  const counts = await Promise.all(
    Array.from(
      { length: availableParallelism() },
      () =>
        new Promise<number>((resolve, reject) => {
          const worker = new Worker(new URL(import.meta.url), { workerData: { form, time } });
          worker.once("message", resolve).once("error", reject);
        }),
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

function verifyFor({ form, time }: { readonly form: SignatureForm; readonly time: number }) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const message = randomBytes(150);
  const signature = sign("sha256", message, { key: privateKey, dsaEncoding: form });
  const key = form === "der" ? publicKey : ({ key: publicKey, dsaEncoding: form } as const);
  const run = (until: number): number => {
    const start = performance.now();
    let count = 0;
    for (; performance.now() - start < until; count++) verify("sha256", message, key, signature);
    return (count / (performance.now() - start)) * 1_000;
  };
  run(100);
  return run(time);
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(verifyFor(workerData as { form: SignatureForm; time: number }));
