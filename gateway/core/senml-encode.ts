import { toBase64Url } from "./bytes.ts";
import { encodeCbor } from "./cbor-encode.ts";
import type { CborValue } from "./cbor.ts";
import { SENML_FIELDS } from "./senml.ts";
import type { SenmlRecord } from "./senml.ts";

/** A record to be sent: the standard's own fields only. */
export type SentRecord = Omit<SenmlRecord, "other">;

/** The pack as SenML in CBOR: RFC 8428, 6. */
export const encodeSenmlCbor = (pack: readonly SentRecord[]): Uint8Array =>
  encodeCbor(
    pack.map(
      (record) =>
        new Map(
          fieldsOf(record).map(([label, value]) => [SENML_FIELDS.get(label)?.[0] ?? label, value]),
        ),
    ),
  );

/** The pack as SenML in JSON: RFC 8428, 5. */
export const formatSenmlJson = (pack: readonly SentRecord[]): string =>
  JSON.stringify(
    pack.map((record) =>
      Object.fromEntries(
        fieldsOf(record).map(([label, value]) => [
          label,
          value instanceof Uint8Array ? toBase64Url(value) : value,
        ]),
      ),
    ),
  );

const fieldsOf = (record: SentRecord) => Object.entries(record) as [string, CborValue][];
