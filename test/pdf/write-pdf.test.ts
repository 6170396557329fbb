import { type PdfDocument, type PdfPart, writePdf } from "@wanlian/client/pdf";
import { cutText, printable } from "@wanlian/client/pdf/text.js";
import { expect } from "chai";
import { pdfTexts } from "./pdf-text.js";

const document = (...parts: PdfPart[]): PdfDocument => ({
  ...{ title: "督查报告", language: "zh-CN", author: "民政处", page: "portrait", parts },
  made: new Date("2026-12-01T02:00:00Z"),
  foot: (page, pages) => `第${page}页，共${pages}页`,
});

const rows = (count: number) => Array.from({ length: count }, (_, at) => [`按期答复${at}`, `${at}/${count}`]);
const table = (cells: string[][]): PdfPart => ({
  ...{
    kind: "table",
    columns: [
      { head: "指标项目", share: 2 },
      { head: "数值", share: 1, align: "right" },
    ],
  },
  rows: cells,
});

/** Line breaks are the writer's; the letters in their order are not. */
const joined = (text: string) => text.replaceAll(/\s/g, "");

describe("a printed document", () => {
  it("has Chinese text that can be selected, in the order in which it is read", async () => {
    const [text = ""] = pdfTexts(
      await writePdf(
        document(
          { kind: "heading", level: 1, text: "督查报告：卫生健康委员会" },
          { kind: "paragraph", text: "龘字也在其中，and Latin too. ".repeat(9) },
          { kind: "heading", level: 2, text: "指标" },
          table(rows(2)),
        ),
      ),
    );
    expect(joined(text)).to.equal(
      `督查报告：卫生健康委员会${"龘字也在其中，andLatintoo.".repeat(9)}指标指标项目数值按期答复00/2按期答复11/2第1页，共1页`,
    );
  });

  it("says its language, its title and its author, and that it is tagged", async () => {
    const text = Buffer.from(await writePdf(document({ kind: "paragraph", text: "文" }))).toString("latin1");
    const utf16 = (words: string) =>
      `\ufeff${words}`.replaceAll(/./gs, (one) => {
        const code = one.charCodeAt(0);
        return String.fromCharCode(code >> 8, code & 255);
      });
    expect(text).to.contain("/Lang (zh-CN)").and.contain("/Marked true").and.contain("/DisplayDocTitle true");
    for (const words of ["督查报告", "民政处"]) expect(text).to.contain(`(${utf16(words)})`);
  });

  it("repeats a table's heads on each page, numbers the pages, and loses no row", async () => {
    const pages = pdfTexts(await writePdf(document(table(rows(150)))));
    expect(pages.length).to.be.greaterThan(2);
    for (const [at, page] of pages.entries()) {
      expect(joined(page).startsWith("指标项目数值"), `page ${at + 1}`).to.equal(true);
      expect(joined(page).endsWith(`第${at + 1}页，共${pages.length}页`), `page ${at + 1}`).to.equal(true);
    }
    const body = pages
      .map((page) =>
        joined(page)
          .replace("指标项目数值", "")
          .replace(/第\d+页，共\d+页$/, ""),
      )
      .join("");
    expect(body).to.equal(rows(150).flat().join(""));
  });

  it("goes on over pages with a row that is longer than one, and loses no letter of it", async () => {
    const long = Array.from({ length: 900 }, (_, at) => `第${at}句说明。`).join("");
    const pages = pdfTexts(
      await writePdf(
        document(
          table([
            ["甲", "1"],
            [long, "2"],
            ["丙", "3"],
          ]),
        ),
      ),
    );
    const body = pages.map((page) =>
      joined(page)
        .replace("指标项目数值", "")
        .replace(/第\d+页，共\d+页$/, ""),
    );
    expect(pages.length).to.be.greaterThan(1);
    // The second cell of the long row stands on the page on which the row begins.
    expect(body.join("").replace(/^甲1/, "").replace("2", "").replace(/丙3$/, "").length).to.equal(long.length);
    expect(
      body.filter((page) => /^[，。]/.test(page)),
      "pages that begin with a mark of a sentence's end",
    ).to.deep.equal([]);
  });

  it("is the same bytes for the same input, and others for another time", async () => {
    const parts: PdfPart[] = [table(rows(40)), { kind: "pageBreak" }, { kind: "paragraph", text: "完" }];
    const [one, again] = await Promise.all([writePdf(document(...parts)), writePdf(document(...parts))]);
    expect(Buffer.compare(one, again)).to.equal(0);
    const later = await writePdf({ ...document(...parts), made: new Date("2026-12-01T02:00:01Z") });
    expect(Buffer.compare(one, later)).to.not.equal(0);
  });

  it("has of the font only the letters that it uses", async () => {
    // The font has 10 MB.
    expect((await writePdf(document(table(rows(40))))).length).to.be.lessThan(100_000);
  });

  it("draws a picture of paths and labels, and says what it shows", async () => {
    const bytes = await writePdf(
      document({
        ...{ kind: "picture", width: 1600, height: 400, description: "flow of data" },
        shapes: [
          { kind: "path", path: "M0 0 h1600 v400 h-1600 z", fill: "#eef1f5", stroke: "#1f2329", dashed: true },
          { kind: "label", text: "民政局", x: 800, y: 200, size: 24, anchor: "middle", weight: "bold" },
        ],
      }),
    );
    expect(joined(pdfTexts(bytes).join(""))).to.equal("民政局第1页，共1页");
    expect(Buffer.from(bytes).toString("latin1")).to.contain("/Alt (flow of data)");
  });

  it("prints whatever stands in a text: what is no letter is shown as a mark", async () => {
    expect(printable("a\r\nb\u0000\ud800c\td")).to.equal("a\nb\ufffd\ufffdc d");
    const pages = pdfTexts(
      await writePdf(
        document(
          table([
            ["\u0007😀\ud800", ""],
            ["", "x".repeat(400)],
          ]),
        ),
      ),
    );
    expect(joined(pages.join(""))).to.contain("x".repeat(400));
  });
});

describe("a text that is cut", () => {
  const CASES = [
    ["abc def", 5, "abc ", "def"],
    ["甲乙丙丁", 2, "甲乙", "丙丁"],
    ["甲乙，丙", 2, "甲", "乙，丙"],
    ["，，，", 2, "，", "，，"],
    ["甲乙", 0, "甲", "乙"],
    ["甲乙", 2, "甲乙", ""],
  ] as const;
  for (const [text, room, fitting, left] of CASES) {
    it(`is "${fitting}" and "${left}" where ${room} letters of "${text}" fit`, () => {
      expect(cutText(text, (beginning) => beginning.length <= room)).to.deep.equal({ fitting, left });
    });
  }
});
