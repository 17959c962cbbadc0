import { expect } from "chai";

import { concatBytes } from "../../../gateway/core/bytes.ts";
import {
  hearSparkplug,
  parseSparkplugTopic,
  rebirthOf,
  type SparkplugNode,
} from "../../../gateway/core/sparkplug-node.ts";
import { numberOf, parseSparkplug } from "../../../gateway/core/sparkplug.ts";
import { USUAL } from "../../../gateway/core/uplink.ts";
import { expectRefusal } from "../../refusal.ts";
import { payloadOf, type SentMetric } from "./sparkplug-bytes.ts";

const time = Date.UTC(2026, 2, 2, 8);
const topic = (text: string) => {
  const parsed = parseSparkplugTopic(text);
  if (parsed === undefined) throw new Error(`${text} is no topic of Sparkplug`);
  return parsed;
};
const valueOf = (sent: SentMetric) => {
  const [metric] = parseSparkplug(payloadOf({ seq: 0 }, [sent])).metrics;
  return metric?.value === undefined ? undefined : numberOf(metric.value, metric.datatype ?? 0);
};

describe("A payload of Sparkplug B", () => {
  for (const [what, sent, value] of [
    ["an Int8", { datatype: 1, int: 0xffn }, -1],
    ["an Int16 in two's complement of 32 bits", { datatype: 2, int: 0xffff_fff6n }, -10],
    ["an Int32", { datatype: 3, int: 0x8000_0000n }, -(2 ** 31)],
    ["an Int64", { datatype: 4, long: 2n ** 64n - 5n }, -5],
    ["a UInt8", { datatype: 5, int: 0xffn }, 255],
    ["a UInt32", { datatype: 7, int: 0xffff_ffffn }, 2 ** 32 - 1],
    ["a Float, with the digits that a person wrote", { datatype: 9, float: 21.4 }, 21.4],
    ["a Double", { datatype: 10, double: -0.1 }, -0.1],
    ["no number in a text", { datatype: 12, text: "21" }, undefined],
    ["no number where it is null", { datatype: 9, isNull: true, float: 3 }, undefined],
    ["no number in a DateTime", { datatype: 13, long: 5n }, undefined],
  ] as const)
    it(`has ${what}`, () => {
      expect(valueOf(sent)).to.equal(value);
    });

  it("is read past fields that nobody knows", () => {
    const known = payloadOf({ seq: 9, time }, []);
    const strange = Uint8Array.of((5 << 3) | 2, 2, 1, 2);
    expect(parseSparkplug(concatBytes(strange, known))).to.deep.equal({
      timestamp: time,
      seq: 9,
      metrics: [],
    });
  });

  for (const [damage, bytes] of [
    ["ends within a number", Uint8Array.of(0x08, 0x80)],
    ["ends within a field", Uint8Array.of(0x12, 5, 1)],
    ["has a number of eleven bytes", Uint8Array.from([8, ...Array<number>(11).fill(0xff)])],
    ["has groups, which are no more", Uint8Array.of(0x0b)],
    ["has a field 0", Uint8Array.of(0x00, 1)],
    ["has its time as a text", Uint8Array.of(0x0a, 1, 65)],
    ["counts beyond 255", payloadOf({ seq: 256 }, [])],
    ["has a time beyond what is exact", payloadOf({ seq: 0, time: 2 ** 60 }, [])],
  ] as const)
    it(`is refused when it ${damage}`, () => {
      expectRefusal("BAD_ENCODING", () => parseSparkplug(bytes));
    });
});

describe("A topic of Sparkplug B", () => {
  it("names group, node and device", () => {
    expect(topic("spBv1.0/htx/DDATA/tram-1/say")).to.deep.equal({
      type: "DDATA",
      group: "htx",
      node: "tram-1",
      device: "say",
    });
    expect(topic("spBv1.0/htx/NDEATH/tram-1")).to.not.have.property("device");
  });

  for (const text of [
    "spAv1.0/htx/DDATA/tram-1/say",
    "spBv1.0/htx/NCMD/tram-1",
    "spBv1.0/htx/DDATA/tram-1",
    "spBv1.0/htx/NDATA/tram-1/say",
    "spBv1.0/htx/DDATA/tram-1/say/more",
    "spBv1.0/STATE/host",
  ])
    it(`is not ${text}`, () => {
      expect(parseSparkplugTopic(text)).to.equal(undefined);
    });
});

describe("An edge node of Sparkplug B", () => {
  const born = (device = false): SparkplugNode => {
    const nbirth = payloadOf({ seq: 0, time }, [{ name: "bdSeq", datatype: 8, long: 3n }]);
    const { node } = hearSparkplug(undefined, topic("spBv1.0/g/NBIRTH/n"), nbirth, USUAL);
    if (!device) return node as SparkplugNode;
    const dbirth = payloadOf({ seq: 1, time }, [
      { name: "temperature", alias: 7, datatype: 9, float: 30.5, time },
      { name: "humidity", alias: 8, datatype: 2, int: 61n },
    ]);
    return hearSparkplug(node, topic("spBv1.0/g/DBIRTH/n/d"), dbirth, USUAL).node as SparkplugNode;
  };
  const hear = (node: SparkplugNode | undefined, kind: string, bytes: Uint8Array) =>
    hearSparkplug(node, topic(`spBv1.0/g/${kind}`), bytes, USUAL);

  it("speaks by the aliases and the datatypes of its births", () => {
    const data = payloadOf({ seq: 2, time }, [
      { alias: 7, float: 31.2, time: time - 60_000 },
      { alias: 8, int: 59n },
    ]);
    const { uplink, lost } = hear(born(true), "DDATA/n/d", data);
    expect(lost).to.equal(0);
    expect(uplink?.device).to.equal("n/d");
    expect(uplink?.readings).to.deep.equal([
      { name: "temperature", unit: "Cel", value: 31.2, time: time - 60_000 },
      { name: "humidity", unit: "%RH", value: 59, time },
    ]);
  });

  it('takes a float of 32 bits that means "no probe" for what it is', () => {
    const data = payloadOf({ seq: 2, time }, [{ alias: 7, float: 327.67 }]);
    expect(hear(born(true), "DDATA/n/d", data).uplink?.readings).to.deep.equal([]);
  });

  for (const [last, next, lost] of [
    [1, 2, 0],
    [1, 5, 3],
    [255, 0, 0],
    [254, 1, 2],
  ] as const)
    it(`has lost ${lost} messages between ${last} and ${next}`, () => {
      const node = { ...born(true), seq: last };
      const data = payloadOf({ seq: next, time }, [{ alias: 7, float: 30 }]);
      expect(hear(node, "DDATA/n/d", data).lost).to.equal(lost);
    });

  it("is asked for its birth where data come without", () => {
    const data = payloadOf({ seq: 2, time }, [{ alias: 7, float: 30 }]);
    expectRefusal("NOT_FOUND", () => hear(undefined, "DDATA/n/d", data));
    expectRefusal("NOT_FOUND", () => hear(born(), "DDATA/n/d", data));
    const after = hear(born(true), "DDEATH/n/d", payloadOf({ seq: 2, time }, [])).node;
    expectRefusal("NOT_FOUND", () => hear(after, "DDATA/n/d", data));
    expect(hear(born(true), "NDEATH/n", payloadOf({}, [])).node).to.equal(undefined);
  });

  it("is remembered by what is measured, and by no more", () => {
    const text = "a long name of what nobody asked for";
    const birth = payloadOf({ seq: 1, time }, [
      { name: "temperature", alias: 7, datatype: 9, float: 30.5 },
      { name: text, alias: 8, datatype: 9, float: 1 },
      { name: `${text} again`, datatype: 9, float: 1 },
    ]);
    const { node } = hear(born(), "DBIRTH/n/d", birth);
    expect([...(node?.births.get("d")?.keys() ?? [])]).to.deep.equal(["temperature", 7, 8]);
    expect(JSON.stringify([...(node?.births.get("d")?.values() ?? [])])).to.not.contain(text);
    const data = payloadOf({ seq: 2, time }, [
      { alias: 8, float: 2 },
      { name: `${text} again`, float: 2 },
      { alias: 7, float: 31 },
    ]);
    expect(hear(node, "DDATA/n/d", data).uplink?.readings).to.have.length(1);
  });

  it("counts what a device says that nobody named, and remembers nothing of it", () => {
    const birth = payloadOf({ seq: 4, time }, [{ name: "temperature", alias: 7, datatype: 9 }]);
    const heard = hearSparkplug(born(), topic("spBv1.0/g/DBIRTH/n/other"), birth, undefined);
    expect(heard.lost).to.equal(3);
    expect([...(heard.node?.births.keys() ?? [])]).to.deep.equal([""]);
    const data = payloadOf({ seq: 5, time }, [{ alias: 7, float: 30 }]);
    const next = hearSparkplug(heard.node, topic("spBv1.0/g/DDATA/n/other"), data, undefined);
    expect(next).to.deep.include({
      lost: 0,
      node: { ...heard.node, seq: 5, newest: next.node?.newest },
    });
    expect(next.uplink?.readings).to.deep.equal([]);
  });

  it("is told so by a command that other hosts send too", () => {
    const { topic: to, payload } = rebirthOf({ group: "g", node: "n" }, time);
    expect(to).to.equal("spBv1.0/g/NCMD/n");
    expect(parseSparkplug(payload)).to.deep.equal({
      timestamp: time,
      metrics: [{ name: "Node Control/Rebirth", datatype: 11, value: true }],
    });
  });

  it("is refused without its seq, and in a birth without names", () => {
    const nameless = payloadOf({ seq: 0, time }, [{ alias: 7, datatype: 9 }]);
    expectRefusal("BAD_EVENT", () => hear(undefined, "NBIRTH/n", nameless));
    expectRefusal("BAD_EVENT", () => hear(born(true), "DDATA/n/d", payloadOf({ time }, [])));
    const timeless = payloadOf({ seq: 2 }, [{ alias: 7, float: 30 }]);
    expectRefusal("BAD_EVENT", () => hear(born(true), "DDATA/n/d", timeless));
  });
});
