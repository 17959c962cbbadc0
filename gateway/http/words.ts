import type { TraceErrorCode } from "../core/trace-error.ts";

/** One thing said in both languages of the product. */
export type Words = { readonly vi: string; readonly en: string };

/** Each refusal in plain words: what happened, and what the person may do. */
export const WORDS: Readonly<Record<TraceErrorCode, Words>> = {
  BAD_ENCODING: {
    vi: "Dữ liệu gửi lên không đọc được.",
    en: "What was sent cannot be read.",
  },
  BAD_IDENTIFIER: {
    vi: "Mã này không phải mã lô, mã địa điểm hay mã bên tham gia hợp lệ.",
    en: "This is not the code of a lot, a place or a party.",
  },
  BAD_EVENT: {
    vi: "Bản ghi thiếu thông tin hoặc ghi sai chỗ.",
    en: "The record lacks something, or says it in the wrong place.",
  },
  BAD_PACK: {
    vi: "Gói số đo không đúng định dạng.",
    en: "The pack of readings is malformed.",
  },
  BAD_OPERATION: {
    vi: "Thao tác này không đầy đủ hoặc không khớp với bản ghi của nó.",
    en: "This operation is incomplete, or does not match its record.",
  },
  BAD_BUNDLE: {
    vi: "Hồ sơ truy xuất không đúng định dạng.",
    en: "The trail file is malformed.",
  },
  BAD_KEY: {
    vi: "Khóa của thiết bị không hợp lệ.",
    en: "The device's key is not valid.",
  },
  BAD_SIGNATURE: {
    vi: "Chữ ký thiết bị không khớp với nội dung.",
    en: "The device's signature does not match the content.",
  },
  BAD_PROOF: {
    vi: "Bằng chứng không dẫn tới gốc của nhật ký.",
    en: "The proof does not lead to the root of the log.",
  },
  BAD_CHECKPOINT: {
    vi: "Điểm chốt này không phải của nhật ký này.",
    en: "This checkpoint is not of this log.",
  },
  UNKNOWN_SIGNER: {
    vi: "Thiết bị này chưa được ghi danh. Hãy xin mã ghi danh của hợp tác xã.",
    en: "This device is not enrolled. Ask the cooperative for an enrolment code.",
  },
  NOT_ALLOWED: {
    vi: "Khóa này không được phép làm việc đó.",
    en: "This key may not do that.",
  },
  REPLAYED: {
    vi: "Số thứ tự này đã được dùng. Hãy ghi lại với số mới.",
    en: "This number was used before. Record it again with a new one.",
  },
  EQUIVOCATION: {
    vi: "Số thứ tự này đã được dùng cho một nội dung khác.",
    en: "This number was used before for something else.",
  },
  RULE_BROKEN: {
    vi: "Khối lượng, hạn mức, nguồn gốc, sản phẩm hoặc thứ tự không khớp.",
    en: "Mass, quota, origin, product or order does not add up.",
  },
  WITHHELD: {
    vi: "Một bản ghi phải có lại không có.",
    en: "A record that must exist is missing.",
  },
  NOT_CURRENT: {
    vi: "Đã bị thu hồi hoặc đã hết hạn.",
    en: "It was recalled or revoked, or has expired.",
  },
  OTHER_CHAIN: {
    vi: "Bản ghi này được làm cho hệ thống khác.",
    en: "This was made for another chain, contract or log.",
  },
  TOO_LARGE: {
    vi: "Dữ liệu gửi lên quá lớn.",
    en: "What was sent is too large.",
  },
  CLOCK: {
    vi: "Ngày giờ không hợp lý. Hãy kiểm tra đồng hồ của thiết bị.",
    en: "The time cannot be right. Check the device's clock.",
  },
  NOT_FOUND: {
    vi: "Không tìm thấy.",
    en: "Nothing is known under this name.",
  },
  UNAVAILABLE: {
    vi: "Hệ thống đang bận. Bản ghi của bạn chưa mất; hãy thử lại sau.",
    en: "The system is busy. Your entry is not lost; try again later.",
  },
};

/** Said to an address that sends more than its share. */
export const TOO_MANY: Words = {
  vi: "Quá nhiều yêu cầu. Hãy đợi một phút rồi thử lại.",
  en: "Too many requests. Wait a minute and try again.",
};
