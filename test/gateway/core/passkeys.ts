import { p256 } from "@noble/curves/nist.js";

import { toBase64Url, utf8ToBytes } from "../../../gateway/core/bytes.ts";
import { sha256, sha256OfText } from "../../../gateway/core/hash.ts";

/** What a passkey's answer is made of; a test changes some of it. */
export type Answer = {
  readonly type: string;
  readonly challenge: Uint8Array;
  readonly flags: number;
  readonly lowS: boolean;
};

/** What an authenticator answers to `navigator.credentials.get` for a challenge, user verified. */
export function answerOf(secret: Uint8Array, digest: Uint8Array, change: Partial<Answer> = {}) {
  const { type, challenge, flags, lowS } = {
    type: "webauthn.get",
    challenge: digest,
    flags: 0x05,
    lowS: true,
    ...change,
  };
  const clientDataJSON = utf8ToBytes(
    `{"type":"${type}","challenge":"${toBase64Url(challenge)}","origin":"https://plotline.example","crossOrigin":false}`,
  );
  const authenticatorData = Uint8Array.of(...sha256OfText("plotline.example"), flags, 0, 0, 0, 7);
  const message = Uint8Array.of(...authenticatorData, ...sha256(clientDataJSON));
  const signature = p256.sign(message, secret, { lowS });
  return { digest, signature, authenticatorData, clientDataJSON };
}
