import type { Words } from "../../../../gateway/core/recording.ts";
import { useLanguage, useSay } from "../language.ts";
import { formatMass } from "../numbers.ts";
import type { PageProps } from "../parts/form.tsx";
import { LotList, lotPathOf, lotState, useCertificates, useLots } from "../parts/lots.tsx";
import type { IconName } from "../icons.ts";
import { Failure } from "../parts/notice.tsx";
import { Tiles, type Tile } from "../parts/tiles.tsx";
import { schemeName } from "../schemes.ts";

/** The farmer's start: one large button, the lots, and what the plots still allow. */
export const FarmerHome = (props: PageProps) => (
  <div class="columns">
    <Tiles tiles={FARMER} />
    <MyLots {...props} />
    <Rights {...props} />
  </div>
);

/** The processor's start. */
export const ProcessorHome = (props: PageProps) => (
  <div class="columns">
    <Tiles tiles={PROCESSOR} />
    <MyLots {...props} />
    <Rights {...props} />
  </div>
);

/** The exporter's start: consignments, each with its dossier. */
export const ExporterHome = (props: PageProps) => (
  <div class="columns">
    <Tiles tiles={EXPORTER} />
    <MyLots {...props} />
    <Dossiers {...props} />
  </div>
);

function MyLots({ session }: PageProps) {
  const say = useSay();
  const { value: lots, failure } = useLots(session);
  const { id } = session.party;
  const offered = (lots ?? []).filter((lot) => lotState(lot, id) === "offered");
  const others = (lots ?? []).filter((lot) => lotState(lot, id) !== "offered");
  return (
    <section>
      {offered.length > 0 && (
        <>
          <h2>{say(OFFERED)}</h2>
          <LotList lots={offered} party={id} empty={NO_LOTS} />
        </>
      )}
      <h2>{say(MY_LOTS)}</h2>
      <Failure of={failure} />
      {lots && <LotList lots={others} party={id} empty={NO_LOTS} />}
    </section>
  );
}

/** What the party may still draw on or spend. */
function Rights({ session }: PageProps) {
  const [say, language] = [useSay(), useLanguage()];
  const rights = (useCertificates(session).value ?? []).filter(
    ({ holder, revoked }) => holder === session.party.id && revoked === 0,
  );
  if (rights.length === 0) return null;
  return (
    <section>
      <h2>{say(RIGHTS)}</h2>
      <ul class="cards plain">
        {rights.map(({ certificate, scheme, number, quota, spent }) => (
          <li class="card right-card" key={certificate}>
            <div class="row">
              <b>{say(schemeName(scheme))}</b>
              <span class="number">{number}</span>
            </div>
            <meter min={0} max={quota} value={quota - spent} />
            <p class="quiet">
              {say(LEFT)} {formatMass(quota - spent, language)} / {formatMass(quota, language)}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Dossiers({ session }: PageProps) {
  const [say, language] = [useSay(), useLanguage()];
  const lots = (useLots(session).value ?? []).filter(
    (lot) => lot.uri !== null && lotState(lot, session.party.id) !== "offered",
  );
  if (lots.length === 0) return null;
  return (
    <section>
      <h2>{say(DOSSIERS)}</h2>
      <ul class="cards plain">
        {lots.map(({ lot, uri, product, mass }) => (
          <li class="card" key={lot}>
            <div class="row">
              <div>
                <b>{product && say(product)}</b>
                <span class="number">{uri?.split("/").at(-1)}</span>
              </div>
              <b>{formatMass(mass, language)}</b>
            </div>
            <div class="buttons">
              <a class="button" href={`/dossier${lotPathOf(uri ?? "")}?lang=${language}`}>
                {say(OPEN)}
              </a>
              <a class="button" href={`/bundle${lotPathOf(uri ?? "")}`} download>
                {say(ONE_FILE)}
              </a>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

const tile = (page: string, icon: IconName, vi: string, en: string): Tile => ({
  page,
  icon,
  words: { vi, en },
});
const TAKE = tile("take", "take", "Nhận lô", "Take over");
const FARMER: readonly Tile[] = [
  tile("harvest", "plus", "Ghi lô thu hoạch", "Register a harvest"),
  tile("agent", "hand", "Nhờ người ghi hộ", "Let somebody record for me"),
];
const PROCESSOR: readonly Tile[] = [
  TAKE,
  tile("process", "gear", "Chế biến", "Process"),
  tile("intake", "globe", "Nhập hàng ngoài", "Goods from outside"),
  tile("note", "pen", "Phơi sấy, lưu kho", "Drying, storing"),
  tile("certify", "seal", "Gắn chứng nhận", "Certify"),
];
const EXPORTER: readonly Tile[] = [
  tile("process", "box", "Đóng hàng xuất", "Pack a consignment"),
  TAKE,
  tile("note", "pen", "Ghi chú kho, vận chuyển", "Note: storing, transport"),
  tile("certify", "seal", "Gắn chứng nhận", "Certify"),
];
const OFFERED: Words = { vi: "Chờ bạn nhận", en: "Waiting for you" };
const MY_LOTS: Words = { vi: "Lô của tôi", en: "My lots" };
const NO_LOTS: Words = { vi: "Chưa có lô nào.", en: "No lots yet." };
const RIGHTS: Words = { vi: "Mã số và quyền của tôi", en: "My codes and rights" };
const LEFT: Words = { vi: "Còn", en: "Left:" };
const DOSSIERS: Words = { vi: "Hồ sơ lô hàng", en: "Dossiers" };
const OPEN: Words = { vi: "Mở hồ sơ", en: "Open the dossier" };
const ONE_FILE: Words = { vi: "Tải một tệp", en: "As one file" };
