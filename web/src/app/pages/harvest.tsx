import { useState } from "preact/hooks";

import { areaName } from "../../../../gateway/core/areas.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import type { CertificateInfo } from "../api.ts";
import { dayOf, secondsOn } from "../clock.ts";
import { formatDay, useLanguage, useSay } from "../language.ts";
import { formatMass, parseKilograms } from "../numbers.ts";
import { Choice } from "../parts/choices.tsx";
import { MassField, TextField } from "../parts/fields.tsx";
import { doneOn, memoOf, SignForm, useInitial, type PageProps } from "../parts/form.tsx";
import { isFor, useCertificates } from "../parts/lots.tsx";
import { Notice } from "../parts/notice.tsx";
import { CROPS, newLot } from "../products.ts";

type Values = {
  readonly crop: string; // GTIN
  readonly plot: string; // certificate URI
  readonly mass: string;
  readonly memo: string;
  readonly day: string; // yyyy-mm-dd
};

/** The farmer's one job: a harvest lot. Crop and plot stand as they were last time. */
export function HarvestPage(props: PageProps) {
  const initial = useInitial<Values>(props);
  const { value: certificates, failure } = useCertificates(props.session);
  const say = useSay();
  if (initial === undefined || (certificates === undefined && failure === undefined)) return null;
  const plots = plotsOf(certificates ?? []);
  if (plots.length === 0) return <Notice kind="tell">{say(NO_PLOT)}</Notice>;
  return <HarvestForm {...props} initial={initial} plots={plots} />;
}

/** Growing-area codes that can be drawn on now. */
export const plotsOf = (certificates: readonly CertificateInfo[]): readonly CertificateInfo[] =>
  certificates.filter(
    ({ scheme, revoked, until }) =>
      scheme === "growingArea" && revoked === 0 && until * 1000 > Date.now(),
  );

function HarvestForm(
  props: PageProps & {
    readonly initial: Partial<Values>;
    readonly plots: readonly CertificateInfo[];
  },
) {
  const { session, initial, plots } = props;
  const [say, language] = [useSay(), useLanguage()];
  const crops = CROPS.filter(({ gtin }) => plots.some((plot) => isFor(plot, gtin)));
  const [wanted, setCrop] = useState(initial.crop);
  const { gtin: crop = "" } = crops.find(({ gtin }) => gtin === wanted) ?? crops[0] ?? {};
  const [plotUri, setPlot] = useState(initial.plot ?? plots[0]?.uri ?? "");
  const [mass, setMass] = useState(initial.mass ?? "");
  const [memo, setMemo] = useState(initial.memo ?? "");
  const today = dayOf(Date.now());
  const [day, setDay] = useState(initial.day ?? today);
  const growing = plots.filter((plot) => isFor(plot, crop));
  const plot = growing.find(({ uri }) => uri === plotUri) ?? growing[0];
  const grams = parseKilograms(mass, language);
  const left = plot === undefined ? 0 : plot.quota - plot.spent;
  const over = grams !== undefined && grams > left;

  const build = () => {
    const product = CROPS.find(({ gtin }) => gtin === crop);
    if (grams === undefined || product === undefined || !plot?.uri) return ENTER_MASS;
    if (over) return OVER;
    if (!(secondsOn(day) <= secondsOn(today))) return STILL_TO_COME;
    if (secondsOn(day) < plot.from) return BEFORE_CODE;
    const lot = newLot(product);
    const place = { uri: plot.uri, name: nameOfPlot(plot) };
    return {
      plan: doneOn(day, {
        kind: "harvest",
        lot,
        mass: grams,
        product: product.name,
        plot: plot.uri,
        place,
        ...memoOf(memo),
      }),
      title: { vi: `Thu hoạch ${product.name.vi}`, en: `Harvest: ${product.name.en}` },
      detail: detailOf(grams, lot.split("/").at(-1) ?? ""),
      values: { crop, plot: plot.uri, mass, memo, day } satisfies Values,
      remember: { crop, plot: plot.uri },
    } as const;
  };

  return (
    <SignForm {...props} title={TITLE} button={SAVE} build={build}>
      <Choice
        label={CROP}
        value={crop}
        onValue={setCrop}
        options={crops.map(({ gtin, name, icon }) => ({ value: gtin, name: say(name), icon }))}
      />
      <Choice
        label={PLOT}
        value={plot?.uri ?? ""}
        onValue={setPlot}
        options={growing.map((plot) => ({
          value: plot.uri ?? "",
          name: say(nameOfPlot(plot)),
          more: (
            <>
              {plot.area !== null && `${say(areaName(plot.area))} · `}
              {say(LEFT)} {formatMass(plot.quota - plot.spent, language)}
            </>
          ),
        }))}
      />
      <MassField label={MASS} value={mass} onValue={setMass} trouble={over ? OVER : undefined} />
      <details>
        <summary>{say(MEMO)}</summary>
        <TextField label={MEMO} value={memo} onValue={setMemo} />
      </details>
      <details>
        <summary>
          {day === today && `${say(TODAY)} `}
          {day !== "" && formatDay(secondsOn(day) * 1000, language)} · {say(session.party.name)}
        </summary>
        <TextField label={DAY} hint={DAY_HINT} type="date" value={day} onValue={setDay} />
      </details>
    </SignForm>
  );
}

const nameOfPlot = ({ number }: CertificateInfo): Words => ({
  vi: `Vườn ${number ?? ""}`,
  en: `Plot ${number ?? ""}`,
});

/** Mass and lot number, in both languages. */
export const detailOf = (grams: number, lot: string): Words => ({
  vi: `${formatMass(grams, "vi")} · ${lot}`,
  en: `${formatMass(grams, "en")} · ${lot}`,
});

const TITLE: Words = { vi: "Ghi lô thu hoạch", en: "Register a harvest" };
const CROP: Words = { vi: "Thu hoạch gì?", en: "What was harvested?" };
const PLOT: Words = { vi: "Ở vườn nào?", en: "From which plot?" };
const LEFT: Words = { vi: "Còn được", en: "Still allowed:" };
const MASS: Words = { vi: "Cân nặng (kg)", en: "Weight (kg)" };
const OVER: Words = {
  vi: "Nhiều hơn hạn mức còn lại của vườn này. Xem lại số cân hoặc chọn vườn khác.",
  en: "More than this plot's code still allows. Check the weight or choose another plot.",
};
const MEMO: Words = { vi: "Ghi thêm (không bắt buộc)", en: "A remark (optional)" };
const TODAY: Words = { vi: "Hôm nay,", en: "Today," };
const DAY: Words = { vi: "Thu hoạch ngày nào?", en: "Harvested on which day?" };
const DAY_HINT: Words = {
  vi: "Người xem thấy cả ngày này và ngày ghi lên chuỗi khối.",
  en: "Readers see both this day and the day the chain recorded it.",
};
const STILL_TO_COME: Words = {
  vi: "Ngày thu hoạch chưa tới. Xin xem lại.",
  en: "This day of harvest is still to come. Please check it.",
};
const BEFORE_CODE: Words = {
  vi: "Ngày đó vườn này chưa có mã số vùng trồng. Xin xem lại ngày hoặc chọn vườn khác.",
  en: "This plot's code was not valid yet on that day. Check the day or choose another plot.",
};
const SAVE: Words = { vi: "Lưu", en: "Save" };
const ENTER_MASS: Words = { vi: "Xin nhập cân nặng.", en: "Please enter the weight." };
const NO_PLOT: Words = {
  vi: "Bạn chưa có mã số vùng trồng còn hạn. Xin tổ chức chứng nhận cấp mã.",
  en: "You hold no valid growing-area code. Ask the certifier for one.",
};
