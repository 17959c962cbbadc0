import { useState } from "preact/hooks";

import { parseLotUri } from "../../../../gateway/core/identifiers.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import type { CertificateInfo } from "../api.ts";
import { useLanguage, useSay } from "../language.ts";
import { formatMass, kilogramsText, parseKilograms } from "../numbers.ts";
import { Choice, SelectField } from "../parts/choices.tsx";
import { MassField } from "../parts/fields.tsx";
import { doneNow, SignForm, useInitial, type PageProps } from "../parts/form.tsx";
import { isFor, lotNumberOf, usable, useCertificates, useLots } from "../parts/lots.tsx";
import { Failure, Notice } from "../parts/notice.tsx";
import { RecallNotice } from "../parts/recalls.tsx";
import { partyPlace } from "../places.ts";
import { schemeName } from "../schemes.ts";

type Values = { readonly lot: string; readonly certificate: string; readonly mass: string };

/** Spends a right that the party holds on a lot: GI, organic, packing code. */
export function CertifyPage(props: PageProps) {
  const { session, route } = props;
  const [say, language] = [useSay(), useLanguage()];
  const initial = useInitial<Values>(props);
  const { value: lots, failure } = useLots(session);
  const certificates = useCertificates(session).value;
  const [lotId, setLot] = useState<string>();
  const [uri, setUri] = useState<string>();
  const [typed, setMass] = useState<string>();
  if (initial === undefined || lots === undefined || certificates === undefined)
    return <Failure of={failure} />;

  const rights = certificates.filter(claimable);
  if (rights.length === 0) return <Notice kind="tell">{say(NO_RIGHT)}</Notice>;
  const held = lots.filter((lot) => usable(lot, session.party.id));
  const wanted = lotId ?? route.params.get("lot") ?? initial.lot ?? "";
  const lot = held.find(({ lot }) => lot === wanted);
  const right = rights.find((right) => right.uri === (uri ?? initial.certificate)) ?? rights[0];
  const mass = typed ?? initial.mass ?? (lot ? kilogramsText(lot.mass, language) : "");
  const grams = parseKilograms(mass, language);
  const left = right === undefined ? 0 : right.quota - right.spent;
  const build = () => {
    if (lot?.uri == null || right?.uri == null || grams === undefined) return CHOOSE;
    if (!isFor(right, parseLotUri(lot.uri).gtin)) return NOT_FOR_IT;
    if (grams > left) return OVER;
    const place = partyPlace(session);
    const [name, number] = [schemeName(right.scheme), lotNumberOf(lot)];
    return {
      plan: doneNow({ kind: "certify", lot: lot.uri, mass: grams, certificate: right.uri, place }),
      title: name,
      detail: {
        vi: `${number} · ${formatMass(grams, "vi")}`,
        en: `${number} · ${formatMass(grams, "en")}`,
      },
      values: { lot: lot.lot, certificate: right.uri, mass } satisfies Values,
      remember: { certificate: right.uri },
    } as const;
  };
  return (
    <SignForm {...props} title={TITLE} button={SIGN} build={build}>
      <SelectField
        label={LOT}
        value={wanted}
        onValue={setLot}
        options={held.map((lot) => ({
          value: lot.lot,
          name: `${lotNumberOf(lot)} ${lot.product ? say(lot.product) : ""}`,
        }))}
      />
      {lot && <RecallNotice lots={[lot]} />}
      <Choice
        label={RIGHT}
        value={right?.uri ?? ""}
        onValue={setUri}
        options={rights.map((right) => ({
          value: right.uri ?? "",
          name: `${say(schemeName(right.scheme))} ${right.number ?? ""}`,
          more: `${say(LEFT)} ${formatMass(right.quota - right.spent, language)}`,
        }))}
      />
      <MassField
        label={MASS}
        value={mass}
        onValue={setMass}
        trouble={grams !== undefined && grams > left ? OVER : undefined}
      />
    </SignForm>
  );
}

const claimable = ({ scheme, revoked, until }: CertificateInfo): boolean =>
  scheme !== "growingArea" && revoked === 0 && until * 1000 > Date.now();

const TITLE: Words = { vi: "Gắn chứng nhận cho lô", en: "Certify a lot" };
const LOT: Words = { vi: "Lô nào?", en: "Which lot?" };
const RIGHT: Words = { vi: "Bằng quyền nào?", en: "By which right?" };
const LEFT: Words = { vi: "Còn được", en: "Still allowed:" };
const MASS: Words = { vi: "Số kg được chứng nhận", en: "Mass that is certified (kg)" };
const OVER: Words = {
  vi: "Nhiều hơn hạn mức còn lại của quyền này.",
  en: "More than this right still allows.",
};
const NOT_FOR_IT: Words = {
  vi: "Quyền này không cấp cho sản phẩm của lô đó. Xin chọn lô hoặc quyền khác.",
  en: "This right is not for what that lot is. Please choose another lot or right.",
};
const SIGN: Words = { vi: "Ký", en: "Sign" };
const CHOOSE: Words = {
  vi: "Xin chọn lô, quyền và nhập số kg.",
  en: "Please choose lot and right, and enter the mass.",
};
const NO_RIGHT: Words = {
  vi: "Bạn chưa giữ chứng nhận nào còn hạn.",
  en: "You hold no valid certificate that lots can carry.",
};
