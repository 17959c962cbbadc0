import { randomInt } from "node:crypto";

import { toHex, type Hex } from "../../gateway/core/bytes.ts";
import { contentHash } from "../../gateway/core/canonical.ts";
import { sha256OfText } from "../../gateway/core/hash.ts";
import { ROLES, type Role } from "../../gateway/core/operations.ts";
import { idOf } from "../../gateway/core/recording.ts";
import type { Founding } from "../../gateway/founding.ts";
import { PEOPLE, type Who } from "./cast.ts";
import { ask, signed, submit, wish, type Doors } from "./doors.ts";
import { partyDocument } from "./play.ts";

/** Whose job a visitor can try, and who lets them in. */
export const ROLES_TO_TRY = [
  { page: "farmer", title: "a farmer", who: "farm1", sponsor: "cooperative" },
  { page: "processor", title: "a processor", who: "processor", sponsor: "cooperative" },
  { page: "exporter", title: "an exporter", who: "exporter", sponsor: "cooperative" },
  { page: "certifier", title: "a certifier", who: "certifier", sponsor: "province" },
  { page: "cooperative", title: "a cooperative", who: "cooperative", sponsor: "province" },
  { page: "province", title: "the province", who: "province", sponsor: "province" },
] as const satisfies readonly { page: string; title: string; who: Who; sponsor: Who }[];

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const newCode = (): string =>
  Array.from({ length: 12 }, () => LETTERS.charAt(randomInt(LETTERS.length))).join("");

type Pending = { readonly keyId: Hex; readonly label: string; readonly roles: readonly Role[] };
const LABEL = "demonstration";

/**
 * The cooperative's and the province's officer of the demonstration: hands out a code for each job, and approves at once who
 * comes with one of them. Codes that people hand out on the pages wait for people.
 */
export async function receive(
  doors: Doors,
  {
    now,
    found,
  }: {
    readonly now: () => number; // ms
    readonly found: ((founding: Founding) => Promise<void>) | undefined;
  },
): Promise<{ readonly codes: ReadonlyMap<string, string>; readonly close: () => void }> {
  const seconds = (): number => Math.floor(now() / 1_000);
  const codes = new Map<string, string>();
  for (const { page, who, sponsor } of ROLES_TO_TRY) {
    const { uri, words: name, roles: bits } = PEOPLE[who];
    const roles = Object.entries(ROLES).flatMap(([role, bit]) => (bit === bits ? [role] : []));
    const code = newCode();
    codes.set(page, code);
    const wished = {
      codeHash: toHex(sha256OfText(code)),
      subject: { uri, name },
      roles,
      label: `${LABEL}: ${page}`,
    };
    await wish(doors, PEOPLE[sponsor], "/api/codes", wished, seconds());
  }

  async function approve(sponsor: Who, { keyId, label, roles }: Pending): Promise<void> {
    const tried = ROLES_TO_TRY.find(({ page }) => label === `${LABEL}: ${page}`);
    if (tried === undefined) return;
    const { uri, words, roles: bits } = PEOPLE[tried.who];
    const period = { from: seconds() - 3_600, until: seconds() + 365 * 86_400 };
    // Only governance makes an authority; the demonstration holds its account.
    if (roles.includes("authority"))
      return found?.({ uri, name: words, keyId, roles: bits, ...period });
    const { keyId: key } = PEOPLE[sponsor];
    const { next } = await ask<{ next: number }>(`${doors.url}/api/keys/${key}`);
    const document = partyDocument({ uri, words });
    const statement = {
      party: idOf(PEOPLE[sponsor].uri),
      key,
      number: next,
      subject: idOf(uri),
      subjectKey: keyId,
      roles: bits,
      ...period,
      content: toHex(contentHash(document)),
    };
    await submit(
      doors,
      signed(doors.deployment, PEOPLE[sponsor], { name: "Enrolment", statement, document }),
    );
  }

  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    for (const sponsor of ["cooperative", "province"] as const) {
      const path = "/api/enrolments/list";
      const pending = await wish<Pending[]>(doors, PEOPLE[sponsor], path, {}, seconds());
      for (const one of pending) await approve(sponsor, one);
    }
  };
  const again = (): void => {
    timer = setTimeout(() => {
      look()
        .catch((failure: unknown) => console.error("the demonstration's officer:", failure))
        .finally(again);
    }, 1_000);
  };
  again();
  return { codes, close: () => clearTimeout(timer) };
}
