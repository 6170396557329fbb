import { checkCorrections } from "@wanlian/client/sheets/correction-check.js";
import { expect } from "chai";

const table = (...rows: (string | null)[][]) => {
  const [fields = [], ...values] = rows;
  const columns = fields.map((_, at) => values.map((row) => row[at] ?? null));
  return { fields: fields as string[], rows: values.length, columns };
};
const BEFORE = table(["code", "name"], ["1", "宛城"], ["2", "卧龙"], ["3", null], ["4", "x"], ["4", "y"], ["5", "z"]);
/** Rows came, went and moved. */
const AFTER = table(
  ["name", "code"],
  ["new", "0"],
  ["y", "4"],
  ["x", "4"],
  ["卧龙区", "2"],
  ["宛城", "1"],
  ["新野", "3"],
);

const cell = (row: number, stands: string | null, should?: string | null) => ({ row, field: "name", stands, should });
const fates = (...cells: ReturnType<typeof cell>[]) =>
  checkCorrections(cells, ["code"], { before: BEFORE, after: AFTER }).map(({ fate, now }) => [fate, now]);

describe("a correction, cell by cell", () => {
  it("has what should stand there, or another value, or what stood there, wherever its row is now", () => {
    expect(fates(cell(1, "卧龙", "卧龙区"), cell(1, "卧龙", "龙"), cell(0, "宛城", "宛城区"))).to.deep.equal([
      ["corrected", "卧龙区"],
      ["changed", "卧龙区"],
      ["unchanged", "宛城"],
    ]);
  });

  it("changed where nobody said what is right, and a missing value is a value", () => {
    expect(fates(cell(2, null), cell(2, null, "新野"), cell(0, "宛城", null))).to.deep.equal([
      ["changed", "新野"],
      ["corrected", "新野"],
      ["unchanged", "宛城"],
    ]);
  });

  it("took the row away, or has it more than once", () => {
    expect(fates(cell(5, "z", "zz"), cell(3, "x", "xx"))).to.deep.equal([
      ["gone", undefined],
      ["several", undefined],
    ]);
  });

  it("is of nothing that the release did not say", () => {
    expect(fates(cell(0, "卧龙", "x"), cell(99, "x", "y"))).to.deep.equal([
      ["misquoted", undefined],
      ["misquoted", undefined],
    ]);
  });

  it("needs the key and the fields in both", () => {
    const wrong = () => checkCorrections([cell(0, "宛城", "x")], ["id"], { before: BEFORE, after: AFTER });
    expect(wrong).to.throw(RangeError);
    const lacking = () =>
      checkCorrections([cell(0, "宛城")], ["code"], { before: BEFORE, after: table(["code"], ["1"]) });
    expect(lacking).to.throw(RangeError);
  });
});
