import { listTemplate, planImport, readResponsibilityList, readSheetFile } from "@wanlian/client/sheets";
import { expect } from "chai";
import { workbook } from "./workbook.js";

const BASES = [{ id: "plan-5", title: "有序共享方案" }];

const HEADINGS = [
  ...["序号", "信息资源代码*", "信息资源名称", "信息资源摘要", "目录分类", "来源系统", "信息资源格式"],
  ...[
    "信息项名称",
    "数据类型",
    "共享类型",
    "共享依据",
    "共享方式",
    "是否向社会开放",
    "数据分级",
    "更新周期",
    "发布日期",
  ],
];
const BIRTHS = [
  ...["1", "births", "出生登记", "出生登记信息", "人口/出生", "妇幼系统", "数据库"],
  ...["证件号码", "字符型", "有条件共享", "plan-5", "库表交换", "否", "三级", "每日", "2026年9月1日"],
];
const SECOND_FIELD = ["", "", "", "", "", "", "", "姓名", "字符型", ...Array<string>(7).fill("")];

const read = (...rows: readonly (readonly string[])[]) => readResponsibilityList([HEADINGS, ...rows], BASES);
/** A row with other words in some of its columns. */
const but = (row: readonly string[], changes: Readonly<Record<string, string>>) =>
  row.map((cell, at) => changes[HEADINGS[at] ?? ""] ?? cell);
const cells = (...rows: readonly (readonly string[])[]) =>
  read(...rows).faults.map(({ cell, reason }) => `${cell} ${reason.zh}`);

describe("a responsibility list", () => {
  it("is read as departments keep it: titles above, a row a field, a dataset's cells in its first row", () => {
    const list = readResponsibilityList([["市卫健委责任清单"], [], HEADINGS, BIRTHS, SECOND_FIELD], BASES);
    expect(list.faults).to.deep.equal([]);
    expect(list.datasets).to.deep.equal([
      {
        cell: "B4",
        code: "births",
        name: "出生登记",
        entry: {
          code: "births",
          name: "出生登记",
          abstract: "出生登记信息",
          category: ["人口", "出生"],
          sourceSystem: "妇幼系统",
          format: "数据库",
          fields: [
            { name: "证件号码", type: "字符型", meaning: "证件号码", sensitivity: 3 },
            { name: "姓名", type: "字符型", meaning: "姓名", sensitivity: 3 },
          ],
          share: { class: "conditional", basis: "plan-5", mode: "platform" },
          open: { class: "closed" },
          grade: 3,
          updateCycle: "daily",
          quality: [],
          published: "2026-09-01",
        },
      },
    ]);
  });

  it("may have its headings in two rows", () => {
    const at = HEADINGS.indexOf("共享类型");
    const upper = HEADINGS.map((heading, column) => (column === at ? "共享属性" : column === at + 2 ? "" : heading));
    const lower = HEADINGS.map((heading, column) => (column >= at && column <= at + 2 ? heading : ""));
    upper[at + 1] = "";
    expect(readResponsibilityList([upper, lower, BIRTHS], BASES).faults).to.deep.equal([]);
  });

  for (const [title, change, cell] of [
    ["a class that is none", { 共享类型: "看情况" }, "J2 应为无条件共享、有条件共享或不予共享"],
    ["a basis that the register lacks", { 共享依据: "内部规定" }, "K2 依据登记册中没有此项；请写登记册中的编号或标题"],
    ["a class without its basis", { 共享依据: "" }, "K2 有条件共享和不予共享须写明依据；请从依据登记册选"],
    ["a day that does not exist", { 发布日期: "2026-02-30" }, "P2 应为日期，如2026-09-21"],
    ["a grade beyond four", { 数据分级: "五级" }, "N2 应为1至4级"],
    ["a code with a space", { "信息资源代码*": "my births" }, "B2 只能用字母、数字和连字符，不超过64个字符"],
    ["an empty name", { 信息资源名称: "" }, "C2 未填写"],
    ["a cycle that is none", { 更新周期: "有空时" }, "O2 应为实时、每日、每周、每月、每季度、每半年、每年或不定期"],
  ] as const) {
    it(`shows ${title} at its cell`, () => {
      expect(cells(but(BIRTHS, change))).to.deep.equal([cell]);
      expect(read(but(BIRTHS, change)).datasets).to.deep.equal([]);
    });
  }

  it("shows every bad cell, not the first alone, and keeps the good datasets apart", () => {
    const bad = but(BIRTHS, { "信息资源代码*": "deaths", 数据分级: "九", 更新周期: "" });
    expect(cells(BIRTHS, bad)).to.deep.equal(["N3 应为1至4级", "O3 未填写"]);
    expect(read(BIRTHS, bad).datasets.map(({ code }) => code)).to.deep.equal(["births"]);
  });

  it("has a code once, a field once, and says the same of a dataset in each of its rows", () => {
    const other = but(BIRTHS, { "信息资源代码*": "deaths" });
    expect(cells(BIRTHS, other, BIRTHS)).to.deep.equal(["B4 与第2行重复"]);
    expect(cells(BIRTHS, but(SECOND_FIELD, { 信息项名称: "证件号码" }))).to.deep.equal(["H3 与第2行重复"]);
    expect(cells(BIRTHS, but(SECOND_FIELD, { 更新周期: "每月" }))).to.deep.equal(["O3 与第2行所写不同"]);
  });

  it("names the columns that it lacks, and says so where it has no headings at all", () => {
    const without = readResponsibilityList([HEADINGS.filter((word) => word !== "更新周期"), BIRTHS], BASES);
    expect(without.faults.map(({ reason }) => reason.zh)).to.deep.equal(["缺少“更新周期”列"]);
    const none = readResponsibilityList([["a", "b"], BIRTHS], BASES);
    expect(none.faults.map(({ cell, reason }) => [cell, reason.en])).to.deep.equal([
      ["A1", "there is no row of headings; keep the columns' names, or begin with the template"],
    ]);
    expect(readResponsibilityList([], BASES).faults).to.have.length(1);
    expect(readResponsibilityList([HEADINGS], BASES).faults.map(({ reason }) => reason.zh)).to.deep.equal([
      "表头以下没有内容",
    ]);
  });

  it("comes from Excel as from CSV, in UTF-8 as in GBK", async () => {
    const rows = [HEADINGS, BIRTHS, SECOND_FIELD];
    const expected = read(BIRTHS, SECOND_FIELD).datasets;
    const text = rows.map((row) => row.map((cell) => `"${cell}"`).join(",")).join("\r\n");
    // 出生登记 in GB 18030, in a list that is otherwise Latin.
    const gbk = Buffer.concat([
      Buffer.from("code,name\n1,"),
      Buffer.from("b3f6c9fab5c7bcc7", "hex"),
      Buffer.from("\n"),
    ]);
    for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), workbook(rows)]) {
      expect(readResponsibilityList(await readSheetFile(bytes), BASES).datasets).to.deep.equal(expected);
    }
    expect(await readSheetFile(gbk)).to.deep.equal([["code", "name"], ["1", "出生登记"], [""]]);
  });

  it("is refused as a whole where the file is broken", async () => {
    for (const bytes of [Buffer.from('a,"b'), Buffer.from("PK no archive"), Buffer.from([0x61, 0xff, 0xfe, 0x80])]) {
      const outcome = await readSheetFile(bytes).catch((error: { code?: string }) => error.code);
      expect(outcome).to.equal("SOURCE_MALFORMED");
    }
  });

  it("has a template that is itself a list without a fault", async () => {
    const { datasets, faults } = readResponsibilityList(await readSheetFile(Buffer.from(listTemplate())), []);
    expect(faults).to.deep.equal([]);
    expect(datasets.map(({ entry }) => entry.fields.map(({ name }) => name))).to.deep.equal([["代码", "名称"]]);
  });
});

describe("the plan of an import", () => {
  const listed = () => read(BIRTHS, but(BIRTHS, { "信息资源代码*": "deaths", 信息资源名称: "死亡登记" }));
  const entryOf = (code: string) => listed().datasets.find((one) => one.code === code)?.entry;

  it("registers what is new, revises what differs, and leaves alone what is the same", () => {
    const { steps } = planImport(
      listed(),
      [{ code: "births", status: "registered", entry: { ...entryOf("births"), changes: "上次" } }],
      "按2026年清单",
    );
    expect(steps.map(({ $case, listed: { code } }) => `${$case} ${code}`)).to.deep.equal([
      "unchanged births",
      "register deaths",
    ]);
    const other = { ...entryOf("births"), name: "旧名" };
    const revised = planImport(listed(), [{ code: "births", status: "registered", entry: other }], "按2026年清单");
    expect(revised.steps[0]).to.deep.include({ $case: "revise" });
    expect(Reflect.get(Object(Reflect.get(Object(revised.steps[0]), "body")), "changes")).to.equal("按2026年清单");
  });

  it("keeps the quality standard and the life cycle that are registered: a list says nothing of them", () => {
    const said = {
      quality: [{ dimension: "accuracy" as const, atLeast: 9900, rule: "核对" }],
      lifeCycle: [{ stage: "collection", responsible: "妇幼科", standard: "GB/T 1" }],
    };
    const before = { ...entryOf("births"), ...said };
    const plan = (entry: unknown) => planImport(listed(), [{ code: "births", status: "registered", entry }], "");
    expect(plan(before).steps[0]?.$case).to.equal("unchanged");
    const [revised] = plan({ ...before, name: "旧名" }).steps;
    expect(Reflect.get(Object(revised), "body")).to.deep.include(said);
  });

  it("does not take the code of what was withdrawn", () => {
    const { steps, faults } = planImport(listed(), [{ code: "births", status: "withdrawn", entry: {} }], "");
    expect(faults.map(({ cell }) => cell)).to.deep.equal(["B2"]);
    expect(steps.map(({ listed: { code } }) => code)).to.deep.equal(["deaths"]);
  });
});
