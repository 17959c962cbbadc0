import { useState } from "preact/hooks";

import type { Role } from "../../../../gateway/core/operations.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import { useAgents } from "../agents.ts";
import { nowSeconds } from "../clock.ts";
import type { Plan } from "../entry.ts";
import { formatDay, useLanguage, useSay } from "../language.ts";
import { record } from "../outbox.ts";
import { Choice, SelectField } from "../parts/choices.tsx";
import { SignForm, type PageProps } from "../parts/form.tsx";
import { namedAs, nameOf, useParties } from "../parts/lots.tsx";
import { goTo, linkTo } from "../route.ts";
import type { Party } from "../session.ts";

const DAY = 86_400;

/** Whose keys the contract lets record for others. */
const MAY: ReadonlySet<Role> = new Set(["farmer", "cooperative"]);

/** Lets another party record in my name until a day, shows who may, and ends it by one tap. */
export function AgentPage(props: PageProps) {
  const say = useSay();
  const [agent, setAgent] = useState("");
  const [days, setDays] = useState("90");
  const others = useParties().filter(
    ({ party, roles }) => party !== props.session.party.id && roles.some((role) => MAY.has(role)),
  );
  const build = () => {
    const chosen = others.find(({ uri }) => uri === agent);
    if (chosen?.uri == null) return CHOOSE;
    return {
      plan: delegation(chosen.party, nowSeconds() + Number(days) * DAY),
      title: ALLOWED,
      detail: namedAs(chosen),
      values: {},
    } as const;
  };
  return (
    <>
      <SignForm {...props} title={TITLE} button={SIGN} build={build}>
        <SelectField
          label={WHO}
          hint={HINT}
          value={agent}
          onValue={setAgent}
          options={others.map((party) => ({ value: party.uri ?? "", name: say(nameOf(party)) }))}
        />
        <Choice
          label={HOW_LONG}
          value={days}
          onValue={setDays}
          options={PERIODS.map(([value, words]) => ({ value, name: say(words) }))}
        />
      </SignForm>
      <Agents {...props} />
    </>
  );
}

/** Who may record for me now. */
function Agents({ session }: PageProps) {
  const [say, language] = [useSay(), useLanguage()];
  const { agents } = useAgents(session);
  const withdraw = async ({ id, name }: Party) => {
    const plan = delegation(id, nowSeconds());
    const entry = await record(session, { plan, title: WITHDRAWN, detail: name, origin: null });
    goTo(linkTo("saved", { entry: String(entry.id) }));
  };
  if (agents.length === 0) return null;
  return (
    <section class="narrow">
      <h2>{say(NOW)}</h2>
      <ul class="cards plain">
        {agents.map((agent) => (
          <li class="card" key={agent.id}>
            <b>{say(agent.name)}</b>
            <p class="quiet">
              {say(UNTIL)} {formatDay(agent.until * 1000, language)}
            </p>
            <button type="button" onClick={() => void withdraw(agent)}>
              {say(WITHDRAW)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const delegation = (agent: Party["id"], until: number): Plan => ({
  name: "Delegation",
  body: { agent, until },
  document: null,
});

const PERIODS: readonly (readonly [days: string, words: Words])[] = [
  ["30", { vi: "30 ngày", en: "30 days" }],
  ["90", { vi: "90 ngày (một vụ)", en: "90 days (a season)" }],
  ["365", { vi: "Một năm", en: "A year" }],
];
const TITLE: Words = { vi: "Nhờ người ghi hộ", en: "Let somebody record for me" };
const WHO: Words = { vi: "Nhờ ai?", en: "Whom?" };
const HINT: Words = {
  vi: "Họ chỉ ghi được lô thu hoạch, việc giao hàng và ghi chú của bạn. Trang của lô mãi mãi ghi rõ ai đã ký.",
  en: "They may record your harvests, hand-overs and notes, nothing else. The lot's page says for ever who signed.",
};
const HOW_LONG: Words = { vi: "Đến khi nào?", en: "For how long?" };
const SIGN: Words = { vi: "Ký", en: "Sign" };
const CHOOSE: Words = { vi: "Xin chọn người ghi hộ.", en: "Please choose who." };
const ALLOWED: Words = { vi: "Cho ghi hộ", en: "May record for me" };
const NOW: Words = { vi: "Đang được ghi hộ bạn", en: "May record for you now" };
const UNTIL: Words = { vi: "đến", en: "until" };
const WITHDRAW: Words = { vi: "Thôi, không nhờ nữa", en: "No longer: withdraw" };
const WITHDRAWN: Words = { vi: "Thôi ghi hộ", en: "May no longer record for me" };
