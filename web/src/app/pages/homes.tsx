import type { Hex } from "../../../../gateway/core/bytes.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import { useAgents } from "../agents.ts";
import type { LotInfo } from "../api.ts";
import { useLanguage, useSay } from "../language.ts";
import { formatMass } from "../numbers.ts";
import { Unsent } from "../parts/entries.tsx";
import type { PageProps } from "../parts/form.tsx";
import { LotList, lotState, useCertificates, useLots } from "../parts/lots.tsx";
import type { IconName } from "../icons.ts";
import { Failure } from "../parts/notice.tsx";
import { Tiles, type Tile } from "../parts/tiles.tsx";
import { schemeName } from "../schemes.ts";

/** The farmer's start: one large button, the lots, and what the plots still allow. */
export const FarmerHome = (props: PageProps) => (
  <div class="columns">
    <FarmerTiles {...props} />
    <MyLots {...props} />
    <Rights {...props} />
  </div>
);

/** Who was allowed to record for a neighbour finds them here; nobody else is asked to think of it. */
function FarmerTiles({ session }: PageProps) {
  const { principals } = useAgents(session);
  return <Tiles tiles={principals.length > 0 ? [...FARMER, FOR_OTHERS] : FARMER} />;
}

/** The processor's start. */
export const ProcessorHome = (props: PageProps) => (
  <div class="columns">
    <Tiles tiles={PROCESSOR} />
    <MyLots {...props} />
    <Rights {...props} />
  </div>
);

export function MyLots({ session }: PageProps) {
  const say = useSay();
  const { value: lots, failure } = useLots(session);
  const { id } = session.party;
  const acts = session.agent !== undefined;
  const whose = { party: id, ...(acts && { principal: id }) };
  return (
    <section>
      <Unsent session={session} />
      {!acts && <Offered lots={lots ?? []} party={id} />}
      <h2>{say(acts ? THEIR_LOTS : MY_LOTS)}</h2>
      <Failure of={failure} />
      {lots && <LotList lots={apartFromOffered(lots, id)} {...whose} empty={NO_LOTS} />}
    </section>
  );
}

/** A party's lots without those that it was offered. */
export const apartFromOffered = (lots: readonly LotInfo[], party: Hex): readonly LotInfo[] =>
  lots.filter((lot) => lotState(lot, party) !== "offered");

/** What others have signed over and this party has not taken yet. */
export function Offered({ lots, party }: { lots: readonly LotInfo[]; party: Hex }) {
  const say = useSay();
  const offered = lots.filter((lot) => lotState(lot, party) === "offered");
  if (offered.length === 0) return null;
  return (
    <>
      <h2>{say(OFFERED)}</h2>
      <LotList lots={offered} party={party} empty={NO_LOTS} />
    </>
  );
}

/** What the party may still draw on or spend. */
export function Rights({ session }: PageProps) {
  const [say, language] = [useSay(), useLanguage()];
  const rights = (useCertificates(session).value ?? []).filter(
    ({ holder, revoked }) => holder === session.party.id && revoked === 0,
  );
  if (rights.length === 0) return null;
  return (
    <section>
      <h2>{say(session.agent === undefined ? RIGHTS : THEIR_RIGHTS)}</h2>
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

export const tile = (page: string, icon: IconName, vi: string, en: string): Tile => ({
  page,
  icon,
  words: { vi, en },
});
export const TAKE = tile("take", "take", "Nhận lô", "Take over");
const FARMER: readonly Tile[] = [
  tile("harvest", "plus", "Ghi lô thu hoạch", "Register a harvest"),
  tile("agent", "hand", "Nhờ người ghi hộ", "Let somebody record for me"),
];
export const FOR_OTHERS = tile("for", "people", "Ghi hộ người khác", "Record for others");
const PROCESSOR: readonly Tile[] = [
  TAKE,
  tile("process", "gear", "Chế biến", "Process"),
  tile("intake", "globe", "Nhập hàng ngoài", "Goods from outside"),
  tile("note", "pen", "Phơi sấy, lưu kho", "Drying, storing"),
  tile("certify", "seal", "Gắn chứng nhận", "Certify"),
];
const OFFERED: Words = { vi: "Chờ bạn nhận", en: "Waiting for you" };
const MY_LOTS: Words = { vi: "Lô của tôi", en: "My lots" };
const THEIR_LOTS: Words = { vi: "Lô của hộ này", en: "Their lots" };
export const NO_LOTS: Words = { vi: "Chưa có lô nào.", en: "No lots yet." };
const RIGHTS: Words = { vi: "Mã số và quyền của tôi", en: "My codes and rights" };
const THEIR_RIGHTS: Words = { vi: "Mã số của hộ này", en: "Their codes" };
const LEFT: Words = { vi: "Còn", en: "Left:" };
