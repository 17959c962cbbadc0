import { expect } from "chai";

import { directoryOf, partyOf } from "../../../gateway/index/people.ts";
import { ROLES } from "../../../gateway/core/operations.ts";
import { idOf } from "../../../gateway/core/recording.ts";
import { insertStatement, markConfirmed } from "../../../gateway/store/statements.ts";
import { deviceNamed } from "../samples.ts";
import { describeStores } from "../store/stores.ts";

const party = (uri: string, name: string) => ({ type: "Party", uri, name: { vi: name, en: name } });
const GOOD = party("https://plotline.example/parties/farm", "Sample farm");
const ODD = {
  "a name of 201 characters": party("https://plotline.example/parties/a", "x".repeat(201)),
  "a URI with a space": party("https://plotline.example/parties/a b", "Sample"),
  "a URI of 310 characters": party(`https://plotline.example/${"a".repeat(285)}`, "Sample"),
  "no name": { type: "Party", uri: "https://plotline.example/parties/c" },
} as const;

describe("A party's document", () => {
  for (const [what, document] of Object.entries(ODD))
    it(`is refused with ${what}`, () => {
      expect(() => partyOf(document))
        .to.throw()
        .with.property("name", "TraceError");
    });
});

describeStores("The directory", (store) => {
  const enrol = async (
    document: typeof GOOD,
    number: number,
    sponsor = deviceNamed("a cooperative"),
  ): Promise<void> => {
    const digest = deviceNamed(`enrolment ${number}`);
    const subject = { subject: idOf(document.uri), subjectKey: deviceNamed(document.uri) };
    const terms = { roles: ROLES.farmer, from: 0, until: 2_000_000_000 };
    const hand = { party: sponsor, key: deviceNamed("its key"), number };
    const content = deviceNamed("its document");
    await insertStatement(store().db, {
      digest,
      signed: {
        name: "Enrolment",
        statement: { ...hand, ...subject, ...terms, content },
        publicKey: `0x04${"11".repeat(64)}`,
        signature: "A".repeat(86),
        document,
      },
      receivedAt: 0,
    });
    const place = { blockNumber: number, blockTime: number, position: number * 1e6 };
    await markConfirmed(store().db, { digest, ...place });
  };

  it("calls nobody by the name that it gave itself with a further key", async () => {
    await enrol(GOOD, 1);
    await enrol({ ...GOOD, name: { vi: "Another firm", en: "Another firm" } }, 2, idOf(GOOD.uri));
    const named = async () => (await directoryOf(store().db)).get(idOf(GOOD.uri))?.name.en;
    expect(await named()).to.equal("Sample farm");
    await enrol({ ...GOOD, name: { vi: "Renamed farm", en: "Renamed farm" } }, 3);
    expect(await named()).to.equal("Renamed farm");
  });

  for (const [what, document] of Object.entries(ODD))
    it(`names everybody else, whoever the chain has enrolled with ${what}`, async () => {
      await enrol(document as typeof GOOD, 1);
      await enrol(GOOD, 2);
      const people = await directoryOf(store().db);
      expect([...people.values()].map(({ uri }) => uri)).to.deep.equal([GOOD.uri]);
    });
});
