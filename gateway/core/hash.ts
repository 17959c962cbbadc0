import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";

import { concatBytes, utf8ToBytes } from "./bytes.ts";

/** SHA-256 over the parts one after another: the one hash of this system (EIP-712 alone forces keccak). */
export const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  nobleSha256(parts.length === 1 && parts[0] !== undefined ? parts[0] : concatBytes(...parts));

/** SHA-256 of a text's NFC form in UTF-8. */
export const sha256OfText = (text: string): Uint8Array =>
  sha256(utf8ToBytes(text.normalize("NFC")));
