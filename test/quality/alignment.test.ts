import { align } from "@wanlian/client/quality/compare/alignment.js";
import { compareSources } from "@wanlian/client/quality/compare/compare-sources.js";
import { nearness } from "@wanlian/client/quality/compare/near.js";
import { encodeRows } from "@wanlian/client/quality/profile/encoded-table.js";
import { expect } from "chai";
import fc from "fast-check";

describe("names that are nearly the same", () => {
  const NEAR: readonly [string, string, number | undefined][] = [
    ["宛城", "宛城区", 1],
    ["南阳市宛城区人民政府", "南阳市宛城区人民政付", 1],
    ["南阳市第一人民医院", "南阳市一人民医院", 1],
    ["nanyang first hospital", "nanyang frist hospital", 1],
    ["南阳市第一人民医院", "南阳市第二人民医院", 1],
    ["张三", "张四", undefined],
    ["卧龙区", "宛城区", undefined],
    ["宛", "宛城", undefined],
    ["南阳", "南阳市卧龙区光武街道", undefined],
  ];
  for (const [a, b, distance] of NEAR) {
    it(`${a} and ${b}: ${distance ?? "two things"}`, () => {
      expect(nearness(a, b)).to.equal(distance);
      expect(nearness(b, a)).to.equal(distance);
    });
  }
});

describe("rows aligned by names", () => {
  const aligned = (rows: readonly [source: string, key: string, name: string | null][], withKey = true) => {
    const { columns } = encodeRows(["source", "key", "name"], rows);
    const [source, key, name] = columns as [(typeof columns)[0], (typeof columns)[0], (typeof columns)[0]];
    const { groups, joined, ambiguous } = align(source, withKey ? [key] : [], [name]);
    return { groups: [...groups], joined: joined.map(({ writings }) => writings.map((one) => one.name)), ambiguous };
  };

  it("are of one thing where the name is nearly the same, and typed in another way without more ado", () => {
    const found = aligned([
      ["a", "4113", "宛城"],
      ["b", "4113", "宛城区"],
      ["c", "4113", " 宛城区 "],
      ["a", "4113", "卧龙区"],
      ["b", "4113", "卧龙区"],
    ]);
    expect(found.groups).to.deep.equal([0, 0, 0, 1, 1]);
    expect(found.joined).to.deep.equal([["宛城", "宛城区"]]);
  });

  it("are of two things where the exact key differs, or a source has both names", () => {
    expect(
      aligned([
        ["a", "1", "宛城"],
        ["b", "2", "宛城区"],
      ]).groups,
    ).to.deep.equal([0, 1]);
    expect(
      aligned([
        ["a", "1", "南阳市第一人民医院"],
        ["a", "1", "南阳市第二人民医院"],
        ["b", "1", "南阳市第二人民医院"],
      ]).groups,
    ).to.deep.equal([0, 1, 1]);
  });

  it("are left as they are where two names are as near, and that is said", () => {
    const found = aligned([
      ["a", "1", "南阳市第一人民医院"],
      ["a", "1", "南阳市第二人民医院"],
      ["b", "1", "南阳市第三人民医院"],
    ]);
    expect(found.groups).to.deep.equal([0, 1, 2]);
    expect(found.ambiguous).to.equal(1);
  });

  it("take the nearer of two", () => {
    const found = aligned([
      ["a", "1", "南阳市宛城区汉冶街道办事处"],
      ["a", "1", "南阳市宛城区汉冶街道办事外处"],
      ["b", "1", "南阳市宛城区汉冶街道办事外外处"],
    ]);
    expect(found.groups).to.deep.equal([0, 1, 1]);
  });

  it("without a name are of nothing, and without a key are compared among all", () => {
    expect(
      aligned(
        [
          ["a", "1", null],
          ["b", "2", "宛城"],
          ["a", "3", "宛城区"],
        ],
        false,
      ).groups,
    ).to.deep.equal([-1, 0, 0]);
  });

  it("never put two names of one source into one thing, and every row into one, whatever there is", () => {
    const name = fc.stringMatching(/^[ab]{2,12}$/);
    const row = fc.tuple(fc.constantFrom("x", "y", "z"), fc.constantFrom("1", "2"), name);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
        const { groups } = aligned(rows);
        const names = new Map<string, string>();
        for (const [at, [source, key, name]] of rows.entries()) {
          expect(groups[at]).to.be.at.least(0);
          const place = `${groups[at]} ${source}`;
          expect(names.get(place) ?? `${key} ${name}`).to.equal(`${key} ${name}`);
          names.set(place, `${key} ${name}`);
        }
      }),
    );
  });

  it("are compared, the name too: the likely writing is the one that most have", () => {
    const table = encodeRows(
      ["source", "key", "name", "beds"],
      [
        ["a", "1", "宛城", "10"],
        ["b", "1", "宛城区", "10"],
        ["c", "1", "宛城区", "11"],
      ],
    );
    const { cells, joined } = compareSources({
      table,
      source: "source",
      key: ["key"],
      nearly: ["name"],
      columns: ["name", "beds"],
    });
    expect(cells.map(({ row, column, value, likely }) => [row, column, value, likely])).to.deep.equal([
      [0, "name", "宛城", "宛城区"],
      [2, "beds", "11", "10"],
    ]);
    expect(joined).to.have.length(1);
  });
});
