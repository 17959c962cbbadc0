import { useState } from "preact/hooks";

import { fingerprintOf } from "../../../../gateway/core/key-id.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import { ask } from "../api.ts";
import type { StoredKey } from "../database.ts";
import { canMakeKeys, forgetKey, markAsked, moveKey, ownKey } from "../keys.ts";
import { useSay } from "../language.ts";
import { PEOPLE, type Person } from "../roles.ts";
import { TextField } from "./fields.tsx";
import { Failure, Notice } from "./notice.tsx";

const codeOfAddress = (): string => {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  return code ?? new URLSearchParams(location.search).get("code") ?? "";
};

/** Makes this device's key and hands in the code that somebody who may invite gave out. */
export function Enrol({ person, onDone }: { person: Person; onDone: () => void }) {
  const say = useSay();
  const [code, setCode] = useState(codeOfAddress);
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const enrol = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      const key = await ownKey(person);
      await ask("/api/enrolments", { code: code.trim(), publicKey: key.publicKey });
      await markAsked(person);
      history.replaceState(null, "", location.pathname + location.search);
      onDone();
    } catch (failure) {
      setFailure(failure);
    }
    setBusy(false);
  };
  if (!canMakeKeys()) return <NotSecure />;
  return (
    <section class="narrow">
      <h1>{say(TITLE)}</h1>
      <p>{say(EXPLAIN)}</p>
      {IN_APP.test(navigator.userAgent) && <Notice kind="tell">{say(OPEN_OUTSIDE)}</Notice>}
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void enrol();
        }}
      >
        <TextField
          label={FROM[person]}
          hint={CODE_HINT}
          value={code}
          onValue={setCode}
          required
          placeholder="K7QF-2M9X-4TPD"
        />
        <Failure of={failure} />
        <button type="submit" class="primary" disabled={busy || code.trim() === ""}>
          {say(ENROL)}
        </button>
      </form>
    </section>
  );
}

/** Browsers sign under https only, or on the machine that serves the page: what that means, and what can be done. */
function NotSecure() {
  const say = useSay();
  return (
    <section class="narrow">
      <h1>{say(NOT_HERE)}</h1>
      <Notice kind="bad">{say(NOT_SECURE)}</Notice>
      <h2>{say(WHAT_TO_DO)}</h2>
      <ul class="steps">
        {WAYS.map((way) => (
          <li key={way.en}>{say(way)}</li>
        ))}
      </ul>
      <p class="quiet link">{location.origin}</p>
    </section>
  );
}

/** The code was handed in; whoever gave it out compares this and approves. */
export function Waiting({ stored, onForget }: { stored: StoredKey; onForget: () => void }) {
  const say = useSay();
  return (
    <section class="narrow">
      <h1>{say(WAITING)}</h1>
      <div class="card centre">
        <p>{say(COMPARE)}</p>
        <p class="fingerprint">{fingerprintOf(stored.keyId)}</p>
        <Notice kind="wait">{say(OPENS_ITSELF)}</Notice>
      </div>
      <Forget person={stored.person} onForget={onForget} />
    </section>
  );
}

/** The code was good, but not for this page: the key goes along to the page that it is good for. */
export function OtherRole(props: {
  readonly person: Person;
  readonly roles: readonly string[];
  readonly onForget: () => void;
}) {
  const say = useSay();
  const { person, roles, onForget } = props;
  const mine = PERSONS.filter((other) => roles.includes(PEOPLE[other].role));
  return (
    <section class="narrow">
      <Notice kind="bad">{say(OTHER_ROLE)}</Notice>
      {mine.map((other) => (
        <button
          key={other}
          type="button"
          class="primary"
          onClick={() => void moveKey(person, other).then(() => location.assign(`/app/${other}`))}
        >
          {say(openPageOf(PEOPLE[other].name))}
        </button>
      ))}
      <Forget person={person} onForget={onForget} />
    </section>
  );
}

const PERSONS = Object.keys(PEOPLE) as readonly Person[];
const OTHER_ROLE: Words = {
  vi: "Máy này được ghi danh cho việc khác, không phải cho trang này.",
  en: "This device is enrolled for another job, not for this page.",
};
const openPageOf = ({ vi, en }: Words): Words => ({
  vi: `Mở trang: ${vi}`,
  en: `Open the page: ${en}`,
});

/** Begins anew with another code; what was signed before stays in the outbox. */
export function Forget({ person, onForget }: { person: Person; onForget: () => void }) {
  const say = useSay();
  return (
    <details>
      <summary>{say(OTHER_CODE)}</summary>
      <p>{say(FORGET_HINT)}</p>
      <button type="button" onClick={() => void forgetKey(person).then(onForget)}>
        {say(FORGET)}
      </button>
    </details>
  );
}

// Zalo's, Facebook's and Line's own browsers lose what they store.
const IN_APP = /Zalo|FBAN|FBAV|Line\//;

const TITLE: Words = { vi: "Ghi danh máy này", en: "Enrol this device" };
const EXPLAIN: Words = {
  vi: "Máy này tự tạo chữ ký riêng của nó. Không cần mật khẩu, không cần cài thêm gì. Chỉ làm một lần.",
  en: "This device makes a signature of its own. No password, nothing to install. You do this once.",
};
const BY_COOPERATIVE: Words = { vi: "Mã hợp tác xã đưa", en: "The code from the cooperative" };
const BY_PROVINCE: Words = {
  vi: "Mã trung tâm điều hành đưa",
  en: "The code from the province's centre",
};

/** Whose code each person has: the same who may bring them in (pages/code.tsx). */
const FROM: Readonly<Record<Person, Words>> = {
  farmer: BY_COOPERATIVE,
  processor: BY_COOPERATIVE,
  exporter: BY_COOPERATIVE,
  certifier: BY_PROVINCE,
  cooperative: BY_PROVINCE,
  province: {
    vi: "Mã máy chủ in ra khi chạy lần đầu",
    en: "The code that the gateway printed at its first start",
  },
};
const CODE_HINT: Words = {
  vi: "Gõ y như được đưa. Viết hoa hay thường, có gạch hay không đều được.",
  en: "As it was given to you; large or small letters, with or without the dashes.",
};
const ENROL: Words = { vi: "Ghi danh", en: "Enrol" };
const WAITING: Words = { vi: "Chờ duyệt", en: "Waiting for approval" };
const COMPARE: Words = {
  vi: "Đọc dãy này cho nơi đã đưa mã, để so lại:",
  en: "Read this to whoever gave you the code, to compare:",
};
const OPENS_ITSELF: Words = {
  vi: "Duyệt xong, trang này tự mở. Bạn có thể tắt đi và quay lại sau.",
  en: "Once approved, this page opens by itself. You may close it and come back.",
};
const OTHER_CODE: Words = { vi: "Dùng mã khác", en: "Use another code" };
const FORGET_HINT: Words = {
  vi: "Máy sẽ tạo chữ ký mới. Chữ ký cũ không dùng lại được nữa.",
  en: "This device will make a new signature. The old one cannot be used again.",
};
const FORGET: Words = { vi: "Bắt đầu lại", en: "Start again" };
const NOT_HERE: Words = { vi: "Chưa ghi được ở địa chỉ này", en: "Nothing can be recorded here" };
const NOT_SECURE: Words = {
  vi: "Địa chỉ này bắt đầu bằng http://, đường truyền không khóa, nên trình duyệt không cho máy tạo chữ ký. Máy bạn không hỏng, và chưa có gì bị mất. Xem trang của các lô thì vẫn được.",
  en: "This address begins with http://: the line is not locked, so the browser lets no device make a signature. Your device is fine and nothing is lost. Reading the pages of lots works.",
};
const WHAT_TO_DO: Words = { vi: "Làm gì bây giờ?", en: "What to do" };
const WAYS: readonly Words[] = [
  {
    vi: "Xin nơi đã đưa mã một địa chỉ bắt đầu bằng https:// rồi mở địa chỉ đó. Mã cũ vẫn dùng được.",
    en: "Ask whoever gave you the code for an address that begins with https:// and open that. The code stays good.",
  },
  {
    vi: "Nếu bạn đang chạy thử: mở trên chính máy đang chạy, bằng http://localhost hoặc http://127.0.0.1.",
    en: "If you are trying it out: open it on the very machine that runs it, by http://localhost or http://127.0.0.1.",
  },
];
const OPEN_OUTSIDE: Words = {
  vi: "Hãy mở trang này bằng Chrome hoặc Safari, không mở trong Zalo hay Facebook.",
  en: "Open this page in Chrome or Safari, not inside Zalo or Facebook.",
};
