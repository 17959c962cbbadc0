/** For whom this device handed out codes: a gateway that names somebody else would have that key enrolled as theirs. */
import type { Pending } from "./enrolments.ts";
import { keep, kept } from "./kept.ts";

type Subject = Pick<Pending, "subject" | "roles">;

const NAME = "codes handed out";
const MOST = 1_000;

export const codesHandedOut = async (): Promise<readonly Subject[]> =>
  (await kept<readonly Subject[]>(NAME)) ?? [];

export const rememberCode = async (given: Subject): Promise<unknown> =>
  keep(NAME, [...(await codesHandedOut()), given].slice(-MOST));

/** Whether one of these codes was for this party, under this name, in these roles. */
export const wasFor = (codes: readonly Subject[], { subject, roles }: Subject): boolean =>
  codes.some(
    (code) =>
      code.subject.uri === subject.uri &&
      code.subject.name.vi === subject.name.vi &&
      roles.every((role) => code.roles.includes(role)),
  );
