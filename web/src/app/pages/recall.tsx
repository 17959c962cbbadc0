import { useState } from "preact/hooks";

import { DIGITAL_LINK, lotUri } from "../../../../gateway/core/identifiers.ts";
import { idOf, type Words } from "../../../../gateway/core/recording.ts";
import { TraceError } from "../../../../gateway/core/trace-error.ts";
import { Refused, type LotInfo } from "../api.ts";
import { useAnswer } from "../kept.ts";
import { useLanguage, useSay } from "../language.ts";
import { formatMass } from "../numbers.ts";
import { TextField } from "../parts/fields.tsx";
import { doneNow, SignForm, type PageProps } from "../parts/form.tsx";
import { lotNumberOf, nameOf } from "../parts/lots.tsx";
import { Failure, Notice } from "../parts/notice.tsx";
import { CAN_SCAN, FindLot } from "../parts/scan.tsx";
import { partyPlace } from "../places.ts";
import { goTo, linkTo } from "../route.ts";

/** Recalls a lot, or lifts its recall, by the authority's key; the reason is read by everybody who scans. */
export function RecallPage(props: PageProps) {
  const say = useSay();
  const id = props.route.params.get("lot");
  const { value: lot, failure } = useAnswer<LotInfo>(id === null ? null : `/api/lots/${id}`);
  const [notALot, setNotALot] = useState(false);
  if (lot?.uri != null) return <RecallForm {...props} lot={{ ...lot, uri: lot.uri }} />;
  const find = (uri: string) => {
    setNotALot(!uri.startsWith(DIGITAL_LINK));
    if (uri.startsWith(DIGITAL_LINK)) goTo(linkTo("recall", { lot: idOf(uri) }));
  };
  const gone = failure instanceof Refused && failure.code === "NOT_FOUND";
  return (
    <section class="narrow">
      <h1>{say(TITLE)}</h1>
      <p>{say(FIND)}</p>
      {gone ? <Notice kind="bad">{say(UNKNOWN)}</Notice> : <Failure of={failure} />}
      {notALot && <Notice kind="bad">{say(NOT_A_LOT)}</Notice>}
      <FindLot onFound={find} label={ADDRESS} placeholder="https://…/01/…/10/…" />
      <h2>{say(OR)}</h2>
      <ByNumber onFound={find} />
    </section>
  );
}

/** Who has the bag but no camera types what is printed under its code. */
function ByNumber({ onFound }: { onFound: (uri: string) => void }) {
  const say = useSay();
  const [gtin, setGtin] = useState("");
  const [number, setNumber] = useState("");
  const [wrong, setWrong] = useState(false);
  const look = () => {
    try {
      onFound(lotUri(gtin.trim().padStart(14, "0"), number.trim()));
    } catch (failure) {
      if (!(failure instanceof TraceError)) throw failure;
      setWrong(true);
    }
  };
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        setWrong(false);
        look();
      }}
    >
      {wrong && <Notice kind="bad">{say(NOT_SO)}</Notice>}
      <TextField
        label={GTIN}
        value={gtin}
        onValue={setGtin}
        placeholder="09520001000058"
        required
      />
      <TextField
        label={NUMBER}
        value={number}
        onValue={setNumber}
        placeholder="D261123-7K3QF"
        required
      />
      <button type="submit">{say(FIND_IT)}</button>
    </form>
  );
}

function RecallForm(props: PageProps & { readonly lot: LotInfo & { readonly uri: string } }) {
  const { session, lot } = props;
  const [say, language] = [useSay(), useLanguage()];
  const [reason, setReason] = useState("");
  const recalled = lot.flags.includes("recalled");
  const build = () => {
    const memo = reason.trim();
    if (memo === "") return GIVE_REASON;
    const kind = recalled ? "lift" : "recall";
    return {
      plan: doneNow({ kind, lot: lot.uri, place: partyPlace(session), memo }),
      title: recalled ? LIFT : TITLE,
      detail: { vi: `${lotNumberOf(lot)} · ${memo}`, en: `${lotNumberOf(lot)} · ${memo}` },
      values: { lot: lot.lot },
    } as const;
  };
  return (
    <SignForm
      {...props}
      title={recalled ? LIFT : TITLE}
      button={recalled ? SIGN_LIFT : SIGN}
      build={build}
    >
      <p>
        <b>{lot.product && say(lot.product)}</b> <span class="number">{lotNumberOf(lot)}</span>
        <br />
        {say(nameOf(lot.holder))} · {formatMass(lot.mass, language)}
      </p>
      {!recalled && <Notice kind="tell">{say(DESCENDANTS)}</Notice>}
      <TextField label={REASON} value={reason} onValue={setReason} required />
    </SignForm>
  );
}

const TITLE: Words = { vi: "Thu hồi lô hàng", en: "Recall a lot" };
const LIFT: Words = { vi: "Gỡ lệnh thu hồi", en: "Lift the recall" };
const FIND: Words = CAN_SCAN
  ? {
      vi: "Quét mã trên bao bì để mở lô cần thu hồi.",
      en: "Scan the code on the package to open the lot.",
    }
  : {
      vi: "Mở trang của lô (đường dẫn trong mã QR trên bao bì) rồi dán địa chỉ vào đây.",
      en: "Open the lot's page (the link in the QR code on the package) and paste its address here.",
    };
const ADDRESS: Words = CAN_SCAN
  ? { vi: "hoặc dán địa chỉ trang của lô", en: "or paste the address of the lot's page" }
  : { vi: "Địa chỉ trang của lô", en: "The address of the lot's page" };
const OR: Words = { vi: "Hoặc theo số in trên bao bì", en: "Or by the numbers on the package" };
const GTIN: Words = { vi: "Mã sản phẩm (GTIN)", en: "Product code (GTIN)" };
const NUMBER: Words = { vi: "Số lô", en: "Lot number" };
const FIND_IT: Words = { vi: "Tìm theo số", en: "Find by number" };
const NOT_SO: Words = {
  vi: "Mã sản phẩm hoặc số lô gõ sai. Xin so lại với chữ in trên bao bì.",
  en: "The product code or the lot number is mistyped. Compare them with the package.",
};
const UNKNOWN: Words = {
  vi: "Ở đây không ai ghi lô này. Xin so lại mã sản phẩm và số lô với chữ in trên bao bì.",
  en: "Nobody recorded this lot here. Compare product code and lot number with the package.",
};
const NOT_A_LOT: Words = {
  vi: "Đây không phải địa chỉ của một lô (…/01/…/10/…).",
  en: "This is not the address of a lot (…/01/…/10/…).",
};
const DESCENDANTS: Words = {
  vi: "Mọi lô làm ra từ lô này cũng sẽ hiện là bị thu hồi.",
  en: "Every lot that was made of it will show the recall too.",
};
const REASON: Words = {
  vi: "Lý do, và người mua nên làm gì",
  en: "Why, and what buyers should do",
};
const GIVE_REASON: Words = { vi: "Xin ghi lý do.", en: "Please give the reason." };
const SIGN: Words = { vi: "Ký thu hồi", en: "Sign the recall" };
const SIGN_LIFT: Words = { vi: "Ký gỡ lệnh thu hồi", en: "Sign to lift the recall" };
