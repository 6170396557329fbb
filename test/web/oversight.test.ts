import { expect } from "chai";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { goTo, logIn, pageWorld } from "./desk.js";
import { type Overseen, overseen } from "./oversight-seed.js";
import { seed } from "./seed.js";

const COUNT = { call: "lookup", purpose: "lookup", scenario: "结算核对", served: 12, refused: 1, rows: 30 };
const LINES = [{ side: "provided", dataset: "CivilMSP/divisions", counterpart: "HealthMSP", counts: [COUNT] }];
const DRAFT = {
  ...{ month: "2026-08", department: "CivilMSP", isStated: false, log: { from: 0, to: 13 }, leftOut: 0 },
  ...{ lines: LINES, open: LINES, bodies: [{ code: "2026-08", log: { from: 0, to: 13 }, lines: LINES }] },
};

inBrowser("the pages of oversight", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let seeded: Overseen;
  let here: Visitor;

  before(async () => {
    world = await pageWorld();
    seeded = await overseen(world, await seed(world));
    here = await visitor();
    await logIn(here.page, world, "CA-1", "/key");
  });

  after(async () => {
    await here?.context.close();
    await world.stop();
  });

  const file = async () => {
    const { page } = here;
    await page.getByRole("button", { name: "下一步" }).click();
    await page.getByText("提交后不能更改或删除").waitFor();
    await page.getByRole("button", { name: "签名并提交" }).click();
    await page.getByText("已记入账本").waitFor();
  };

  it("show a published figure beside the node's own, and offer to contest it with that figure", async () => {
    const { page } = here;
    const place = `/supervision?from=${seeded.day}&to=${seeded.day}`;
    await goTo(page, place);
    await page.getByText("本节点核对 不一致").waitFor();
    await page.getByRole("row", { name: "Department 0 清单完备 1/1 0/0" }).waitFor();
    await page.getByText("期末已登记的数据资源中，有可用批次的").waitFor();
    // What the node has found otherwise nobody is offered to confirm.
    expect(await page.getByRole("link", { name: "认可评价数字" }).count()).to.equal(0);
    await page.getByRole("link", { name: "质疑评价数字" }).click();
    await page.locator("#met").waitFor();
    expect(await page.locator("#met").inputValue()).to.equal("0");
    await file();
    await goTo(page, place);
    await page.getByRole("row", { name: /Department 1 质疑 .* Department 0 清单完备 0\/0/ }).waitFor();
    expect(here.complaints).to.deep.equal([]);
  });

  it("hand a report out as a PDF file", async () => {
    const { page } = here;
    await goTo(page, `/supervision?from=${seeded.day}&to=${seeded.day}&department=CivilMSP`);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "下载 PDF" }).click(),
    ]);
    expect(file.suggestedFilename()).to.equal(`supervision-${seeded.day}-${seeded.day}-CivilMSP.pdf`);
  });

  it("say whom an incident concerns, and restrain an officer for it from there", async () => {
    const { page } = here;
    await goTo(page, `/cases/incident/${seeded.incident}`);
    await page.getByRole("heading", { name: "立即制止" }).waitFor();
    await page.getByText("没有因此被限制的").waitFor();
    await page.getByRole("link", { name: "暂停授权" }).waitFor();
    await page.getByRole("link", { name: "限制调用" }).click();
    await page.locator("#officer").fill("0402");
    await page.locator("#reasons_text").fill("逐号探测，先行限制");
    await file();
    await goTo(page, `/cases/incident/${seeded.incident}`);
    await page.getByText("0402").first().waitFor();
    await page.getByRole("link", { name: "解除限制" }).waitFor();
  });

  it("state a month from the log, without figures being typed", async () => {
    const { page } = here;
    // The node of this world has no log: its answer is played.
    await page.route("**/api/v1/usage-draft?*", (route) => route.fulfill({ json: DRAFT }));
    await goTo(page, "/usage?month=2026-08");
    await page
      .getByRole("row", { name: /提供 行政区划代码 Department 2 查询 · 信息查询 · 结算核对 12 1 30/ })
      .waitFor();
    await page.getByRole("button", { name: "填报月度用数" }).click();
    await page.getByText("提交后不能更改或删除").waitFor();
    await page.getByRole("button", { name: "签名并提交" }).click();
    await page.getByRole("row", { name: /Department 1 已填报/ }).waitFor();
    await page.getByRole("link", { name: "2026年8月" }).click();
    await page.getByRole("heading", { level: 1, name: "月度用数统计 Department 1 2026年8月" }).waitFor();
    const token = await world.logIn("CA-1");
    const stated = await world.call("GET", "/usage-differences?month=2026-08", { token });
    expect(stated.status).to.equal(200);
  });

  it("add the city's use up from what is stated, with its trend, by whatever is asked", async () => {
    const { page } = here;
    await goTo(page, "/city-use");
    await page.locator(".chart canvas").waitFor();
    await page.getByRole("row", { name: "2026-08 行政区划代码 12 1 30 12" }).waitFor();
    await page.getByText("用途", { exact: true }).click();
    await page.getByRole("row", { name: "2026-08 信息查询 12 1 30 12" }).waitFor();
    expect(here.complaints).to.deep.equal([]);
  });
});
