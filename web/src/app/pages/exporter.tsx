import type { Words } from "../../../../gateway/core/recording.ts";
import { useLanguage, useSay } from "../language.ts";
import { Unsent } from "../parts/entries.tsx";
import type { PageProps } from "../parts/form.tsx";
import { LotCard, lotPathOf, useLots } from "../parts/lots.tsx";
import { Failure } from "../parts/notice.tsx";
import { Tiles, type Tile } from "../parts/tiles.tsx";
import { apartFromOffered, NO_LOTS, Offered, Rights, TAKE, tile } from "./homes.tsx";

/** The exporter's start: consignments, each with its dossier and its one file. */
export const ExporterHome = (props: PageProps) => (
  <div class="columns">
    <Tiles tiles={EXPORTER} />
    <Consignments {...props} />
    <Rights {...props} />
  </div>
);

function Consignments({ session }: PageProps) {
  const [say, language] = [useSay(), useLanguage()];
  const { value: lots, failure } = useLots(session);
  const { id } = session.party;
  const own = apartFromOffered(lots ?? [], id).filter(({ uri }) => uri !== null);
  return (
    <section>
      <Unsent session={session} />
      <Offered lots={lots ?? []} party={id} />
      <h2>{say(CONSIGNMENTS)}</h2>
      <Failure of={failure} />
      {lots && own.length === 0 && <p class="empty">{say(NO_LOTS)}</p>}
      <ul class="cards plain">
        {own.map((lot) => (
          <li key={lot.lot}>
            <LotCard lot={lot} party={id} />
            <div class="buttons below">
              <a class="button" href={`/dossier${lotPathOf(lot.uri ?? "")}?lang=${language}`}>
                {say(OPEN)}
              </a>
              <a
                class="button"
                href={`/dossier${lotPathOf(lot.uri ?? "")}?lang=${language}&download=1`}
              >
                {say(ONE_FILE)}
              </a>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

const EXPORTER: readonly Tile[] = [
  tile("process", "box", "Đóng hàng xuất", "Pack a consignment"),
  TAKE,
  tile("note", "pen", "Ghi chú kho, vận chuyển", "Note: storing, transport"),
  tile("certify", "seal", "Gắn chứng nhận", "Certify"),
];
const CONSIGNMENTS: Words = { vi: "Lô hàng và hồ sơ", en: "Consignments and dossiers" };
const OPEN: Words = { vi: "Mở hồ sơ", en: "Open the dossier" };
const ONE_FILE: Words = { vi: "Tải một tệp", en: "As one file" };
