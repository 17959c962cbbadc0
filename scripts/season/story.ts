import type { Intent } from "../../gateway/core/recording.ts";
import { CERTIFICATES, DEVICES, GI, LOTS, PEOPLE, PLACES, type Who } from "./cast.ts";
import type { Granted } from "./grants.ts";
import { readingsOf, type Measured } from "./readings.ts";
import { on } from "./time.ts";

/** One thing that happens in the season. `at` is seconds since 1970; `refused` names the reason that it must meet. */
export type Act = { readonly at: number; readonly title: string } & (
  | {
      readonly does: "record";
      readonly who: Who;
      readonly intent: Intent;
      readonly refused?: string;
    }
  | { readonly does: "grant"; readonly who: Who; readonly grant: Granted }
  | { readonly does: "watch"; readonly device: keyof typeof DEVICES }
  | {
      readonly does: "publish";
      readonly device: keyof typeof DEVICES;
      readonly seq: number;
      readonly records: readonly Measured[];
    }
);

/** Who is enrolled by whom: the province's own key is founded by governance. */
export const SPONSORS: readonly (readonly [sponsor: Who, subjects: readonly Who[]])[] = [
  ["province", ["certifier", "cooperative"]],
  ["cooperative", ["processor", "exporter", "farm1", "farm2", "farm3", "farm4", "farm5"]],
];

const record = (at: number, who: Who, title: string, intent: Intent, refused?: string): Act => ({
  at,
  title,
  does: "record",
  who,
  intent,
  ...(refused === undefined ? {} : { refused }),
});

/** A lot passes from one to the other: both sign. */
const passes = (
  at: number,
  giver: Who,
  taker: Who,
  { lot, mass }: { readonly lot: string; readonly mass: number },
  [from, to]: readonly [keyof typeof PLACES, keyof typeof PLACES],
): Act[] => [
  record(at, giver, `${PEOPLE[giver].words.en} hands over`, {
    kind: "handOver",
    lot,
    mass,
    to: PEOPLE[taker].uri,
    place: PLACES[from],
  }),
  record(at + 3_600, taker, `${PEOPLE[taker].words.en} takes over`, {
    kind: "takeOver",
    lot,
    mass,
    from: PEOPLE[giver].uri,
    place: PLACES[to],
  }),
];

const harvest = (
  at: number,
  farm: "farm1" | "farm2" | "farm3" | "farm4" | "farm5",
  made: (typeof LOTS)[keyof typeof LOTS],
  mass: number,
  segregated = false,
): Act => {
  const plot = farm.replace("farm", "plot") as keyof typeof CERTIFICATES;
  return record(at, farm, `${PEOPLE[farm].words.en} harvests`, {
    kind: "harvest",
    ...made,
    mass,
    plot: CERTIFICATES[plot].uri,
    place: PLACES[plot],
    segregated,
  });
};

const note = (
  at: number,
  who: Who,
  { lot }: { readonly lot: string },
  place: keyof typeof PLACES,
  step: "storing" | "inspecting",
  memo: string,
): Act =>
  record(at, who, `a note: ${step}`, { kind: "note", lot, step, place: PLACES[place], memo });

/** The processor spends its right to the geographical indication on so many grams of a lot. */
const certify = (
  at: number,
  title: string,
  { lot, mass }: { readonly lot: string; readonly mass: number },
  refused?: string,
): Act => {
  const intent = { kind: "certify", lot, mass, certificate: GI.uri, place: PLACES.works } as const;
  return record(at, "processor", title, intent, refused);
};

type Device = keyof typeof DEVICES;
const watch = (at: number, device: Device): Act => ({
  at,
  title: `${DEVICES[device].words.en} begins`,
  does: "watch",
  device,
});
/** One pack of readings after the other, numbered from 0. */
const measure = (from: number, device: Device, until: number): Act[] =>
  readingsOf(device, from, until).map(({ at, records }, seq) => ({
    at,
    title: `${DEVICES[device].words.en} measures`,
    does: "publish",
    device,
    seq,
    records,
  }));

const GRANTS: readonly Act[] = [
  ...Object.values(CERTIFICATES).map((plot): Act => ({
    at: on(1, 8),
    title: `growing-area code ${plot.number}`,
    does: "grant",
    who: "province",
    grant: { scheme: "growingArea", ...plot },
  })),
  {
    at: on(1, 9),
    title: `right to the geographical indication ${GI.number}`,
    does: "grant",
    who: "certifier",
    grant: { scheme: "gi", ...GI, holder: "processor" },
  },
];

const { raw1, raw2, raw3, raw4, raw5, imported, kernels, shells, mixedKernels, mixedShells } = LOTS;
const { bags, mixedBags, cartons, pepper, pepperBags, rubber, rubberBlocks } = LOTS;

/** Everything, in the order in which it happens. */
export const STORY: readonly Act[] = [
  ...GRANTS,
  watch(on(1, 10), "dryer"),
  watch(on(1, 10), "store"),
  watch(on(1, 10), "shelf"),
  harvest(on(10, 9), "farm1", raw1, 1_200_000),
  harvest(on(10, 10), "farm2", raw2, 900_000),
  harvest(on(11, 9), "farm3", raw3, 700_000),
  harvest(on(11, 10), "farm4", pepper, 300_000),
  harvest(on(11, 11), "farm5", rubber, 2_000_000, true),
  record(
    on(11, 12),
    "farm3",
    "farm 3 tries to harvest more than its growing-area code allows",
    {
      kind: "harvest",
      lot: raw3.lot.replace("DT26-003", "DT26-099"),
      product: raw3.product,
      mass: 900_000,
      plot: CERTIFICATES.plot3.uri,
      place: PLACES.plot3,
    },
    "CertificatesQuotaExceeded",
  ),
  ...passes(on(12, 7), "farm1", "cooperative", { ...raw1, mass: 1_200_000 }, ["plot1", "dryer"]),
  ...passes(on(12, 7, 10), "farm2", "cooperative", { ...raw2, mass: 900_000 }, ["plot2", "dryer"]),
  ...passes(on(12, 7, 20), "farm3", "cooperative", { ...raw3, mass: 700_000 }, ["plot3", "dryer"]),
  ...passes(on(12, 7, 30), "farm4", "cooperative", { ...pepper, mass: 300_000 }, [
    "plot4",
    "dryer",
  ]),
  ...passes(on(12, 9), "farm5", "processor", { ...rubber, mass: 2_000_000 }, ["plot5", "works"]),
  ...measure(on(12, 6), "dryer", on(15, 18)),
  ...[raw1, raw2, raw3, pepper].map((lot, i) =>
    note(on(15, 16, i), "cooperative", lot, "store", "storing", "phơi xong, chuyển vào kho"),
  ),
  ...measure(on(15, 15), "store", on(25, 12)),
  ...measure(on(15, 15), "shelf", on(25, 12)),
  note(on(20, 9), "certifier", raw1, "store", "inspecting", "độ ẩm và mẫu cắt đạt"),
  ...passes(on(25, 7), "cooperative", "processor", { ...raw1, mass: 1_200_000 }, [
    "store",
    "works",
  ]),
  ...passes(on(25, 7, 10), "cooperative", "processor", { ...raw2, mass: 900_000 }, [
    "store",
    "works",
  ]),
  ...passes(on(25, 7, 20), "cooperative", "processor", { ...raw3, mass: 700_000 }, [
    "store",
    "works",
  ]),
  ...passes(on(25, 7, 30), "cooperative", "processor", { ...pepper, mass: 300_000 }, [
    "store",
    "works",
  ]),
  record(on(30, 8), "processor", "shelling of the local nuts", {
    kind: "process",
    inputs: [
      { lot: raw1.lot, mass: 1_200_000 },
      { lot: raw2.lot, mass: 900_000 },
    ],
    outputs: [
      { ...kernels, mass: 500_000 },
      { ...shells, mass: 1_470_000 },
    ],
    place: PLACES.works,
    memo: "vào 2.100 kg; hao ẩm và bụi 130 kg",
  }),
  record(on(31, 8), "processor", "nuts from abroad come in", {
    kind: "intake",
    ...imported,
    mass: 1_000_000,
    area: "KH",
    place: PLACES.works,
  }),
  record(on(32, 8), "processor", "shelling of local and imported nuts together", {
    kind: "process",
    inputs: [
      { lot: raw3.lot, mass: 600_000 },
      { lot: imported.lot, mass: 400_000 },
    ],
    outputs: [
      { ...mixedKernels, mass: 235_000 },
      { ...mixedShells, mass: 700_000 },
    ],
    place: PLACES.works,
  }),
  certify(
    on(33, 10),
    "the mixed kernels may not have the geographical indication",
    { ...mixedKernels, mass: 100_000 },
    "LotsWrongOrigin",
  ),
  record(on(36, 9), "processor", "packing for shops", {
    kind: "process",
    inputs: [{ lot: kernels.lot, mass: 200_000 }],
    outputs: [{ ...bags, mass: 199_500 }],
    place: PLACES.works,
    memo: "399 gói 500 g",
  }),
  certify(on(36, 10), "the bags get the geographical indication", { ...bags, mass: 199_500 }),
  record(on(36, 11), "processor", "packing of the mixed kernels", {
    kind: "process",
    inputs: [{ lot: mixedKernels.lot, mass: 235_000 }],
    outputs: [{ ...mixedBags, mass: 234_500 }],
    place: PLACES.works,
  }),
  record(on(37, 9), "processor", "drying and packing of pepper", {
    kind: "process",
    inputs: [{ lot: pepper.lot, mass: 300_000 }],
    outputs: [{ ...pepperBags, mass: 262_000 }],
    place: PLACES.works,
  }),
  record(on(37, 10), "processor", "block rubber of one segregated lot", {
    kind: "process",
    inputs: [{ lot: rubber.lot, mass: 2_000_000 }],
    outputs: [{ ...rubberBlocks, mass: 640_000 }],
    place: PLACES.works,
  }),
  record(on(38, 9), "processor", "packing for export", {
    kind: "process",
    inputs: [{ lot: kernels.lot, mass: 300_000 }],
    outputs: [{ ...cartons, mass: 294_840 }],
    place: PLACES.works,
    memo: "13 thùng 22,68 kg",
  }),
  certify(on(39, 9), "the cartons get it too", { ...cartons, mass: 294_840 }),
  ...passes(on(40, 8), "processor", "exporter", { ...cartons, mass: 294_840 }, [
    "works",
    "warehouse",
  ]),
  note(on(44, 9), "exporter", cartons, "warehouse", "inspecting", "niêm phong container xuất khẩu"),
  record(on(60, 9), "province", "residues were found in what farm 3 delivered: recall", {
    kind: "recall",
    lot: raw3.lot,
    place: PLACES.store,
    memo: "tồn dư vượt mức trong mẫu lưu",
  }),
  harvest(on(62, 9), "farm2", raw5, 150_000),
  harvest(on(62, 10), "farm1", raw4, 300_000),
  record(on(63, 7), "farm1", "Sample farm 1 hands over; nobody has taken it yet", {
    kind: "handOver",
    lot: raw4.lot,
    mass: 300_000,
    to: PEOPLE.processor.uri,
    place: PLACES.plot1,
  }),
].toSorted((a, b) => a.at - b.at);
