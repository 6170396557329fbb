import {
  defused,
  planImport,
  readResponsibilityList,
  readSheetFile,
  undefused,
  writeResponsibilityList,
} from "@wanlian/client/sheets";
import { expect } from "chai";
import fc from "fast-check";

const BASES = [{ id: "plan-5", title: "有序共享方案" }];

/** What a spreadsheet would run, what looks like it, and what the form itself has a use for. */
const NASTY = [
  "=1+1",
  "+86 377",
  "-",
  "@SUM(A1)",
  "'=x",
  "''-y",
  "＝１",
  "a,b",
  'say "x"',
  '=HYPERLINK("x")',
  "无 '=' ",
];

const entryOf = (words: string) => ({
  ...{ code: "births", name: words, abstract: words, category: ["人口", "出生"], sourceSystem: words, format: "CSV" },
  fields: [
    { name: "证件号码", type: "字符型", meaning: words, sensitivity: 3 },
    { name: words, type: words, meaning: "姓名", sensitivity: 1 },
  ],
  share: { class: "conditional", basis: "plan-5", conditions: words, mode: "platform" },
  open: { class: "conditional", conditions: words },
  ...{ grade: 3, updateCycle: "halfYearly", quality: [], published: "2026-09-01" },
});

const readBack = async (text: string) => readResponsibilityList(await readSheetFile(Buffer.from(text)), BASES);

describe("a responsibility list that is written", () => {
  for (const words of NASTY.map((one) => one.trim())) {
    it(`comes back unchanged, and runs nothing: ${words}`, async () => {
      const entry = entryOf(words);
      const text = writeResponsibilityList([{ code: entry.code, entry }]);
      const list = await readBack(text);
      expect(list.faults).to.deep.equal([]);
      expect(list.datasets.map((one) => one.entry)).to.deep.equal([entry]);
      const cells = (await readSheetFile(Buffer.from(text))).flat();
      expect(cells.filter((cell) => /^[=+\-@\t\r＝＋－＠]/u.test(cell))).to.deep.equal([]);
      const registered = [{ code: entry.code, status: "registered", entry }];
      expect(planImport(list, registered, "again").steps.map(({ $case }) => $case)).to.deep.equal(["unchanged"]);
    });
  }

  it("holds any number of datasets, each with its fields", async () => {
    const codes = ["a", "b", "c"];
    const text = writeResponsibilityList(codes.map((code) => ({ code, entry: { ...entryOf("x"), code } })));
    expect((await readBack(text)).datasets.map(({ entry }) => [entry.code, entry.fields.length])).to.deep.equal(
      codes.map((code) => [code, 2]),
    );
  });

  it("takes the apostrophe back, whatever the cell", () => {
    const start = fc.constantFrom("'", "''", "", "=", "-", "@", "＋");
    fc.assert(
      fc.property(start, fc.string(), (first, rest) => {
        expect(undefused(defused(first + rest))).to.equal(first + rest);
      }),
    );
  });
});
