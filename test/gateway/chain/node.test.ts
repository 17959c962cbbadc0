import { expect } from "chai";

import { nodeOver } from "../../../gateway/chain/node.ts";
import { RpcError } from "../../../gateway/core/rpc-error.ts";
import { expectRejection } from "../../refusal.ts";

const finalBy = (answer: () => Promise<unknown>) => nodeOver(() => answer()).finalized(1_000);

describe("What a node calls final", () => {
  it("is what is 64 blocks deep, where it knows no finality", async () => {
    for (const says of [
      () => Promise.reject(new RpcError(-32602, "invalid block tag")),
      () => Promise.resolve(null),
    ])
      expect(await finalBy(says)).to.equal(936);
  });

  it("is unknown while it limits our questions: an older block may be the last that is final", async () => {
    const says = () => Promise.reject(new RpcError(-32005, "rate limit exceeded"));
    await expectRejection("UNAVAILABLE", finalBy(says));
  });
});
