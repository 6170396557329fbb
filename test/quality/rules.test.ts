import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quickCheck } from "@wanlian/client/quality/quick/quick-check.js";
import { expect } from "chai";
import { check, only, parsed, rulesText } from "./checking.js";

/** Of each kind of rule: values that hold, and right beside them values that do not. */
const VALUES: readonly [kind: string, rule: Record<string, unknown>, holds: string[], fails: string[]][] = [
  ["format", { check: "format", pattern: "[A-Z]{2}[0-9]+" }, ["AB1"], ["AB1x", "ab1", "xAB1"]],
  ["codes", { check: "codes", values: ["男", "女"] }, ["男", "女"], ["M", "男 "]],
  [
    "range of numbers",
    { check: "range", as: "number", min: "0", max: "100" },
    ["0", "99.5", "100"],
    ["-1", "100.01", "ten", "nan", "inf"],
  ],
  [
    "range of dates",
    { check: "range", as: "date", min: "2020-01-01" },
    ["2020-01-01"],
    ["2019-12-31", "2020-1-1", "infinity"],
  ],
  ["range of texts", { check: "range", as: "text", max: "b" }, ["a", "b"], ["c", "b "]],
  ["length in characters", { check: "length", min: 2, max: 3 }, ["张三", "abc"], ["张", "abcd"]],
  ["date", { check: "date" }, ["2024-02-29"], ["2023-02-29", "2024-2-29", "20240229"]],
  ["date in Chinese", { check: "date", format: "yyyy年MM月dd日" }, ["2024年02月29日"], ["2024年2月29日", "2024-02-29"]],
  // GB 11643-1999, annex: 11010519491231002X is its own example.
  [
    "identity number",
    { check: "identityNumber" },
    ["11010519491231002X", "440524188001010014"],
    ["11010519491231002x", "110105194912310021", "11010519491331002X", "1101051949123100", "0110105194912310020"],
  ],
  // GB 32100-2015: published code of a real department, and its neighbours.
  [
    "credit code",
    { check: "creditCode" },
    ["91350100M000100Y43"],
    ["91350100M000100Y44", "91350100M000100I43", "91350100M000100Y4"],
  ],
  [
    "phone",
    { check: "phone" },
    ["13800138000", "+86 13800138000", "0377-63131234", "010-62345678"],
    ["12800138000", "1380013800", "0377-03131234", "call me"],
  ],
  [
    "division",
    { check: "division" },
    ["411302", "411302001", "411302001001"],
    ["991302", "41130", "4113020", "41130a"],
  ],
];

describe("rules on a single row", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-rules-"));
  });
  after(async () => await rm(folder, { recursive: true, force: true }));

  for (const [kind, rule, holds, fails] of VALUES) {
    it(`${kind}: ${fails.length} values fail beside ${holds.length} that hold, and a missing one is not looked at`, async () => {
      const values = [...holds, ...fails];
      const csv = `no,value\n${values.map((value, at) => `${at},${value}`).join("\n")}\nlast,\n`;
      const result = only(await check({ folder, csv, rules: [{ ...rule, column: "value" }] }));
      const expected = fails.map((value, at) => [String(holds.length + at), value]).sort();
      expect(result.sample).to.deep.equal(expected.slice(0, 5));
      expect([result.checked, result.failing, result.passed]).to.deep.equal([values.length, fails.length, false]);
      const quick = async (value: string | null) => {
        const [said] = await quickCheck({ value }, parsed(rulesText([{ ...rule, column: "value" }])));
        return said?.outcome;
      };
      for (const value of holds) expect(await quick(value), `quick: ${value}`).to.equal("passed");
      for (const value of fails) expect(await quick(value), `quick: ${value}`).to.equal("failed");
      for (const value of ["", null]) expect(await quick(value), "quick: missing").to.equal("missing");
    });
  }

  it("notNull: null, empty and blanks of either width are missing", async () => {
    const csv = 'no,value\n1,x\n2,\n3,""\n4,"  "\n5,"\u3000"\n';
    const result = only(await check({ folder, csv, rules: [{ check: "notNull", column: "value" }] }));
    expect([result.checked, result.failing]).to.deep.equal([5, 4]);
    expect(result.sample.map(([no]) => no)).to.deep.equal(["2", "3", "4", "5"]);
  });

  it("compare: one field against another, as what they stand for", async () => {
    const csv = "no,from,to\n1,9,10\n2,10,9\n3,,9\n";
    const rule = (as: string) => ({ check: "compare", left: "from", is: "<=", right: "to", as });
    expect(only(await check({ folder, csv, rules: [rule("number")] })).sample).to.deep.equal([["2", "10", "9"]]);
    expect(only(await check({ folder, csv, rules: [rule("text")] })).sample).to.deep.equal([["1", "9", "10"]]);
  });

  it("gives rates in ten-thousandths, rounded down, and passes up to the tolerance", async () => {
    const csv = `no,value\n${Array.from({ length: 30_001 }, (_, at) => `${at},${at === 7 ? "b" : "a"}`).join("\n")}\n`;
    const codes = { check: "codes", column: "value", values: ["a"] };
    const report = await check({ folder, csv, rules: [codes, { ...codes, tolerance: 1 }] });
    expect(report.results.map(({ rate, passed }) => [rate, passed])).to.deep.equal([
      [9999, false],
      [9999, true],
    ]);
    expect(report.verdict).to.equal("failed");
  });
});

describe("rules on several rows", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-rules-"));
  });
  after(async () => await rm(folder, { recursive: true, force: true }));

  it("unique: counts the rows too many; a missing key is no duplicate", async () => {
    const csv = "no,a,b\n1,x,1\n2,x,1\n3,x,1\n4,x,2\n5,,1\n6,,1\n";
    const result = only(await check({ folder, csv, rules: [{ check: "unique", columns: ["a", "b"] }] }));
    expect([result.checked, result.failing]).to.deep.equal([4, 2]);
    expect(result.sample).to.deep.equal([["x", "1", "3"]]);
  });

  it("dependency: counts the rows that differ from their group's most frequent value", async () => {
    const csv = "no,zip,city\n1,473000,南阳\n2,473000,南阳\n3,473000,郑州\n4,450000,郑州\n5,450000,\n";
    const result = only(
      await check({ folder, csv, rules: [{ check: "dependency", determinant: ["zip"], dependent: "city" }] }),
    );
    expect([result.checked, result.failing]).to.deep.equal([4, 1]);
    expect(result.sample).to.deep.equal([["473000", "南阳", "郑州", "1"]]);
  });

  it("denial: a dependency in other words is the same as the dependency", async () => {
    const csv = "no,zip,city\n1,473000,南阳\n2,473000,南阳\n3,473000,郑州\n";
    const predicates = [
      { left: "t1.zip", is: "=", right: "t2.zip" },
      { left: "t1.city", is: "!=", right: "t2.city" },
    ];
    const result = only(await check({ folder, csv, rules: [{ check: "denial", predicates }] }));
    expect([result.check, result.checked, result.failing]).to.deep.equal(["denial", 3, 1]);
  });

  it("denial: rows that stand in a relation that must not be; no row stands in it with itself", async () => {
    const csv = "no,room,from,to\n1,a,1,5\n2,a,4,8\n3,a,8,9\n4,b,1,9\n";
    const predicates = [
      { left: "t1.room", is: "=", right: "t2.room" },
      { left: "t1.from", is: "<", right: "t2.to", as: "number" },
      { left: "t2.from", is: "<", right: "t1.to", as: "number" },
    ];
    const result = only(await check({ folder, csv, rules: [{ check: "denial", predicates }] }));
    expect(result.sample.map(([no]) => no)).to.deep.equal(["1", "2"]);
    expect([result.checked, result.failing]).to.deep.equal([4, 2]);
  });

  it("takes columns that are called as the engine's own names, or hold quotes", async () => {
    const names = ["n", "g0", "v", "most", "t", "known", "_h0", "_r0", 'a "quoted" name', "select"];
    const heads = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(",");
    const csv = `no,${heads}\n1,${names.map(() => "x").join(",")}\n2,${names.map(() => "x").join(",")}\n`;
    for (const column of names) {
      const rules = [
        { check: "notNull", column },
        { check: "unique", columns: [column] },
        { check: "dependency", determinant: [column], dependent: "no" },
        { check: "reference", columns: [column], table: "others", to: [column] },
        {
          check: "denial",
          predicates: [
            { left: `t1.${column}`, is: "=", right: `t2.${column}` },
            { left: "t1.no", is: "<", right: "t2.no" },
          ],
        },
      ];
      const report = await check({
        folder,
        csv,
        rules,
        tables: { others: `${heads}\n${names.map(() => "y").join(",")}\n` },
      });
      expect(
        report.results.map(({ failing }) => failing),
        column,
      ).to.deep.equal([0, 1, 1, 2, 1]);
    }
  });

  it("reference: values that no row of the other table has", async () => {
    const csv = "no,division\n1,411302\n2,411303\n3,\n4,990000\n";
    const rule = { check: "reference", columns: ["division"], table: "divisions", to: ["code"] };
    const tables = { divisions: "code,name\n411302,宛城区\n411303,卧龙区\n411303,twice\n" };
    const result = only(await check({ folder, csv, rules: [rule], tables }));
    expect([result.checked, result.failing]).to.deep.equal([3, 1]);
    expect(result.sample).to.deep.equal([["4", "990000"]]);
  });

  it("freshness: by the newest date and the day of the check", async () => {
    const csv = "no,updated\n1,2026-11-01\n2,2026-11-23\n3,not a day\n";
    const rule = (withinDays: number) => ({ check: "freshness", column: "updated", withinDays });
    const report = await check({ folder, csv, rules: [rule(7), rule(6)] });
    expect(report.results.map(({ passed }) => passed)).to.deep.equal([true, false]);
    expect(report.results[0]?.measured).to.deep.equal({ newest: "2026-11-23", ageDays: 7 });
    const none = only(await check({ folder, csv: "no,updated\n1,\n", rules: [rule(7)] }));
    expect(none.passed, "no date at all is not fresh").to.equal(false);
  });

  it("drift: of the row count, and of the shares of values", async () => {
    const csv = "no,sex\n1,男\n2,男\n3,男\n4,女\n";
    const tables = { before: "no,sex\n1,男\n2,男\n3,女\n4,女\n5,\n" };
    const rows = { check: "drift", table: "before", atMost: 2000 };
    const shares = { check: "drift", table: "before", column: "sex", atMost: 3500 };
    const report = await check({
      folder,
      csv,
      tables,
      rules: [rows, { ...rows, atMost: 1999 }, shares, { ...shares, atMost: 3499 }],
    });
    expect(report.results.map(({ passed }) => passed)).to.deep.equal([true, false, true, false]);
    expect(report.results[2]?.measured).to.deep.equal({ rows: 4, rowsBefore: 5, change: 3500 });
  });
});
