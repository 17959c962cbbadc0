import { expect } from "chai";

import { fingerprintOf } from "../../../gateway/core/key-id.ts";

describe("A key's fingerprint", () => {
  it("is the first six bytes of its id, as people read them aloud", () => {
    expect(fingerprintOf(`0x0a1b2c3d4e5f${"00".repeat(26)}`)).to.equal("0A1B 2C3D 4E5F");
  });
});
