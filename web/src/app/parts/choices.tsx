import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

import type { Words } from "../../../../gateway/core/recording.ts";
import type { IconName } from "../icons.ts";
import { useSay } from "../language.ts";
import type { Labelled } from "./fields.tsx";
import { Icon } from "./icon.tsx";

export type Option = {
  readonly value: string;
  readonly name: ComponentChildren;
  readonly icon?: IconName | undefined;
  readonly more?: ComponentChildren;
  readonly disabled?: boolean;
};

/** A few things of which one is chosen, as large as a finger. */
export function Choice(
  props: Labelled & {
    readonly value: string;
    readonly onValue: (value: string) => void;
    readonly options: readonly Option[];
  },
) {
  const [say, name] = [useSay(), useId()];
  return (
    <fieldset class="field">
      <legend>{say(props.label)}</legend>
      <div class="choices">
        {props.options.map(({ value, name: shown, icon, more, disabled = false }) => (
          <label key={value} class="choice">
            <input
              type="radio"
              {...{ name, value, disabled }}
              checked={value === props.value}
              onChange={() => props.onValue(value)}
            />
            {icon !== undefined && <Icon name={icon} />}
            <span>
              <b>{shown}</b>
              {more !== undefined && <small>{more}</small>}
            </span>
          </label>
        ))}
      </div>
      <p class="hint">{props.hint && say(props.hint)}</p>
    </fieldset>
  );
}

/** One of many. */
export function SelectField(
  props: Labelled & {
    readonly value: string;
    readonly onValue: (value: string) => void;
    readonly options: readonly { readonly value: string; readonly name: string }[];
  },
) {
  const [say, id] = [useSay(), useId()];
  return (
    <div class="field">
      <label for={id}>{say(props.label)}</label>
      <select
        id={id}
        value={props.value}
        onChange={(event) => props.onValue(event.currentTarget.value)}
      >
        <option value="">{say(CHOOSE)}</option>
        {props.options.map(({ value, name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
      <p class="hint">{props.hint && say(props.hint)}</p>
    </div>
  );
}

const CHOOSE: Words = { vi: "Xin chọn…", en: "Please choose…" };
