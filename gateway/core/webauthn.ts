import { decodeStruct, encodeStruct } from "./abi.ts";
import { bytesToUtf8, concatBytes, fromHex, toBase64Url, toHex, utf8ToBytes } from "./bytes.ts";
import type { Hex } from "./bytes.ts";
import { membersOf } from "./eip712.ts";
import { sha256 } from "./hash.ts";
import { normalizeS } from "./p256.ts";
import { TraceError } from "./trace-error.ts";

/** What a passkey signed (Web Authentication, 7.2), taken apart: ES256 of `signature` (r ‖ s) over `signed`. */
export type Assertion = { readonly signed: Uint8Array; readonly signature: Uint8Array };

/** `WebAuthn.WebAuthnAuth` of OpenZeppelin Contracts 5, whose ABI encoding is the long form of a signature. */
const MEMBERS = membersOf(
  "bytes32 r,bytes32 s,uint256 challengeIndex,uint256 typeIndex,bytes authenticatorData,bytes clientDataJSON",
); // the last is a string; the encoding is the same
type Auth = Readonly<
  Record<"r" | "s" | "authenticatorData" | "clientDataJSON", Hex> &
    Record<"challengeIndex" | "typeIndex", bigint>
>;

const TYPE = '"type":"webauthn.get"';
const challengeOf = (digest: Uint8Array): string => `"challenge":"${toBase64Url(digest)}"`;

/** Bits of the authenticator data's flags: the user was there, was verified; the key can be backed up, is backed up. */
const [PRESENT, VERIFIED, ELIGIBLE, BACKED_UP] = [0x01, 0x04, 0x08, 0x10];

/**
 * Takes an assertion over `digest` (32 bytes) apart and holds it to what the contracts ask: type, challenge, a user who was
 * present and verified, and backup bits that agree. Throws BAD_SIGNATURE, BAD_ENCODING.
 */
export function openAssertion(bytes: Uint8Array, digest: Uint8Array): Assertion {
  const auth = decodeStruct({}, MEMBERS, bytes) as Auth;
  const [data, client] = [fromHex(auth.authenticatorData), fromHex(auth.clientDataJSON)];
  const has = (wanted: string, at: bigint): boolean =>
    toHex(client.subarray(Number(at), Number(at) + wanted.length)) === toHex(utf8ToBytes(wanted));
  const flags = data[32] ?? 0;
  const all = (bits: number): boolean => (flags & bits) === bits;
  if (!has(TYPE, auth.typeIndex))
    throw new TraceError("BAD_SIGNATURE", "the assertion is not of type webauthn.get");
  if (!has(challengeOf(digest), auth.challengeIndex))
    throw new TraceError("BAD_SIGNATURE", "the assertion is about something else");
  if (data.length < 37 || !all(PRESENT | VERIFIED))
    throw new TraceError("BAD_SIGNATURE", "the passkey did not verify its user");
  if (all(BACKED_UP) && !all(ELIGIBLE))
    throw new TraceError("BAD_SIGNATURE", "the passkey's backup bits contradict each other");
  return {
    signed: concatBytes(data, sha256(client)),
    signature: concatBytes(fromHex(auth.r), fromHex(auth.s)),
  };
}

/**
 * The long form of a signature, of what `navigator.credentials.get` answered for the challenge `digest`; `signature` is r ‖ s,
 * either s. Throws BAD_SIGNATURE where the client data is not about the digest.
 */
export function encodeAssertion({
  digest,
  signature,
  authenticatorData,
  clientDataJSON,
}: {
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
  readonly authenticatorData: Uint8Array;
  readonly clientDataJSON: Uint8Array;
}): Uint8Array {
  const text = bytesToUtf8(clientDataJSON);
  const low = normalizeS(signature);
  const indexOf = (wanted: string): number => {
    const at = text.indexOf(wanted);
    if (at < 0) throw new TraceError("BAD_SIGNATURE", `the client data does not say ${wanted}`);
    return utf8ToBytes(text.slice(0, at)).length;
  };
  return encodeStruct({}, MEMBERS, {
    r: toHex(low.subarray(0, 32)),
    s: toHex(low.subarray(32)),
    challengeIndex: indexOf(challengeOf(digest)),
    typeIndex: indexOf(TYPE),
    authenticatorData: toHex(authenticatorData),
    clientDataJSON: toHex(clientDataJSON),
  });
}
