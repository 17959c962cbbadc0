import type { Sentences } from "./sentences.ts";

/** Why Certificates turned something down. */
export const CERTIFICATES_REASONS = {
  CertificatesBadKind: {
    vi: () => "Không có loại chứng nhận như vậy.",
    en: () => "There is no such kind of certificate.",
  },
  CertificatesSchemeUnknown: {
    vi: () => "Không có chương trình chứng nhận này.",
    en: () => "There is no such certification scheme.",
  },
  CertificatesMayNotIssue: {
    vi: () => "Bạn không có quyền cấp chứng nhận của chương trình này.",
    en: () => "You may not issue certificates of this scheme.",
  },
  CertificatesExists: {
    vi: ({ id }) => `Chứng nhận ${id("certificate")} đã được cấp rồi.`,
    en: ({ id }) => `Certificate ${id("certificate")} was issued already.`,
  },
  CertificatesUnknown: {
    vi: ({ id }) => `Không có chứng nhận ${id("certificate")}.`,
    en: ({ id }) => `There is no certificate ${id("certificate")}.`,
  },
  CertificatesUnknownHolder: {
    vi: ({ id }) => `Bên được cấp ${id("holder")} chưa được ghi danh.`,
    en: ({ id }) => `The holder ${id("holder")} is not enrolled.`,
  },
  CertificatesOwnHolder: {
    vi: () => "Không ai được tự cấp chứng nhận cho chính mình.",
    en: () => "Nobody issues a certificate to himself.",
  },
  CertificatesBadPeriod: {
    vi: ({ period }) => `Thời hạn ${period()} không hợp lệ.`,
    en: ({ period }) => `A period ${period()} cannot be.`,
  },
  CertificatesMayNotRevoke: {
    vi: ({ id }) =>
      `Chỉ đơn vị cấp hoặc cơ quan quản lý mới được thu hồi chứng nhận ${id("certificate")}.`,
    en: ({ id }) => `Only its issuer or an authority may revoke certificate ${id("certificate")}.`,
  },
  CertificatesRevoked: {
    vi: ({ id, time }) => `Chứng nhận ${id("certificate")} đã bị thu hồi lúc ${time("revoked")}.`,
    en: ({ id, time }) => `Certificate ${id("certificate")} was revoked on ${time("revoked")}.`,
  },
  CertificatesNotValid: {
    vi: ({ id, period }) => `Chứng nhận ${id("certificate")} chỉ có hiệu lực ${period()}.`,
    en: ({ id, period }) => `Certificate ${id("certificate")} is valid only ${period()}.`,
  },
  CertificatesWrongHolder: {
    vi: ({ id }) => `Chứng nhận ${id("certificate")} không được cấp cho ${id("party")}.`,
    en: ({ id }) => `Certificate ${id("certificate")} does not belong to ${id("party")}.`,
  },
  CertificatesWrongKind: {
    vi: ({ id }) => `Chứng nhận ${id("certificate")} không dùng được cho việc này.`,
    en: ({ id }) => `Certificate ${id("certificate")} is not for this use.`,
  },
  CertificatesQuotaExceeded: {
    vi: ({ id, kg }) =>
      `Hạn mức của ${id("certificate")} chỉ còn ${kg("left")}, không đủ cho ${kg("mass")}.`,
    en: ({ id, kg }) =>
      `The quota of ${id("certificate")} has ${kg("left")} left, which is not enough for ${kg("mass")}.`,
  },
  CertificatesNotASpender: {
    vi: () => "Chỉ hợp đồng được chỉ định mới được trừ hạn mức.",
    en: () => "Only the contract that governance named may spend quotas.",
  },
} as const satisfies Readonly<Record<string, Sentences>>;
