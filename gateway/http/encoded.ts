import { promisify } from "node:util";
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from "node:zlib";

import type { Request, Response } from "express";

/** A body and its shorter spellings, made once for what is sent often. */
export interface Encoded {
  readonly type: string;
  readonly body: Buffer;
  readonly br?: Buffer;
  readonly gzip?: Buffer;
}

/** A body with its Brotli and gzip forms (RFC 7932, RFC 1952); small ones stay as they are. */
export function encode(type: string, body: Buffer, effort: "once" | "each"): Encoded {
  if (body.length < 512) return { type, body };
  const quality = effort === "once" ? 9 : 5;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
  return { type, body, br: brotliCompressSync(body, { params }), gzip: gzipSync(body) };
}

const [brotliAside, gzipAside] = [promisify(brotliCompress), promisify(gzip)];

/** The same of a body that may be of any size, made on another thread: nobody waits for it but who asked. */
export async function encodeAside(type: string, body: Buffer): Promise<Encoded> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
  const [br, zipped] = await Promise.all([brotliAside(body, { params }), gzipAside(body)]);
  return { type, body, br, gzip: zipped };
}

/** Sends the shortest form that the reader takes. Express answers HEAD with the headers alone. */
export function sendEncoded(request: Request, response: Response, encoded: Encoded): void {
  const { type, body, br, gzip } = encoded;
  response.vary("Accept-Encoding").type(type);
  const taken = request.acceptsEncodings(["br", "gzip", "identity"]);
  const shorter = taken === "br" ? br : taken === "gzip" ? gzip : undefined;
  if (typeof taken === "string" && shorter !== undefined) response.set("Content-Encoding", taken);
  response.send(shorter ?? body);
}
