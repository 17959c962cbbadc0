import { p256 } from "@noble/curves/nist.js";

import { fromHex, toBase64Url, type Hex } from "../../gateway/core/bytes.ts";
import {
  digestOf,
  type Deployment,
  type StatementName,
  type Statements,
} from "../../gateway/core/operations.ts";
import { requestDigest } from "../../gateway/core/signed-request.ts";
import type { Document } from "../../gateway/core/statement.ts";
import type { Person } from "./cast.ts";

/** A door of the gateway said no; `reason` is the contract's error where there is one. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: number;
  readonly code: string;
  readonly reason: string | undefined;

  constructor(status: number, body: unknown) {
    const { error } = body as {
      error?: { code?: string; reason?: string; message?: { vi: string; en: string } };
    };
    super(error?.message?.en ?? `refused with ${status}`);
    this.status = status;
    this.code = error?.code ?? "";
    this.reason = error?.reason;
  }
}

/** The gateway as anybody reaches it. */
export type Doors = { readonly url: string; readonly deployment: Deployment };

const headers = { "content-type": "application/json" };

/** One request; a refusal becomes `Refused`, with the gateway's words. */
export async function ask<T>(url: string, body?: unknown): Promise<T> {
  const answer = await fetch(
    url,
    body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) },
  );
  const said: unknown = await answer.json();
  if (!answer.ok) throw new Refused(answer.status, said);
  return said as T;
}

/** What a person signs under a deployment, as the gateway's door wants it. */
export function signed<N extends StatementName>(
  deployment: Deployment,
  person: Pick<Person, "publicKey" | "secret">,
  { name, statement, document }: { name: N; statement: Statements[N]; document: Document | null },
) {
  const digest = fromHex(digestOf(deployment, name, statement), 32);
  const signature = toBase64Url(p256.sign(digest, person.secret, { lowS: true }));
  return { name, statement, publicKey: person.publicKey, signature, document };
}

type Told = {
  readonly digest: Hex;
  readonly state: "stored" | "sent" | "confirmed" | "refused";
  readonly error?: object;
};

/** Sends a statement and waits until the chain has taken or refused it. The same statement twice is one. */
export async function submit(doors: Doors, statement: unknown): Promise<Told> {
  const { digest } = await ask<Told>(`${doors.url}/api/statements`, statement);
  for (;;) {
    const told = await ask<Told>(`${doors.url}/api/statements/${digest}`);
    if (told.state === "confirmed") return told;
    if (told.state === "refused")
      throw new Refused(422, { error: { code: "RULE_BROKEN", ...told.error } });
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A wish for the gateway's own books, signed by a person (`time` in seconds). */
export async function wish<T>(
  doors: Doors,
  person: Person,
  path: string,
  rest: Document,
  time: number,
): Promise<T> {
  const request = { path, time, ...rest };
  const signature = toBase64Url(p256.sign(requestDigest(request), person.secret, { lowS: true }));
  return ask<T>(`${doors.url}${path}`, { request, publicKey: person.publicKey, signature });
}

type Ready = {
  readonly checks?: { readonly log?: { readonly size?: number; readonly anchored?: number } };
};

/** Resolves when the chain has all that the log has, and that is more than `known` entries. */
export async function anchored(
  { url }: Pick<Doors, "url">,
  known = 0,
  meanwhile = (): void => {},
): Promise<void> {
  for (;;) {
    // Not ready, it still says how far it is.
    const { checks } = (await (await fetch(`${url}/readyz`)).json()) as Ready;
    const { size = 0, anchored = 0 } = checks?.log ?? {};
    if (size > known && anchored >= size) return;
    meanwhile();
    await new Promise((done) => setTimeout(done, 50));
  }
}
