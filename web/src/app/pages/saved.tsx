import type { Words } from "../../../../gateway/core/recording.ts";
import type { StoredEntry } from "../entry.ts";
import { useLanguage, useSay } from "../language.ts";
import { EntryCard } from "../parts/entries.tsx";
import type { PageProps } from "../parts/form.tsx";
import { lotPathOf } from "../parts/lots.tsx";
import { Qr } from "../parts/qr.tsx";
import { linkTo } from "../route.ts";

/** After signing: it is safe on this device, where it is on its way, and the codes of the lots that it made. */
export function SavedPage(props: PageProps & { readonly entries: readonly StoredEntry[] }) {
  const [say, language] = [useSay(), useLanguage()];
  const entry = props.entries.find(({ id }) => String(id) === props.route.params.get("entry"));
  if (entry === undefined) return <p class="empty">{say(GONE)}</p>;
  return (
    <section class="narrow">
      {entry.state !== "review" && (
        <div class="done">
          <span aria-hidden="true">✓</span>
          <h1>{say(SAVED)}</h1>
        </div>
      )}
      <EntryCard session={props.session} entry={entry} />
      {entry.state !== "review" &&
        madeBy(entry).map((uri) => (
          <figure key={uri} class="card centre">
            <Qr text={location.origin + lotPathOf(uri)} label={say(QR)} />
            <figcaption>
              <b class="number">{uri.split("/").at(-1)}</b>
              <span class="quiet">{say(WRITE_ON_SACK)}</span>
              {entry.confirmed && (
                <a class="button" href={`${lotPathOf(uri)}?lang=${language}`}>
                  {say(LOT_PAGE)}
                </a>
              )}
            </figcaption>
          </figure>
        ))}
      <div class="buttons">
        {entry.origin && STANDS_ALONE.has(entry.origin.page) && (
          <a class="button" href={linkTo(entry.origin.page, { for: entry.inNameOf?.id })}>
            {say(ANOTHER)}
          </a>
        )}
        {entry.inNameOf && (
          <a class="button" href={linkTo("for", { for: entry.inNameOf.id })}>
            {say(entry.inNameOf.name)}
          </a>
        )}
        <a class="button" href="#/">
          {say(HOME)}
        </a>
      </div>
    </section>
  );
}

/** Forms that begin with nothing chosen. */
const STANDS_ALONE: ReadonlySet<string> = new Set(
  "harvest intake process take note certify grant device".split(" "),
);

/** URIs of the lots that an entry makes. */
function madeBy({ plan }: StoredEntry): readonly string[] {
  if (plan.name !== "Operation") return [];
  const { intent } = plan;
  if (intent.kind === "harvest" || intent.kind === "intake") return [intent.lot];
  return intent.kind === "process" ? intent.outputs.map(({ lot }) => lot) : [];
}

const SAVED: Words = { vi: "Đã lưu trên máy", en: "Saved on this device" };
const QR: Words = { vi: "Mã QR của lô", en: "The lot's QR code" };
const WRITE_ON_SACK: Words = {
  vi: "Ghi số này lên bao, hoặc dán mã QR.",
  en: "Write this number on the sack, or stick the code on it.",
};
const LOT_PAGE: Words = { vi: "Xem trang của lô", en: "See the lot's page" };
const ANOTHER: Words = { vi: "Ghi thêm", en: "Record another" };
const HOME: Words = { vi: "Về trang chính", en: "Back to the start" };
const GONE: Words = { vi: "Mục này không còn trên máy.", en: "This entry is no longer here." };
