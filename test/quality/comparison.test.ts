import { compareSources } from "@wanlian/client/quality/compare/compare-sources.js";
import { comparable, meaningOf } from "@wanlian/client/quality/compare/meaning.js";
import { judgeSources } from "@wanlian/client/quality/compare/reliability.js";
import { encodeRows } from "@wanlian/client/quality/profile/encoded-table.js";
import { expect } from "chai";
import fc from "fast-check";

describe("comparison of sources", () => {
  const SAME: readonly [meaning: ReturnType<typeof meaningOf>, same: string[], other: string[]][] = [
    [
      "time",
      ["7:10 a.m.", "07:10", "7:10aDec 1", "12/01/2011 7:10 a.m.", "7:10 AM"],
      ["7:10 p.m.", "7:11 a.m.", "19:10"],
    ],
    ["date", ["2026-03-02", "2026/3/2", "20260302", "2026年3月2日"], ["2026-03-03"]],
    ["number", ["1,234.50", "1234.5", "+1234.5"], ["1234.6", "-1234.5"]],
    ["text", ["Wan  Cheng", "wan cheng ", "Ｗan cheng"], ["wancheng"]],
  ];
  for (const [meaning, same, other] of SAME) {
    it(`takes a ${meaning} for the same however it is written`, () => {
      expect(meaningOf([...same, ...other])).to.equal(meaning);
      expect(new Set(same.map((value) => comparable(value, meaning))).size).to.equal(1);
      const first = comparable(same[0] ?? "", meaning);
      for (const value of other) expect(comparable(value, meaning), value).not.to.equal(first);
    });
  }

  it("believes the reliable few, not the many that copy one another's errors", () => {
    // Two sources that are right about twenty things; three that agree on errors in five and differ among themselves elsewhere.
    const things = Array.from({ length: 20 }, (_, at) => ({
      sources: [0, 1, 2, 3, 4],
      values: at < 5 ? [0, 0, 1, 1, 1] : [0, 0, 0, (at % 3) + 2, (at % 2) + 5],
    }));
    const { probabilities, reliability } = judgeSources(things, [0, 0, 0, 0, 0]);
    for (const probability of probabilities) expect(probability.get(0)).to.be.above(0.5);
    expect(Math.min(reliability[0] ?? 0, reliability[1] ?? 0)).to.be.above(Math.max(...reliability.slice(2)));
  });

  it("gives probabilities that are probabilities, whatever sources say", () => {
    const thing = fc.array(fc.tuple(fc.nat(5), fc.nat(4)), { maxLength: 12 }).map((claims) => ({
      sources: claims.map(([source]) => source),
      values: claims.map(([, value]) => value),
    }));
    fc.assert(
      fc.property(fc.array(thing, { maxLength: 10 }), (things) => {
        const { probabilities, reliability } = judgeSources(things, new Array<number>(6).fill(0));
        for (const [at, probability] of probabilities.entries()) {
          const sum = [...probability.values()].reduce((total, one) => total + one, 0);
          expect(sum).to.be.closeTo((things[at]?.sources.length ?? 0) === 0 ? 0 : 1, 1e-9);
        }
        for (const one of reliability) expect(one).to.be.within(0, 1);
      }),
    );
  });

  const COLUMNS = ["no", "source", "id", "name", "amount"];
  const compared = (rows: (string | null)[][], tolerance?: Record<string, number>) =>
    compareSources({
      table: encodeRows(
        COLUMNS,
        rows.map((row, at) => [String(at), ...row]),
      ),
      source: "source",
      key: ["id"],
      ...(tolerance && { tolerance }),
    });
  const ROWS = [
    ["a", "1", "张三", "10"],
    ["b", "1", "张三", "10.0"],
    ["c", "1", "张四", "11"],
    ["a", "2", "李四", "20"],
    ["b", "2", "李四", "20"],
    ["c", "2", null, "20"],
  ];

  it("tells another value, another way of writing, and a missing value apart, each with the likely one", () => {
    const { cells, columns } = compared(ROWS);
    expect(cells.map(({ row, column, source, likely, kind }) => [row, column, source, likely, kind])).to.deep.equal([
      [1, "amount", "b", "10", "notation"],
      [2, "amount", "c", "10", "value"],
      [2, "name", "c", "张三", "value"],
      [5, "name", "c", "李四", "missing"],
    ]);
    expect(columns.map(({ column, compared, agreed }) => [column, compared, agreed])).to.deep.equal([
      ["name", 2, 1],
      ["amount", 2, 1],
    ]);
  });

  it("counts what all say alike in every source's favour, and what one alone says in nobody's", () => {
    const reliabilityOf = (rows: (string | null)[][]) =>
      new Map(compared(rows).sources.map(({ source, reliability, claims }) => [source, { reliability, claims }]));
    const before = reliabilityOf(ROWS);
    expect(["a", "b", "c"].map((one) => before.get(one)?.claims)).to.deep.equal([4, 4, 3]);
    const agreed = ["a", "b", "c"].map((one) => [one, "3", "王五", "30"]);
    const after = reliabilityOf([...ROWS, ...agreed]);
    expect(["a", "b", "c"].map((one) => after.get(one)?.claims)).to.deep.equal([6, 6, 5]);
    expect(after.get("c")?.reliability).to.be.above(before.get("c")?.reliability ?? 1);
    const alone = reliabilityOf([...ROWS, ["c", "4", "赵六", "40"], [null, "4", "赵六", "40"]]);
    expect(alone.get("c")?.claims).to.equal(5);
    expect(alone.get("c")?.reliability).to.equal(before.get("c")?.reliability);
    const ofTwo = compared([...ROWS, ["c", "4", "赵六", "40"], ["c", "4", "赵六", "40"], ["a", "5", null, null]]);
    expect(ofTwo.alone.map(({ source, rows }) => [source, rows])).to.deep.equal([
      ["a", 1],
      ["b", 0],
      ["c", 1],
    ]);
  });

  it("takes numbers within the tolerance for the same", () => {
    const { cells } = compared(ROWS, { amount: 1 });
    expect(cells.filter(({ column, kind }) => column === "amount" && kind === "value")).to.deep.equal([]);
    expect(
      compared(ROWS, { amount: 0.9 }).cells.some(({ column, kind }) => column === "amount" && kind === "value"),
    ).to.equal(true);
  });

  it("takes for right what is written as the rest of the column is, where a value is written in several ways", () => {
    const times = ["7:10 a.m. (gate)", "7:10 a.m. (gate)", "7:10 a.m."].map((time, at) => [
      "abc"[at] ?? "",
      "1",
      "x",
      time,
    ]);
    const others = ["2", "3", "4"].flatMap((id) => ["a", "b"].map((source) => [source, id, "y", `${id}:30 p.m.`]));
    const found = compared([...times, ...others]).cells.filter(({ column }) => column === "amount");
    expect(found.map(({ row, likely, kind }) => [row, likely, kind])).to.deep.equal([
      [0, "7:10 a.m.", "notation"],
      [1, "7:10 a.m.", "notation"],
    ]);
  });

  it("compares nothing that numbers the rows, and refuses a column that is not there", () => {
    expect(compared(ROWS).columns.map(({ column }) => column)).not.to.include("no");
    const table = encodeRows(COLUMNS, []);
    expect(() => compareSources({ table, source: "nobody", key: ["id"] })).to.throw(/nobody/);
  });
});
