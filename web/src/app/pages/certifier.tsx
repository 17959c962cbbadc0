import type { Words } from "../../../../gateway/core/recording.ts";
import type { CertificateInfo } from "../api.ts";
import { formatDay, useLanguage, useSay } from "../language.ts";
import { formatMass } from "../numbers.ts";
import type { PageProps } from "../parts/form.tsx";
import { useCertificates, useParties, nameOf } from "../parts/lots.tsx";
import { Failure } from "../parts/notice.tsx";
import { Tiles } from "../parts/tiles.tsx";
import { productName } from "../products.ts";
import { linkTo } from "../route.ts";
import { schemeName } from "../schemes.ts";

/** The certifier's start: what was issued, with what is spent and left of it. */
export function CertifierHome({ session }: PageProps) {
  const say = useSay();
  const { value, failure } = useCertificates(session);
  const issued = (value ?? []).filter(({ issuer }) => issuer === session.party.id);
  return (
    <div class="columns">
      <Tiles tiles={[{ page: "grant", icon: "seal", words: ISSUE }]} />
      <section>
        <h2>{say(ISSUED)}</h2>
        <Failure of={failure} />
        {value && issued.length === 0 && <p class="empty">{say(NONE)}</p>}
        <ul class="cards plain">
          {issued.map((certificate) => (
            <li key={certificate.certificate}>
              <Issued certificate={certificate} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function Issued({ certificate }: { certificate: CertificateInfo }) {
  const [say, language, parties] = [useSay(), useLanguage(), useParties()];
  const { scheme, number, holder, quota, spent, from, until, revoked, products } = certificate;
  const name = parties.find(({ party }) => party === holder)?.name ?? null;
  const state = revoked > 0 ? "revoked" : until * 1000 < Date.now() ? "expired" : "valid";
  return (
    <article class="card">
      <div class="row">
        <div>
          <b>{say(schemeName(scheme))}</b>
          <span class="number">{number}</span>
          <p>{say(nameOf({ name, party: holder }))}</p>
          {products && (
            <p class="quiet">{products.map((gtin) => say(productName(gtin))).join(", ")}</p>
          )}
        </div>
        <span class={`state ${state}`}>{say(STATES[state])}</span>
      </div>
      {state === "valid" && <meter min={0} max={quota} value={quota - spent} />}
      <p class="quiet">
        {say(SPENT)} {formatMass(spent, language)} · {say(state === "valid" ? LEFT : LAPSED)}{" "}
        {formatMass(quota - spent, language)}
      </p>
      <p class="quiet">
        {formatDay(from * 1000, language)} – {formatDay(until * 1000, language)}
      </p>
      {state === "valid" && (
        <a class="button" href={linkTo("revoke", { certificate: certificate.certificate })}>
          {say(REVOKE)}
        </a>
      )}
    </article>
  );
}

const ISSUE: Words = { vi: "Cấp chứng nhận", en: "Issue a certificate" };
const ISSUED: Words = { vi: "Đã cấp", en: "Issued" };
const NONE: Words = { vi: "Chưa cấp chứng nhận nào.", en: "Nothing issued yet." };
const SPENT: Words = { vi: "Đã dùng", en: "Spent" };
const LEFT: Words = { vi: "còn", en: "left" };
const LAPSED: Words = { vi: "không còn dùng được:", en: "can no longer be spent:" };
const REVOKE: Words = { vi: "Thu hồi…", en: "Revoke…" };
const STATES = {
  valid: { vi: "Còn hiệu lực", en: "Valid" },
  expired: { vi: "Hết hạn", en: "Expired" },
  revoked: { vi: "Đã thu hồi", en: "Revoked" },
} as const satisfies Record<string, Words>;
