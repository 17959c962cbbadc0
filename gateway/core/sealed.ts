import { toBase64Url, toHex, type Hex } from "./bytes.ts";
import { contentHash, requireNfc } from "./canonical.ts";
import { TraceError } from "./trace-error.ts";

/** What opens a sealed field: 16 random bytes or more as base64url, the field's name, its value. */
export type Opening = { readonly name: string; readonly value: unknown; readonly salt: string };

const SALT = /^[A-Za-z0-9_-]{22,64}$/;

/**
 * The digest that an event holds in place of a person's data: SHA-256(JCS([salt, name, value])). The list keeps the three
 * apart, which plain concatenation would not ("a","bc" is not "ab","c"). Erasing the salt erases the value.
 */
export function sealOf({ name, value, salt }: Opening): Hex {
  if (!SALT.test(salt))
    throw new TraceError("BAD_ENCODING", "a salt is at least 16 bytes of base64url");
  return toHex(contentHash([salt, requireNfc(name), value]));
}

/**
 * Seals fields (by name): the digests for the event's `plotline:sealed`, in an order that tells nothing, and the openings, which
 * travel only to whom they may concern. `salt` gives 16 fresh random bytes each time. Throws BAD_ENCODING.
 */
export function seal(
  fields: Readonly<Record<string, unknown>>,
  salt: () => Uint8Array,
): { readonly sealed: readonly Hex[]; readonly openings: readonly Opening[] } {
  const openings = Object.entries(fields).map(([name, value]): Opening => ({
    name,
    value,
    salt: toBase64Url(salt()),
  }));
  return { sealed: openings.map(sealOf).toSorted(), openings };
}

/** The openings of these fields, and of no others: what one reader is shown. */
export const disclose = (openings: readonly Opening[], names: readonly string[]): Opening[] =>
  openings.filter(({ name }) => names.includes(name));

/** The openings without these fields: with the last copy of a salt gone, nobody can tell what the digest stood for. */
export const erase = (openings: readonly Opening[], names: readonly string[]): Opening[] =>
  openings.filter(({ name }) => !names.includes(name));

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
