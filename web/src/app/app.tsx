import { useEffect, useState } from "preact/hooks";

import { firstLanguage, LanguageContext, rememberLanguage, type Language } from "./language.ts";
import { AgentPage } from "./pages/agent.tsx";
import { CertifierHome } from "./pages/certifier.tsx";
import { CertifyPage } from "./pages/certify.tsx";
import { ClosePage } from "./pages/close.tsx";
import { CodePage } from "./pages/code.tsx";
import { CooperativeHome } from "./pages/cooperative.tsx";
import { DevicePage } from "./pages/device.tsx";
import { SensorEndPage } from "./pages/sensor-end.tsx";
import { SensorsPage } from "./pages/sensors.tsx";
import { GivePage } from "./pages/give.tsx";
import { GrantPage } from "./pages/grant.tsx";
import { HarvestPage } from "./pages/harvest.tsx";
import { ForHome, ForPage, InNameOf } from "./pages/for.tsx";
import { ExporterHome } from "./pages/exporter.tsx";
import { FarmerHome, ProcessorHome } from "./pages/homes.tsx";
import { IntakePage } from "./pages/intake.tsx";
import { LotPage } from "./pages/lot.tsx";
import { NotePage } from "./pages/note.tsx";
import { ProcessPage } from "./pages/process.tsx";
import { ProvincePage } from "./pages/province.tsx";
import { RecallPage } from "./pages/recall.tsx";
import { RevokePage } from "./pages/revoke.tsx";
import { SavedPage } from "./pages/saved.tsx";
import { TakePage } from "./pages/take.tsx";
import { Enrol, OtherRole, Waiting } from "./parts/enrolment.tsx";
import { OutboxPage, useEntries } from "./parts/entries.tsx";
import type { Page } from "./parts/form.tsx";
import { Frame } from "./parts/frame.tsx";
import { PEOPLE, type Person } from "./roles.ts";
import { useRoute } from "./route.ts";
import { useStanding } from "./session.ts";

const SENSORS = { device: DevicePage, sensors: SensorsPage, "sensor-end": SensorEndPage };

/** What each person can open; the empty name is the start. */
const PAGES: Readonly<Record<Person, Readonly<Record<string, Page>>>> = {
  farmer: {
    "": FarmerHome,
    harvest: HarvestPage,
    lot: LotPage,
    close: ClosePage,
    give: GivePage,
    agent: AgentPage,
    for: ForPage,
  },
  processor: {
    "": ProcessorHome,
    take: TakePage,
    process: ProcessPage,
    intake: IntakePage,
    note: NotePage,
    certify: CertifyPage,
    lot: LotPage,
    close: ClosePage,
    give: GivePage,
  },
  exporter: {
    "": ExporterHome,
    take: TakePage,
    process: ProcessPage,
    note: NotePage,
    certify: CertifyPage,
    lot: LotPage,
    close: ClosePage,
    give: GivePage,
  },
  certifier: { "": CertifierHome, grant: GrantPage, revoke: RevokePage },
  cooperative: {
    "": CooperativeHome,
    code: CodePage,
    ...SENSORS,
    for: ForPage,
    take: TakePage,
    note: NotePage,
    lot: LotPage,
    close: ClosePage,
    give: GivePage,
  },
  province: {
    people: CooperativeHome,
    recall: RecallPage,
    code: CodePage,
    papers: CertifierHome,
    grant: GrantPage,
    revoke: RevokePage,
    ...SENSORS,
  },
};

/** What an agent can open in another's name; the contract allows no more. */
const FOR_OTHERS: Readonly<Record<string, Page>> = {
  for: ForHome,
  harvest: HarvestPage,
  lot: LotPage,
  give: GivePage,
};

/** The app of one person. */
export function App({ person }: { person: Person }) {
  const [language, setLanguage] = useState(firstLanguage);
  const { standing, look } = useStanding(person);
  const entries = useEntries(person) ?? [];
  const route = useRoute();
  useEffect(() => {
    rememberLanguage(language);
    document.title = `${PEOPLE[person].name[language]} · Plotline`;
  }, [language, person]);
  const ready = standing.state === "ready";
  const choose = (language: Language) => setLanguage(language);
  return (
    <LanguageContext.Provider value={language}>
      <Frame
        {...{ person, entries }}
        home={route.page === ""}
        party={ready ? standing.session.party.name : undefined}
        onLanguage={choose}
      >
        <Body {...{ person, standing, look, route, entries }} />
      </Frame>
    </LanguageContext.Provider>
  );
}

type BodyProps = ReturnType<typeof useStanding> & {
  readonly person: Person;
  readonly route: ReturnType<typeof useRoute>;
  readonly entries: NonNullable<ReturnType<typeof useEntries>>;
};

function Body({ person, standing, look, route, entries }: BodyProps) {
  // The province's wall is for everybody to see; only what it signs takes a key.
  if (person === "province" && !SIGNING.has(route.page) && !enrolling(standing.state))
    return (
      <ProvincePage
        route={route}
        session={standing.state === "ready" ? standing.session : undefined}
      />
    );
  switch (standing.state) {
    case "starting":
      return null;
    case "new":
      return <Enrol person={person} onDone={look} />;
    case "waiting":
      return <Waiting stored={standing.key} onForget={look} />;
    case "other-role":
      return <OtherRole person={person} roles={standing.info.roles} onForget={look} />;
    case "ready": {
      const props = { session: standing.session, route };
      const pages = PAGES[person];
      if (route.page === "outbox") return <OutboxPage {...props} entries={entries} />;
      if (route.page === "saved") return <SavedPage {...props} entries={entries} />;
      const Theirs = route.params.has("for") ? FOR_OTHERS[route.page] : undefined;
      if (Theirs !== undefined && pages["for"] !== undefined)
        return <InNameOf key={route.params.toString()} {...props} page={Theirs} />;
      const Page = pages[route.page] ?? pages[""];
      // A form for another lot, or a correction, starts from its own values.
      return Page ? <Page key={`${route.page}?${route.params.toString()}`} {...props} /> : null;
    }
  }
}

/** A code lies in the address, or was handed in. */
const enrolling = (state: string): boolean =>
  state === "waiting" || (state !== "ready" && location.hash.startsWith("#code="));

const SIGNING: ReadonlySet<string> = new Set([
  "recall",
  "people",
  "code",
  "papers",
  "grant",
  "revoke",
  "device",
  "sensors",
  "sensor-end",
  "outbox",
  "saved",
]);
