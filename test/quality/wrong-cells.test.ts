import { findDependencies } from "@wanlian/client/quality/profile/dependencies.js";
import { type EncodedTable, encodeRows } from "@wanlian/client/quality/profile/encoded-table.js";
import { shapesOf } from "@wanlian/client/quality/profile/shapes.js";
import { findWrongCells } from "@wanlian/client/quality/profile/wrong-cells.js";
import { expect } from "chai";

/** Towns with their county and code, each in several rows; `change` may spoil a cell. */
function towns(
  change: (row: number, column: string, value: string) => string | null = (_, __, value) => value,
): EncodedTable {
  const columns = ["code", "town", "zip", "county", "amount"];
  const rows = Array.from({ length: 200 }, (_, row) => {
    const town = row % 20;
    const values = [
      String(411300 + town),
      `镇${"甲乙丙丁戊己庚辛壬癸"[town % 10]}${town}`,
      String(473_000 + town),
      `县${town % 4}`,
      `${row * 7}元`,
    ];
    return columns.map((column, at) => change(row, column, values[at] ?? ""));
  });
  return encodeRows(columns, rows);
}

const dependency = (determinant: string[], dependent: string) => ({ determinant, dependent, confidence: 1 });
const told = (table: EncodedTable, dependencies = findDependencies(table)) =>
  findWrongCells(table, dependencies).map(({ row, column, likely }) => [row, column, likely]);

describe("dependencies", () => {
  it("are found where they hold but for errors, and not where the dependent is nearly constant or follows nothing", () => {
    const table = towns((row, column, value) => (column === "county" && row % 50 === 7 ? "县x" : value));
    const found = findDependencies(table).map(({ determinant, dependent }) => `${determinant.join()}>${dependent}`);
    expect(found).to.include.members(["code>town", "town>code", "code>county", "town>county"]);
    expect(found.filter((one) => /amount|county>/.test(one))).to.deep.equal([]);
    const constant = towns((_, column, value) => (column === "county" ? "县0" : value));
    expect(findDependencies(constant).filter(({ dependent }) => dependent === "county")).to.deep.equal([]);
  });
});

describe("shapes of values", () => {
  const column = (values: string[]) =>
    encodeRows(
      ["c"],
      values.map((value) => [value]),
    ).columns[0] as EncodedTable["columns"][0];
  const many = (make: (at: number) => string) => Array.from({ length: 100 }, (_, at) => make(at));
  const CASES: readonly [values: string[], pattern: string | undefined, misfits: string[]][] = [
    [[...many((at) => String(473_000 + at)), "47300x"], "[0-9]{6}", ["47300x"]],
    [[...many((at) => `${at} patients`), "3 patixnts", "7xpatients"], "[0-9]+ patients", ["3 patixnts", "7xpatients"]],
    [[...many((at) => `A.${at % 7}+`)], "A\\.[0-9]\\+", []],
    [many((at) => `street ${"abcdefg".slice(at % 7)}`), undefined, []],
    [many((at) => `${"1 ".repeat(at % 9)}x${at}`), undefined, []],
  ];
  for (const [values, pattern, misfits] of CASES) {
    it(`${pattern ?? "none"} for ${values[0]}`, () => {
      const encoded = column(values);
      const shapes = shapesOf(encoded);
      expect(shapes?.pattern).to.equal(pattern);
      expect(encoded.values.filter((_, code) => shapes?.fits[code] === false)).to.deep.equal(misfits);
    });
  }
});

describe("likely wrong cells", () => {
  it("are none where nothing contradicts", () => expect(told(towns())).to.deep.equal([]));

  it("are mended by what rows with the same determinant say", () => {
    const table = towns((row, column, value) => (row === 33 && column === "county" ? "县9" : value));
    expect(told(table)).to.deep.equal([[33, "county", "县1"]]);
  });

  it("are filled where a value is missing that others give", () => {
    const table = towns((row, column, value) => (row === 33 && column === "county" ? null : value));
    expect(told(table)).to.deep.equal([[33, "county", "县1"]]);
  });

  it("are the determinant, where it is the one that is wrong", () => {
    // Town 7's code in a row of town 13: name and county are right.
    const table = towns((row, column, value) => (row === 33 && column === "code" ? "411307" : value));
    expect(told(table)).to.deep.equal([[33, "code", "411313"]]);
  });

  it("say why, with the share of rows that say so", () => {
    const table = towns((row, column, value) => (row === 33 && column === "county" ? "县9" : value));
    const [cell] = findWrongCells(table, [dependency(["code"], "county")]);
    expect(cell?.reasons).to.deep.equal([{ kind: "dependency", determinant: ["code"], share: 1 }]);
  });

  it("are told by their look where nothing else is known", () => {
    const table = towns((row, column, value) => (row === 33 && column === "amount" ? "23l元" : value));
    expect(told(table)).to.deep.equal([[33, "amount", null]]);
  });

  it("hang on two columns together where one is not enough", () => {
    const rows = Array.from({ length: 60 }, (_, at) => [
      String(at % 3),
      String(at % 4),
      `v${(at % 3) * 10 + (at % 4)}`,
    ]);
    rows[30] = ["0", "2", "v99"];
    expect(told(encodeRows(["a", "b", "c"], rows), [dependency(["a", "b"], "c")])).to.deep.equal([[30, "c", "v2"]]);
  });
});
