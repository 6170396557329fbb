import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvText, readSheetFile, undefused } from "@wanlian/client/sheets";
import { excelFile } from "@wanlian/client/tables";
import { expect } from "chai";
import fc from "fast-check";
import { type ApiWorld, apiWorld, ENTRY, HEALTH, openChannel } from "../api/world.js";
import { PASSPHRASE } from "../keys/officer.js";
import { runWanlian } from "./wanlian.js";

const HEADINGS = ["需求编号", "需求名称", "需求说明", "用途", "履职依据", "提供部门"];
const FORMULA = '=HYPERLINK("x")';

describe("demand and matching lists", () => {
  let world: ApiWorld;
  let directory: string;

  before(async () => {
    world = await apiWorld();
    await openChannel(world);
    directory = await mkdtemp(join(tmpdir(), "wanlian-demands-"));
    const dataset = { noun: "dataset", type: "register", body: { ...ENTRY, code: "divisions" } };
    await world.ledger.act("CivilMSP", ["steward"], dataset);
    expect((await wanlian("login", "CA-1")).code).to.equal(0);
  });
  after(async () => {
    await world.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const wanlian = (...argv: string[]) =>
    runWanlian(argv, {
      WANLIAN_NODE: world.base.replace("/api/v1", ""),
      WANLIAN_SESSION: join(directory, "session.json"),
      WANLIAN_PASSPHRASE: PASSPHRASE,
      LANG: "en_GB.UTF-8",
    });
  async function listed(name: string, ...rows: readonly (readonly string[])[]): Promise<string> {
    const file = join(directory, name);
    await writeFile(file, name.endsWith(".xlsx") ? await excelFile(rows) : csvText(rows));
    return file;
  }
  const demands = async () => {
    const token = await world.logIn("CA-1");
    return (await world.call("GET", "/demands", { token })).get("items") as {
      case: string;
      status: string;
      state: { name: string; dataset?: string };
    }[];
  };
  const exported = async (name: string, ...more: string[]) => {
    const file = join(directory, name);
    const done = await wanlian("demand", "export", file, ...more);
    expect([done.code, done.err]).to.deep.equal([0, ""]);
    const rows = await readSheetFile(await readFile(file));
    return rows.filter(({ length }) => length > 1).map((row) => row.map(undefused));
  };

  it("publishes by a list in Excel, tried first, and writes it again as it was, formulas and all", async () => {
    const rows = [
      ["", FORMULA, "每月", "数据分析", "统计法", "Department 2"],
      ["", "出生名单", "每日", "信息核验", "医疗保障条例", HEALTH],
    ];
    const file = await listed("demands.xlsx", HEADINGS, ...rows);
    const dry = await wanlian("demand", "import", file, "--dry-run");
    expect([dry.code, dry.err, (await demands()).length]).to.deep.equal([0, "", 0]);
    const done = await wanlian("demand", "import", file);
    expect([done.code, done.err]).to.deep.equal([0, ""]);
    expect((await demands()).map(({ state }) => state.name)).to.have.members([FORMULA, "出生名单"]);
    for (const name of ["demands.csv", "demands.again.xlsx"]) {
      const [, ...back] = await exported(name);
      const known = back.map((row) => row.slice(1, HEADINGS.length)).sort();
      expect(known).to.deep.equal(rows.map(([, ...row]) => [...row.slice(0, -1), "Department 2"]).sort(), name);
      const again = await wanlian("demand", "import", join(directory, name));
      expect([again.code, (await demands()).length], "what is there already").to.deep.equal([0, 2]);
    }
    expect(await readFile(join(directory, "demands.csv"), "utf8")).to.include("'=HYPERLINK");
  });

  it("names every bad cell, and files nothing", async () => {
    const before = (await demands()).length;
    const good = ["", "婚姻登记", "每月", "信息核验", "法", HEALTH];
    const file = await listed(
      "bad.csv",
      HEADINGS,
      good,
      ["", "", "每月", "猜测", "法", "没有的部门"],
      ["f".repeat(64), ...good.slice(1)],
      good,
      ["", "自己的", "每月", "信息核验", "法", "CivilMSP"],
    );
    const bad = await wanlian("demand", "import", file);
    expect(bad.code).to.equal(2);
    for (const cell of ["B3", "D3", "F3", "A4", "B5", "F6"]) expect(bad.err).to.match(new RegExp(`^${cell} `, "m"));
    expect((await demands()).length).to.equal(before);
    const nothing = await wanlian("demand", "import", await listed("none.csv", ["甲", "乙"], ["1", "2"]));
    expect(nothing.code).to.equal(2);
    // The rules have the last word: the second row's is refused by them, so the first is not filed either.
    const long = ["", "名".repeat(200), "每月", "信息核验", "法", HEALTH];
    const refused = await wanlian("demand", "import", await listed("long.csv", HEADINGS, good, long));
    expect(refused.code).to.equal(1);
    expect((await demands()).length).to.equal(before);
  });

  it("matches by a matching list what is addressed to the department, and that alone", async () => {
    const body = { name: "区划", description: "d", purpose: "lookup", duty: "law", addressee: "CivilMSP" };
    const { case: asked } = await world.ledger.act(HEALTH, ["user"], { noun: "demand", type: "publish", body });
    const rows = await exported("matching.xlsx", "--matching");
    const [headings = [], ...others] = rows;
    const at = headings.indexOf("信息资源代码");
    const filled = (id: string) => others.map((row) => (row[0] === id ? row.with(at, "divisions") : row));
    const theirs = others.find(([id]) => id !== asked)?.[0] ?? "";
    const refused = await wanlian(
      ...["demand", "import", await listed("theirs.csv", headings, ...filled(theirs)), "--matching"],
    );
    expect(refused.err).to.include("not addressed to your department");
    const done = await wanlian(
      ...["demand", "import", await listed("ours.xlsx", headings, ...filled(asked)), "--matching"],
    );
    expect([done.code, done.err]).to.deep.equal([0, ""]);
    const matched = (await demands()).find(({ case: id }) => id === asked);
    expect(matched).to.deep.include({ status: "matched" });
    expect(matched?.state.dataset).to.equal("CivilMSP/divisions");
    const [, ...after] = await exported("matching.csv", "--matching");
    expect(after.find(([id]) => id === asked)?.at(-1)).to.equal(ENTRY.name);
  });
});

describe("a list as an Excel workbook", () => {
  it("comes back as it was, whatever its cells say, and holds no formula", async () => {
    const cell = fc.oneof(
      fc
        .string({ maxLength: 12 })
        .filter((text) => text.isWellFormed() && [...text].every((one) => one >= " " && one < "\ufffe")),
      fc.constantFrom("=1+1", "'=1", "+2", "-3", "@x", "12", "2026-09-21", "＝x", "true", "_x000D_"),
      fc.constantFrom("valueOf", "toString", "constructor", "__proto__", "hasOwnProperty"),
    );
    // Space around a cell is none of it.
    const text = cell.map((one) => one.trim());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 }), async (rows) => {
        const kept = rows.map((row) => row.map((text) => `c${text}`.slice(1)));
        const back = await readSheetFile(await excelFile([["甲", "乙"], ...kept.map((row) => ["k", ...row])]));
        const texts = back.slice(1).map((row) => [row[1] ?? "", row[2] ?? ""].map(undefused));
        expect(texts).to.deep.equal(kept);
      }),
      { numRuns: 40 },
    );
  });
});
