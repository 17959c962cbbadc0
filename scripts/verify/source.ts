import { readFileSync } from "node:fs";

import { isObject } from "../../gateway/core/statement.ts";
import { TraceError } from "../../gateway/core/trace-error.ts";

/** The most bytes of a bundle, a saved state or its evidence. */
export const MOST_BYTES = 64 * 1024 * 1024;
/** So long (ms) may an address take until all of it is there. */
const PATIENCE = 300_000;

/** What an address answers, up to `most` bytes, whatever it would go on to send. Throws UNAVAILABLE, TOO_LARGE. */
export async function bytesAt(url: URL, most = MOST_BYTES): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok)
      throw new TraceError(
        "UNAVAILABLE",
        `${url.href} answers ${answer.status}${await why(answer)}`,
      );
    for await (const part of answer.body ?? []) {
      length += part.length;
      if (length > most)
        throw new TraceError("TOO_LARGE", `${url.href} answers more than ${most} bytes`);
      parts.push(part);
    }
  } catch (cause) {
    if (cause instanceof TraceError) throw cause;
    throw new TraceError("UNAVAILABLE", `${url.href} does not answer`, { cause });
  }
  return Buffer.concat(parts);
}

/** What the answer itself says of its status, where it does as our gateways do. */
async function why(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => undefined);
  const failure = isObject(body) ? body["error"] : undefined;
  const message = isObject(failure) ? failure["message"] : undefined;
  const said = isObject(message) ? message["en"] : undefined;
  return typeof said === "string" ? `: ${said.slice(0, 300)}` : "";
}

/** Text of a file or URL; a lot's page URL stands for its bundle. Throws UNAVAILABLE, TOO_LARGE. */
export async function textAt(source: string): Promise<string> {
  if (!/^https?:\/\//.test(source)) {
    try {
      return readFileSync(source, "utf8");
    } catch (cause) {
      throw new TraceError("UNAVAILABLE", `${source} cannot be read`, { cause });
    }
  }
  const url = new URL(source);
  if (url.pathname.startsWith("/01/")) url.pathname = `/bundle${url.pathname}`;
  return new TextDecoder().decode(await bytesAt(url));
}
