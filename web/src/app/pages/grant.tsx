import { useState } from "preact/hooks";

import { areaName } from "../../../../gateway/core/areas.ts";
import type { Scheme } from "../../../../gateway/core/operations.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import { dayOf, startOfDay } from "../clock.ts";
import type { CertificateInfo } from "../api.ts";
import { formatDay, useLanguage, useSay, type Language } from "../language.ts";
import { codeOf, randomBytes } from "../lot-number.ts";
import { formatMass, parseKilograms } from "../numbers.ts";
import { Choice, SelectField } from "../parts/choices.tsx";
import { MassField, TextField } from "../parts/fields.tsx";
import { SignForm, useInitial, type PageProps } from "../parts/form.tsx";
import { nameOf, useCertificates, useParties } from "../parts/lots.tsx";
import { gtinsOf, KINDS_OF_CROP, type Crop } from "../products.ts";
import { grantPlan, HOLDERS, isArea, SCHEME_LIST, schemeName } from "../schemes.ts";

type Values = {
  readonly scheme: Scheme;
  readonly holder: string; // URI
  readonly area: string;
  readonly crop: Crop | typeof ANYTHING;
  readonly quota: string;
  readonly from: string; // yyyy-mm-dd
  readonly until: string;
  readonly number: string;
};

const ANYTHING = "any";

const DAY = 86_400_000;

/** The certifier's one job: a right to a quantity, for somebody, from a day to a day. */
export function GrantPage(props: PageProps) {
  const initial = useInitial<Values>(props);
  return initial === undefined ? null : <GrantForm {...props} initial={initial} />;
}

function GrantForm(props: PageProps & { readonly initial: Partial<Values> }) {
  const { session, initial } = props;
  const [say, language] = [useSay(), useLanguage()];
  const [values, setValues] = useState<Values>({
    scheme: "growingArea",
    holder: "",
    area: "VN-58",
    crop: "cashew",
    quota: "",
    from: dayOf(Date.now()),
    until: dayOf(Date.now() + 365 * DAY),
    number: `VN-${codeOf(randomBytes(6))}`,
    ...initial,
  });
  const change = (what: Partial<Values>) => setValues({ ...values, ...what });
  const { scheme, holder, number } = values;
  const area = values.area.trim().toUpperCase();
  const products =
    values.crop === ANYTHING ? undefined : gtinsOf(values.crop, scheme === "growingArea");
  const holders = useParties().filter(
    ({ party, roles }) =>
      party !== session.party.id && roles.some((role) => HOLDERS[scheme].includes(role)),
  );

  const issued = (useCertificates(session).value ?? []).find(
    (each) => each.number === number.trim() && each.issuer === session.party.id,
  );

  const build = () => {
    const quota = parseKilograms(values.quota, language);
    const [from, until] = [startOfDay(values.from), startOfDay(values.until)];
    const to = holders.find(({ uri }) => uri === holder);
    if (to?.uri == null || number.trim() === "") return ENTER_HOLDER;
    if (quota === undefined) return ENTER_QUOTA;
    if (area !== "" && !isArea(area)) return UNKNOWN_AREA;
    if (!(until > from)) return BAD_PERIOD;
    const holding = { holder: to.uri, issuer: session.party.uri };
    return {
      plan: grantPlan({ scheme, number, area, products, quota, from, until, ...holding }),
      title: schemeName(scheme),
      detail: {
        vi: `${number} · ${nameOf(to).vi} · ${formatMass(quota, "vi")}`,
        en: `${number} · ${nameOf(to).en} · ${formatMass(quota, "en")}`,
      },
      values,
      remember: { scheme, area, crop: values.crop },
    } as const;
  };

  return (
    <SignForm {...props} title={TITLE} button={SIGN} build={build}>
      <Choice
        label={SCHEME}
        value={scheme}
        onValue={(scheme) => change({ scheme: scheme as Scheme })}
        options={SCHEME_LIST.map((value) => ({ value, name: say(schemeName(value)) }))}
      />
      <SelectField
        label={HOLDER}
        value={holder}
        onValue={(holder) => change({ holder })}
        options={holders.map((party) => ({ value: party.uri ?? "", name: say(nameOf(party)) }))}
      />
      <TextField
        label={NUMBER}
        hint={issued && again(issued)}
        value={number}
        onValue={(number) => change({ number })}
      />
      <SelectField
        label={GOODS}
        value={values.crop}
        onValue={(crop) => change({ crop: crop as Values["crop"] })}
        options={([...KINDS_OF_CROP, ANYTHING] as const).map((value) => ({
          value,
          name: say(GOODS_OF[value]),
        }))}
      />
      <MassField
        label={QUOTA}
        hint={QUOTA_HINT}
        value={values.quota}
        onValue={(quota) => change({ quota })}
      />
      <TextField
        label={AREA}
        hint={areaHint(area)}
        value={values.area}
        onValue={(area) => change({ area })}
      />
      <div class="line">
        {(["from", "until"] as const).map((end) => (
          <TextField
            key={end}
            type="date"
            label={PERIOD[end]}
            value={values[end]}
            onValue={(day) => change({ [end]: day })}
          />
        ))}
      </div>
    </SignForm>
  );
}

const TITLE: Words = { vi: "Cấp chứng nhận", en: "Issue a certificate" };
const SCHEME: Words = { vi: "Loại nào?", en: "Which kind?" };
const HOLDER: Words = { vi: "Cấp cho ai?", en: "For whom?" };
const NUMBER: Words = { vi: "Số", en: "Number" };
const GOODS: Words = { vi: "Cho mặt hàng nào?", en: "For which goods?" };
const GOODS_OF: Readonly<Record<Crop | typeof ANYTHING, Words>> = {
  cashew: { vi: "Điều", en: "Cashew" },
  pepper: { vi: "Hồ tiêu", en: "Pepper" },
  rubber: { vi: "Cao su", en: "Rubber" },
  [ANYTHING]: { vi: "Mọi mặt hàng", en: "Any goods" },
};
const QUOTA: Words = { vi: "Hạn mức (kg)", en: "Quota (kg)" };
const QUOTA_HINT: Words = {
  vi: "Mỗi ki-lô-gam chỉ dùng được một lần.",
  en: "Each kilogram can be spent once.",
};
const AREA: Words = { vi: "Vùng (mã ISO)", en: "Area (ISO code)" };
const ANY_AREA: Words = {
  vi: "Để trống: vùng nào cũng được. VN-58 là Bình Phước (cũ).",
  en: "Empty: any area. VN-58 is the former Bình Phước.",
};
const UNKNOWN_AREA: Words = {
  vi: "Không có vùng nào mang mã này. Ví dụ: VN-58, hoặc để trống.",
  en: "There is no area of this code. For example VN-58, or nothing at all.",
};
const again = ({ from, until }: CertificateInfo): Words => {
  const days = (language: Language) =>
    [from, until].map((time) => formatDay(time * 1000, language)).join(" – ");
  return {
    vi: `Bạn đã cấp số này một lần: ${days("vi")}. Cấp thêm là thêm một hạn mức.`,
    en: `You have issued this number before: ${days("en")}. Another one adds another quota.`,
  };
};
const areaHint = (code: string): Words => (code === "" ? ANY_AREA : areaName(code));
const PERIOD: Readonly<Record<"from" | "until", Words>> = {
  from: { vi: "Từ ngày", en: "From" },
  until: { vi: "Đến ngày", en: "Until" },
};
const SIGN: Words = { vi: "Ký cấp", en: "Sign and issue" };
const ENTER_HOLDER: Words = {
  vi: "Xin chọn bên được cấp và nhập số.",
  en: "Please choose the holder and enter a number.",
};
const ENTER_QUOTA: Words = { vi: "Xin nhập hạn mức.", en: "Please enter the quota." };
const BAD_PERIOD: Words = {
  vi: "Ngày kết thúc phải sau ngày bắt đầu.",
  en: "It must end after it starts.",
};
