import { toHex, type Hex } from "./bytes.ts";
import { contentHash, requireNfc } from "./canonical.ts";
import { TraceError } from "./trace-error.ts";

/** What opens a sealed field: 16 random bytes or more as base64url, the field's name, its value. */
export type Opening = { readonly name: string; readonly value: unknown; readonly salt: string };

/**
 * The digest that an event holds in place of a person's data: SHA-256(JCS([salt, name, value])). The list keeps the three
 * apart, which plain concatenation would not ("a","bc" is not "ab","c"). Erasing the salt erases the value.
 */
export function sealOf({ name, value, salt }: Opening): Hex {
  if (!/^[A-Za-z0-9_-]{22,64}$/.test(salt))
    throw new TraceError("BAD_ENCODING", "a salt is at least 16 bytes of base64url");
  return toHex(contentHash([salt, requireNfc(name), value]));
}

/** The digests that an event holds under `plotline:sealed`. */
export function sealsIn(document: Readonly<Record<string, unknown>> | null): readonly string[] {
  const seals = document?.["plotline:sealed"];
  return Array.isArray(seals) ? seals.filter((seal) => typeof seal === "string") : [];
}

/** The opening belongs to one of these digests. Throws BAD_PROOF. */
export function requireSealed(opening: Opening, seals: ReadonlySet<string>): void {
  if (!seals.has(sealOf(opening)))
    throw new TraceError("BAD_PROOF", `no event sealed this value of "${opening.name}"`);
}
