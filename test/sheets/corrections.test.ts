import { type CellCorrection, readClaim, writeClaim } from "@wanlian/client/sheets";
import { expect } from "chai";

const CELLS: readonly CellCorrection[] = [
  { row: 2, field: "name", stands: "宛城区", should: "卧龙区" },
  { row: 2, field: "a\tb\\n", stands: null, should: "" },
  { row: 7, field: "note", stands: "", should: undefined },
  { row: 8, field: "note", stands: "两\n行\t\\N", should: null },
];

describe("a claim", () => {
  it("carries its cells as lines that people read, rows counted from 1, and gives them back as they were", () => {
    const text = writeClaim({ words: "名称有误", cells: CELLS.slice(0, 1) });
    expect(text).to.equal("名称有误\n\n行\t字段\t所载\t应为\n3\tname\t宛城区\t卧龙区");
    expect(readClaim(writeClaim({ words: "名称有误", cells: CELLS }))).to.deep.equal({
      words: "名称有误",
      cells: CELLS,
    });
  });

  it("is words alone where it names no cells, and where it only looks as if it did", () => {
    for (const text of [
      "名称有误",
      "",
      "行\t字段\t所载\t应为\n零\tname\ta\tb",
      "行\t字段\t所载\t应为\n0\tname\ta\tb",
    ]) {
      expect(readClaim(text)).to.deep.equal({ words: text, cells: [] });
    }
    expect(writeClaim({ words: "名称有误", cells: [] })).to.equal("名称有误");
  });
});
