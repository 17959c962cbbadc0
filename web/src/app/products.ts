import { checkDigitOf } from "../../../gateway/core/check-digit.ts";
import { lotUri } from "../../../gateway/core/identifiers.ts";
import type { Words } from "../../../gateway/core/recording.ts";
import { lotNumber, randomBytes } from "./lot-number.ts";
import type { IconName } from "./icons.ts";

/** A product that lots are made of. `letter` starts its lot numbers. */
export type Product = {
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

const product = (
  item: number,
  letter: string,
  icon: IconName,
  vi: string,
  en: string,
): Product => ({
  gtin: gtin(item),
  letter,
  icon,
  name: { vi, en },
});

/** What a farm harvests. */
export const CROPS: readonly Product[] = [
  product(1, "D", "nut", "Hạt điều thô", "Raw cashew nuts"),
  product(8, "T", "pepper", "Hồ tiêu đen", "Black pepper"),
  product(10, "C", "drop", "Mủ cao su nước", "Field latex"),
];

/** What is made of it. */
export const MADE: readonly Product[] = [
  product(3, "N", "nut", "Nhân hạt điều", "Cashew kernels"),
  product(4, "V", "bag", "Vỏ hạt điều", "Cashew shells"),
  product(101, "L", "bag", "Vỏ lụa điều", "Cashew testa"),
  product(102, "K", "sun", "Hạt điều phơi khô", "Dried cashew nuts"),
  product(103, "R", "flame", "Điều rang", "Roasted cashews"),
  product(11, "S", "box", "Cao su khối SVR 10", "SVR 10 block rubber"),
];

/** What leaves the house in boxes and bags. */
export const PACKED: readonly Product[] = [
  product(
    7,
    "X",
    "box",
    "Nhân điều xuất khẩu, thùng 22,68 kg",
    "Cashew kernels, cartons of 22.68 kg",
  ),
  product(6, "B", "bag", "Hạt điều, gói 500 g", "Cashew, 500 g bags"),
  product(5, "G", "bag", "Hạt điều Bình Phước, gói 500 g", "Binh Phuoc cashew, 500 g bags"),
  product(9, "P", "bag", "Hồ tiêu đen, gói 100 g", "Black pepper, 100 g bags"),
];

/** A new lot's URI. Its number is made on this device: date and 25 random bits. */
export const newLot = ({ gtin, letter }: Product): string =>
  lotUri(gtin, lotNumber(letter, Date.now(), randomBytes(5)));
