import { useState } from "preact/hooks";

import { toHex, utf8ToBytes } from "../../../../gateway/core/bytes.ts";
import { sha256 } from "../../../../gateway/core/hash.ts";
import type { Words } from "../../../../gateway/core/recording.ts";
import { ask } from "../api.ts";
import { useSay } from "../language.ts";
import { codeOf, enrolmentCode, randomBytes } from "../lot-number.ts";
import { CodeCard } from "../parts/code-card.tsx";
import { Choice, SelectField } from "../parts/choices.tsx";
import { TextField } from "../parts/fields.tsx";
import type { PageProps } from "../parts/form.tsx";
import { nameOf, useParties } from "../parts/lots.tsx";
import { Failure } from "../parts/notice.tsx";
import { ROLE_NAMES, sensorRole } from "../roles.ts";
import { rememberCode } from "../handed-out.ts";
import { signRequest } from "../signing.ts";

/** Whom each may bring in; the chain knows the same rule. */
const BY_COOPERATIVE = ["farmer", "processor", "exporter", "device", "networkServer"] as const;
const BY_PROVINCE = [...BY_COOPERATIVE, "certifier", "cooperative"] as const;
type Invited = (typeof BY_PROVINCE)[number];
const NEW = "new";

/** Hands out a code for one device of somebody: made here, and only its hash leaves this device. */
export function CodePage({ session }: PageProps) {
  const say = useSay();
  const parties = useParties();
  const [person, setPerson] = useState<Invited>("farmer");
  const [party, setParty] = useState(NEW);
  const [name, setName] = useState("");
  const [label, setLabel] = useState("");
  const [code, setCode] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  const isDevice = sensorRole([person]) !== undefined; // a sensor is a key of our own
  const known = isDevice ? session.party : parties.find(({ uri }) => uri === party);

  const handOut = async () => {
    const given = name.trim().normalize("NFC");
    // A party without a GLN is named under our own host; its name stays out of the URI, for it may change.
    const made = `https://${location.host}/parties/${codeOf(randomBytes(10)).toLowerCase()}`;
    const subject =
      known?.uri != null
        ? { uri: known.uri, name: known.name ?? { vi: known.uri, en: known.uri } }
        : { uri: made, name: { vi: given, en: given } };
    const fresh = enrolmentCode(randomBytes(12));
    try {
      const request = await signRequest(session.key, "/api/codes", {
        codeHash: toHex(sha256(utf8ToBytes(fresh.replaceAll("-", "")))),
        subject,
        roles: [person],
        label: label.trim().normalize("NFC"),
      });
      await ask("/api/codes", request);
      await rememberCode({ subject, roles: [person] });
      setCode(fresh);
      setFailure(undefined);
    } catch (failure) {
      setFailure(failure);
    }
  };

  if (code !== undefined) return <CodeCard code={code} person={person} />;
  return (
    <form
      class="sheet"
      onSubmit={(event) => {
        event.preventDefault();
        void handOut();
      }}
    >
      <h1>{say(TITLE)}</h1>
      <Choice
        label={ROLE}
        value={person}
        onValue={(value) => setPerson(value as typeof person)}
        options={(session.person === "province" ? BY_PROVINCE : BY_COOPERATIVE).map((value) => ({
          value,
          name: say(ROLE_NAMES[value]),
        }))}
      />
      {!isDevice && (
        <SelectField
          label={WHO}
          value={party}
          onValue={(value) => setParty(value === "" ? NEW : value)}
          options={[
            { value: NEW, name: say(NEW_PARTY) },
            ...parties
              .filter(({ roles }) => roles.includes(person))
              .map((party) => ({ value: party.uri ?? "", name: say(nameOf(party)) })),
          ]}
        />
      )}
      {!isDevice && party === NEW && (
        <TextField label={NAME} hint={NAME_HINT} value={name} onValue={setName} required />
      )}
      <TextField
        label={LABEL}
        hint={isDevice ? SENSOR_HINT : LABEL_HINT}
        value={label}
        onValue={setLabel}
      />
      <Failure of={failure} />
      <button
        type="submit"
        class="primary"
        disabled={known === undefined && (party !== NEW || name.trim() === "")}
      >
        {say(MAKE)}
      </button>
    </form>
  );
}

const TITLE: Words = { vi: "Phát mã ghi danh", en: "Hand out a code" };
const ROLE: Words = { vi: "Cho vai trò nào?", en: "For which role?" };
const WHO: Words = { vi: "Cho ai?", en: "For whom?" };
const NEW_PARTY: Words = { vi: "+ Người mới", en: "+ Somebody new" };
const NAME: Words = { vi: "Tên hiện cho mọi người", en: "Name that everybody sees" };
const NAME_HINT: Words = {
  vi: "Tên hộ hoặc cơ sở. Đừng ghi số điện thoại hay căn cước.",
  en: "Of the farm or firm. No phone or identity numbers.",
};
const LABEL: Words = { vi: "Máy nào?", en: "Which device?" };
const LABEL_HINT: Words = { vi: "Ví dụ: máy của vợ", en: "For example: the wife's phone" };
const SENSOR_HINT: Words = { vi: "Ví dụ: cảm biến kho 2", en: "For example: store-room 2" };
const MAKE: Words = { vi: "Tạo mã", en: "Make the code" };
