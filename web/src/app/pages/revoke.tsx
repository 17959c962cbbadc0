import { useState } from "preact/hooks";

import type { Words } from "../../../../gateway/core/recording.ts";
import { useLanguage, useSay } from "../language.ts";
import { formatMass } from "../numbers.ts";
import { TextField } from "../parts/fields.tsx";
import { SignForm, useInitial, type PageProps } from "../parts/form.tsx";
import { nameOf, useCertificates, useParties } from "../parts/lots.tsx";
import { Failure } from "../parts/notice.tsx";
import { schemeName } from "../schemes.ts";

type Values = { readonly certificate: string; readonly text: string };

/** Ends a certificate, with the reason that everybody will read. */
export function RevokePage(props: PageProps) {
  const [say, language, parties] = [useSay(), useLanguage(), useParties()];
  const initial = useInitial<Values>(props);
  const { value, failure } = useCertificates(props.session);
  const [typed, setText] = useState<string>();
  if (initial === undefined || value === undefined) return <Failure of={failure} />;
  const wanted = props.route.params.get("certificate") ?? initial.certificate;
  const chosen = value.find(({ certificate }) => certificate === wanted);
  if (chosen === undefined) return <p class="empty">{say(NOT_MINE)}</p>;
  const text = typed ?? initial.text ?? "";
  const holder = nameOf({
    party: chosen.holder,
    name: parties.find(({ party }) => party === chosen.holder)?.name ?? null,
  });
  const build = () => {
    if (text.trim() === "") return GIVE_REASON;
    const { certificate, number } = chosen;
    return {
      plan: {
        name: "Revocation",
        body: { certificate },
        document: { type: "Reason", text: text.trim().normalize("NFC") },
      },
      title: { vi: `Thu hồi ${number ?? ""}`, en: `Revoked: ${number ?? ""}` },
      detail: holder,
      values: { certificate, text } satisfies Values,
    } as const;
  };
  return (
    <SignForm {...props} title={TITLE} button={SIGN} build={build}>
      <p>
        <b>{say(schemeName(chosen.scheme))}</b> <span class="number">{chosen.number}</span>
        <br />
        {say(holder)} · {say(LEFT)} {formatMass(chosen.quota - chosen.spent, language)}
      </p>
      <TextField label={REASON} hint={REASON_HINT} value={text} onValue={setText} required />
    </SignForm>
  );
}

const TITLE: Words = { vi: "Thu hồi chứng nhận", en: "Revoke a certificate" };
const REASON: Words = { vi: "Lý do", en: "Reason" };
const REASON_HINT: Words = {
  vi: "Ai xem lô hàng cũng đọc được lý do này. Không rút lại được.",
  en: "Everybody who looks at the lots reads it. This cannot be undone.",
};
const LEFT: Words = { vi: "còn", en: "left:" };
const SIGN: Words = { vi: "Ký thu hồi", en: "Sign and revoke" };
const GIVE_REASON: Words = { vi: "Xin ghi lý do.", en: "Please give the reason." };
const NOT_MINE: Words = {
  vi: "Không thấy chứng nhận này.",
  en: "This certificate is not among yours.",
};
