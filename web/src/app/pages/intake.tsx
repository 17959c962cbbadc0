import { useState } from "preact/hooks";

import { areaName } from "../../../../gateway/core/areas.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import { useLanguage, useSay } from "../language.ts";
import { parseKilograms } from "../numbers.ts";
import { Choice, SelectField } from "../parts/choices.tsx";
import { MassField, TextField } from "../parts/fields.tsx";
import { doneNow, memoOf, SignForm, useInitial, type PageProps } from "../parts/form.tsx";
import { partyPlace } from "../places.ts";
import { CROPS, MADE, newLot } from "../products.ts";
import { detailOf } from "./harvest.tsx";

type Values = {
  readonly product: string;
  readonly mass: string;
  readonly area: string;
  readonly memo: string;
};

const PRODUCTS = [...CROPS, ...MADE];
/** Where nuts, pepper and rubber are bought from; ISO 3166-1. */
const COUNTRIES = ["KH", "CI", "GH", "TZ", "NG", "ID", "LA", "BR", "IN", "VN"] as const;

/** Goods from outside, with the country that their papers declare. */
export function IntakePage(props: PageProps) {
  const initial = useInitial<Values>(props);
  return initial === undefined ? null : <IntakeForm {...props} initial={initial} />;
}

function IntakeForm(props: PageProps & { readonly initial: Partial<Values> }) {
  const { session, initial } = props;
  const [say, language] = [useSay(), useLanguage()];
  const [product, setProduct] = useState(initial.product ?? CROPS[0]?.gtin ?? "");
  const [mass, setMass] = useState(initial.mass ?? "");
  const [area, setArea] = useState(initial.area ?? "");
  const [memo, setMemo] = useState(initial.memo ?? "");
  const countries = new Intl.DisplayNames([language], { type: "region" });
  const build = () => {
    const [grams, made] = [
      parseKilograms(mass, language),
      PRODUCTS.find((p) => p.gtin === product),
    ];
    if (area === "") return ENTER_COUNTRY;
    if (grams === undefined || made === undefined) return ENTER_MASS;
    const lot = newLot(made);
    return {
      plan: doneNow({
        kind: "intake",
        lot,
        mass: grams,
        product: made.name,
        area,
        place: partyPlace(session),
        ...memoOf(memo),
      }),
      title: {
        vi: `Nhập ${made.name.vi} (${areaName(area).vi})`,
        en: `Intake: ${made.name.en} (${areaName(area).en})`,
      },
      detail: detailOf(grams, lot.split("/").at(-1) ?? ""),
      values: { product, mass, area, memo } satisfies Values,
      remember: { product, area },
    } as const;
  };
  return (
    <SignForm {...props} title={TITLE} button={SAVE} build={build}>
      <Choice
        label={PRODUCT}
        value={product}
        onValue={setProduct}
        options={PRODUCTS.slice(0, 4).map(({ gtin, name, icon }) => ({
          value: gtin,
          name: say(name),
          icon,
        }))}
      />
      <SelectField
        label={COUNTRY}
        hint={DECLARED}
        value={area}
        onValue={setArea}
        options={COUNTRIES.map((code) => ({ value: code, name: countries.of(code) ?? code }))}
      />
      <MassField label={MASS} value={mass} onValue={setMass} />
      <TextField label={PAPERS} value={memo} onValue={setMemo} />
    </SignForm>
  );
}

const TITLE: Words = { vi: "Nhập hàng từ ngoài", en: "Take in goods from outside" };
const PRODUCT: Words = { vi: "Hàng gì?", en: "What is it?" };
const COUNTRY: Words = { vi: "Xuất xứ khai báo", en: "Declared origin" };
const DECLARED: Words = {
  vi: "Theo giấy tờ của lô hàng. Hàng nhập luôn hiện rõ là hàng nhập.",
  en: "As its papers say. What came from outside always shows as such.",
};
const MASS: Words = { vi: "Cân nặng (kg)", en: "Weight (kg)" };
const PAPERS: Words = { vi: "Số tờ khai, hóa đơn (tham chiếu)", en: "Papers (for reference)" };
const SAVE: Words = { vi: "Ký nhập", en: "Sign the intake" };
const ENTER_COUNTRY: Words = { vi: "Xin chọn nước xuất xứ.", en: "Please choose the origin." };
const ENTER_MASS: Words = { vi: "Xin nhập cân nặng.", en: "Please enter the weight." };
