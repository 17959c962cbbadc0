import { useId } from "preact/hooks";

import type { Words } from "../../../../gateway/core/recording.ts";
import { useLanguage, useSay } from "../language.ts";
import { formatMass, massInWords, parseKilograms } from "../numbers.ts";

/** What every field says of itself. */
export type Labelled = { readonly label: Words; readonly hint?: Words | undefined };

/** A line of text. */
export function TextField(
  props: Labelled & {
    readonly value: string;
    readonly onValue: (value: string) => void;
    readonly type?: "text" | "date" | "number";
    readonly required?: boolean;
    readonly placeholder?: string;
  },
) {
  const [say, id] = [useSay(), useId()];
  const { label, hint, value, onValue, type = "text", required = false, placeholder } = props;
  return (
    <div class="field">
      <label for={id}>{say(label)}</label>
      <input
        {...{ id, value, required, placeholder }}
        type={type as "text"} // Preact types each kind of input apart
        aria-describedby={`${id}-hint`}
        autocomplete="off"
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      <p class="hint" id={`${id}-hint`}>
        {hint && say(hint)}
      </p>
    </div>
  );
}

/** A mass in kilograms as it is typed here, said back in words so that a slip is seen. `trouble` comes from the form. */
export function MassField(
  props: Labelled & {
    readonly value: string;
    readonly onValue: (value: string) => void;
    readonly trouble?: Words | undefined;
  },
) {
  const [say, language, id] = [useSay(), useLanguage(), useId()];
  const { label, hint, value, onValue, trouble } = props;
  const grams = parseKilograms(value, language);
  const wrong = value.trim() !== "" && (grams === undefined ? NOT_A_MASS : trouble);
  return (
    <div class="field">
      <label for={id}>{say(label)}</label>
      <div class="with-unit">
        <input
          {...{ id, value }}
          inputMode="decimal"
          autocomplete="off"
          aria-describedby={`${id}-echo`}
          aria-invalid={wrong ? true : undefined}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
        <span aria-hidden="true">kg</span>
      </div>
      <p class="hint" id={`${id}-echo`} aria-live="polite">
        {grams === undefined ? (
          !wrong && hint && say(hint)
        ) : (
          <>
            <strong>{formatMass(grams, language)}</strong> · {massInWords(grams, language)}
          </>
        )}
        {wrong && <em>{say(wrong)}</em>}
      </p>
    </div>
  );
}

const NOT_A_MASS: Words = {
  vi: "Chưa đọc được số này. Ví dụ: 1.250 hoặc 12,5",
  en: "This is not a number we can read. For example: 1,250 or 12.5",
};
