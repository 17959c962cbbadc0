import { useState } from "preact/hooks";

import type { Role } from "../../../../gateway/core/operations.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import type { LotInfo } from "../api.ts";
import { useLanguage, useSay } from "../language.ts";
import { formatMass } from "../numbers.ts";
import { SelectField } from "../parts/choices.tsx";
import { doneNow, SignForm, useInitial, type PageProps } from "../parts/form.tsx";
import { lotNumberOf, useLots, useParties } from "../parts/lots.tsx";
import { Failure } from "../parts/notice.tsx";
import { RecallNotice } from "../parts/recalls.tsx";
import { partyPlace } from "../places.ts";

type Values = { readonly lot: string; readonly to: string };

/** Offers a whole lot to another party, who signs for it; or takes the offer back. */
export function GivePage(props: PageProps) {
  const say = useSay();
  const initial = useInitial<Values>(props);
  const { value: lots, failure } = useLots(props.session);
  const wanted = props.route.params.get("lot") ?? initial?.lot;
  const lot = lots?.find(({ lot }) => lot === wanted);
  if (initial === undefined || (lots === undefined && failure === undefined)) return null;
  if (lot?.uri == null)
    return (
      <section class="narrow">
        <h1>{say(TITLE)}</h1>
        <Failure of={failure} />
        <p>{say(NO_LOT)}</p>
      </section>
    );
  return <GiveForm {...props} initial={initial} lot={{ ...lot, uri: lot.uri }} />;
}

function GiveForm(
  props: PageProps & {
    readonly initial: Partial<Values>;
    readonly lot: LotInfo & { readonly uri: string };
  },
) {
  const { session, lot, initial } = props;
  const [say, language] = [useSay(), useLanguage()];
  const others = useParties().filter(
    ({ party, roles }) => party !== session.party.id && roles.some((role) => HOLDERS.has(role)),
  );
  const [to, setTo] = useState(initial.to ?? "");
  const offered = lot.pending !== null;
  const build = () => {
    const receiver = others.find(({ uri }) => uri === to);
    if (!offered && receiver === undefined) return CHOOSE;
    const place = partyPlace(session);
    const intent = {
      kind: "handOver",
      lot: lot.uri,
      mass: lot.mass,
      place,
      to: offered ? null : to,
    } as const;
    const whom = receiver?.uri == null || offered ? [] : [receiver.uri]; // names can be alike
    const name = receiver?.name ?? { vi: to, en: to };
    return {
      plan: doneNow(intent),
      title: offered ? TAKEN_BACK : { vi: `Giao cho ${name.vi}`, en: `To ${name.en}` },
      detail: {
        vi: [lotNumberOf(lot), formatMass(lot.mass, "vi"), ...whom].join(" · "),
        en: [lotNumberOf(lot), formatMass(lot.mass, "en"), ...whom].join(" · "),
      },
      values: { lot: lot.lot, to } satisfies Values,
      remember: { to },
    } as const;
  };
  return (
    <SignForm
      {...props}
      title={offered ? TAKE_BACK : TITLE}
      button={offered ? TAKE_BACK : GIVE}
      build={build}
    >
      <p>
        {lot.product && say(lot.product)} <b class="number">{lotNumberOf(lot)}</b> ·{" "}
        {formatMass(lot.mass, language)}
      </p>
      <RecallNotice lots={[lot]} />
      {!offered && (
        <SelectField
          label={TO}
          hint={BOTH_SIGN}
          value={to}
          onValue={setTo}
          options={others.map(({ uri, name, party }) => ({
            value: uri ?? "",
            name: name ? say(name) : party,
          }))}
        />
      )}
    </SignForm>
  );
}

const HOLDERS: ReadonlySet<Role> = new Set(["processor", "exporter", "cooperative", "farmer"]);

const TITLE: Words = { vi: "Giao lô", en: "Hand over a lot" };
const TO: Words = { vi: "Giao cho ai?", en: "To whom?" };
const BOTH_SIGN: Words = {
  vi: "Lô sang tên khi bên nhận cân xong và ký nhận.",
  en: "It is theirs once they have weighed it and signed.",
};
const GIVE: Words = { vi: "Ký giao", en: "Sign and hand over" };
const TAKE_BACK: Words = { vi: "Rút lại lời giao", en: "Take the offer back" };
const TAKEN_BACK: Words = { vi: "Rút lại lời giao", en: "Offer taken back" };
const CHOOSE: Words = { vi: "Xin chọn bên nhận.", en: "Please choose who takes it." };
const NO_LOT: Words = { vi: "Xin chọn một lô của bạn.", en: "Please choose one of your lots." };
