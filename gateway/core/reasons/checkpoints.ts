import type { Sentences } from "./sentences.ts";

/** Why Checkpoints turned something down. */
export const CHECKPOINTS_REASONS = {
  CheckpointsNotOperator: {
    vi: () => "Tài khoản này không được neo nhật ký.",
    en: () => "This account may not anchor the log.",
  },
  CheckpointsNotNewer: {
    vi: ({ text }) => `Nhật ký đã được neo đến ${text("newest")} mục.`,
    en: ({ text }) => `The log is anchored at ${text("newest")} entries already.`,
  },
  CheckpointsHistoryRewritten: {
    vi: () => "Điểm chốt này viết lại quá khứ của nhật ký.",
    en: () => "This checkpoint rewrites the log's past.",
  },
  CheckpointsBadProof: {
    vi: () => "Bằng chứng nhất quán không hợp lệ.",
    en: () => "The consistency proof is not valid.",
  },
} as const satisfies Readonly<Record<string, Sentences>>;
