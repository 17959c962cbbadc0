import { useState } from "preact/hooks";

import { parseLotUri } from "../../../../gateway/core/identifiers.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import type { LotInfo } from "../api.ts";
import { balanceOf } from "../balance.ts";
import { useLanguage, useSay } from "../language.ts";
import { kilogramsText, parseKilograms } from "../numbers.ts";
import { TextField } from "../parts/fields.tsx";
import { doneNow, memoOf, SignForm, useInitial, type PageProps } from "../parts/form.tsx";
import { Inputs, NOT_SO_MUCH, Outputs, type Line } from "../parts/lines.tsx";
import { usable, useLots } from "../parts/lots.tsx";
import { Failure, Notice } from "../parts/notice.tsx";
import { RecallNotice } from "../parts/recalls.tsx";
import { partyPlace } from "../places.ts";
import { cropOf, CROPS, MADE, newLot, PACKED } from "../products.ts";

type Values = {
  readonly inputs: readonly Line[];
  readonly outputs: readonly Line[];
  readonly memo: string;
};

/** Lots go in, lots come out, and the balance is said while it is typed. Packing is the same with boxes. */
export function ProcessPage(props: PageProps) {
  const initial = useInitial<Values>(props);
  const { value: lots, failure } = useLots(props.session);
  if (initial === undefined || lots === undefined) return <Failure of={failure} />;
  const held = lots.filter((lot) => usable(lot, props.session.party.id) && lot.uri !== null);
  return <ProcessForm {...props} initial={initial} lots={held} />;
}

function ProcessForm(
  props: PageProps & { readonly initial: Partial<Values>; readonly lots: readonly LotInfo[] },
) {
  const { session, route, initial, lots } = props;
  const [say, language] = [useSay(), useLanguage()];
  const packs = session.person === "exporter";
  const products = packs ? [...PACKED, ...MADE] : [...MADE, ...PACKED, ...CROPS];
  const first = lots.find(({ lot }) => lot === route.params.get("lot"));
  const [inputs, setInputs] = useState<readonly Line[]>(
    initial.inputs ?? (first ? [{ of: first.lot, mass: kilogramsText(first.mass, language) }] : []),
  );
  const [outputs, setOutputs] = useState<readonly Line[]>(
    initial.outputs ?? [{ of: products[0]?.gtin ?? "", mass: "" }],
  );
  const [memo, setMemo] = useState(initial.memo ?? "");

  const grams = ({ mass }: Line) => parseKilograms(mass, language);
  const drawn = inputs.flatMap((line) => {
    const lot = lots.find(({ lot }) => lot === line.of);
    return lot?.uri == null ? [] : [{ lot: lot.uri, mass: grams(line) ?? 0, left: lot.mass }];
  });
  const made = outputs.flatMap((line) => {
    const product = products.find(({ gtin }) => gtin === line.of);
    return product === undefined ? [] : [{ product, mass: grams(line) ?? 0 }];
  });
  const weighed = made.filter(({ mass }) => mass > 0);
  const balance = balanceOf(
    drawn.map(({ mass }) => mass),
    weighed.map(({ product, mass }) => ({ name: product.name, mass })),
  );

  // Nobody makes bags of cashew from latex; of goods that this app does not know, it says nothing.
  const crops = new Set(drawn.map(({ lot }) => cropOf(parseLotUri(lot).gtin)));
  const stranger = crops.has(undefined)
    ? undefined
    : made.find(({ product }) => !crops.has(product.crop));

  const build = () => {
    if (drawn.length === 0) return CHOOSE_INPUT;
    if (made.length === 0 || [...drawn, ...made].some(({ mass }) => mass === 0)) return ENTER_MASS;
    if (stranger !== undefined) return notOf(stranger.product.name);
    if (balance.loss < 0) return OVER;
    if (drawn.some(({ mass, left }) => mass > left)) return NOT_SO_MUCH;
    const lots = made.map(({ product, mass }) => ({
      lot: newLot(product),
      mass,
      product: product.name,
    }));
    return {
      plan: doneNow({
        kind: "process",
        inputs: drawn.map(({ lot, mass }) => ({ lot, mass })),
        outputs: lots,
        place: partyPlace(session),
        ...memoOf(memo),
      }),
      title: packs ? PACK : TITLE,
      detail: balance.words,
      values: { inputs, outputs, memo } satisfies Values,
    } as const;
  };

  return (
    <SignForm {...props} title={packs ? PACK : TITLE} button={SIGN} build={build}>
      {balance.input > 0 && (
        <div class="balance">
          <Notice kind={balance.loss < 0 ? "bad" : "tell"}>{say(balance.words)}</Notice>
        </div>
      )}
      <Inputs lots={lots} lines={inputs} onLines={setInputs} />
      <RecallNotice lots={lots.filter(({ lot }) => inputs.some(({ of }) => of === lot))} />
      <Outputs products={products} lines={outputs} onLines={setOutputs} />
      <TextField label={MEMO} value={memo} onValue={setMemo} />
    </SignForm>
  );
}

const TITLE: Words = { vi: "Chế biến", en: "Process" };
const PACK: Words = { vi: "Đóng hàng xuất", en: "Pack a consignment" };
const MEMO: Words = { vi: "Ghi thêm (không bắt buộc)", en: "A remark (optional)" };
const SIGN: Words = { vi: "Ký và lưu", en: "Sign and save" };
const CHOOSE_INPUT: Words = {
  vi: "Xin chọn ít nhất một lô đưa vào.",
  en: "Please choose a lot that goes in.",
};
const ENTER_MASS: Words = {
  vi: "Còn dòng chưa có sản phẩm hoặc cân nặng.",
  en: "A line still lacks its product or its weight.",
};
const notOf = ({ vi, en }: Words): Words => ({
  vi: `Trong những lô đưa vào không có gì làm ra "${vi}". Xin xem lại sản phẩm.`,
  en: `Nothing that goes in makes "${en}". Please check the product.`,
});
const OVER: Words = {
  vi: "Ra không thể nhiều hơn vào. Xin xem lại số cân.",
  en: "No more can come out than went in. Please check the weights.",
};
