/** What a page's verifier says: rendered into the page in its own language, so that no reader loads the other's. `{…}` is filled in by the verifier. */
import type { TraceErrorCode } from "./trace-error.ts";
import type { Outcome } from "./verify/report.ts";

export type VerdictWords = {
  readonly answers: Readonly<Record<Outcome, string>>;
  readonly checking: string;
  readonly reasons: Readonly<Record<TraceErrorCode, string>>;
  readonly remarks: Readonly<Partial<Record<TraceErrorCode, string>>>;
  readonly otherReason: string;
  readonly sensor: string;
  readonly attested: string;
  readonly lot: string;
  readonly history: string;
  readonly log: string;
  readonly bundle: string;
  readonly certificate: string;
  /** What a record is, by the first word that the verifier names it with. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly more: string;
  readonly mark: string;
  readonly asOf: string;
  /** How the page writes its days (ECMA-402). */
  readonly locale: string;
  readonly month: "short" | "2-digit";
  readonly agrees: string;
  readonly knows: string;
  readonly doubts: string;
  readonly besides: string;
  readonly cannot: string;
  readonly older: string;
  readonly outgrown: string;
  /** Of a file to keep: what the certificates of each scheme are called. */
  readonly papers?: Readonly<Record<string, string>>;
  /** Of a file to keep: what was judged, since the words around it were not. */
  readonly judged: string;
  readonly declared: string;
  readonly unjudged: string;
  readonly noBundle: string;
  readonly badState: string;
  readonly details: string;
};

export const VERDICT_WORDS: Readonly<Record<"vi" | "en", VerdictWords>> = {
  vi: {
    answers: {
      holds: "Đạt",
      remark: "Đạt, có điều cần biết",
      unchecked: "Không kiểm tra được",
      fails: "Không đạt",
    },
    checking: "Đang kiểm tra…",
    reasons: {
      BAD_ENCODING: "dữ liệu không đọc được",
      BAD_OPERATION: "nội dung đã bị sửa, không còn là nội dung đã ký",
      BAD_BUNDLE: "hồ sơ sai định dạng hoặc lẫn bản ghi lạ",
      BAD_PACK: "gói số đo sai định dạng",
      BAD_KEY: "khóa không khớp",
      BAD_SIGNATURE: "chữ ký không khớp với nội dung",
      BAD_PROOF: "bằng chứng không dẫn tới nhật ký đã neo",
      BAD_CHECKPOINT: "điểm chốt của nhật ký không khớp với chuỗi khối",
      UNKNOWN_SIGNER: "không ai ghi danh khóa đã ký",
      NOT_ALLOWED: "người ký không được phép làm việc này vào lúc đó",
      REPLAYED: "một bản ghi cũ bị dùng lại",
      RULE_BROKEN: "khối lượng, hạn mức, nguồn gốc hoặc sản phẩm không khớp",
      WITHHELD: "có bản ghi trên chuỗi khối mà hồ sơ không đưa ra",
      NOT_CURRENT: "đã bị thu hồi hoặc hết hạn",
      OTHER_CHAIN: "không phải bản ghi trên chuỗi khối này",
      NOT_FOUND: "chuỗi khối không có",
      BAD_IDENTIFIER: "mã GS1 không đúng",
      BAD_EVENT: "sự kiện không đúng chuẩn EPCIS",
      EQUIVOCATION: "cùng một số thứ tự cho hai nội dung khác nhau",
      TOO_LARGE: "hồ sơ lớn quá mức",
      CLOCK: "thời điểm không thể có",
      UNAVAILABLE: "chưa hỏi được chuỗi khối, hoặc chưa được neo",
    },
    remarks: {
      WITHHELD: "có lúc im lặng hoặc không được theo dõi, hoặc thiếu số đo",
      RULE_BROKEN: "số đo có lúc vượt giới hạn, hoặc khác đơn vị",
      NOT_CURRENT: "giấy hiệu chuẩn của cảm biến đã hết hạn",
      NOT_ALLOWED: "khóa của người ký khi đó không có hiệu lực; không điều gì dựa vào bản ghi này",
      CLOCK: "thời điểm không khớp: đến muộn, đến quá sớm, hoặc thay cho gói bị từ chối",
      NOT_FOUND: "hồ sơ không cho biết bên này là ai",
      REPLAYED:
        "bị tính hai lần: một cảm biến cho hai nơi cùng lúc, một gói số đo, hoặc một niêm phong",
      OTHER_CHAIN: "không rõ số đo phải nằm trong nhật ký nào",
    },
    otherReason: "không khớp",
    sensor: "Cảm biến",
    attested: "số đo do máy chủ mạng xác nhận, không phải do chính cảm biến ký",
    lot: "Lô hàng",
    history: "Lịch sử của lô",
    log: "Nhật ký số đo",
    bundle: "Hồ sơ",
    certificate: "Chứng nhận",
    kinds: {
      harvest: "Thu hoạch",
      intake: "Nhập từ nơi khác",
      process: "Chế biến",
      handOver: "Giao hàng",
      takeOver: "Nhận hàng",
      certify: "Gắn chứng nhận",
      note: "Ghi nhận",
      recall: "Thu hồi",
      lift: "Gỡ lệnh thu hồi",
      retire: "Kết thúc lô",
      grant: "Cấp chứng nhận",
      revocation: "Thu hồi chứng nhận",
      enrolment: "Ghi danh",
      keyrevocation: "Hủy khóa",
      delegation: "Nhờ ghi hộ",
      watch: "Đặt cảm biến",
      party: "Bên tham gia",
      sealed: "Phần được niêm phong",
    },
    more: "Và {count} mục nữa.",
    mark: "Không đạt: ",
    asOf: "Trình duyệt của bạn đã kiểm tra {checks} mục theo khối số {block}, lúc {time}.",
    locale: "vi-VN",
    month: "2-digit",
    agrees: "Trình duyệt của bạn đã tự kiểm tra và thấy đúng như vậy.",
    knows:
      "Trình duyệt của bạn đã tự kiểm tra và thấy đúng như vậy; có điều bạn nên biết, xem năm câu hỏi ở dưới.",
    doubts: "Đây là kết quả do trình duyệt của bạn tự kiểm tra.",
    besides: "Còn có điều bạn nên biết: xem năm câu hỏi dưới đây.",
    cannot: "Trình duyệt của bạn chưa kiểm tra được, nên đây mới là lời của máy chủ.",
    older:
      "Tệp này được lưu lúc {saved}; chuỗi khối đã có thêm bản ghi; hãy tải tệp mới. Nếu tệp mới vẫn thiếu, có bản ghi bị giấu.",
    outgrown: "Số bản ghi mới hơn mà chuỗi khối đã có thêm: {newer}.",
    judged: "Điều đã được kiểm tra là: lô {lot}; nguồn gốc {origin}; chứng nhận {claims}.",
    declared: "(*) là tự khai.",
    unjudged: "Những lời khác trong tệp này không được kiểm tra.",
    noBundle: "không tải được hồ sơ",
    badState: "tệp này không phải trạng thái đã lưu của chuỗi khối này",
    details: "Chi tiết kỹ thuật",
  },
  en: {
    answers: {
      holds: "Holds",
      remark: "Holds, with something to know",
      unchecked: "Could not be checked",
      fails: "Does not hold",
    },
    checking: "Checking…",
    reasons: {
      BAD_ENCODING: "cannot be read",
      BAD_OPERATION: "was changed: it is not what was signed",
      BAD_BUNDLE: "malformed, or about something else",
      BAD_PACK: "the pack of readings is malformed",
      BAD_KEY: "the key does not fit",
      BAD_SIGNATURE: "the signature does not fit the content",
      BAD_PROOF: "the proof does not lead to the anchored log",
      BAD_CHECKPOINT: "the log's checkpoint differs from the chain's",
      UNKNOWN_SIGNER: "nobody enrolled the key that signed",
      NOT_ALLOWED: "the signer was not allowed to, at that time",
      REPLAYED: "an old record was used again",
      RULE_BROKEN: "mass, quota, origin or product does not add up",
      WITHHELD: "a record that is on the chain was not shown",
      NOT_CURRENT: "recalled, revoked or expired",
      OTHER_CHAIN: "is not what is on this chain",
      NOT_FOUND: "the chain does not know it",
      BAD_IDENTIFIER: "not a GS1 identifier",
      BAD_EVENT: "not an EPCIS event",
      EQUIVOCATION: "one number was used for two contents",
      TOO_LARGE: "larger than any reader should take",
      CLOCK: "a time that cannot be",
      UNAVAILABLE: "the chain could not be asked, or it is not anchored yet",
    },
    remarks: {
      WITHHELD: "was silent or unwatched for a while, or readings are missing",
      RULE_BROKEN: "readings were outside the limits for a while, or in another unit",
      NOT_CURRENT: "the sensor's calibration had expired",
      NOT_ALLOWED: "its signer's key was not valid at that time; nothing here rests on it",
      CLOCK: "its time does not fit: it came late, or too early, or in place of what was refused",
      NOT_FOUND: "who this is, is not shown",
      REPLAYED:
        "would count twice: one sensor for two places at once, one pack of readings, or one seal",
      OTHER_CHAIN: "which log readings should be in was not said",
    },
    otherReason: "does not match",
    sensor: "Sensor",
    attested: "attested by the network server, not signed by the device",
    lot: "Lot",
    history: "History of the lot",
    log: "Log of readings",
    bundle: "The records",
    certificate: "Certificate",
    kinds: {
      harvest: "Harvest",
      intake: "Intake",
      process: "Processing",
      handOver: "Hand-over",
      takeOver: "Take-over",
      certify: "Certification",
      note: "Note",
      recall: "Recall",
      lift: "Lifted recall",
      retire: "Closing of a lot",
      grant: "Grant of a certificate",
      revocation: "Revocation of a certificate",
      enrolment: "Enrolment",
      keyrevocation: "Revocation of a key",
      delegation: "Delegation",
      watch: "Placing of a sensor",
      party: "Party",
      sealed: "Sealed",
    },
    more: "And {count} more.",
    mark: "Does not hold: ",
    asOf: "Your browser made {checks} checks as of block {block}, {time}.",
    locale: "en-GB",
    month: "short",
    agrees: "Your browser has checked this itself and agrees.",
    knows:
      "Your browser has checked this itself and agrees; there is something to know, see the five questions below.",
    doubts: "This is what your browser found when it checked.",
    besides: "Besides, there is something to know: see the five questions below.",
    cannot: "Your browser could not check, so this is only what the server says.",
    older:
      "This file was saved at {saved}; the chain has more records by now; fetch a new file. If that lacks them too, something is withheld.",
    outgrown: "Newer records that the chain has by now: {newer}.",
    judged: "What was checked is: lot {lot}; origin {origin}; certificates {claims}.",
    declared: "(*) is self-declared.",
    unjudged: "Other words in this file were not checked.",
    noBundle: "the records could not be fetched",
    badState: "this file is not a saved state of this chain",
    details: "Technical details",
  },
};
