/** The forms that settings of the environment have, for zod. */
import { z } from "zod";

export const port = z.coerce
  .number({ error: "not a number" })
  .int("not a whole number")
  .min(0, "no port is below 0")
  .max(65_535, "no port is above 65535");
export const count = z.coerce
  .number({ error: "not a number" })
  .int("not a whole number")
  .min(0, "not below 0");
export const urlOf = (...protocols: readonly string[]) =>
  z.url({ protocol: new RegExp(`^(${protocols.join("|")})$`), error: `not a URL of ${protocols}` });
export const urlsOf = (...protocols: readonly string[]) =>
  z
    .string()
    .transform((text) => text.split(",").map((url) => url.trim()))
    .pipe(z.array(urlOf(...protocols)));
export const origin = urlOf("http", "https").refine(
  (url) => new URL(url).origin === url.replace(/\/$/, ""),
  "only scheme, host and port belong here",
);
export const account = z.string().regex(/^0x[0-9a-f]{64}$/i, "not 0x and 64 hexadecimal digits");
export const seed = z.string().regex(/^[A-Za-z0-9_-]{43}$/, "not 32 bytes in base64url");
// C2SP signed-note: a key name has no space and no plus sign.
export const noteName = z.string().regex(/^[^\s+]{1,200}$/, "no spaces or plus signs");
