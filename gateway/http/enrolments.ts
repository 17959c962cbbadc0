import { Router, type Request } from "express";

import { fromHex, type Hex } from "../core/bytes.ts";
import { ROLES, type Role } from "../core/operations.ts";
import { keyIdOf } from "../core/key-id.ts";
import { idOf } from "../core/recording.ts";
import { isObject, type Document } from "../core/statement.ts";
import { TraceError } from "../core/trace-error.ts";
import { insertCode, pendingEnrolments } from "../store/people.ts";
import type { Store } from "../store/open.ts";
import { askToEnrol } from "../asking.ts";
import { foundingKeys, OPERATOR, type Founding } from "../founding.ts";
import type { ChainView } from "../index/chain-view.ts";
import { partyOf, rolesOf } from "../index/people.ts";
import { WordedError } from "../worded-error.ts";
import { jsonOf, readJson } from "./body.ts";
import { failedTries, rateLimit } from "./rate-limit.ts";
import { hasRole, wishReader } from "./wishes.ts";
import type { Words } from "./words.ts";

export type EnrolmentParts = {
  readonly store: Store;
  readonly chain: ChainView;
  readonly now: () => number; // ms
  /** Makes a founder's key known to the chain, for a code that the operator handed out. */
  readonly found?: (founding: Founding) => Promise<void>;
};

/** From an hour ago, for clocks that are slow, for ten years. */
const YEARS = (ms: number) => {
  const now = Math.floor(ms / 1000);
  return { from: now - 3_600, until: now + 10 * 365 * 86_400 };
};

/** A code that is none, or another's: not a store that is away. */
const isGuess = (refusal: unknown): boolean =>
  refusal instanceof TraceError && ["NOT_ALLOWED", "REPLAYED"].includes(refusal.code);

/** What is wrong with a code, told to the person who typed it. */
function inWords(refusal: unknown): unknown {
  if (!(refusal instanceof TraceError)) return refusal;
  if (refusal.code === "REPLAYED") return new WordedError("REPLAYED", refusal.message, CODE_USED);
  return refusal.code === "NOT_ALLOWED"
    ? new WordedError("NOT_ALLOWED", refusal.message, CODE_UNKNOWN)
    : refusal;
}

const CODE_USED: Words = {
  vi: "Mã này đã dùng cho một máy khác. Mỗi mã chỉ dùng cho một máy: xin nơi đưa mã một mã mới.",
  en: "This code is used: another device has enrolled with it. Each serves one device; ask for a new one.",
};
const CODE_UNKNOWN: Words = {
  vi: "Mã không đúng. Xem lại từng chữ, hoặc nhờ nơi đưa mã đọc lại.",
  en: "This code is unknown. Check each letter, or ask whoever gave it to you to read it out again.",
};
const CODE_OVER: Words = {
  vi: "Mã này không còn dùng được: đã có người khác ghi danh bằng một mã khác.",
  en: "This code is over: somebody else has enrolled first, by another one.",
};

const LIMIT = 16 * 1024;

/** Codes that let a new phone or device ask to be enrolled, and the list of those who asked. */
export function enrolmentsRouter(parts: EnrolmentParts): Router {
  const { store, now } = parts;
  const router = Router();
  const limit = rateLimit({ points: 1_200, seconds: 60 });
  const failed = failedTries({ points: 20, seconds: 600 });

  const wishOf = wishReader(parts.chain, now);
  const invitingWishOf = async (request: Request) => {
    const asked = await wishOf(request);
    if (!hasRole(asked, "cooperative", "authority"))
      throw new TraceError("NOT_ALLOWED", "only a cooperative or an authority may do this");
    return asked;
  };

  /** Without whom governance has enrolled past us: nobody has to approve those, or could. */
  const waiting = async (asked: Awaited<ReturnType<typeof pendingEnrolments>>) => {
    const states = await parts.chain.keys(asked.map(({ keyId }) => keyId));
    return asked.filter((_, i) => (states[i]?.until ?? 0) === 0);
  };

  router.post("/api/codes", limit, readJson(LIMIT), async (request, response) => {
    const { wish, party } = await invitingWishOf(request);
    const code = parseCode(wish);
    await store.write((transaction) =>
      insertCode(transaction, { ...code, byParty: party, createdAt: now() }),
    );
    response.status(201).json({ codeHash: code.codeHash });
  });

  router.post("/api/enrolments", limit, readJson(LIMIT), async (request, response) => {
    const address = request.ip ?? "";
    const body = jsonOf(request);
    const { code, publicKey } = isObject(body) ? body : {};
    if (typeof code !== "string" || typeof publicKey !== "string")
      throw new TraceError("BAD_ENCODING", "an enrolment has a code and a publicKey");
    const keyId = keyIdOf(fromHex(publicKey, 65));
    const asking = { code, keyId, publicKey: publicKey as Hex, at: now() };
    await failed.begin(address);
    const used = await askToEnrol(store, asking).catch(async (refusal: unknown) => {
      if (!isGuess(refusal)) await failed.forgive(address);
      throw inWords(refusal);
    });
    await failed.forgive(address);
    const party = partyOf(used.subject);
    if (used.byParty === OPERATOR) {
      const founders = await foundingKeys(parts);
      // An invitation that was overtaken by another founder must not make a second one.
      if (founders.length > 0 && !founders.includes(keyId))
        throw new WordedError("NOT_ALLOWED", "somebody else has founded already", CODE_OVER);
      await parts.found?.({ ...party, keyId, roles: used.roles, ...YEARS(now()) });
    }
    response.status(202).json({ keyId, state: "pending", party: idOf(party.uri), ...party });
  });

  router.post("/api/enrolments/list", limit, readJson(LIMIT), async (request, response) => {
    const { party } = await invitingWishOf(request);
    const pending = await waiting(await pendingEnrolments(store.db, party));
    response.setHeader("Cache-Control", "no-store");
    response.json(
      pending.map(({ keyId, publicKey, at, code }) => ({
        keyId,
        publicKey,
        subject: code.subject,
        roles: rolesOf(code.roles),
        label: code.label,
        at: new Date(at).toISOString(),
      })),
    );
  });
  return router;
}

function parseCode({ codeHash, subject, roles, label }: Document) {
  if (typeof codeHash !== "string" || typeof label !== "string" || label.length > 200)
    throw new TraceError("BAD_ENCODING", "a code has codeHash, subject, roles and label");
  fromHex(codeHash, 32);
  return {
    codeHash: codeHash as Hex,
    subject: partyOf(subject),
    roles: parseRoles(roles),
    label,
  };
}

function parseRoles(value: unknown): number {
  if (!Array.isArray(value) || value.length === 0)
    throw new TraceError("BAD_ENCODING", "roles is not a list of roles");
  return value.reduce<number>((bits, role: unknown) => {
    if (typeof role !== "string" || !Object.hasOwn(ROLES, role))
      throw new TraceError("BAD_ENCODING", `"${String(role).slice(0, 40)}" is no role`);
    return bits | ROLES[role as Role];
  }, 0);
}
