import { useState } from "preact/hooks";

import { idOf, type Words } from "../../../../gateway/core/recording.ts";
import { nowSeconds } from "../clock.ts";
import { useSay } from "../language.ts";
import { Choice, SelectField } from "../parts/choices.tsx";
import { SignForm, type PageProps } from "../parts/form.tsx";
import { useParties } from "../parts/lots.tsx";

const DAY = 86_400;

/** Lets another party record in my name until a day, or ends that. */
export function AgentPage(props: PageProps) {
  const say = useSay();
  const [agent, setAgent] = useState("");
  const [days, setDays] = useState("90");
  const others = useParties().filter(({ party }) => party !== props.session.party.id);
  const build = () => {
    const chosen = others.find(({ uri }) => uri === agent);
    if (chosen === undefined) return CHOOSE;
    const name = chosen.name ?? { vi: agent, en: agent };
    const until = nowSeconds() + Number(days) * DAY;
    return {
      plan: { name: "Delegation", body: { agent: idOf(agent), until }, document: null },
      title: days === "0" ? WITHDRAWN : ALLOWED,
      detail: name,
      values: {},
    } as const;
  };
  return (
    <SignForm {...props} title={TITLE} button={SIGN} build={build}>
      <SelectField
        label={WHO}
        hint={HINT}
        value={agent}
        onValue={setAgent}
        options={others.map(({ uri, name, party }) => ({
          value: uri ?? "",
          name: name ? say(name) : party,
        }))}
      />
      <Choice
        label={HOW_LONG}
        value={days}
        onValue={setDays}
        options={Object.entries(PERIODS).map(([value, words]) => ({ value, name: say(words) }))}
      />
    </SignForm>
  );
}

const PERIODS: Readonly<Record<string, Words>> = {
  "30": { vi: "30 ngày", en: "30 days" },
  "90": { vi: "90 ngày (một vụ)", en: "90 days (a season)" },
  "365": { vi: "Một năm", en: "A year" },
  "0": { vi: "Thôi, không nhờ nữa", en: "No longer: withdraw" },
};
const TITLE: Words = { vi: "Nhờ người ghi hộ", en: "Let somebody record for me" };
const WHO: Words = { vi: "Nhờ ai?", en: "Whom?" };
const HINT: Words = {
  vi: "Bản ghi hộ luôn hiện rõ ai là người ký.",
  en: "What they record always shows who signed it.",
};
const HOW_LONG: Words = { vi: "Đến khi nào?", en: "For how long?" };
const SIGN: Words = { vi: "Ký", en: "Sign" };
const CHOOSE: Words = { vi: "Xin chọn người ghi hộ.", en: "Please choose who." };
const ALLOWED: Words = { vi: "Cho ghi hộ", en: "May record for me" };
const WITHDRAWN: Words = { vi: "Thôi ghi hộ", en: "May no longer record for me" };
