import type { Words } from "../../../../gateway/core/recording.ts";
import type { LotInfo } from "../api.ts";
import { useLanguage, useSay } from "../language.ts";
import { formatMass, kilogramsText, parseKilograms } from "../numbers.ts";
import type { Product } from "../products.ts";
import { SelectField } from "./choices.tsx";
import { MassField } from "./fields.tsx";
import { lotNumberOf } from "./lots.tsx";
import { RecallBadge } from "./recalls.tsx";

/** A lot or product with the mass as it was typed. */
export type Line = { readonly of: string; readonly mass: string };

type LinesProps = {
  readonly lines: readonly Line[];
  readonly onLines: (lines: readonly Line[]) => void;
};

const changed = (lines: readonly Line[], at: number, what: Partial<Line>): readonly Line[] =>
  lines.map((line, i) => (i === at ? { ...line, ...what } : line));

/** The lots that go in: ticked, each with how much of it. `of` is the lot's id. */
export function Inputs(props: LinesProps & { readonly lots: readonly LotInfo[] }) {
  const [say, language] = [useSay(), useLanguage()];
  const { lots, lines, onLines } = props;
  const toggle = ({ lot, mass }: LotInfo) =>
    onLines(
      lines.some(({ of }) => of === lot)
        ? lines.filter(({ of }) => of !== lot)
        : [...lines, { of: lot, mass: kilogramsText(mass, language) }],
    );
  return (
    <fieldset class="field">
      <legend>{say(INPUTS)}</legend>
      {lots.length === 0 && <p class="empty">{say(NO_LOTS)}</p>}
      <div class="choices picks">
        {lots.map((lot) => {
          const at = lines.findIndex(({ of }) => of === lot.lot);
          const line = lines[at];
          const over = (parseKilograms(line?.mass ?? "", language) ?? 0) > lot.mass;
          return (
            <div key={lot.lot} class="pick">
              <label class="choice">
                <input type="checkbox" checked={at >= 0} onChange={() => toggle(lot)} />
                <span>
                  <b>{lot.product ? say(lot.product) : ""}</b>
                  <small>
                    <span class="number">{lotNumberOf(lot)}</span> ·{" "}
                    {formatMass(lot.mass, language)}
                  </small>
                  <RecallBadge lot={lot} />
                </span>
              </label>
              {line && (
                <MassField
                  label={TAKEN}
                  value={line.mass}
                  onValue={(mass) => onLines(changed(lines, at, { mass }))}
                  trouble={over ? NOT_SO_MUCH : undefined}
                />
              )}
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}

/** The products that come out, each with its mass. `of` is the product's GTIN. */
export function Outputs(props: LinesProps & { readonly products: readonly Product[] }) {
  const say = useSay();
  const { products, lines, onLines } = props;
  const next = products.find(({ gtin }) => !lines.some(({ of }) => of === gtin));
  return (
    <fieldset class="field">
      <legend>{say(OUTPUTS)}</legend>
      {lines.map((line, i) => (
        <div class="line" key={i}>
          <SelectField
            label={PRODUCT}
            value={line.of}
            onValue={(of) => onLines(changed(lines, i, { of }))}
            options={products.map(({ gtin, name }) => ({ value: gtin, name: say(name) }))}
          />
          <MassField
            label={MASS}
            value={line.mass}
            onValue={(mass) => onLines(changed(lines, i, { mass }))}
          />
          {lines.length > 1 && (
            <button
              type="button"
              class="plain"
              aria-label={`${say(LESS)} ${i + 1}`}
              onClick={() => onLines(lines.filter((_, at) => at !== i))}
            >
              ✕
            </button>
          )}
        </div>
      ))}
      <button type="button" onClick={() => onLines([...lines, { of: next?.gtin ?? "", mass: "" }])}>
        + {say(MORE)}
      </button>
    </fieldset>
  );
}

const INPUTS: Words = { vi: "Lô nào đưa vào?", en: "Which lots go in?" };
const NO_LOTS: Words = {
  vi: "Bạn chưa giữ lô nào. Hãy nhận lô trước.",
  en: "You hold no lot yet. Take one over first.",
};
const TAKEN: Words = { vi: "Đưa vào (kg)", en: "Taken from it (kg)" };
export const NOT_SO_MUCH: Words = {
  vi: "Lô này không còn chừng đó.",
  en: "This lot has not so much.",
};
const OUTPUTS: Words = { vi: "Ra được gì?", en: "What comes out?" };
const PRODUCT: Words = { vi: "Sản phẩm", en: "Product" };
const MASS: Words = { vi: "Cân nặng (kg)", en: "Weight (kg)" };
const MORE: Words = { vi: "Thêm sản phẩm", en: "One more product" };
const LESS: Words = { vi: "Bỏ dòng", en: "Remove line" };
