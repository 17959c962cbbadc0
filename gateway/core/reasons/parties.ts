import type { Sentences } from "./sentences.ts";

/** Why Parties turned something down. */
export const PARTIES_REASONS = {
  PartiesUnknownKey: {
    vi: () => "Thiết bị này chưa được ghi danh. Hãy xin mã ghi danh của hợp tác xã.",
    en: () => "This device is not enrolled. Ask the cooperative for an enrolment code.",
  },
  PartiesKeyNotValid: {
    vi: ({ period }) => `Khóa của thiết bị chỉ dùng được ${period()}. Hãy xin ghi danh lại.`,
    en: ({ period }) => `The device's key is valid only ${period()}. Ask to be enrolled again.`,
  },
  PartiesWrongParty: {
    vi: ({ id }) => `Khóa này không được ghi thay cho ${id("party")}.`,
    en: ({ id }) => `This key may not record in the name of ${id("party")}.`,
  },
  PartiesWrongPoint: {
    vi: () => "Khóa công khai không khớp với mã khóa.",
    en: () => "The public key is not the one that was named.",
  },
  PartiesBadSignature: {
    vi: () => "Chữ ký không khớp với nội dung.",
    en: () => "The signature does not match the content.",
  },
  PartiesNumberUsed: {
    vi: ({ text }) =>
      `Số thứ tự ${text("number")} không còn dùng được vì đã dùng đến số ${text("last")}. Hãy ghi lại với số mới.`,
    en: ({ text }) =>
      `Number ${text("number")} comes too late: this key has used number ${text("last")}. Record it again with a new one.`,
  },
  PartiesMayNotGrant: {
    vi: () => "Bạn không có quyền cấp vai trò này.",
    en: () => "You may not hand out this role.",
  },
  PartiesNotSponsor: {
    vi: ({ id }) =>
      `Chỉ đơn vị đã ghi danh ${id("subject")} mới được ghi danh thêm khóa cho bên đó.`,
    en: ({ id }) => `Only whoever enrolled ${id("subject")} first may enrol more keys for it.`,
  },
  PartiesKeyTaken: {
    vi: () => "Khóa này đã được ghi danh.",
    en: () => "This key is enrolled already.",
  },
  PartiesMayNotRevoke: {
    vi: () => "Bạn không có quyền thu hồi khóa này.",
    en: () => "You may not revoke this key.",
  },
  PartiesBadPeriod: {
    vi: ({ period }) => `Thời hạn ${period()} không hợp lệ.`,
    en: ({ period }) => `A period ${period()} cannot be.`,
  },
  PartiesNotADevice: {
    vi: () => "Khóa này không phải của một thiết bị đo.",
    en: () => "This key is not a measuring device's.",
  },
  PartiesIsADevice: {
    vi: () => "Thiết bị đo chỉ gửi số đo, không được ký thao tác này.",
    en: () => "A measuring device sends readings; it may not sign this.",
  },
  PartiesMayNotDelegate: {
    vi: () => "Khóa này không được cho phép người khác ghi thay.",
    en: () => "This key may not let others record in its party's name.",
  },
  PartiesBadRoles: {
    vi: () => "Tổ hợp vai trò này không hợp lệ.",
    en: () => "These roles do not go together.",
  },
  PartiesUnknownParty: {
    vi: ({ id }) => `Chưa có ai ghi danh ${id("party")}.`,
    en: ({ id }) => `Nobody has enrolled ${id("party")}.`,
  },
  PartiesNotACaller: {
    vi: () => "Chỉ các hợp đồng được chỉ định mới được kiểm tra chữ ký theo cách này.",
    en: () => "Only the contracts that governance named may have signatures judged like this.",
  },
} as const satisfies Readonly<Record<string, Sentences>>;
