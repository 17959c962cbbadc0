import type { Words } from "./recording.ts";

/**
 * Provinces of Viet Nam by their ISO 3166-2 codes, which still name the 63 of before July 2025; behind the bar, the
 * province that each has belonged to since then (Resolution 202/2025/QH15), where it is another.
 */
const PROVINCES: Readonly<Record<string, string>> = {
  "VN-01": "Lai Châu",
  "VN-02": "Lào Cai",
  "VN-03": "Hà Giang|Tuyên Quang",
  "VN-04": "Cao Bằng",
  "VN-05": "Sơn La",
  "VN-06": "Yên Bái|Lào Cai",
  "VN-07": "Tuyên Quang",
  "VN-09": "Lạng Sơn",
  "VN-13": "Quảng Ninh",
  "VN-14": "Hòa Bình|Phú Thọ",
  "VN-18": "Ninh Bình",
  "VN-20": "Thái Bình|Hưng Yên",
  "VN-21": "Thanh Hóa",
  "VN-22": "Nghệ An",
  "VN-23": "Hà Tĩnh",
  "VN-24": "Quảng Bình|Quảng Trị",
  "VN-25": "Quảng Trị",
  "VN-26": "Huế",
  "VN-27": "Quảng Nam|Đà Nẵng",
  "VN-28": "Kon Tum|Quảng Ngãi",
  "VN-29": "Quảng Ngãi",
  "VN-30": "Gia Lai",
  "VN-31": "Bình Định|Gia Lai",
  "VN-32": "Phú Yên|Đắk Lắk",
  "VN-33": "Đắk Lắk",
  "VN-34": "Khánh Hòa",
  "VN-35": "Lâm Đồng",
  "VN-36": "Ninh Thuận|Khánh Hòa",
  "VN-37": "Tây Ninh",
  "VN-39": "Đồng Nai",
  "VN-40": "Bình Thuận|Lâm Đồng",
  "VN-41": "Long An|Tây Ninh",
  "VN-43": "Bà Rịa - Vũng Tàu|Thành phố Hồ Chí Minh",
  "VN-44": "An Giang",
  "VN-45": "Đồng Tháp",
  "VN-46": "Tiền Giang|Đồng Tháp",
  "VN-47": "Kiên Giang|An Giang",
  "VN-49": "Vĩnh Long",
  "VN-50": "Bến Tre|Vĩnh Long",
  "VN-51": "Trà Vinh|Vĩnh Long",
  "VN-52": "Sóc Trăng|Cần Thơ",
  "VN-53": "Bắc Kạn|Thái Nguyên",
  "VN-54": "Bắc Giang|Bắc Ninh",
  "VN-55": "Bạc Liêu|Cà Mau",
  "VN-56": "Bắc Ninh",
  "VN-57": "Bình Dương|Thành phố Hồ Chí Minh",
  "VN-58": "Bình Phước|Đồng Nai",
  "VN-59": "Cà Mau",
  "VN-61": "Hải Dương|Hải Phòng",
  "VN-63": "Hà Nam|Ninh Bình",
  "VN-66": "Hưng Yên",
  "VN-67": "Nam Định|Ninh Bình",
  "VN-68": "Phú Thọ",
  "VN-69": "Thái Nguyên",
  "VN-70": "Vĩnh Phúc|Phú Thọ",
  "VN-71": "Điện Biên",
  "VN-72": "Đắk Nông|Lâm Đồng",
  "VN-73": "Hậu Giang|Cần Thơ",
  "VN-CT": "Cần Thơ",
  "VN-DN": "Đà Nẵng",
  "VN-HN": "Hà Nội",
  "VN-HP": "Hải Phòng",
  "VN-SG": "Thành phố Hồ Chí Minh",
};

/** What people call an area (ISO 3166-1 alpha-2 or 3166-2:VN): "Bình Phước (cũ), nay thuộc Đồng Nai", "Campuchia". */
export function areaName(code: string): Words {
  const [old, now] = (PROVINCES[code] ?? "").split("|");
  if (old !== undefined && old !== "")
    return now === undefined
      ? { vi: old, en: old }
      : { vi: `${old} (cũ), nay thuộc ${now}`, en: `${old} (former province, now ${now})` };
  return { vi: countryName(code, "vi"), en: countryName(code, "en") };
}

/** A country's name in ECMA-402's words, or the code itself where it is none. */
const countryName = (code: string, language: string): string =>
  (/^[A-Z]{2}$/.test(code) && new Intl.DisplayNames(language, { type: "region" }).of(code)) || code;
