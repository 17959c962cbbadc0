import { toHex, type Hex } from "../../gateway/core/bytes.ts";
import { contentHash } from "../../gateway/core/canonical.ts";
import { sha256OfText } from "../../gateway/core/hash.ts";
import { ROLES, type Watch } from "../../gateway/core/operations.ts";
import { idOf, recordingOf } from "../../gateway/core/recording.ts";
import { DEVICES, PEOPLE, type Person, type Who } from "./cast.ts";
import type { SeasonClock } from "./clock.ts";
import { anchored, ask, Refused, signed, submit, wish, type Doors } from "./doors.ts";
import { grantOf } from "./grants.ts";
import type { Measured } from "./readings.ts";
import { SPONSORS, STORY, type Act } from "./story.ts";
import { START } from "./time.ts";

/** What playing takes: the public doors, the clock that the gateway reads too, and somebody to tell of progress. */
export type Stage = {
  readonly doors: Doors;
  readonly clock: SeasonClock;
  /** The code with which the operator invites the first party; undefined once it is enrolled. */
  readonly invitation: string | undefined;
  /** Publishes a reading pack as its device and resolves when the broker has acknowledged it. */
  readonly publish: (pack: Publishing) => Promise<void>;
  readonly tell: (done: number, of: number, title: string) => void;
};
export type Publishing = {
  readonly device: (typeof DEVICES)[keyof typeof DEVICES];
  readonly epoch: number;
  readonly seq: number;
  readonly records: readonly Measured[];
};

/** Packs wait no longer (seconds) for their anchor than this: what comes to the chain two days late is remarked on. */
const MOST_WAIT = 1.5 * 86_400;
const ANCHORING = 3_000; // ms of the season's clock: anchors keep their distance in it, so it must not stand still

const REFUSED = 1_000_000;
const UNTIL = START + 5 * 365 * 86_400;

/** The document of a party, which its enrolment signs. */
export const partyDocument = ({ uri, words }: Pick<Person, "uri" | "words">) => ({
  type: "Party",
  uri,
  name: words,
});

const isEnrolled = async ({ url }: Doors, key: Hex): Promise<boolean> =>
  (await ask<{ state: string }>(`${url}/api/keys/${key}`)).state === "enrolled";

/** Numbers of a key's statements, in the order of the story: the same in every season. */
function numbering(): (who: Who) => { key: Hex; number: number } {
  const used = new Map<Who, number>();
  return (who) => {
    const number = (used.get(who) ?? 0) + 1;
    used.set(who, number);
    return { key: PEOPLE[who].keyId, number };
  };
}

type Next = ReturnType<typeof numbering>;

/** Code, request, approval: the way in that every person and device takes. */
async function enrol(
  { doors }: Stage,
  sponsor: Who,
  subject: Pick<Person, "name" | "uri" | "words" | "roles" | "keyId" | "publicKey">,
  next: Next,
): Promise<void> {
  const statement = {
    party: idOf(PEOPLE[sponsor].uri),
    ...next(sponsor),
    subject: idOf(subject.uri),
    subjectKey: subject.keyId,
    roles: subject.roles,
    from: START,
    until: UNTIL,
    content: toHex(contentHash(partyDocument(subject))),
  };
  if (await isEnrolled(doors, subject.keyId)) return;
  const code = `SEASON${subject.name.replaceAll(" ", "").toUpperCase()}`;
  const role = Object.entries(ROLES).find(([, bit]) => bit === subject.roles)?.[0];
  const codeHash = toHex(sha256OfText(code));
  const of = { uri: subject.uri, name: subject.words };
  await wish(
    doors,
    PEOPLE[sponsor],
    "/api/codes",
    { codeHash, subject: of, roles: [role], label: subject.name },
    START,
  ).catch(alreadyDone);
  await ask(`${doors.url}/api/enrolments`, { code, publicKey: subject.publicKey }).catch(
    alreadyDone,
  );
  const document = partyDocument(subject);
  await submit(
    doors,
    signed(doors.deployment, PEOPLE[sponsor], { name: "Enrolment", statement, document }),
  );
}

/** A season that was cut short goes on: what was done before is refused as done, and that is fine. */
function alreadyDone(failure: unknown): void {
  if (!(failure instanceof Refused) || failure.status !== 409) throw failure;
}

async function watch({ doors }: Stage, device: keyof typeof DEVICES, next: Next): Promise<void> {
  const { keyId, place, words, limits, interval, calibration } = DEVICES[device];
  const document = {
    type: "Watch",
    place: place.uri,
    name: place.name,
    quantityLimits: limits,
    device: words.vi,
    calibration,
  };
  const statement: Watch = {
    party: idOf(PEOPLE.cooperative.uri),
    ...next("cooperative"),
    device: keyId,
    place: idOf(place.uri),
    from: START,
    until: UNTIL,
    interval,
    content: toHex(contentHash(document)),
  };
  await submit(
    doors,
    signed(doors.deployment, PEOPLE.cooperative, { name: "Watch", statement, document }),
  );
}

async function record(
  { doors, invitation }: Stage,
  act: Extract<Act, { does: "record" }>,
  next: Next,
): Promise<void> {
  const person = PEOPLE[act.who];
  // What must be refused spends no number of the season, or it would be refused for that when the season goes on.
  const hand = act.refused === undefined ? next(act.who) : { key: person.keyId, number: REFUSED };
  const recording = recordingOf(act.intent, { party: person.uri, ...hand, time: act.at });
  const outcome = await submit(doors, signed(doors.deployment, person, recording)).then(
    () => undefined,
    (failure: unknown) => {
      if (failure instanceof Refused) return failure;
      throw failure;
    },
  );
  // In a season that goes on after a kill, a lie may meet a later state, and another reason.
  const resumed = invitation === undefined && act.refused !== undefined;
  if (resumed ? outcome === undefined : outcome?.reason !== act.refused)
    throw outcome ?? new Error(`"${act.title}" should have been refused with ${act.refused}`);
}

async function grant({ doors }: Stage, act: Extract<Act, { does: "grant" }>, next: Next) {
  const { statement, document } = grantOf(act.grant, act.who, next(act.who));
  const content = toHex(contentHash(document));
  await submit(
    doors,
    signed(doors.deployment, PEOPLE[act.who], {
      name: "Grant",
      statement: { ...statement, content },
      document,
    }),
  );
}

/** Keeps the season's clock from running ahead of the chain: days pass here in less time than an anchor takes. */
function pacing({ doors, clock, invitation }: Stage) {
  let [published, since] = [0, Infinity];
  return {
    published: (at: number): void => {
      published += 1;
      since = Math.min(since, at);
    },
    /** Resolves when time may go on to `at`. */
    until: async (at: number): Promise<void> => {
      if (at - since <= MOST_WAIT) return;
      // In a season that goes on after a kill, the log has what it had, and takes nothing twice.
      const known = invitation === undefined ? 0 : published - 1;
      await anchored(doors, known, () =>
        clock.advanceTo(Math.min(clock.now() + ANCHORING, at * 1_000)),
      );
      since = Infinity;
    },
  };
}

/** Plays the whole season through the public doors. Playing it again changes nothing. */
export async function playSeason(stage: Stage): Promise<void> {
  const { clock, tell, doors } = stage;
  const next = numbering();
  const pace = pacing(stage);
  const steps = STORY.length + 1;
  clock.advanceTo(START * 1_000);
  tell(0, steps, "people and devices are enrolled");
  const { province, cooperative } = PEOPLE;
  if (stage.invitation !== undefined)
    await ask(`${doors.url}/api/enrolments`, {
      code: stage.invitation,
      publicKey: province.publicKey,
    });
  for (const [sponsor, subjects] of SPONSORS)
    for (const subject of subjects) await enrol(stage, sponsor, PEOPLE[subject], next);
  for (const [name, device] of Object.entries(DEVICES)) {
    const { keyId, publicKey } = device;
    const roles = "eui" in device ? ROLES.networkServer : ROLES.device;
    const subject = { ...cooperative, name: `device ${name}`, roles, keyId, publicKey };
    await enrol(stage, "cooperative", subject, next);
  }
  for (const [done, act] of STORY.entries()) {
    await pace.until(act.at);
    clock.advanceTo(act.at * 1_000);
    tell(done + 1, steps, act.title);
    if (act.does === "record") await record(stage, act, next);
    else if (act.does === "grant") await grant(stage, act, next);
    else if (act.does === "watch") await watch(stage, act.device, next);
    else {
      await stage.publish({ ...act, device: DEVICES[act.device], epoch: 0 });
      pace.published(act.at);
    }
  }
}
