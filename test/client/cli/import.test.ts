import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { workbook } from "../../sheets/workbook.js";
import { type ApiWorld, apiWorld, openChannel } from "../api/world.js";
import { runWanlian } from "./wanlian.js";

const HEADINGS = [
  ...["信息资源代码", "信息资源名称", "信息资源摘要", "目录分类", "来源系统", "信息资源格式", "信息项名称", "数据类型"],
  ...["共享类型", "共享依据", "共享方式", "是否向社会开放", "数据分级", "更新周期", "发布日期"],
];
const dataset = (code: string, name: string, grade = "二级") => [
  ...[code, name, `${name}信息`, "民政/婚姻", "婚姻登记系统", "数据库", "登记日期", "日期型"],
  ...["有条件共享", "plan-5", "库表交换", "否", grade, "每日", "2026-09-21"],
];

describe("wanlian dataset import", function () {
  this.timeout(30_000);
  let world: ApiWorld;
  let directory: string;

  before(async () => {
    world = await apiWorld();
    await openChannel(world);
    directory = await mkdtemp(join(tmpdir(), "wanlian-list-"));
  });
  after(async () => {
    await world.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function imported(rows: readonly (readonly string[])[], ...more: string[]) {
    const path = join(directory, "list.xlsx");
    await writeFile(path, workbook(rows));
    return wanlian("import", path, ...more);
  }
  async function wanlian(...words: string[]) {
    const environment = {
      WANLIAN_NODE: new URL(world.base).origin,
      WANLIAN_TOKEN: await world.logIn("CA-1"),
      LANG: "zh_CN.UTF-8",
    };
    return runWanlian(["dataset", ...words], environment);
  }
  const codes = async () => {
    const found = await world.call("GET", "/catalogue", { token: await world.logIn("CA-1") });
    return (found.get("items") as { case: string }[]).map(({ case: id }) => id).sort();
  };

  it("names every bad cell, and files nothing of a list that has one", async () => {
    const { code, err } = await imported([
      HEADINGS,
      dataset("marriages", "结婚登记"),
      dataset("divorces", "离婚登记", "九"),
    ]);
    expect(code).to.equal(2);
    expect(err)
      .to.match(/M3 +九 +应为1至4级/)
      .and.include("清单有1处须改正，未办理任何内容");
    expect(await codes()).to.deep.equal([]);
  });

  it("tries only, where asked to; else files, and nothing a second time", async () => {
    const rows = [HEADINGS, dataset("marriages", "结婚登记"), dataset("divorces", "离婚登记")];
    const tried = await imported(rows, "--dry-run");
    expect([tried.code, tried.out.match(/登记 *$/gm)?.length]).to.deep.equal([0, 2]);
    expect(await codes()).to.deep.equal([]);
    expect((await imported(rows)).code).to.equal(0);
    expect(await codes()).to.deep.equal(["CivilMSP/divorces", "CivilMSP/marriages"]);
    const again = await imported([HEADINGS, dataset("marriages", "结婚登记"), dataset("divorces", "离婚", "三级")]);
    expect(again.out)
      .to.match(/marriages +结婚登记 +没有变化/)
      .and.match(/divorces +离婚 +修订 +\d+/);
  });

  it("takes back what was exported as no change, and of a catalogue's formulas none runs", async () => {
    expect((await imported([HEADINGS, dataset("odd", "'=1+1", "一级")])).code).to.equal(0);
    const path = join(directory, "exported.csv");
    expect((await wanlian("export", path)).out).to.match(/已写出\d+项数据资源/);
    expect(await readFile(path, "utf8")).to.match(/^odd,'=1\+1,'=1\+1信息,/m);
    const again = await wanlian("import", path, "--dry-run");
    expect([again.code, again.err]).to.deep.equal([0, ""]);
    expect(again.out).to.match(/odd +=1\+1 +没有变化/);
    expect(again.out).not.to.match(/登记 *$|修订/m);
  });
});
