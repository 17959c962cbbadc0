import type { Request } from "express";

import type { Hex } from "../core/bytes.ts";
import { ROLES } from "../core/operations.ts";
import { parseSignedRequest, signerOf, type Wish } from "../core/signed-request.ts";
import { TraceError } from "../core/trace-error.ts";
import type { ChainView } from "../index/chain-view.ts";
import { jsonOf } from "./body.ts";

/** A wish for our own books, and who has it: a key that is valid now, its party and its role bits. */
export type Asked = { readonly wish: Wish; readonly party: Hex; readonly roles: number };

/** Reads the signed request in a body. `now` in ms. */
export type ReadWish = (request: Request) => Promise<Asked>;

/**
 * Judges signed requests by the chain's word on their keys, as of now. Throws UNKNOWN_SIGNER, NOT_ALLOWED, and whatever a request
 * itself is refused for.
 */
export const wishReader =
  (chain: ChainView, now: () => number): ReadWish =>
  async (request) => {
    const signed = parseSignedRequest(jsonOf(request));
    const seconds = Math.floor(now() / 1000);
    const key = await signerOf(signed, { path: request.path, now: seconds });
    const [state] = await chain.keys([key]);
    if (state === undefined || state.until === 0)
      throw new TraceError("UNKNOWN_SIGNER", `nobody enrolled ${key}`);
    const { party, roles, from, until } = state;
    if (seconds < from || seconds >= until)
      throw new TraceError("NOT_ALLOWED", `${key} is not valid now`);
    return { wish: signed.request, party, roles };
  };

/** Whether one of these roles is among the asker's. */
export const hasRole = ({ roles }: Asked, ...wanted: readonly (keyof typeof ROLES)[]): boolean =>
  wanted.some((role) => (roles & ROLES[role]) !== 0);
