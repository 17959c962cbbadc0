import type { Hex } from "../../../../gateway/core/bytes.ts";
import { lotPath, parseLotUri } from "../../../../gateway/core/identifiers.ts";
import { idOf, type Words } from "../../../../gateway/core/recording.ts";
import type { CertificateInfo, LotInfo, PartyInfo } from "../api.ts";
import { useAnswer, type Known } from "../kept.ts";
import { useLanguage, useSay } from "../language.ts";
import { formatMass } from "../numbers.ts";
import { linkTo } from "../route.ts";
import type { Session } from "../session.ts";
import { RecallBadge } from "./recalls.tsx";

export const useLots = ({ party }: Session): Known<readonly LotInfo[]> =>
  useAnswer(`/api/parties/${party.id}/lots`);

export const useCertificates = ({ party }: Session): Known<readonly CertificateInfo[]> =>
  useAnswer(`/api/parties/${party.id}/certificates`);

/** Whether a certificate is for this product (GTIN). */
export const isFor = ({ products }: CertificateInfo, gtin: string): boolean =>
  products === null || products.includes(gtin);

/** Everybody by name. Whose id is not that of its URI is nobody: one of them would be signed, the other read. */
export const useParties = (): readonly PartyInfo[] =>
  (useAnswer<readonly PartyInfo[]>("/api/parties").value ?? []).filter(
    ({ party, uri }) => uri === null || idOf(uri) === party,
  );

/** A party's name, or a piece of its id. */
export const nameOf = ({ name, party }: { name: Words | null; party: Hex }): Words =>
  name ?? { vi: `${party.slice(0, 10)}…`, en: `${party.slice(0, 10)}…` };

/** A party by name and URI: names can be alike, and what is signed is the URI. */
export const namedAs = ({ uri, ...party }: PartyInfo): Words => {
  const { vi, en } = nameOf(party);
  return { vi: `${vi} · ${uri ?? party.party}`, en: `${en} · ${uri ?? party.party}` };
};

/** Where a lot stands for the party that looks at it. */
export function lotState(lot: LotInfo, party: Hex): keyof typeof STATES {
  if (lot.flags.includes("recalled")) return "recalled";
  if (lot.flags.includes("retired")) return "retired";
  if (lot.pending?.party === party) return "offered";
  if (lot.pending !== null) return "leaving";
  if (lot.holder.party !== party) return "gone";
  return lot.mass === 0 ? "used" : "held";
}

/** Whether its holder can still do something with it. */
export const usable = (lot: LotInfo, party: Hex): boolean => lotState(lot, party) === "held";

/** `/01/…/10/…` of a lot: its page behind our host, and what its QR code carries. */
export const lotPathOf = (uri: string): string => {
  const { gtin, lot } = parseLotUri(uri);
  return lotPath(gtin, lot);
};

/** So many lots. */
export const lotCount = (count: number): Words => ({
  vi: `${count} lô`,
  en: `${count} ${count === 1 ? "lot" : "lots"}`,
});

/** The lot number at the end of a lot's URI. */
export const lotNumberOf = (lot: { readonly uri: string | null; readonly lot: Hex }): string =>
  lot.uri?.split("/").at(-1) ?? `${lot.lot.slice(0, 10)}…`;

/** Whose lots they are; `principal` is the same party, where an agent looks at them. */
type Whose = { readonly party: Hex; readonly principal?: Hex | undefined };

/** One lot in a list: product, number, mass, state; opens its page in the app. */
export function LotCard({ lot, party, principal }: Whose & { readonly lot: LotInfo }) {
  const [say, language] = [useSay(), useLanguage()];
  const state = lotState(lot, party);
  const page = state === "offered" ? "take" : "lot";
  return (
    <a class="card lot" href={linkTo(page, { lot: lot.lot, for: principal })}>
      <div>
        <b>{lot.product ? say(lot.product) : say(NO_PRODUCT)}</b>
        <span class="number">{lotNumberOf(lot)}</span>
      </div>
      <div class="right">
        <b>{formatMass(lot.mass, language)}</b>
        <span class={`state ${state}`}>{say(STATES[state])}</span>
      </div>
      <RecallBadge lot={lot} />
    </a>
  );
}

export function LotList({
  lots,
  empty,
  ...whose
}: Whose & { readonly lots: readonly LotInfo[]; readonly empty: Words }) {
  const say = useSay();
  if (lots.length === 0) return <p class="empty">{say(empty)}</p>;
  return (
    <ul class="cards plain">
      {lots.map((lot) => (
        <li key={lot.lot}>
          <LotCard {...whose} lot={lot} />
        </li>
      ))}
    </ul>
  );
}

const NO_PRODUCT: Words = { vi: "Lô hàng", en: "Lot" };
export const STATES = {
  held: { vi: "Đang giữ", en: "Held" },
  offered: { vi: "Chờ bạn nhận", en: "Waiting for you" },
  leaving: { vi: "Đang giao", en: "Handing over" },
  gone: { vi: "Đã giao", en: "Handed over" },
  used: { vi: "Đã dùng hết", en: "Used up" },
  recalled: { vi: "Bị thu hồi", en: "Recalled" },
  retired: { vi: "Đã kết thúc", en: "Retired" },
} as const satisfies Record<string, Words>;
