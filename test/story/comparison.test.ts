import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sourceAt } from "@wanlian/client/exchange/sources/source-list.js";
import { cellDigest, rowDigest, textOf } from "@wanlian/client/sheets/compared/keyed-digests.js";
import { OwnRows } from "@wanlian/client/sheets/compared/own-rows.js";
import { absentRows } from "@wanlian/scripts/story/chapters/comparing.js";
import { bornOut, findOutdated, inListedProvinces, newDivision } from "@wanlian/scripts/story/comparison.js";
import { divisionNames, divisionsAsCsv, levelOf, loadDivisionLists } from "@wanlian/scripts/story/divisions.js";
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

  it("shows each finding by a division that the release lacks, which a comparison by digests tells", async () => {
    const known = new Set(lists.of2022.map(({ code }) => code));
    const file = join(await mkdtemp(join(tmpdir(), "wanlian-story-")), "own.csv");
    await writeFile(file, divisionNames(lists.independent));
    const own = await OwnRows.read(await sourceAt({ kind: "csv", path: file }), ["code"], ["name"]);
    // The other side, as its node would answer: those of the rows asked for that it has.
    for (const { key } of own.requests()) {
      const bytes = Buffer.from(key, "hex");
      for (const { code, name } of lists.of2022) {
        if (!lists.independent.some((row) => row.code === code)) continue;
        own.take([textOf(rowDigest(bytes, [code])), textOf(cellDigest(bytes, [code], "name", name))]);
      }
    }
    await rm(dirname(file), { recursive: true });
    const lacking = absentRows(own.result(), lists.independent).map(({ code }) => code);
    expect(lacking).to.deep.equal(lists.independent.map(({ code }) => code).filter((code) => !known.has(code)));
    for (const finding of findOutdated(lists.of2022, lists.independent)) {
      expect(lacking).to.include(newDivision(finding).code);
    }
  });

  it("finds nothing outdated in the list of 2024, and codes that only the other source has", () => {
    expect(findOutdated(lists.of2024, lists.independent)).to.deep.equal([]);
    const known = new Set(lists.of2024.map(({ code }) => code));
    const lacking = lists.independent.filter(({ code }) => !known.has(code));
    const extra = inListedProvinces(lists.of2024, lacking);
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
