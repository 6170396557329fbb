import { printedLineage } from "@wanlian/client/lineage";
import type { Lineage, LineageEntry } from "@wanlian/client/lineage/lineage.js";
import { MOST_DRAWN } from "@wanlian/client/lineage/printed/lane-picture.js";
import { writePdf } from "@wanlian/client/pdf";
import { expect } from "chai";
import { pdfTexts } from "../../pdf/pdf-text.js";

const id = (digit: string) => digit.repeat(64);
const EVIDENCE = "e".repeat(64);

describe("the audit report of a lineage", () => {
  const codes = entry(id("1"), {
    name: "行政区划代码",
    mark: "wrong",
    faults: ["foundWrong"],
    step: -1,
    outstanding: true,
  });
  const births = entry(id("2"), {
    ...{ name: "出生统计", provider: "HealthMSP", derivedFrom: [id("1")], mark: "affected", step: 0 },
    derivation: [
      { source: id("1"), how: "joined", fields: [{ field: "code", as: "division" }], program: "d".repeat(64) },
    ],
  });
  const lineage: Lineage = {
    ...{ release: id("2"), releases: [codes, births], complete: true },
    links: [{ from: id("1"), to: id("2"), how: "derived" }],
    objections: [
      {
        ...{
          objection: id("5"),
          release: id("1"),
          objector: "HealthMSP",
          status: "closed",
          corrections: [],
          open: false,
        },
        raised: { time: "2026-09-28T02:00:00Z", block: 4 },
      },
    ],
    further: { up: { releases: 3, departments: 2 }, down: { releases: 0, departments: 0 } },
  };
  const printing = {
    ...{ node: "BureauMSP", time: "2026-10-13T02:00:00Z", height: 77, depth: 5, language: "zh" as const },
    names: new Map([
      ["CivilMSP", "民政局"],
      ["HealthMSP", "卫生健康委员会"],
    ]),
  };
  const textOf = async (of: Lineage, more: object = {}) =>
    pdfTexts(await writePdf(printedLineage(of, { ...printing, ...more })))
      .join("\n")
      .replaceAll(/\s/g, "");

  it("has what was found, the picture's lanes and boxes, the tables, and the digest of its evidence", async () => {
    const text = await textOf(lineage, { evidence: EVIDENCE });
    for (const said of [
      ...["溯源审计报告：出生统计", "据前77个区块", EVIDENCE, "有误1，依据有误数据1", "另有来源3个，涉及2个部门"],
      ...["民政局", "卫生健康委员会", "行政区划代码", "code→division", id("1"), id("5"), "d".repeat(64)],
    ]) {
      expect(text).to.contain(said);
    }
    // In the picture, and in the table.
    expect(text.split("行政区划代码").length - 1).to.be.at.least(2);
  });

  it("says so where no evidence goes along, and is the same bytes each time", async () => {
    expect(await textOf(lineage))
      .to.contain("本报告未附证据文件")
      .and.not.to.contain("SHA-256");
    const [one, other] = await Promise.all([
      writePdf(printedLineage(lineage, printing)),
      writePdf(printedLineage(lineage, printing)),
    ]);
    expect(Buffer.compare(one, other)).to.equal(0);
  });

  it("speaks English where it is asked for", async () => {
    expect(await textOf(lineage, { language: "en", evidence: EVIDENCE })).to.contain(
      "DigestoftheevidenceSHA-256".replace("evidenceSHA-256", "evidence(SHA-256)"),
    );
  });

  it("draws no picture of more than a page shows, and has all of it in the table", async () => {
    const many = Array.from({ length: MOST_DRAWN + 1 }, (_, at) =>
      entry(at.toString(16).padStart(64, "0"), { name: `批次${at}` }),
    );
    const text = await textOf({ ...lineage, release: many[0]?.release ?? "", releases: many, links: [] });
    expect(text).to.contain("纸面容不下图示").and.to.contain(`批次${MOST_DRAWN}`);
  });
});

function entry(release: string, more: Partial<LineageEntry>): LineageEntry {
  return {
    ...{
      noun: "release",
      release,
      dataset: "CivilMSP/divisions",
      name: "n",
      provider: "CivilMSP",
      status: "registered",
    },
    ...{ version: 1, rows: 1, fields: ["code"], root: id("f"), registered: { time: "2026-09-21T02:00:00Z", block: 3 } },
    ...{ derivedFrom: [], explained: [], derivation: [], selfCheck: [], step: 0 },
    ...{ mark: "none", faults: [], restsOn: [], outstanding: false },
    ...more,
  };
}
