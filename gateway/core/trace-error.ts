/** Every way in which something that a stranger handed us can fail to hold. Programs and tests look at these. */
export type TraceErrorCode =
  | "BAD_ENCODING" // not the bytes, text or number that was announced
  | "BAD_IDENTIFIER" // not a GS1 key, Digital Link or URI that we know
  | "BAD_EVENT" // not an EPCIS 2.0 document or event
  | "BAD_PACK" // not a reading pack
  | "BAD_OPERATION" // not a well-formed operation
  | "BAD_BUNDLE" // not a trail bundle
  | "BAD_KEY" // not a point of P-256, or not the key that was named
  | "BAD_SIGNATURE" // the signature does not belong to these bytes and this key
  | "BAD_PROOF" // a Merkle proof that does not lead to the root
  | "BAD_CHECKPOINT" // not a signed checkpoint of this log
  | "UNKNOWN_SIGNER" // nobody enrolled this key
  | "NOT_ALLOWED" // the key, party or role may not do this, or not at that time
  | "REPLAYED" // this number was used before
  | "EQUIVOCATION" // the same number was used before for something else
  | "RULE_BROKEN" // mass, quota, origin, product or order does not add up
  | "WITHHELD" // a record that must exist was not shown
  | "NOT_CURRENT" // recalled, revoked or expired
  | "OTHER_CHAIN" // made for another chain, contract or log
  | "TOO_LARGE" // beyond a limit that keeps a reader safe
  | "CLOCK" // a time that cannot be
  | "NOT_FOUND" // nothing is known under this name
  | "UNAVAILABLE"; // it could not be asked, so nothing can be said

/** Something a stranger handed us does not hold. `code` is for programs, `message` for people. */
export class TraceError extends Error {
  override readonly name = "TraceError";
  readonly code: TraceErrorCode;

  constructor(code: TraceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
