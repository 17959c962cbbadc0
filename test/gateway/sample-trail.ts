/** A small season as a bundle, for what arranges and shows trails. Nothing in it is signed: it is not for verifiers. */
import type { Bundle, Recorded } from "../../gateway/core/bundle.ts";
import { buildPack } from "../../gateway/core/build-pack.ts";
import { toBase64Url, type Hex } from "../../gateway/core/bytes.ts";
import { checkDigitOf } from "../../gateway/core/check-digit.ts";
import { lotUri, partyUri, placeUri } from "../../gateway/core/identifiers.ts";
import { SCHEMES, type Kind } from "../../gateway/core/operations.ts";
import {
  areaBytes,
  idOf,
  recordingOf,
  type Intent,
  type Intents,
  type Words,
} from "../../gateway/core/recording.ts";
import type { Measurement } from "../../gateway/core/sensor-view.ts";

const withCheckDigit = (digits: string): string => digits + checkDigitOf(digits);
const gtin = (item: number): string => withCheckDigit(`0952000${String(item).padStart(6, "0")}`);
const gln = (item: number): string => withCheckDigit(`9520000${String(item).padStart(5, "0")}`);

export const PARTIES = {
  cooperative: partyUri(gln(1)),
  farmer: partyUri(gln(2)),
  neighbour: partyUri(gln(3)),
  processor: partyUri(gln(4)),
  certifier: partyUri(gln(5)),
  authority: partyUri(gln(6)),
} as const;
type Who = keyof typeof PARTIES;
const NAMES: Record<Who, Words> = {
  cooperative: { vi: "Hợp tác xã mẫu", en: "Sample cooperative" },
  farmer: { vi: "Nông hộ mẫu số 1", en: "Sample farm 1" },
  neighbour: { vi: "Nông hộ mẫu số 2", en: "Sample farm 2" },
  processor: { vi: "Cơ sở chế biến mẫu", en: "Sample processor" },
  certifier: { vi: "Tổ chức chứng nhận mẫu", en: "Sample certifier" },
  authority: { vi: "Sở Nông nghiệp mẫu", en: "Sample authority" },
};
export const LOTS = {
  farmer: lotUri(gtin(101), "HT-2601"),
  neighbour: lotUri(gtin(101), "HT-2602"),
  imported: lotUri(gtin(102), "KH-77"),
  kernels: lotUri(gtin(201), "NH-0412"),
  shells: lotUri(gtin(202), "VO-0412"),
  bags: lotUri(gtin(301), "GN-2604A"),
} as const;
export const CERTIFICATES = {
  plot: "https://plots.example/certificates/bp-0001",
  otherPlot: "https://plots.example/certificates/bp-0002",
  gi: "https://gi.example/certificates/gi-17",
} as const;
const PLACES = {
  plot: [gln(20), { vi: "Thửa số 1, xã Đa Kia", en: "Plot 1, Da Kia commune" }],
  store: [gln(21), { vi: "Kho sấy, xã Bù Gia Mập", en: "Drying store, Bu Gia Map commune" }],
  factory: [gln(22), { vi: "Xưởng tách vỏ, phường Phước Bình", en: "Shelling hall, Phuoc Binh" }],
} as const;
const PRODUCTS = {
  raw: { vi: "Hạt điều thô", en: "Raw cashew nuts" },
  kernels: { vi: "Nhân điều trắng W320", en: "White cashew kernels W320" },
  shells: { vi: "Vỏ hạt điều", en: "Cashew shells" },
  bags: { vi: "Hạt điều rang muối, gói 250 g", en: "Salted roast cashews, 250 g bag" },
} as const;

const DEVICE = idOf("urn:sample:device");
const DAY = 86_400;
/** 20 March 2026, 07:00 in Viet Nam. */
export const START = Date.UTC(2026, 2, 20) / 1000;
export const keyOf = (who: string): Hex => idOf(`key of ${who}`);
const point: Hex = `0x04${"11".repeat(64)}`;
const signature = "A".repeat(86);

export type Twist =
  "pure" | "mixed" | "recalled" | "revoked" | "crowded" | "gram" | "closed" | "agent";

/** The bundle of the bags at the end of the season, with a twist in its story, and what its sensors measured. */
export function sampleTrail(twist: Twist = "pure"): {
  readonly bundle: Bundle;
  readonly readings: readonly Measurement[];
} {
  const mixed = twist === "mixed";
  let number = 0;
  const act = <K extends Kind>(
    who: Who,
    day: number,
    kind: K,
    told: Omit<Intents[K], "place">,
    { by = who, late = 40 }: { readonly by?: Who; readonly late?: number } = {},
  ) => {
    const stored = kind === "takeOver" || ("step" in told && told.step === "storing");
    const made = who === "processor" ? PLACES.factory : PLACES.plot;
    const place = stored ? PLACES.store : made;
    const intent = { kind, place: { uri: placeUri(place[0]), name: place[1] }, ...told };
    const time = START + day * DAY;
    const hand = { party: PARTIES[who], key: keyOf(by), number: ++number, time };
    const recording = recordingOf(intent as unknown as Intent, hand);
    return { ...recording, publicKey: point, signature, time: time + late };
  };
  const moved = (from: Who, to: Who, day: number, lot: string, mass: number) => [
    act(from, day, "handOver", { lot, mass, to: PARTIES[to] }, twist === "agent" ? { by: to } : {}),
    act(to, day, "takeOver", { lot, mass, from: PARTIES[from] }),
  ];
  const crowd = Array.from({ length: 200 }, (_, i) => lotUri(gtin(101), `N-${i}`));
  const crowded = crowd.flatMap((lot) => [
    act("neighbour", 1, "harvest", {
      lot,
      mass: 4e3,
      plot: CERTIFICATES.otherPlot,
      product: PRODUCTS.raw,
    }),
    ...moved("neighbour", "processor", 3, lot, 4_000),
  ]);
  const second = mixed
    ? [
        act("processor", 2, "intake", {
          lot: LOTS.imported,
          mass: 8e5,
          area: "KH",
          product: PRODUCTS.raw,
        }),
      ]
    : [
        act("neighbour", 1, "harvest", {
          lot: LOTS.neighbour,
          mass: 8e5,
          plot: CERTIFICATES.otherPlot,
          product: PRODUCTS.raw,
        }),
        ...moved("neighbour", "processor", 3, LOTS.neighbour, 800_000),
      ];
  const statements = [
    ...(Object.keys(PARTIES) as Who[]).map(enrolled),
    granted(CERTIFICATES.plot, "growingArea", "farmer", "authority", "VN-58-0001"),
    granted(CERTIFICATES.otherPlot, "growingArea", "neighbour", "authority", "VN-58-0002"),
    ...(mixed ? [] : [granted(CERTIFICATES.gi, "gi", "processor", "certifier", "CDĐL-017")]),
    watch(),
    act("farmer", 0, "harvest", {
      lot: LOTS.farmer,
      mass: 12e5,
      plot: CERTIFICATES.plot,
      product: PRODUCTS.raw,
    }),
    act("farmer", 1, "note", {
      lot: LOTS.farmer,
      step: "storing",
      memo: "Phơi hai nắng, <b>trở đều</b>",
    }),
    ...(twist === "crowded" ? crowded : second),
    ...moved("farmer", "processor", 3, LOTS.farmer, 1_200_000),
    act("processor", 6, "process", {
      inputs: [
        { lot: LOTS.farmer, mass: 1_200_000 },
        ...(twist === "crowded"
          ? crowd.map((lot) => ({ lot, mass: 4_000 }))
          : [{ lot: mixed ? LOTS.imported : LOTS.neighbour, mass: 800_000 }]),
      ],
      outputs: [
        { lot: LOTS.kernels, mass: 480_000, product: PRODUCTS.kernels },
        { lot: LOTS.shells, mass: 1_380_000, product: PRODUCTS.shells },
      ],
    }),
    ...(mixed
      ? []
      : [
          act("processor", 7, "certify", {
            lot: LOTS.kernels,
            mass: twist === "gram" ? 1 : 48e4,
            certificate: CERTIFICATES.gi,
          }),
        ]),
    act("processor", 8, "process", {
      inputs: [{ lot: LOTS.kernels, mass: 300_000 }],
      outputs: [{ lot: LOTS.bags, mass: 297_500, product: PRODUCTS.bags }],
    }),
    act("processor", 8, "note", { lot: LOTS.bags, step: "packing" }),
    ...(twist === "recalled"
      ? [
          act("authority", 12, "recall", {
            lot: LOTS.farmer,
            memo: "Dư lượng thuốc bảo vệ thực vật vượt mức cho phép",
          }),
        ]
      : []),
    ...(twist === "revoked" ? [revoked()] : []),
    ...(twist === "closed"
      ? [act("processor", 13, "retire", { lot: LOTS.bags, mass: 297_500 }, { late: 5 * DAY })]
      : []),
  ];
  const bundle: Bundle = {
    format: "plotline-trail",
    version: 1,
    lot: LOTS.bags,
    deployment: {
      chainId: 31337,
      parties: address(1),
      lots: address(2),
      certificates: address(3),
      checkpoints: address(4),
    },
    log: { origin: "log.example/plotline", publicKey: "A".repeat(43) },
    statements: statements as unknown as readonly Recorded[],
    checkpoint: null,
    anchors: [],
    packs: [],
    founders: [],
    devices: [],
    openings: [],
  };
  return { bundle, readings: readings() };
}

/** The same with its readings in packs, as a gateway hands it out. */
export async function sampleBundle(twist: Twist = "pure"): Promise<Bundle> {
  const { bundle, readings } = sampleTrail(twist);
  const PACK = 90;
  const packs = Array.from({ length: Math.ceil(readings.length / PACK) }, async (_, seq) => {
    const records = readings.slice(seq * PACK, (seq + 1) * PACK);
    const sign = async () => new Uint8Array(64).fill(1);
    const envelope = await buildPack({ form: "cose", keyId: DEVICE, epoch: 1, seq, records, sign });
    return { envelope: toBase64Url(envelope), index: seq, proof: [] };
  });
  return { ...bundle, packs: await Promise.all(packs) };
}

const address = (n: number): Hex => `0x${String(n).padStart(40, "0")}`;
const said = (who: Who) => ({ party: idOf(PARTIES[who]), key: keyOf(who), number: 1 });
const signed = { publicKey: point, signature, time: START - 9 * DAY };
const content = idOf("a document");

const enrolled = (who: Who) => ({
  ...signed,
  name: "Enrolment",
  statement: {
    ...said("cooperative"),
    subject: idOf(PARTIES[who]),
    subjectKey: keyOf(who),
    roles: 1,
    content,
    from: START - 10 * DAY,
    until: START + 400 * DAY,
  },
  document: { type: "Party", uri: PARTIES[who], name: NAMES[who] },
});

const granted = (
  uri: string,
  scheme: keyof typeof SCHEMES,
  holder: Who,
  issuer: Who,
  number: string,
) => ({
  ...signed,
  name: "Grant",
  statement: {
    ...said(issuer),
    certificate: idOf(uri),
    scheme: SCHEMES[scheme],
    holder: idOf(PARTIES[holder]),
    area: areaBytes("VN-58"),
    quota: 5e6,
    content,
    from: START - 9 * DAY,
    until: START + 300 * DAY,
  },
  document: { type: "Certificate", uri, number, scheme, area: "VN-58" },
});

const revoked = () => ({
  publicKey: point,
  signature,
  time: START + 20 * DAY,
  name: "Revocation",
  statement: {
    ...said("certifier"),
    certificate: idOf(CERTIFICATES.gi),
    content,
  },
  document: {
    type: "Reason",
    text: "Đợt kiểm tra phát hiện trộn hàng",
  },
});

const watch = () => ({
  ...signed,
  name: "Watch",
  statement: {
    ...said("cooperative"),
    device: DEVICE,
    place: idOf(placeUri(PLACES.store[0])),
    interval: 3600,
    content,
    from: START,
    until: START + 30 * DAY,
  },
  document: {
    type: "Watch",
    place: placeUri(PLACES.store[0]),
    name: PLACES.store[1],
    device: "S-01",
    quantityLimits: [
      {
        name: "temperature",
        unit: "Cel",
        min: 15,
        max: 35,
      },
      {
        name: "humidity",
        unit: "%RH",
        max: 75,
      },
    ],
  },
});

/** Six days, hourly: warm at noon, too warm on the third day from 11:00 to 14:00, silent on the fourth from 03:00 to 07:00. */
function readings(): readonly Measurement[] {
  return Array.from({ length: 6 * 24 }, (_, hour) => hour)
    .filter((hour) => hour < 3 * 24 + 21 || hour >= 4 * 24)
    .flatMap((hour) => {
      const noon = Math.sin(((hour - 1) / 24) * 2 * Math.PI);
      const hot = hour >= 2 * 24 + 4 && hour <= 2 * 24 + 7 ? 7 : 0;
      const at = { device: DEVICE, time: (START + hour * 3600) * 1000 };
      return [
        { ...at, name: "temperature", unit: "Cel", value: round(28 + 4 * noon + hot) },
        { ...at, name: "humidity", unit: "%RH", value: round(62 - 7 * noon) },
      ];
    });
}

const round = (value: number): number => Math.round(value * 10) / 10;
