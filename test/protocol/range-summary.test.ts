import { compareBytes, compareUtf8, concatBytes, utf8 } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { type KVRead, QueryReads } from "@wanlian/protocol/messages/rwset.js";
import { RangeSummary } from "@wanlian/protocol/transaction/range-summary.js";
import { expect } from "chai";
import fc from "fast-check";

const read = (index: number): KVRead => ({ key: `key${index}`, version: { blockNum: 1n, txNum: BigInt(index) } });
const reads = (count: number): KVRead[] => Array.from({ length: count }, (_, index) => read(index));

function summarize(count: number, degree: number): ReturnType<RangeSummary["finish"]> {
  const summary = new RangeSummary(degree);
  for (const one of reads(count)) summary.add(one);
  return summary.finish();
}

/** The same from the whole list: groups of one more than the degree, over and over while that many are left; then what is left upward. */
function expected(count: number, degree: number): { maxLevel: number; maxLevelHashes: Uint8Array[] } {
  const chunks = <T>(list: readonly T[]): T[][] =>
    Array.from({ length: Math.ceil(list.length / (degree + 1)) }, (_, at) =>
      list.slice(at * (degree + 1), (at + 1) * (degree + 1)),
    );
  const combine = (hashes: readonly Uint8Array[]): Uint8Array => sha256(concatBytes(...hashes));
  let level = chunks(reads(count)).map((group) => sha256(QueryReads.encode({ kvReads: group })));
  let maxLevel = 1;
  let pending: Uint8Array[] = [];
  for (;;) {
    const full = Math.floor(level.length / (degree + 1)) * (degree + 1);
    if (full === 0) break;
    const leftover = level.slice(full);
    pending = carry(leftover, pending, combine);
    level = chunks(level.slice(0, full)).map(combine);
    maxLevel++;
  }
  const top = [...level, ...pending];
  return top.length > degree
    ? { maxLevel: maxLevel + 1, maxLevelHashes: [combine(top)] }
    : { maxLevel, maxLevelHashes: top };
}

/** What is left on a level, with what came up from below, becomes at most one hash of the next. */
function carry(
  leftover: readonly Uint8Array[],
  below: readonly Uint8Array[],
  combine: (hashes: readonly Uint8Array[]) => Uint8Array,
): Uint8Array[] {
  const all = [...leftover, ...below];
  const [first] = all;
  if (first === undefined) return [];
  return [all.length === 1 ? first : combine(all)];
}

describe("range summaries", () => {
  it("list reads up to the degree and sum up one more", () => {
    expect(summarize(50, 50)).to.deep.equal({ reads: reads(50) });
    expect(summarize(51, 50)).to.have.property("summary");
  });

  it("equal the tree over the whole list, however long", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 0, max: 400 }), (degree, count) => {
        const result = summarize(count, degree);
        if (count <= degree) {
          expect(result).to.deep.equal({ reads: reads(count) });
          return;
        }
        if (!("summary" in result)) throw new Error("no summary");
        const { maxDegree, maxLevel, maxLevelHashes } = result.summary;
        expect({ maxLevel, maxLevelHashes }).to.deep.equal(expected(count, degree));
        expect(maxDegree).to.equal(degree);
      }),
    );
  });

  it("do not exist below degree 2, with which Fabric's peers stop", () => {
    expect(() => new RangeSummary(1)).to.throw("degree 1");
  });
});

describe("order of keys", () => {
  it("is that of UTF-8 bytes, not of UTF-16", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }), (left, right) => {
        fc.pre(!/\p{Surrogate}/u.test(left + right));
        expect(Math.sign(compareUtf8(left, right))).to.equal(compareBytes(utf8(left), utf8(right)));
      }),
    );
    expect(compareUtf8("\uffff", "\u{10000}")).to.be.below(0);
  });
});
