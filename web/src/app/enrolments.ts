import type { Hex } from "../../../gateway/core/bytes.ts";
import { fingerprintOf } from "../../../gateway/core/key-id.ts";
import { ROLES, type Role } from "../../../gateway/core/operations.ts";
import { idOf, type Words } from "../../../gateway/core/recording.ts";
import { nowSeconds } from "./clock.ts";

/** Somebody who handed in a code and waits. */
export type Pending = {
  readonly keyId: Hex;
  readonly publicKey: Hex;
  readonly subject: { readonly uri: string; readonly name: Words };
  readonly roles: readonly Role[];
  readonly label: string;
};

const YEAR = 365 * 86_400;

/** What approving signs: the key speaks for its subject, in these roles, for two years. */
export function enrolmentOf({ keyId, subject, roles, label }: Omit<Pending, "publicKey">) {
  const from = nowSeconds();
  return {
    plan: {
      name: "Enrolment",
      body: {
        subject: idOf(subject.uri),
        subjectKey: keyId,
        roles: roles.reduce((bits, role) => bits | ROLES[role], 0),
        from,
        until: from + 2 * YEAR,
      },
      document: { type: "Party", uri: subject.uri, name: subject.name },
    },
    title: { vi: `Ghi danh ${subject.name.vi}`, en: `Enrolled: ${subject.name.en}` },
    detail: { vi: label || fingerprintOf(keyId), en: label || fingerprintOf(keyId) },
    origin: null,
  } as const;
}
