import { hashesIn, leavesIn } from "@wanlian/client/log/checked-leaves.js";
import { encodeBundle } from "@wanlian/client/log/entry-bundle.js";
import { leafHash } from "@wanlian/model/merkle.js";
import { expect } from "chai";

const ZEROS = Buffer.alloc(32);
const entries = [Buffer.from("one"), Buffer.from(""), Buffer.from("three"), Buffer.from("")];
const hashes = entries.map((entry) => Buffer.from(leafHash(entry)));

describe("leaf hashes as a bundle states them", () => {
  const whole = encodeBundle(entries);
  const table: [title: string, bytes: Buffer | undefined, width: number, leaves: Buffer[], cut: number[]][] = [
    ["of all, the last one empty", whole, 4, hashes, []],
    ["of as many as are asked for", whole, 2, hashes.slice(0, 2), []],
    ["of a bundle that is gone", undefined, 2, [ZEROS, ZEROS], []],
    ["up to a length that is cut short", whole.subarray(0, -1), 4, [...hashes.slice(0, 3), ZEROS], [3]],
    ["up to an entry that is cut short", whole.subarray(0, -3), 4, [...hashes.slice(0, 2), ZEROS, ZEROS], [2]],
    ["up to what is not there", whole, 5, [...hashes, ZEROS], [4]],
  ];
  for (const [title, bytes, width, leaves, cut] of table) {
    it(title, () => {
      const told: number[] = [];
      const read = leavesIn(bytes, width, (at) => told.push(at));
      expect(read).to.deep.equal(Buffer.concat(leaves));
      expect(told).to.deep.equal(cut);
    });
  }
});

describe("leaf hashes as a tile states them", () => {
  const tile = Buffer.concat(hashes);
  it("are as many as are asked for; what is missing is zeros", () => {
    expect(hashesIn(tile, 4)).to.deep.equal(tile);
    expect(hashesIn(tile, 3)).to.deep.equal(tile.subarray(0, 96));
    expect(hashesIn(tile.subarray(0, 40), 2)).to.deep.equal(Buffer.concat([tile.subarray(0, 40), Buffer.alloc(24)]));
    expect(hashesIn(undefined, 1)).to.deep.equal(ZEROS);
  });
});
