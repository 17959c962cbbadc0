/** A failure as JSON-RPC 2.0 says it. `data` is the ABI-encoded error of a call that reverted. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly code: number;
  readonly data: string | undefined;

  constructor(code: number, message: string, data?: string) {
    super(message);
    this.code = code;
    this.data = data;
  }
}
