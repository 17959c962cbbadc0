import type { Words } from "../../../../gateway/core/recording.ts";
import { useAgents } from "../agents.ts";
import { formatDay, useLanguage, useSay } from "../language.ts";
import type { Page, PageProps } from "../parts/form.tsx";
import { Icon } from "../parts/icon.tsx";
import { Failure, Notice } from "../parts/notice.tsx";
import { linkTo } from "../route.ts";
import { inNameOf } from "../session.ts";
import { MyLots, Rights } from "./homes.tsx";

/** Those who let me record for them; one tap leads to one of them. */
export function ForPage({ session }: PageProps) {
  const [say, language] = [useSay(), useLanguage()];
  const { principals, known, failure } = useAgents(session);
  return (
    <section class="narrow">
      <h1>{say(TITLE)}</h1>
      <p>{say(EXPLAIN)}</p>
      <Failure of={failure} />
      {known && principals.length === 0 && <p class="empty">{say(NOBODY)}</p>}
      <ul class="cards plain">
        {principals.map(({ id, name, until }) => (
          <li key={id}>
            <a class="card lot" href={linkTo("for", { for: id })}>
              <b>{say(name)}</b>
              <span class="right quiet">
                {say(UNTIL)} {formatDay(until * 1000, language)}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Shows a page in the name of the party in the address (`for`), under a line that says so. */
export function InNameOf({ page: Shown, ...props }: PageProps & { readonly page: Page }) {
  const say = useSay();
  const { principals, known, failure } = useAgents(props.session);
  const principal = principals.find(({ id }) => id === props.route.params.get("for"));
  if (principal === undefined)
    return known ? <Notice kind="bad">{say(ENDED)}</Notice> : <Failure of={failure} />;
  const session = inNameOf(props.session, principal);
  return (
    <>
      <div class="narrow">
        <Notice kind="tell">
          {say(ACTING)} <b>{say(principal.name)}</b>. {say(FOR_EVER)}
        </Notice>
      </div>
      <Shown {...props} session={session} />
    </>
  );
}

/** The start of one of them: what an agent may record, their lots, and what their plots still allow. */
export const ForHome = (props: PageProps) => (
  <div class="columns">
    <Harvest {...props} />
    <MyLots {...props} />
    <Rights {...props} />
  </div>
);

function Harvest({ session }: PageProps) {
  const say = useSay();
  return (
    <nav class="tiles">
      <a class="tile primary" href={linkTo("harvest", { for: session.party.id })}>
        <Icon name="plus" />
        {say(HARVEST)}
      </a>
    </nav>
  );
}

const TITLE: Words = { vi: "Ghi hộ", en: "Record for others" };
const EXPLAIN: Words = {
  vi: "Những hộ đã ký cho bạn ghi hộ. Bạn ghi được lô thu hoạch và việc giao hàng của họ.",
  en: "Those who signed that you may record their harvests and hand-overs for them.",
};
const NOBODY: Words = {
  vi: "Chưa ai cho bạn ghi hộ. Nông hộ mở mục “Nhờ người ghi hộ” trên máy của họ và chọn bạn.",
  en: "Nobody has allowed you yet. A farmer does so on their own phone, under “Let somebody record for me”.",
};
const UNTIL: Words = { vi: "đến", en: "until" };
const ACTING: Words = { vi: "Bạn đang ghi hộ", en: "You are recording for" };
const FOR_EVER: Words = {
  vi: "Chữ ký là của bạn, và trang của lô mãi mãi ghi rõ ai đã ghi hộ.",
  en: "The signature is yours, and the lot's page says for ever who recorded it.",
};
const ENDED: Words = {
  vi: "Bạn không còn được ghi hộ bên này. Hãy nhờ họ cho phép lại trên máy của họ.",
  en: "You may no longer record for them. Ask them to allow it again on their own phone.",
};
const HARVEST: Words = { vi: "Ghi lô thu hoạch", en: "Register a harvest" };
