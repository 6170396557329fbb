import { Writer } from "@wanlian/protocol/codec/writer.js";
import {
  bool,
  bytes,
  type Encodable,
  int32,
  int64,
  isAbsent,
  type Message,
  type MessageType,
  map,
  mapNested,
  message,
  nested,
  oneof,
  repeated,
  repeatedNested,
  string,
  uint32,
  uint64,
  unknownFields,
} from "@wanlian/protocol/codec.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { SignaturePolicy } from "@wanlian/protocol/messages/policies.js";
import { expect } from "chai";
import fc from "fast-check";

const Inner = message({ text: string(1), numbers: repeated(uint64(2)) });
const Sample = message({
  flag: bool(1),
  count: uint32(2),
  signed: int32(3),
  large: uint64(4),
  negative: int64(5),
  raw: bytes(6),
  text: string(7),
  inner: nested(8, Inner),
  inners: repeatedNested(9, Inner),
  list: repeated(bytes(10)),
  byName: map(11, string(1), bytes(2)),
  nestedByNumber: mapNested(12, uint64(1), () => Inner),
  ...oneof({ choiceText: string(13), choiceInner: nested(14, Inner), choiceNumber: int32(15) }),
});

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));
const varint = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]);
const toHex = (value: Uint8Array): string => Buffer.from(value).toString("hex");

describe("protobuf codec", () => {
  describe("reads as Go does", () => {
    const Pair = message({ number: uint32(1), inner: nested(2, Inner) });

    it("merges a singular sub-message that occurs twice", () => {
      const value = Pair.decode(hex("12 03 0a0161 12 02 1001"));
      expect(value.inner).to.deep.equal({ text: "a", numbers: [1n] });
    });

    it("takes the last of several scalars", () => {
      expect(Pair.decode(hex("0801 0802")).number).to.equal(2);
    });

    it("treats a field of another wire type as unknown and keeps it, after the known ones", () => {
      const value = Pair.decode(hex("0a0161 0801"));
      expect(value.number).to.equal(1);
      expect(toHex(Pair.encode(value))).to.equal("08010a0161");
    });

    it("writes the tag of an unknown field in its shortest form and its value as it came", () => {
      expect(toHex(Pair.encode(Pair.decode(hex("f880808000 8100"))))).to.equal("788100");
    });

    it("takes numbers packed and unpacked", () => {
      expect(Inner.decode(hex("1001 1202 0203 1004")).numbers).to.deep.equal([1n, 2n, 3n, 4n]);
    });

    it("truncates a varint to the width of its field", () => {
      expect(Pair.decode(hex("08 ffffffffffffffffff01")).number).to.equal(0xffffffff);
    });

    it("lets the last member of a oneof win, with its default value too", () => {
      const value = Sample.decode(hex("6a0161 7800"));
      expect(value.choiceText).to.equal(undefined);
      expect(value.choiceNumber).to.equal(0);
      expect(toHex(Sample.encode(value))).to.equal("7800");
    });

    it("merges the same member of a oneof", () => {
      const value = Sample.decode(hex("7203 0a0161 7202 1001"));
      expect(value.choiceInner).to.deep.equal({ text: "a", numbers: [1n] });
    });

    it("begins a oneof's message anew when another member stood between", () => {
      const value = Sample.decode(hex("7203 0a0161 7800 7202 1001"));
      expect(value.choiceInner).to.deep.equal({ text: "", numbers: [1n] });
    });

    it("tells an absent bytes field from an empty one", () => {
      expect(isAbsent(Sample.decode(hex("")).raw)).to.equal(true);
      expect(isAbsent(Sample.decode(hex("3200")).raw)).to.equal(false);
    });

    it("takes the last entry of a map's key, and an entry without value as the default", () => {
      const value = Sample.decode(hex("5a 06 0a0161 120131 5a 03 0a0161"));
      expect([...value.byName]).to.deep.equal([["a", new Uint8Array(0)]]);
    });

    it("skips groups, which nobody uses any more, and keeps them", () => {
      const group = "a301 0801 a401";
      expect(toHex(Pair.encode(Pair.decode(hex(`0801${group}`))))).to.equal(`0801${group.replaceAll(" ", "")}`);
    });

    it("keeps what stands beyond the byte order mark of a text", () => {
      expect(Inner.decode(hex("0a04 efbbbf61")).text).to.equal("\ufeffa");
    });

    /** A policy in policies: each takes two messages. */
    function nestedPolicy(innermost: Encodable<SignaturePolicy>): Uint8Array {
      let policy = innermost;
      for (let depth = 0; depth < 500; depth++) policy = { nOutOf: { n: 1, rules: [policy] } };
      return SignaturePolicy.encode(policy);
    }

    it("follows nested messages deeper than any real policy", () => {
      const encoded = nestedPolicy({ signedBy: 0 });
      expect(toHex(SignaturePolicy.encode(SignaturePolicy.decode(encoded)))).to.equal(toHex(encoded));
    });

    it("follows none that is one deeper", () => {
      expect(() => SignaturePolicy.decode(nestedPolicy({ nOutOf: { n: 1, rules: [] } })))
        .to.throw(ProtocolError, "nested too deeply")
        .with.property("code", "MALFORMED");
    });

    it("passes over a thousand groups, one in another, and no more", () => {
      const groups = (count: number) => hex("a301".repeat(count) + "a401".repeat(count));
      expect(() => Inner.decode(groups(1000))).not.to.throw();
      expect(() => Inner.decode(groups(1001)))
        .to.throw(ProtocolError, "nested too deeply")
        .with.property("code", "MALFORMED");
    });

    it("passes over the last number that a field can have", () => {
      expect(toHex(Inner.encode(Inner.decode(hex("f8ffffff0f01"))))).to.equal("f8ffffff0f01");
    });
  });

  describe("refuses what Go refuses", () => {
    const cases: Record<string, string> = {
      "a text that is not UTF-8": "3a02 c328",
      "a surrogate in UTF-8": "3a03 eda080",
      "an overlong form": "3a02 c0af",
      "a length beyond the end": "3205 01",
      "a varint cut short": "1080",
      "a varint of more than 64 bits": "10 ffffffffffffffffff02",
      "field number zero": "0001",
      "a field number beyond 2^29 - 1": "80808080100100",
      "the end of a group that never began": "0c",
      "a group that another's end closes": "a301 ac01",
      "wire type 6": "0e",
      "a map key that is not UTF-8": "5a04 0a02c328",
    };
    for (const [what, encoded] of Object.entries(cases)) {
      it(what, () => {
        expect(() => Sample.decode(hex(encoded)))
          .to.throw(ProtocolError)
          .with.property("code", "MALFORMED");
      });
    }
  });

  describe("writes as Go does", () => {
    it("leaves defaults out, of oneofs not", () => {
      expect(toHex(Sample.encode({ count: 0, text: "", raw: new Uint8Array(0), choiceText: "" }))).to.equal("6a00");
    });

    it("writes map entries by key in byte order, key and value always", () => {
      const byName = new Map([
        ["\u{10000}", hex("01")],
        ["\uffff", hex("")],
        ["", hex("02")],
      ]);
      expect(toHex(Sample.encode({ byName }))).to.equal(
        "5a050a00120102" + "5a070a03efbfbf1200" + "5a090a04f0908080120101",
      );
    });

    it("writes negative 32-bit numbers in ten bytes", () => {
      expect(toHex(Sample.encode({ signed: -1 }))).to.equal("18ffffffffffffffffff01");
    });

    for (const length of [0, 1, 125, 126, 127, 128, 16_380, 16_384, 3_000_000]) {
      it(`writes the length of a nested message of some ${length} bytes in its shortest form`, () => {
        const text = "字".repeat(length / 3) + "x".repeat(length % 3);
        const encoded = Sample.encode({ inner: { text }, inners: [{ text }, {}], choiceNumber: 7 });
        const inner = Inner.encode({ text });
        const counted = [...varint(inner.length), ...inner];
        expect(
          Buffer.from(encoded).equals(Buffer.from([0x42, ...counted, 0x4a, ...counted, 0x4a, 0, 0x78, 7])),
        ).to.equal(true);
      });
    }

    it("loses nothing where a nested message ends with the writer's memory", () => {
      for (let before = 1000; before < 1030; before += 1) {
        for (const length of [0, 1, 2, 3, 4, 130]) {
          const writer = new Writer();
          writer.raw(new Uint8Array(before).fill(7));
          const opened = writer.open();
          writer.raw(new Uint8Array(length).fill(9));
          writer.close(opened);
          const expected = [...Array(before).fill(7), ...varint(length), ...Array(length).fill(9)];
          expect([...writer.finish()], `${length} bytes after ${before}`).to.deep.equal(expected);
        }
      }
    });

    it("writes nothing into a message of what another message failed on", () => {
      const expected = toHex(Sample.encode({ count: 1 }));
      expect(() => Sample.encode({ count: 9, inner: { text: "left" }, choiceInner: null as never })).to.throw();
      expect(toHex(Sample.encode({ count: 1 }))).to.equal(expected);
    });

    it("gives out bytes that the next message leaves alone", () => {
      const first = Sample.encode({ text: "first" });
      const before = toHex(first);
      Sample.encode({ text: "second" });
      expect(toHex(first)).to.equal(before);
    });
  });

  it("reads back whatever it writes", () => {
    const inner = fc.record({
      text: fc.string({ unit: "binary" }).filter((text) => !/\p{Surrogate}/u.test(text)),
      numbers: fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    });
    const raw = fc.uint8Array({ maxLength: 40 });
    const name = fc.string({ unit: "binary" }).filter((text) => !/\p{Surrogate}/u.test(text));
    const sample = fc.record({
      flag: fc.boolean(),
      count: fc.nat(0xffffffff),
      signed: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      large: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      negative: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      raw,
      text: name,
      inner: fc.option(inner, { nil: undefined }),
      inners: fc.array(inner),
      list: fc.array(raw),
      byName: fc.array(fc.tuple(name, raw)).map((entries) => new Map(entries)),
      nestedByNumber: fc
        .array(fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), inner))
        .map((entries) => new Map(entries)),
      choiceText: fc.option(name, { nil: undefined }),
    });
    fc.assert(
      fc.property(sample, (value) => {
        const encoded = Sample.encode(value);
        const decoded = Sample.decode(encoded);
        expect(decoded).to.deep.include({ ...value, byName: decoded.byName, nestedByNumber: decoded.nestedByNumber });
        expect(new Map(decoded.byName)).to.deep.equal(value.byName);
        expect(toHex(Sample.encode(decoded))).to.equal(toHex(encoded));
      }),
    );
  });

  it("never fails in any way but MALFORMED, and what it takes it writes in one stable form", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        const decoded = read(Sample, noise);
        if (decoded === undefined) return;
        const once = Sample.encode(decoded);
        expect(toHex(Sample.encode(Sample.decode(once)))).to.equal(toHex(once));
      }),
      { numRuns: 3000 },
    );
  });

  it("keeps every unknown byte through a message that knows none of the fields", () => {
    const Nothing = message({});
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.uint8Array(), (count, raw) => {
        const encoded = Sample.encode({ count, raw });
        const decoded = Nothing.decode(encoded);
        expect(toHex(decoded[unknownFields] ?? new Uint8Array(0))).to.equal(toHex(encoded));
        expect(toHex(Nothing.encode(decoded))).to.equal(toHex(encoded));
      }),
    );
  });
});

function read<T extends object & Message>(type: MessageType<T>, noise: Uint8Array): T | undefined {
  try {
    return type.decode(noise);
  } catch (error) {
    if (error instanceof ProtocolError && error.code === "MALFORMED") return undefined;
    throw error;
  }
}
