import { bornOut, findOutdated, onlyElsewhere } from "@wanlian/scripts/story/comparison.js";
import { divisionsAsCsv, levelOf, loadDivisionLists } from "@wanlian/scripts/story/divisions.js";
import { expect } from "chai";

describe("story › comparison of two lists of divisions", () => {
  const lists = loadDivisionLists();

  it("finds a county that became a city as one superseded row", () => {
    const findings = findOutdated([{ code: "540422", name: "米林县" }], [{ code: "540481", name: "米林市" }]);
    expect(findings).to.deep.equal([
      { kind: "superseded", row: { code: "540422", name: "米林县" }, by: { code: "540481", name: "米林市" } },
    ]);
  });

  it("takes a number that continues a series as a new division, a gap in it as none", () => {
    const release = [{ code: "653227", name: "民丰县" }];
    const other = [
      ...release,
      { code: "653228", name: "甲县" },
      { code: "653229", name: "乙县" },
      { code: "653231", name: "丙县" },
    ];
    expect(findOutdated(release, other).map(({ row }) => row.code)).to.deep.equal(["653228", "653229"]);
  });

  it("does not take a functional zone for a county", () => {
    expect(findOutdated([{ code: "130171", name: "某区" }], [{ code: "130172", name: "某园区" }])).to.deep.equal([]);
  });

  it("what it finds in the list of 2022 is borne out by the list of 2024, row by row", () => {
    const findings = findOutdated(lists.of2022, lists.independent);
    expect(findings.map(({ row }) => row.name)).to.include.members(["米林县", "错那县"]);
    expect(bornOut(findings, lists.of2024)).to.deep.equal(findings);
  });

  it("finds nothing outdated in the list of 2024, and codes that only the other source has", () => {
    expect(findOutdated(lists.of2024, lists.independent)).to.deep.equal([]);
    const extra = onlyElsewhere(lists.of2024, lists.independent);
    expect(extra).to.not.be.empty;
    const provinces = new Set(
      lists.of2024.filter(({ code }) => levelOf(code) === "county").map(({ code }) => code.slice(0, 2)),
    );
    expect(extra.every(({ code }) => provinces.has(code.slice(0, 2)))).to.equal(true);
  });

  it("writes one CSV row a division, with the leading columns as they are in the source", () => {
    const csv = divisionsAsCsv(lists.of2022).split("\n");
    expect(csv[0]).to.equal("code,name,level,parent");
    expect(csv).to.include("540422,米林县,county,540400");
    expect(csv).to.have.length(lists.of2022.length + 2);
  });
});
