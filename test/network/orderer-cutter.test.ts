import { BlockCutter } from "@wanlian/network/embedded/orderer/block-cutter.js";
import { expect } from "chai";
import * as fc from "fast-check";

const limits = { maxMessageCount: 3, preferredMaxBytes: 100 };

/** Feeds sizes to a cutter and tells the sizes of each batch, the last being what a timeout would cut. */
function batches(sizes: number[], { maxMessageCount, preferredMaxBytes } = limits): number[][] {
  const cutter = new BlockCutter<{ size: number }>();
  const full = sizes.flatMap((size) => cutter.add({ size }, { maxMessageCount, preferredMaxBytes }));
  return [...full, ...cutter.cut()].map((batch) => batch.map(({ size }) => size));
}

describe("block cutter", () => {
  const cases: [string, number[], number[][]][] = [
    ["cuts at the message count", [1, 2, 3, 4], [[1, 2, 3], [4]]],
    ["cuts before a message that would exceed the preferred size", [60, 50, 10], [[60], [50, 10]]],
    ["fills a batch to the preferred size exactly", [60, 40, 1], [[60, 40], [1]]],
    ["gives a larger message a block of its own, after what was gathered", [10, 101, 20], [[10], [101], [20]]],
    ["gives a larger message a block of its own when nothing was gathered", [101, 20], [[101], [20]]],
  ];
  for (const [name, sizes, expected] of cases) {
    it(name, () => expect(batches(sizes)).to.deep.equal(expected));
  }

  it("cuts nothing where nothing was gathered", () => {
    const cutter = new BlockCutter();
    expect(cutter.cut()).to.deep.equal([]);
    expect(cutter.gathering).to.equal(false);
  });

  it("keeps every message in order, within the limits", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 50 });
    const property = fc.property(sizes, (given) => {
      const cut = batches(given);
      expect(cut.flat()).to.deep.equal(given);
      for (const batch of cut) {
        const total = batch.reduce((sum, size) => sum + size, 0);
        expect(batch.length).to.be.within(1, limits.maxMessageCount);
        expect(total <= limits.preferredMaxBytes || batch.length === 1).to.equal(true);
      }
    });
    fc.assert(property);
  });
});
