import { resolve } from "node:path";

import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { p256 } from "@noble/curves/nist.js";

import { toBase64Url, toHex, utf8ToBytes, type Hex } from "../../gateway/core/bytes.ts";
import { checkDigitOf } from "../../gateway/core/check-digit.ts";
import { sha256OfText } from "../../gateway/core/hash.ts";
import { lotUri, partyUri, placeUri } from "../../gateway/core/identifiers.ts";
import { ROLES, type Role } from "../../gateway/core/operations.ts";
import { keyIdOf } from "../../gateway/core/key-id.ts";
import type { Place, Words } from "../../gateway/core/recording.ts";
import { sourceKey } from "../../gateway/source-keys.ts";

/** A name whose last digit is computed: GS1's prefix 952 is for demonstrations, so no real goods bear these. */
const withCheckDigit = (digits: string): string => digits + checkDigitOf(digits);
const gln = (number: number): string => withCheckDigit(`9520001${String(number).padStart(5, "0")}`);
const gtin = (number: number): string =>
  withCheckDigit(`09520001${String(number).padStart(5, "0")}`);

/** Somebody of the season: a party with one role and one key. Its key follows from its name, so that every season is the same. */
export type Person = {
  readonly name: string;
  readonly uri: string;
  readonly words: Words;
  readonly roles: number;
  readonly keyId: Hex;
  readonly publicKey: Hex;
  readonly secret: Uint8Array;
};

function personOf(name: string, number: number, role: Role, words: Words): Person {
  const keys = keysOf(name);
  return { name, uri: partyUri(gln(number)), words, roles: ROLES[role], ...keys };
}

/** The secret of which the season's gateway makes the keys of sensors that do not sign, and the file that names these. */
export const SOURCES = {
  sourcesFile: resolve(import.meta.dirname, "sources.json"),
  sourcesKey: toBase64Url(sha256OfText("plotline season: sources")),
} as const;

function sourceOf(eui: string) {
  const device = { server: "season", name: eui, generation: 1 };
  const { keyId, publicKey } = sourceKey(SOURCES.sourcesKey, device);
  return { eui, keyId, publicKey: toHex(publicKey) };
}

/** A key pair that follows from a name: good for a demonstration, and for nothing else. */
export function keysOf(name: string) {
  const seed = hkdf(nobleSha256, utf8ToBytes(name), utf8ToBytes("plotline season"), undefined, 48);
  const { secretKey, publicKey } = p256.keygen(seed);
  const point = p256.Point.fromBytes(publicKey).toBytes(false);
  return { secret: secretKey, publicKey: toHex(point), keyId: keyIdOf(point) };
}

const farm = (number: number): Person =>
  personOf(`farm ${number}`, 100 + number, "farmer", {
    vi: `Nông hộ mẫu ${number}`,
    en: `Sample farm ${number}`,
  });

export const PEOPLE = {
  province: personOf("province", 1, "authority", {
    vi: "Cơ quan tỉnh (mẫu)",
    en: "Provincial office (sample)",
  }),
  certifier: personOf("certifier", 2, "certifier", {
    vi: "Tổ chức chứng nhận mẫu",
    en: "Sample certification body",
  }),
  cooperative: personOf("cooperative", 3, "cooperative", {
    vi: "Hợp tác xã mẫu",
    en: "Sample cooperative",
  }),
  processor: personOf("processor", 4, "processor", {
    vi: "Xưởng chế biến mẫu",
    en: "Sample processing works",
  }),
  exporter: personOf("exporter", 5, "exporter", {
    vi: "Công ty xuất khẩu mẫu",
    en: "Sample export company",
  }),
  farm1: farm(1),
  farm2: farm(2),
  farm3: farm(3),
  farm4: farm(4),
  farm5: farm(5),
} as const;
export type Who = keyof typeof PEOPLE;

const place = (number: number, vi: string, en: string): Place => ({
  uri: placeUri(gln(number)),
  name: { vi, en },
});

export const PLACES = {
  plot1: place(201, "Lô vườn 1, xã Bù Gia Mập", "Plot 1, Bu Gia Map commune"),
  plot2: place(202, "Lô vườn 2, xã Bù Gia Mập", "Plot 2, Bu Gia Map commune"),
  plot3: place(203, "Lô vườn 3, xã Đak Ơ", "Plot 3, Dak O commune"),
  plot4: place(204, "Vườn tiêu 4, xã Lộc Ninh", "Pepper garden 4, Loc Ninh commune"),
  plot5: place(205, "Vườn cao su 5, xã Đồng Phú", "Rubber plot 5, Dong Phu commune"),
  dryer: place(211, "Sân phơi hợp tác xã", "Cooperative drying yard"),
  store: place(212, "Kho hợp tác xã", "Cooperative store-room"),
  works: place(221, "Xưởng chế biến", "Processing works"),
  warehouse: place(231, "Kho xuất khẩu", "Export warehouse"),
} as const;

/** What stands between 5 and 35 degrees and under 70 % keeps; the store-room shall stay cooler. */
export const DEVICES = {
  dryer: {
    ...keysOf("dryer sensor"),
    interval: 1_800,
    place: PLACES.dryer,
    words: { vi: "Cảm biến sân phơi", en: "Drying yard sensor" },
    limits: [
      { name: "temperature", unit: "Cel", min: 15, max: 45 },
      { name: "humidity", unit: "%RH", max: 90 },
    ],
    calibration: { certificate: "HC-26/0104", issuer: "Phòng hiệu chuẩn mẫu", until: "2027-12-31" },
  },
  store: {
    ...keysOf("store-room sensor"),
    interval: 1_800,
    place: PLACES.store,
    words: { vi: "Cảm biến kho", en: "Store-room sensor" },
    limits: [
      { name: "temperature", unit: "Cel", min: 10, max: 32 },
      { name: "humidity", unit: "%RH", max: 75 },
    ],
    calibration: { certificate: "HC-26/0105", issuer: "Phòng hiệu chuẩn mẫu", until: "2027-12-31" },
  },
  /** Does not sign: a network server speaks for it, and a gateway seals what that says. */
  shelf: {
    ...sourceOf("24e124136d4a7b01"),
    interval: 5_400,
    place: PLACES.store,
    words: { vi: "Cảm biến LoRaWAN trên kệ", en: "LoRaWAN sensor on the shelf" },
    limits: [{ name: "temperature", unit: "Cel", min: 10, max: 34 }],
    calibration: { certificate: "HC-26/0106", issuer: "Phòng hiệu chuẩn mẫu", until: "2027-12-31" },
  },
} as const;

const CASHEW = { vi: "Hạt điều thô", en: "Raw cashew nuts" };
const KERNEL = { vi: "Nhân hạt điều", en: "Cashew kernels" };
const product = (number: number, lot: string, words: Words) => ({
  lot: lotUri(gtin(number), lot),
  product: words,
});

export const LOTS = {
  raw1: product(1, "DT26-001", CASHEW),
  raw2: product(1, "DT26-002", CASHEW),
  raw3: product(1, "DT26-003", CASHEW),
  raw4: product(1, "DT26-004", CASHEW),
  raw5: product(1, "DT26-005", CASHEW),
  imported: product(2, "NK26-001", {
    vi: "Hạt điều thô nhập khẩu",
    en: "Imported raw cashew nuts",
  }),
  kernels: product(3, "ND26-001", KERNEL),
  shells: product(4, "VD26-001", { vi: "Vỏ hạt điều", en: "Cashew shells" }),
  mixedKernels: product(3, "ND26-002", KERNEL),
  mixedShells: product(4, "VD26-002", { vi: "Vỏ hạt điều", en: "Cashew shells" }),
  bags: product(5, "GI26-001", {
    vi: "Hạt điều Bình Phước, gói 500 g",
    en: "Binh Phuoc cashew, 500 g bags",
  }),
  mixedBags: product(6, "HH26-001", { vi: "Hạt điều, gói 500 g", en: "Cashew, 500 g bags" }),
  cartons: product(7, "XK26-001", {
    vi: "Nhân điều xuất khẩu, thùng 22,68 kg",
    en: "Cashew kernels for export, cartons of 22.68 kg",
  }),
  pepper: product(8, "HT26-001", { vi: "Hồ tiêu đen", en: "Black pepper" }),
  pepperBags: product(9, "TG26-001", {
    vi: "Hồ tiêu đen, gói 100 g",
    en: "Black pepper, 100 g bags",
  }),
  rubber: product(10, "CS26-001", { vi: "Mủ cao su nước", en: "Field latex" }),
  rubberBlocks: product(11, "CB26-001", { vi: "Cao su khối SVR 10", en: "SVR 10 block rubber" }),
} as const;

/** Growing-area codes of the five plots, and the right to the geographical indication. */
const CODES = "https://plotline.example/certificates";
const plot = (number: string, holder: Who, quota: number, crop: number) => ({
  uri: `${CODES}/${number}`,
  number,
  holder,
  quota,
  products: [gtin(crop)],
});
/** Growing-area codes: each for what grows there. */
export const CERTIFICATES = {
  plot1: plot("VN-BPOR-0101", "farm1", 2_000_000, 1),
  plot2: plot("VN-BPOR-0102", "farm2", 1_500_000, 1),
  plot3: plot("VN-BPOR-0103", "farm3", 1_000_000, 1),
  plot4: plot("VN-BPOR-0104", "farm4", 800_000, 8),
  plot5: plot("VN-BPOR-0105", "farm5", 5_000_000, 10),
} as const;
/** The right to the name, for cashew from the raw nut to the bag and the carton. */
export const GI = {
  uri: `${CODES}/CDDL-2026-01`,
  number: "CDDL-2026-01",
  quota: 600_000,
  products: [1, 3, 5, 7].map(gtin),
} as const;
export const AREA = "VN-58"; // ISO 3166-2: the former Binh Phuoc, now in Dong Nai
