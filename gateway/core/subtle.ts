/** As much of WebCrypto's SubtleCrypto as verifying takes; keys are opaque. */
export type Subtle = {
  importKey(
    format: "raw",
    key: Uint8Array,
    algorithm: object | string,
    extractable: boolean,
    usages: readonly string[],
  ): Promise<object>;
  verify(
    algorithm: object | string,
    key: object,
    signature: Uint8Array,
    message: Uint8Array,
  ): Promise<boolean>;
};

/** WebCrypto where there is one: not in a browser on plain http, nor in an old one. */
export const subtleOf = (host: object): Subtle | undefined =>
  (host as { readonly crypto?: { readonly subtle?: Subtle } }).crypto?.subtle;
