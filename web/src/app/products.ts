import { checkDigitOf } from "../../../gateway/core/check-digit.ts";
import { lotUri } from "../../../gateway/core/identifiers.ts";
import type { Words } from "../../../gateway/core/recording.ts";
import { lotNumber, randomBytes } from "./lot-number.ts";
import type { IconName } from "./icons.ts";

/** What grows: what a product is of, from the plot to the bag. */
export const KINDS_OF_CROP = ["cashew", "pepper", "rubber"] as const;
export type Crop = (typeof KINDS_OF_CROP)[number];

/** A product that lots are made of. `letter` starts its lot numbers. */
export type Product = {
  readonly crop: Crop;
  readonly gtin: string; // GTIN-14
  readonly letter: string;
  readonly icon: IconName;
  readonly name: Words;
};

// 952 is GS1's prefix for demonstrations; whoever runs this for real puts its own GTINs here.
const gtin = (item: number): string => {
  const digits = `09520001${String(item).padStart(5, "0")}`;
  return digits + checkDigitOf(digits);
};

const of =
  (crop: Crop) =>
  (item: number, letter: string, icon: IconName, vi: string, en: string): Product => ({
    crop,
    gtin: gtin(item),
    letter,
    icon,
    name: { vi, en },
  });
const [cashew, pepper, rubber] = [of("cashew"), of("pepper"), of("rubber")];

/** What a farm harvests. */
export const CROPS: readonly Product[] = [
  cashew(1, "D", "nut", "Hạt điều thô", "Raw cashew nuts"),
  pepper(8, "T", "pepper", "Hồ tiêu đen", "Black pepper"),
  rubber(10, "C", "drop", "Mủ cao su nước", "Field latex"),
];

/** What is made of it. */
export const MADE: readonly Product[] = [
  cashew(3, "N", "nut", "Nhân hạt điều", "Cashew kernels"),
  cashew(4, "V", "bag", "Vỏ hạt điều", "Cashew shells"),
  cashew(101, "L", "bag", "Vỏ lụa điều", "Cashew testa"),
  cashew(102, "K", "sun", "Hạt điều phơi khô", "Dried cashew nuts"),
  cashew(103, "R", "flame", "Điều rang", "Roasted cashews"),
  rubber(11, "S", "box", "Cao su khối SVR 10", "SVR 10 block rubber"),
];

/** What leaves the house in boxes and bags. */
export const PACKED: readonly Product[] = [
  cashew(
    7,
    "X",
    "box",
    "Nhân điều xuất khẩu, thùng 22,68 kg",
    "Cashew kernels, cartons of 22.68 kg",
  ),
  cashew(6, "B", "bag", "Hạt điều, gói 500 g", "Cashew, 500 g bags"),
  cashew(5, "G", "bag", "Hạt điều Bình Phước, gói 500 g", "Binh Phuoc cashew, 500 g bags"),
  pepper(9, "P", "bag", "Hồ tiêu đen, gói 100 g", "Black pepper, 100 g bags"),
];

const ALL: readonly Product[] = [...CROPS, ...MADE, ...PACKED];

/** What a product is of; undefined of one that this app does not know. */
export const cropOf = (gtin: string): Crop | undefined =>
  ALL.find((product) => product.gtin === gtin)?.crop;

/** What a product is called here, or its GTIN. */
export const productName = (gtin: string): Words =>
  ALL.find((product) => product.gtin === gtin)?.name ?? { vi: gtin, en: gtin };

/** The GTINs of a crop's products: all that is made of it, or what is harvested alone. */
export const gtinsOf = (crop: Crop, harvested: boolean): readonly string[] =>
  (harvested ? CROPS : ALL).filter((product) => product.crop === crop).map(({ gtin }) => gtin);

/** A new lot's URI. Its number is made on this device: date and 25 random bits. */
export const newLot = ({ gtin, letter }: Product): string =>
  lotUri(gtin, lotNumber(letter, Date.now(), randomBytes(5)));
