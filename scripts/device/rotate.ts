import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { toHex, type Hex } from "../../gateway/core/bytes.ts";
import { renameDurably, writeDurably } from "../../gateway/secrets.ts";
import { deviceKey, newDeviceKey } from "./key.ts";
import { waitingIn } from "./outbox.ts";
import { SimulationError } from "./simulation-error.ts";

/** The key that a device has now, and the one that it had; both files stay. */
export type Rotated = { readonly old: Hex; readonly keyId: Hex; readonly publicKey: Hex };

/**
 * Gives the device of this number in `folder` a new key and an empty outbox. Throws where there is no such device, or where
 * packs of its old key still wait for their receipts: they would be nobody's. What the log will never take goes with the old key.
 */
export function rotateKey(folder: string, number: number): Rotated {
  const pathOf = (kind: "pem" | "outbox", of = ""): string =>
    join(folder, `${number}${of}.${kind}`);
  if (!existsSync(pathOf("pem")))
    throw new SimulationError(`there is no device ${number} in ${folder}`);
  const { keyId: old } = deviceKey(readFileSync(pathOf("pem"), "utf8"));
  const waiting = waitingIn(pathOf("outbox"));
  if (waiting > 0)
    throw new SimulationError(
      `${waiting} packs of the old key have no receipt yet: let "simulate" send them before its key ends`,
    );
  const was = `.${old.slice(2, 14)}`;
  const next = pathOf("pem", ".new");
  writeDurably(next, newDeviceKey(), 0o600);
  // A crash between the two leaves both keys, each under a name that says whose it is.
  renameDurably(pathOf("pem"), pathOf("pem", was));
  renameDurably(next, pathOf("pem"));
  if (existsSync(pathOf("outbox"))) renameDurably(pathOf("outbox"), pathOf("outbox", was));
  const { keyId, publicKey } = deviceKey(readFileSync(pathOf("pem"), "utf8"));
  return { old, keyId, publicKey: toHex(publicKey) };
}
