import { expect } from "chai";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { goTo, logIn, pageWorld } from "./desk.js";
import { DATASET, ENTRY, HEALTH, seed } from "./seed.js";

inBrowser("the datasets that come near to a demand", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let here: Visitor;
  let ours: string;
  let theirs: string;

  before(async () => {
    world = await pageWorld();
    await seed(world);
    const entry = { ...ENTRY, code: "clinics", name: "医疗机构名录", abstract: "执业许可" };
    await world.ledger.act(HEALTH, ["steward"], { noun: "dataset", type: "register", body: entry });
    const wanted = { description: "核对执业许可", purpose: "lookup", duty: "医疗机构管理条例" };
    const token = await world.logIn("CA-1");
    const published = await world.file(token, "/demands", { ...wanted, name: "医疗机构", addressee: HEALTH });
    ours = String(published.get("act.case"));
    const body = { ...wanted, name: "行政区划代码", addressee: "CivilMSP" };
    theirs = (await world.ledger.act(HEALTH, ["user"], { noun: "demand", type: "publish", body })).case;
    here = await visitor();
    await logIn(here.page, world);
  });

  after(async () => {
    await here?.context.close();
    await world.stop();
  });

  it("are on its page with the words by which they do, and whoever asked applies from there with what was said", async () => {
    const { page } = here;
    await goTo(page, `/cases/demand/${ours}`);
    const row = page.getByRole("article").filter({ hasText: "医疗机构名录" });
    await row.getByText("执业许可").waitFor();
    const apply = row.getByRole("link", { name: "申请使用" });
    await page.setViewportSize({ width: 390, height: 844 });
    // On a phone nothing has to be pushed aside to find it.
    const { x = 390, width = 0 } = (await apply.boundingBox()) ?? {};
    expect(x + width).to.be.lessThan(390);
    await page.setViewportSize({ width: 1366, height: 768 });
    await apply.click();
    await page.getByRole("heading", { name: "提交申请" }).waitFor();
    expect(await page.locator("#duty").inputValue()).to.equal("医疗机构管理条例");
    await page.getByText("信息查询").waitFor();
    expect(new URL(page.url()).searchParams.get("dataset")).to.contain("clinics");
  });

  it("are matched by its addressee, with own data alone, and then it says with what", async () => {
    const { page } = here;
    await goTo(page, `/cases/demand/${theirs}`);
    const row = page.getByRole("article").filter({ hasText: "行政区划代码" });
    await row.getByRole("link", { name: "对接此资源" }).click();
    await page.getByRole("button", { name: "下一步" }).click();
    await page.getByRole("button", { name: "签名并提交" }).click();
    await page.getByText("已记入账本").waitFor();
    const found = await world.call("GET", `/demands/${theirs}`, { token: await world.logIn("CA-1") });
    expect([found.get("case.status"), found.get("case.state.dataset")]).to.deep.equal(["matched", DATASET]);
  });

  it("lead to a demand where a search of the catalogue finds nothing, with what was searched for", async () => {
    const { page } = here;
    await goTo(page, "/catalogue");
    await page.getByRole("searchbox").fill("车辆轨迹");
    await page.getByRole("searchbox").press("Enter");
    await page.getByRole("link", { name: "没有找到？发布需求" }).click();
    await page.locator("#name").waitFor();
    expect(await page.locator("#name").inputValue()).to.equal("车辆轨迹");
  });
});
