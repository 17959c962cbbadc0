import { useEffect, useState } from "preact/hooks";

import { fingerprintOf } from "../../../../gateway/core/key-id.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import { ask } from "../api.ts";
import { useSay } from "../language.ts";
import { record } from "../outbox.ts";
import { useEntries } from "../parts/entries.tsx";
import type { PageProps } from "../parts/form.tsx";
import { nameOf, useParties } from "../parts/lots.tsx";
import { Failure, Notice } from "../parts/notice.tsx";
import { Tiles, type Tile } from "../parts/tiles.tsx";
import { ROLE_NAMES, sensorRole } from "../roles.ts";
import { linkTo } from "../route.ts";
import { FOR_OTHERS, MyLots, TAKE } from "./homes.tsx";
import { codesHandedOut, wasFor } from "../handed-out.ts";
import { enrolmentOf, type Pending } from "../enrolments.ts";
import type { Session } from "../session.ts";
import { signRequest } from "../signing.ts";

/** The cooperative's start: who waits to be approved, and everybody who takes part. */
export const CooperativeHome = (props: PageProps) => (
  <div class="columns">
    <Tiles tiles={props.session.person === "province" ? TILES : COOPERATIVE} />
    <Waiting {...props} />
    {props.session.person === "province" || <MyLots {...props} />}
    <Everybody />
  </div>
);

/** Keys that handed in one of our codes and are not approved yet, each with the approval that is under way or was refused. */
export function useWaiting(session: Session) {
  const [pending, setPending] = useState<readonly Pending[]>([]);
  const [failure, setFailure] = useState<unknown>();
  const entries = useEntries(session.person) ?? [];
  useEffect(() => {
    const look = async () => {
      const path = "/api/enrolments/list";
      try {
        setPending(await ask<readonly Pending[]>(path, await signRequest(session.key, path)));
        setFailure(undefined);
      } catch (failure) {
        setFailure(failure);
      }
    };
    void look();
    const timer = setInterval(() => void look(), 2000);
    return () => clearInterval(timer);
  }, [session.key.keyId]);
  /** What was signed last to approve a key. */
  const approvals = new Map(
    entries
      .toReversed()
      .flatMap((entry) =>
        entry.plan.name === "Enrolment" ? [[entry.plan.body.subjectKey, entry] as const] : [],
      ),
  );
  const waiting = pending
    .map((one) => ({ one, approval: approvals.get(one.keyId) }))
    .filter(({ approval }) => approval === undefined || approval.state === "review");
  return { waiting, failure };
}

/** Approving is an Enrolment, signed here. */
function Waiting({ session }: PageProps) {
  const say = useSay();
  const { waiting, failure } = useWaiting(session);
  const [codes, setCodes] = useState<Awaited<ReturnType<typeof codesHandedOut>>>();
  useEffect(() => void codesHandedOut().then(setCodes), []);
  return (
    <section>
      <h2>{say(WAITING)}</h2>
      <Failure of={failure} />
      {waiting.length === 0 && <p class="empty">{say(NOBODY)}</p>}
      <ul class="cards plain">
        {waiting.map(({ one, approval }) => (
          <li class="card" key={one.keyId}>
            <b>{say(one.subject.name)}</b>
            <p>
              {one.roles.map((role) => say(ROLE_NAMES[role])).join(", ")}
              {one.label && ` · ${one.label}`}
            </p>
            <p class="quiet uri">{one.subject.uri}</p>
            {codes && !wasFor(codes, one) && <Notice kind="bad">{say(NOT_FROM_HERE)}</Notice>}
            <p>{say(SAME)}</p>
            <p class="fingerprint">{fingerprintOf(one.keyId)}</p>
            {approval?.refusal && (
              <Notice kind="bad">
                {say(approval.refusal.message)} <a href={linkTo("outbox")}>{say(IN_THE_BOOK)}</a>
              </Notice>
            )}
            {sensorRole(one.roles) !== undefined ? (
              <a
                class="button primary"
                href={linkTo("device", {
                  key: one.publicKey,
                  label: one.label,
                  role: sensorRole(one.roles) ?? "",
                })}
              >
                {say(APPROVE_SENSOR)}
              </a>
            ) : (
              <button
                type="button"
                class="primary"
                onClick={() => void record(session, enrolmentOf(one))}
              >
                {say(APPROVE)}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Everybody() {
  const [say, parties] = [useSay(), useParties()];
  return (
    <section>
      <h2>{say(EVERYBODY)}</h2>
      <ul class="cards plain">
        {parties.map((party) => (
          <li class="card row" key={party.party}>
            <b>{say(nameOf(party))}</b>
            <span class="quiet">{party.roles.map((role) => say(ROLE_NAMES[role])).join(", ")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const TILES: readonly Tile[] = [
  { page: "code", icon: "plus", words: { vi: "Phát mã ghi danh", en: "Hand out a code" } },
  { page: "device", icon: "meter", words: { vi: "Thêm cảm biến", en: "Add a sensor" } },
  { page: "sensors", icon: "drop", words: { vi: "Cảm biến của tôi", en: "My sensors" } },
];
const COOPERATIVE: readonly Tile[] = [...TILES, FOR_OTHERS, TAKE];
const WAITING: Words = { vi: "Đang chờ duyệt", en: "Waiting for approval" };
const NOBODY: Words = { vi: "Không có ai đang chờ.", en: "Nobody is waiting." };
const NOT_FROM_HERE: Words = {
  vi: "Máy này không phát mã nào cho đúng bên đó. Nếu mã được phát từ máy khác, hãy so địa chỉ ở trên với máy đó trước khi duyệt.",
  en: "No code from this device was for exactly this party. If another device handed it out, compare the address above there before you approve.",
};
const SAME: Words = {
  vi: "Chỉ duyệt khi máy của người đó hiện đúng dãy này:",
  en: "Approve only if their device shows exactly this:",
};
const IN_THE_BOOK: Words = { vi: "Xem trong sổ", en: "See it in the book" };
const APPROVE: Words = { vi: "Đúng, duyệt", en: "It is the same: approve" };
const APPROVE_SENSOR: Words = {
  vi: "Đúng, chọn nơi đặt",
  en: "It is the same: choose its place",
};
const EVERYBODY: Words = { vi: "Các bên tham gia", en: "Everybody who takes part" };
