import { expect } from "chai";
import * as fc from "fast-check";
import { generate } from "mqtt-packet";

import { packetLimit } from "../../../gateway/mqtt/packet-limit.ts";

const publish = (bytes: number): Buffer =>
  generate({
    cmd: "publish",
    topic: "t",
    payload: Buffer.alloc(bytes, 0x30),
    qos: 1,
    messageId: 7,
    dup: false,
    retain: false,
  });
const ping = generate({ cmd: "pingreq" });

/** What the limit says of a stream that arrives in pieces of these sizes, over and over. */
function passes(stream: Buffer, sizes: readonly number[], most: number): boolean {
  const isFine = packetLimit(most);
  for (let at = 0, i = 0; at < stream.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    if (!isFine(stream.subarray(at, at + size))) return false;
    at += size;
  }
  return true;
}

describe("The longest packet that a broker reads", () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 8 });
  const pieces = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 });

  it("lets every shorter one pass, wherever the stream is cut, and no longer one", () => {
    fc.assert(
      fc.property(lengths, pieces, (all, sizes) => {
        const packets = all.flatMap((bytes) => [publish(bytes), ping]);
        const longest = Math.max(0, ...all) + 5; // topic and packet id
        expect(passes(Buffer.concat(packets), sizes, longest)).to.equal(true);
        if (all.length > 0)
          expect(passes(Buffer.concat(packets), sizes, longest - 1)).to.equal(false);
      }),
    );
  });

  it("is known from the header alone, before the packet is there", () => {
    expect(packetLimit(1_000)(publish(20_000_000).subarray(0, 5))).to.equal(false);
  });

  it("is no length of five bytes", () => {
    expect(packetLimit(2 ** 28)(Uint8Array.of(0x30, 0x80, 0x80, 0x80, 0x80))).to.equal(false);
  });
});
