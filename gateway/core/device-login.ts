import { bytesToUtf8, fromHex, toHex, utf8ToBytes, type Hex } from "./bytes.ts";
import { parseJson } from "./canonical.ts";
import { signJws, splitJws, type SignJws } from "./jws.ts";
import { keyIdOf } from "./key-id.ts";
import { verifyP256Fast } from "./p256.ts";
import { isObject } from "./statement.ts";
import { TraceError } from "./trace-error.ts";

/**
 * How a device shows who it is to our own broker: its key id is the user name, and the password is a
 * compact JWS by its key over who, when (s) and its public key. No secret is shared, and none is stored.
 */
export type DeviceLogin = { readonly device: Hex; readonly publicKey: Hex; readonly time: number };

const HEADER = { alg: "ES256", typ: "plotline-login+jwt" };
const LONGEST = 2_048;

/** How far (s) the clocks of a device and a broker may be apart, so that an overheard password expires. */
export const LOGIN_WINDOW = 3_600;

/** The password; `sign` gives ES256 (64 bytes) over what it is handed. */
export const buildLogin = (login: DeviceLogin, sign: SignJws): Promise<string> =>
  signJws(HEADER, utf8ToBytes(JSON.stringify(login)), sign);

/** The device's public key (65 bytes), if `password` is its own and of about `now` (s). Throws NOT_ALLOWED, CLOCK and what parsing throws. */
export async function parseLogin(
  device: Hex,
  password: Uint8Array,
  now: number,
): Promise<Uint8Array> {
  if (password.length > LONGEST) throw new TraceError("TOO_LARGE", "a password is a short text");
  const { header, payload, signed, signature } = splitJws(bytesToUtf8(password));
  if (!isObject(header) || header["alg"] !== HEADER.alg || header["typ"] !== HEADER.typ)
    throw new TraceError("NOT_ALLOWED", "the password is no login of a device");
  const claims = parseJson(bytesToUtf8(payload));
  if (!isObject(claims) || typeof claims["publicKey"] !== "string")
    throw new TraceError("BAD_ENCODING", "a login without a public key");
  const publicKey = fromHex(claims["publicKey"], 65);
  if (claims["device"] !== device || keyIdOf(publicKey) !== device)
    throw new TraceError("NOT_ALLOWED", `the password is not that of ${toHex(publicKey)}`);
  if (typeof claims["time"] !== "number" || !(Math.abs(claims["time"] - now) <= LOGIN_WINDOW))
    throw new TraceError("CLOCK", "the password is of another hour");
  if (!(await verifyP256Fast(publicKey, signed, signature)))
    throw new TraceError("NOT_ALLOWED", "the device did not sign this password");
  return publicKey;
}
