import { expect } from "chai";
import type { ApiWorld } from "../client/api/world.js";
import { workbook } from "../sheets/workbook.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { logIn, pageWorld } from "./desk.js";
import { seed } from "./seed.js";

const HEADINGS = [
  ...["信息资源代码", "信息资源名称", "信息资源摘要", "目录分类", "来源系统", "信息资源格式", "信息项名称", "数据类型"],
  ...["共享类型", "共享依据", "共享方式", "是否向社会开放", "数据分级", "更新周期", "发布日期"],
];
const dataset = (code: string, name: string, basis = "plan-5") => [
  ...[code, name, `${name}信息`, "民政/婚姻", "婚姻登记系统", "数据库", "登记日期", "日期型"],
  ...["有条件共享", basis, "库表交换", "否", "二级", "每日", "2026-09-21"],
];
const SECOND_FIELD = ["", "", "", "", "", "", "登记类型", "字符型", ...Array<string>(7).fill("")];

inBrowser("the import of a responsibility list", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let here: Visitor;

  before(async () => {
    world = await pageWorld();
    await seed(world);
    here = await visitor();
    await logIn(here.page, world, "CA-1", "/catalogue/import");
  });

  after(async () => {
    await here?.context.close();
    await world.stop();
  });

  const choose = (name: string, content: Uint8Array | string) =>
    here.page.locator("input[type=file]").setInputFiles({ name, mimeType: "", buffer: Buffer.from(content) });
  const csv = (...rows: readonly (readonly string[])[]) => rows.map((row) => row.join(",")).join("\n");
  const codes = async () => {
    const answer = await world.call("GET", "/catalogue", { token: await world.logIn("CA-1") });
    return (answer.get("items") as { case: string }[]).map(({ case: id }) => id).sort();
  };

  it("shows every bad row at its cell, and files nothing of a list that has one", async () => {
    const { page } = here;
    const bad = dataset("divorces", "离婚登记", "没有的依据");
    bad[12] = "九级";
    await choose("list.csv", csv(HEADINGS, dataset("marriages", "结婚登记"), bad));
    await page.getByText("2处须改正，未登记任何内容").waitFor();
    expect(await page.locator("tbody tr[data-row-key] td:first-child").allTextContents()).to.have.members(["M3", "J3"]);
    expect(await page.getByRole("button", { name: "签名并登记" }).count()).to.equal(0);
    expect(await codes()).to.deep.equal(["CivilMSP/divisions"]);
  });

  it("tries an Excel workbook against the rules first, then files what it takes, and nothing of it twice", async () => {
    const { page, complaints } = here;
    await choose("list.xlsx", workbook([HEADINGS, dataset("marriages", "结婚登记"), SECOND_FIELD]));
    await page.getByText("规则允许").waitFor();
    expect(await codes()).to.deep.equal(["CivilMSP/divisions"]);
    await page.getByRole("button", { name: "签名并登记1项" }).click();
    await page.getByText("清单已全部办理").waitFor();
    expect(await codes()).to.deep.equal(["CivilMSP/divisions", "CivilMSP/marriages"]);
    const rows = [HEADINGS, dataset("marriages", "结婚登记"), SECOND_FIELD, dataset("divorces", "离婚登记")];
    await choose("longer.xlsx", workbook(rows));
    await page.getByText("没有变化").waitFor();
    await page.getByRole("button", { name: "签名并登记1项" }).click();
    await page.getByText("清单已全部办理").waitFor();
    const token = await world.logIn("CA-1");
    const marriages = await world.call("GET", "/datasets/CivilMSP/marriages", { token });
    expect(marriages.get("case.act")).to.equal(1);
    expect(marriages.get("case.state.fields")).to.deep.equal(["登记日期", "登记类型"]);
    expect(complaints.filter((text) => !text.includes("401"))).to.deep.equal([]);
  });

  it("revises what the list says otherwise, with the words given for it", async () => {
    const { page } = here;
    await page.locator("#changes").fill("按2026年清单改名");
    await choose("renamed.csv", csv(HEADINGS, dataset("divorces", "离婚登记信息")));
    await page.getByText("规则允许").waitFor();
    await page.getByRole("button", { name: "签名并登记1项" }).click();
    await page.getByText("清单已全部办理").waitFor();
    const token = await world.logIn("CA-1");
    const divorces = await world.call("GET", "/datasets/CivilMSP/divorces", { token });
    expect(divorces.get("lastAct.body.changes")).to.equal("按2026年清单改名");
    expect(divorces.get("case.state.name")).to.equal("离婚登记信息");
  });

  it("stops at what the ledger refuses meanwhile, says where, and goes on with the rest", async () => {
    const { page } = here;
    const rows = [HEADINGS, dataset("adoptions", "收养登记"), dataset("funerals", "殡葬登记")];
    await choose("two.csv", csv(...rows));
    await page.getByRole("button", { name: "签名并登记2项" }).waitFor();
    const failing = "**/api/v1/datasets?";
    await page.route(failing, (route) => {
      const isFuneral = (route.request().postData() ?? "").includes("funerals");
      return isFuneral ? route.abort() : route.continue();
    });
    await page.getByRole("button", { name: "签名并登记2项" }).click();
    await page.getByText("第2项未成，其后各项未办理").waitFor();
    expect(await codes())
      .to.include("CivilMSP/adoptions")
      .and.not.include("CivilMSP/funerals");
    await page.unroute(failing);
    await page.getByRole("button", { name: "继续办理其余1项" }).click();
    await page.getByText("清单已全部办理").waitFor();
    expect(await codes()).to.include("CivilMSP/funerals");
  });
});
