import type { Hex } from "../../../gateway/core/bytes.ts";
import type { Deployment, FLAGS, Role, Scheme } from "../../../gateway/core/operations.ts";
import type { Words } from "../../../gateway/core/recording.ts";
import { heardDate } from "./clock.ts";

/** What a key is to the gateway. `next` is the lowest number that it has not used. */
export type KeyInfo = {
  readonly keyId: Hex;
  readonly state: "unknown" | "pending" | "enrolled";
  readonly party: Hex | null;
  readonly partyUri: string | null;
  readonly name: Words | null;
  readonly roles: readonly Role[];
  readonly until: number; // seconds
  readonly next: number;
};

export type PartyInfo = {
  readonly party: Hex;
  readonly uri: string | null;
  readonly name: Words | null;
  readonly roles: readonly Role[];
};

type Named = { readonly party: Hex; readonly uri: string | null; readonly name: Words | null };

/** A lot as it stands; masses are grams, times seconds. */
export type LotInfo = {
  readonly lot: Hex;
  readonly uri: string | null;
  readonly product: Words | null;
  readonly mass: number;
  readonly holder: Named;
  readonly pending: Named | null;
  readonly area: string | null;
  readonly flags: readonly (keyof typeof FLAGS)[];
  /** Open recalls of it and of what it was made from; answers kept from before lack them. */
  readonly recalls?: readonly RecallInfo[];
};

/** Which lot is recalled, and why. */
export type RecallInfo = {
  readonly lot: Hex;
  readonly uri: string | null;
  readonly reason: string | null;
};

/** A right to a quantity; masses are grams, times seconds. `revoked` is 0 while it stands. */
export type CertificateInfo = {
  readonly certificate: Hex;
  readonly uri: string | null;
  readonly number: string | null;
  readonly scheme: Scheme | null;
  readonly area: string | null;
  readonly products: readonly string[] | null; // GTINs; null: any
  readonly issuer: Hex;
  readonly holder: Hex;
  readonly quota: number;
  readonly spent: number;
  readonly from: number;
  readonly until: number;
  readonly revoked: number;
};

export type DeploymentInfo = Deployment & { readonly version?: string };

/** The gateway said no, in words for people. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: number;
  readonly code: string;
  readonly words: Words;

  constructor(status: number, code: string, words: Words) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.words = words;
  }

  /** Whether the same again may go well later. */
  get passing(): boolean {
    return this.status >= 500 || this.status === 408 || this.status === 425 || this.status === 429;
  }
}

const TIMEOUT = 20_000;

/** Asks the gateway. Throws Refused for its no, and whatever `fetch` throws without a network. */
export async function ask<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(path, {
    ...(body !== undefined && {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT),
  });
  heardDate(response.headers.get("Date"));
  if (!response.ok) throw await refusalOf(response);
  return (await response.json()) as T;
}

async function refusalOf(response: Response): Promise<Refused> {
  const { error } = ((await response.json().catch(() => undefined)) ?? {}) as {
    readonly error?: { readonly code?: string; readonly message?: Partial<Words> };
  };
  const { vi = NO_WORDS.vi, en = NO_WORDS.en } = error?.message ?? {};
  return new Refused(response.status, error?.code ?? "UNAVAILABLE", { vi, en });
}

const NO_WORDS: Words = {
  vi: "Máy chủ chưa trả lời được. Xin thử lại sau.",
  en: "The server cannot answer now. Please try again later.",
};

export const NO_NETWORK: Words = {
  vi: "Không có mạng. Việc đã lưu trên máy vẫn còn nguyên.",
  en: "No network. What is saved on this device stays.",
};

/** A failure in words; what is not the gateway's no is the network. */
export const wordsOf = (failure: unknown): Words =>
  failure instanceof Refused ? failure.words : NO_NETWORK;
