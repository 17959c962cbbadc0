import { toHex, type Hex } from "../../gateway/core/bytes.ts";
import { contentHash } from "../../gateway/core/canonical.ts";
import type { SignedStatement } from "../../gateway/core/statement.ts";
import { idOf, recordingOf, type Intent } from "../../gateway/core/recording.ts";
import { PEOPLE, type Who } from "../../scripts/season/cast.ts";
import { ask, signed, submit, type Doors } from "../../scripts/season/doors.ts";
import { grantOf, type Granted } from "../../scripts/season/grants.ts";
import { partyDocument } from "../../scripts/season/play.ts";
import { START } from "../../scripts/season/time.ts";
import { openGateway, type OpenGateway } from "./open.ts";

/** The season's people before a gateway's doors: each signs with the next number of their key. */
export type Village = Doors & {
  readonly enrolment: (sponsor: Who, subject: Who) => SignedStatement;
  readonly grant: (who: Who, granted: Granted) => SignedStatement;
  readonly record: (who: Who, intent: Intent, time?: number) => SignedStatement;
  /** Sends several, in order, and waits until the chain has taken each. */
  readonly settle: (...statements: readonly SignedStatement[]) => Promise<void>;
};

/** Ten in the morning of the season's first day: the time of a village's clock. */
export const MORNING = START + 10 * 3_600;

/** A gateway on the village's clock, whose first party is the season's province. */
export const openGatewayForVillage = (
  environment: Readonly<Record<string, string>> = {},
): Promise<OpenGateway> =>
  openGateway({
    now: () => MORNING * 1000,
    environment: {
      AUTHORITY_URI: PEOPLE.province.uri,
      AUTHORITY_NAME: `${PEOPLE.province.words.vi} | ${PEOPLE.province.words.en}`,
      ...environment,
    },
  });

/** Founds the province with the gateway's invitation. */
export async function openVillage({ url, deployment, invitation }: OpenGateway): Promise<Village> {
  const { publicKey } = PEOPLE.province;
  await ask(`${url}/api/enrolments`, { code: invitation, publicKey });
  const numbers = new Map<Who, number>();
  const hand = (who: Who) => {
    const number = (numbers.get(who) ?? 0) + 1;
    numbers.set(who, number);
    return { key: PEOPLE[who].keyId, number };
  };
  const doors = { url, deployment };
  return {
    ...doors,
    enrolment: (sponsor, who) => {
      const subject = PEOPLE[who];
      const document = partyDocument(subject);
      const statement = {
        party: idOf(PEOPLE[sponsor].uri),
        ...hand(sponsor),
        subject: idOf(subject.uri),
        subjectKey: subject.keyId,
        roles: subject.roles,
        from: START,
        until: START + 365 * 86_400,
        content: contentOf(document),
      };
      return signed(deployment, PEOPLE[sponsor], { name: "Enrolment", statement, document });
    },
    grant: (who, granted) => {
      const { statement, document } = grantOf(granted, who, hand(who));
      const whole = { ...statement, content: contentOf(document) };
      return signed(deployment, PEOPLE[who], { name: "Grant", statement: whole, document });
    },
    record: (who, intent, time = MORNING) => {
      const person = PEOPLE[who];
      const recording = recordingOf(intent, { party: person.uri, ...hand(who), time });
      return signed(deployment, person, recording);
    },
    settle: async (...statements) => {
      for (const statement of statements) await submit(doors, statement);
    },
  };
}

const contentOf = (document: object): Hex => toHex(contentHash(document));
