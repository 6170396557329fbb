import {
  ENTRIES,
  mostBytesAt,
  parseTilePath,
  partialTiles,
  type TileId,
  tileIn,
  tilePath,
} from "@wanlian/client/log/tiles.js";
import { expect } from "chai";
import fc from "fast-check";

describe("tiles (C2SP tlog-tiles)", () => {
  it("names the specification's example", () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).to.equal("tile/0/x001/x234/067");
    expect(tilePath({ level: ENTRIES, index: 0, width: 3 })).to.equal("tile/entries/000.p/3");
  });

  it("divides the specification's trees as it says", () => {
    // "A tree of size 70,000: 273 full level 0 tiles, one partial of width 112; one full level 1 tile, one of width 17; …"
    expect(partialTiles(70_000)).to.deep.equal([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
    // "A tree of size 256: a full level 0 tile and a partial level 1 tile of width 1."
    expect(partialTiles(256)).to.deep.equal([{ level: 1, index: 0, width: 1 }]);
    expect(tileIn(256, 0, 0)).to.deep.equal({ level: 0, index: 0, width: 256 });
    expect(tileIn(256, 0, 1)).to.equal(undefined);
  });

  for (const [path, most] of [
    ["checkpoint", 16_384],
    ["tile/0/000", 8192],
    ["tile/0/000.p/1", 32],
    ["tile/entries/000", 256 * 65_537],
    ["tile/entries/000.p/3", 3 * 65_537],
    ["anything else", 16_384],
  ] as const) {
    it(`have at most ${most} bytes at ${path}, whoever sends them`, () => expect(mostBytesAt(path)).to.equal(most));
  }

  it("reads back every name it writes", () => {
    const level = fc.oneof(fc.nat(63), fc.constant<typeof ENTRIES>(ENTRIES));
    const tile = fc.record({ level, index: fc.nat(2 ** 40), width: fc.integer({ min: 1, max: 256 }) });
    fc.assert(
      fc.property(tile, (id: TileId) => {
        expect(parseTilePath(tilePath(id))).to.deep.equal(id);
      }),
    );
  });

  for (const path of [
    "tile/0/../../secret",
    "tile/0/%2e%2e/000",
    "tile/00/000",
    "tile/64/000",
    "tile/0/00",
    "tile/0/0000",
    "tile/0/x000/001",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/0/000/",
    "/tile/0/000",
    "tile/0/000\n",
    "checkpoint",
  ]) {
    it(`takes ${JSON.stringify(path)} for no tile`, () => {
      expect(parseTilePath(path)).to.equal(undefined);
    });
  }
});
