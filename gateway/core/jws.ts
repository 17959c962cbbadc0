import { bytesToUtf8, fromBase64Url, toBase64Url, utf8ToBytes } from "./bytes.ts";
import { parseJson } from "./canonical.ts";
import { TraceError } from "./trace-error.ts";

/** A compact JWS (RFC 7515, 7.1), taken apart and not yet believed. */
export type Jws = {
  readonly header: unknown;
  readonly payload: Uint8Array;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
};

/** Gives the signature over a JWS's signing input. */
export type SignJws = (signed: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** Takes a compact JWS apart; every part has one spelling only. Throws BAD_ENCODING. */
export function splitJws(text: string): Jws {
  const [header = "", payload = "", signature, ...more] = text.split(".");
  if (signature === undefined || more.length > 0)
    throw new TraceError("BAD_ENCODING", "a compact JWS has three parts");
  return {
    header: parseJson(bytesToUtf8(fromBase64Url(header))),
    payload: fromBase64Url(payload),
    signed: utf8ToBytes(`${header}.${payload}`),
    signature: fromBase64Url(signature),
  };
}

/** The compact JWS with these header members, in this order. */
export async function signJws(
  header: Readonly<Record<string, string | number>>,
  payload: Uint8Array,
  sign: SignJws,
): Promise<string> {
  const signed = `${toBase64Url(utf8ToBytes(JSON.stringify(header)))}.${toBase64Url(payload)}`;
  return `${signed}.${toBase64Url(await sign(utf8ToBytes(signed)))}`;
}
