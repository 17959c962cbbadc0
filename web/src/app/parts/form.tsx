import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { Intent, Words } from "../../../../gateway/core/recording.ts";
import type { Plan } from "../entry.ts";
import { nowSeconds, secondsOn } from "../clock.ts";
import { useSay } from "../language.ts";
import { keep, kept } from "../kept.ts";
import { entryOf, record, type Wanted } from "../outbox.ts";
import { goTo, linkTo, type Route } from "../route.ts";
import type { Session } from "../session.ts";
import { Notice } from "./notice.tsx";

/** What every page of a person gets. */
export type PageProps = { readonly session: Session; readonly route: Route };
export type Page = (props: PageProps) => preact.JSX.Element | null;

const remembered = ({ person, party, agent }: Session, page: string): string =>
  `last ${page} of ${person}${agent === undefined ? "" : ` for ${party.id}`}`;

/** `for` of the address: in whose name, when it is another's. */
export const principalOf = ({ agent, party }: Session): { readonly for?: string } =>
  agent === undefined ? {} : { for: party.id };

/**
 * What a form starts from: the entry that is corrected (`?fix=`), or what was entered last time, or nothing.
 * Undefined until that is known.
 */
export function useInitial<T>({ session, route }: PageProps): Partial<T> | undefined {
  const [initial, setInitial] = useState<Partial<T>>();
  const fix = route.params.get("fix");
  useEffect(() => {
    const read = async (): Promise<Partial<T>> => {
      const entry = fix === null ? undefined : await entryOf(Number(fix));
      if (entry?.origin) return entry.origin.values as T;
      return (await kept<Partial<T>>(remembered(session, route.page))) ?? {};
    };
    void read().then(setInitial);
    // oxlint-disable-next-line exhaustive-deps -- of the session, whose book it is
  }, [fix, route.page, session.person, session.party.id]);
  return initial;
}

/** What a form hands in, and what to prefill next time. */
export type Submitted = Omit<Wanted, "origin"> & {
  readonly values: unknown;
  readonly remember?: unknown;
  /** What must be on the chain before it, signed first. */
  readonly before?: Wanted | readonly Wanted[];
};

/** A form that signs: `build` gives what to record, or why it cannot be recorded yet. */
export function SignForm(
  props: PageProps & {
    readonly build: () => Submitted | Words;
    readonly button: Words;
    readonly title: Words;
    readonly children: ComponentChildren;
  },
) {
  const say = useSay();
  const { session, route, build, button, title, children } = props;
  const [trouble, setTrouble] = useState<Words>();
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    const built = build();
    if (!("plan" in built)) return setTrouble(built);
    setBusy(true);
    try {
      await store(built);
    } catch (failure) {
      setTrouble(notStored(String(failure))); // a number may be lost by it, never used twice
    } finally {
      setBusy(false);
    }
  };
  const store = async ({ values, remember, before, ...wanted }: Submitted) => {
    const fix = route.params.get("fix");
    const { page } = route;
    const replacing = fix === null ? undefined : Number(fix);
    if (before !== undefined && fix === null)
      for (const one of [before].flat()) await record(session, one);
    const entry = await record(session, { ...wanted, origin: { page, values } }, replacing);
    if (remember !== undefined) await keep(remembered(session, page), remember);
    goTo(linkTo("saved", { entry: String(entry.id), ...principalOf(session) }));
  };
  return (
    <form
      class="sheet"
      noValidate
      onInput={() => setTrouble(undefined)} // what was wrong may be right by now
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h1>{say(title)}</h1>
      {children}
      {trouble && <Notice kind="bad">{say(trouble)}</Notice>}
      <button type="submit" class="primary" disabled={busy}>
        {say(button)}
      </button>
    </form>
  );
}

const notStored = (why: string): Words => ({
  vi: `Điện thoại chưa lưu được bản ghi này. Hãy xóa bớt ảnh hoặc ứng dụng để có chỗ trống, rồi bấm lại. (${why})`,
  en: `This device could not store the entry. Free some space on it, then tap again. (${why})`,
});

/** An operation that was done just now. */
export const doneNow = (intent: Intent): Plan => ({
  name: "Operation",
  time: nowSeconds(),
  intent,
});

/** An operation that was done on a day (yyyy-mm-dd) of Viet Nam. */
export const doneOn = (day: string, intent: Intent): Plan => ({
  name: "Operation",
  time: secondsOn(day),
  intent,
});

/** A remark for an intent, when there is one. */
export const memoOf = (text: string): { readonly memo?: string } =>
  text.trim() === "" ? {} : { memo: text.trim() };
