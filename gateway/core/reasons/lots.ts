import type { Sentences } from "./sentences.ts";

/** Why Lots turned something down. */
export const LOTS_REASONS = {
  LotsBadShape: {
    vi: ({ kind }) => `Thao tác ${kind()} thiếu thông tin hoặc có thông tin thừa.`,
    en: ({ kind }) => `The ${kind()} lacks something, or says too much.`,
  },
  LotsNotAllowed: {
    vi: ({ kind }) => `Vai trò của bạn không được làm thao tác ${kind()}.`,
    en: ({ kind }) => `Your role does not allow this ${kind()}.`,
  },
  LotsFutureTime: {
    vi: ({ time }) =>
      `Thời điểm ${time("time")} còn ở tương lai; bây giờ là ${time("now_")}. Hãy kiểm tra đồng hồ của máy.`,
    en: ({ time }) =>
      `${time("time")} lies in the future; it is ${time("now_")}. Check the clock of the device.`,
  },
  LotsExists: {
    vi: ({ id }) => `Lô ${id("lot")} đã được ghi rồi. Hãy dùng số lô khác.`,
    en: ({ id }) => `Lot ${id("lot")} is recorded already. Choose another lot number.`,
  },
  LotsUnknown: {
    vi: ({ id }) => `Không có lô ${id("lot")}.`,
    en: ({ id }) => `There is no lot ${id("lot")}.`,
  },
  LotsNotHolder: {
    vi: ({ id }) => `Lô ${id("lot")} hiện không do ${id("party")} giữ.`,
    en: ({ id }) => `${id("party")} does not hold lot ${id("lot")}.`,
  },
  LotsNotPending: {
    vi: ({ id }) => `Lô ${id("lot")} chưa được giao cho ${id("party")}.`,
    en: ({ id }) => `Lot ${id("lot")} was not handed over to ${id("party")}.`,
  },
  LotsUnknownParty: {
    vi: ({ id }) => `Không có bên tham gia ${id("party")}.`,
    en: ({ id }) => `There is no party ${id("party")}.`,
  },
  LotsWrongMass: {
    vi: ({ id, kg }) => `Lô ${id("lot")} còn ${kg("left")}, không phải ${kg("mass")}.`,
    en: ({ id, kg }) => `Lot ${id("lot")} has ${kg("left")} left, not ${kg("mass")}.`,
  },
  LotsMassCreated: {
    vi: ({ kg }) => `Đầu ra ${kg("output")} nặng hơn đầu vào ${kg("input")}.`,
    en: ({ kg }) =>
      `What comes out, ${kg("output")}, is heavier than what went in, ${kg("input")}.`,
  },
  LotsMixed: {
    vi: ({ id }) => `Lô ${id("lot")} phải để riêng, không được trộn với lô khác.`,
    en: ({ id }) => `Lot ${id("lot")} must be kept apart and may not be mixed.`,
  },
  LotsWrongOrigin: {
    vi: ({ id }) =>
      `Nguồn gốc của lô ${id("lot")} không thuộc vùng của chứng nhận ${id("certificate")}.`,
    en: ({ id }) =>
      `Lot ${id("lot")} does not all come from the area of certificate ${id("certificate")}.`,
  },
  LotsRecalled: {
    vi: ({ id }) => `Lô ${id("lot")} đang bị thu hồi.`,
    en: ({ id }) => `Lot ${id("lot")} is recalled.`,
  },
  LotsNotRecalled: {
    vi: ({ id }) => `Lô ${id("lot")} không bị thu hồi.`,
    en: ({ id }) => `Lot ${id("lot")} is not recalled.`,
  },
  LotsRetired: {
    vi: ({ id }) => `Lô ${id("lot")} đã kết thúc: đã bán, đã dùng hết hoặc đã tiêu hủy.`,
    en: ({ id }) => `Lot ${id("lot")} is retired: sold, used up or destroyed.`,
  },
} as const satisfies Readonly<Record<string, Sentences>>;
