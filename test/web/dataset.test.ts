import { expect } from "chai";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { goTo, logIn, originOf, pageWorld } from "./desk.js";
import { DATASET, ENTRY, HEALTH, type Seeded, seed } from "./seed.js";

const HEALTHS = `${HEALTH}/clinics`;

inBrowser("a dataset's page", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let seeded: Seeded;
  let here: Visitor;

  before(async () => {
    world = await pageWorld();
    seeded = await seed(world);
    const others = { ...ENTRY, code: "clinics", name: "医疗机构" };
    await world.ledger.act(HEALTH, ["steward"], { noun: "dataset", type: "register", case: HEALTHS, body: others });
    const token = await world.logIn("CA-1");
    const dates = { from: "2026-09-21", to: "2026-12-31" };
    const grant = { dataset: DATASET, fields: ["code"], ...dates, frequency: { calls: 100, per: "day" } };
    await world.file(token, `/applications/${seeded.application}/grant`, grant);
    here = await visitor();
    await logIn(here.page, world, "CA-1", `/cases/dataset/${DATASET}`);
  });

  after(async () => {
    await here?.context.close();
    await world.stop();
  });

  it("labels an open objection so that it cannot be overlooked, with what it is about one click away", async () => {
    const { page } = here;
    const label = page.getByRole("alert").filter({ hasText: "异议1件未结" });
    await label.getByText("待受理").waitFor();
    expect(await label.getByRole("link").getAttribute("href")).to.equal(`/cases/objection/${seeded.objection}`);
  });

  it("labels it also where it stands behind a page of others, and says so where nobody can tell", async () => {
    const visited = await visitor();
    try {
      const { page } = visited;
      await page.route(/api\/v1\/objections\?/, async (route) => {
        const url = new URL(route.request().url());
        if (!url.searchParams.has("cursor")) return route.fulfill({ json: { items: [], next: "more" } });
        url.searchParams.delete("cursor");
        return route.fulfill({ response: await route.fetch({ url: url.href }) });
      });
      await logIn(page, world, "CA-1", `/cases/dataset/${DATASET}`);
      await page.getByRole("alert").filter({ hasText: "异议1件未结" }).waitFor();
      await page.unrouteAll();
      await page.route(/api\/v1\/objections\?/, (route) => route.fulfill({ status: 500, json: {} }));
      await page.reload();
      await page.locator(".ant-alert-error[role=alert]").first().waitFor();
    } finally {
      await visited.context.close();
    }
  });

  it("shows what checks of it came to, of which release, passed or not", async () => {
    const { page } = here;
    const card = page.locator(".card").filter({ has: page.getByRole("heading", { name: "质量评估", exact: true }) });
    const row = card.getByRole("row").filter({ hasText: "自查" }).filter({ hasText: "98.12%" });
    await row.getByText("不合格").waitFor();
    expect(await row.getByRole("link").last().getAttribute("href")).to.equal(`/cases/release/${seeded.release}`);
  });

  it("says what each field means and how sensitive it is, and what the share class rests on, by name", async () => {
    const { page } = here;
    await page.getByRole("row", { name: /code 字符型 code of a division 1级/ }).waitFor();
    await page.getByRole("row", { name: /共享属性 有条件共享 依据 Plan/ }).waitFor();
  });

  it("lists releases with rows and period, who may use it with what, and what refers to what", async () => {
    const { page } = here;
    await page.getByRole("row", { name: /2022年1月1日 – 2022年12月31日 3/ }).waitFor();
    await page.getByRole("row", { name: /Department 2 信息核验 code 2026年9月21日.*有效/ }).waitFor();
    await page.locator(".react-flow__node.graph-root", { hasText: "行政区划代码" }).waitFor();
  });

  it("says of its use that a node without a log cannot tell, and of others' data that it knows its own use alone", async () => {
    const { page } = here;
    const users = page.locator(".card", { has: page.getByRole("heading", { name: /谁使用过/ }) });
    await users.getByText("无法说明谁用过").waitFor();
    expect(await users.getByText("还没有调用记录").count()).to.equal(0);
    const counts = { items: [{ consumer: HEALTH, day: "2026-09-21", accesses: 3, rows: 30 }] };
    await page.route("**/api/v1/accesses/counts?*", (route) => route.fulfill({ json: counts }));
    await page.reload();
    await users.getByRole("row", { name: /Department 2 3 30/ }).waitFor();
    expect(await users.getByText("本节点只知道本部门的调用").count()).to.equal(0);
    await goTo(page, `/cases/dataset/${HEALTHS}`);
    await users.getByText("本节点只知道本部门的调用").waitFor();
    await goTo(page, `/cases/dataset/${DATASET}`);
  });

  it("offers to apply and to object to those whose data it is not", async () => {
    const { page } = here;
    expect(await page.locator(".main").getByRole("link", { name: "从文件提出异议" }).count()).to.equal(0);
    expect(await page.locator(".main").getByRole("link", { name: "申请使用" }).count()).to.equal(0);
  });

  it("tells the officer on the first page what was filed and what became of it", async () => {
    const { page } = here;
    await page.goto(originOf(world));
    const filed = page.locator(".item", { hasText: "已授权" }).filter({ hasText: "现状态" });
    await filed.getByText("行政区划代码").first().waitFor();
    await page.locator(".item", { hasText: "已登记" }).first().waitFor();
  });

  it("shows an assessment's report: each rule's outcome, how the scores come about, and the rows that fail", async () => {
    const { page } = here;
    await goTo(page, `/cases/assessment/${seeded.assessment}`);
    const report = page.locator(".card").filter({ has: page.getByRole("heading", { name: "检查报告" }) });
    await report.getByText("98.12%").waitFor();
    expect(await report.getByText("得分 = Σ(权重 × 通过率) ÷ Σ权重").count()).to.equal(1);
    const failed = report.getByRole("row").filter({ hasText: "name-there" });
    expect(await failed.textContent())
      .to.contain("不合格")
      .and.contain("1 / 3")
      .and.contain("66.66%");
    expect(await report.getByRole("row").filter({ hasText: "411302" }).textContent()).to.contain("∅");
    await page.emulateMedia({ media: "print" });
    expect(await report.isVisible(), "it prints").to.equal(true);
    expect(await page.getByRole("button", { name: "打印" }).isVisible()).to.equal(false);
    await page.emulateMedia({ media: "screen" });
  });

  it("says of what gives the digest and is no report that it is none, instead of breaking", async () => {
    const { page } = here;
    const foreign = { author: "CivilMSP", digest: "a".repeat(64), report: { scores: { total: null }, results: [{}] } };
    await page.route("**/api/v1/assessments/*/report", (route) => route.fulfill({ json: foreign }));
    await page.reload();
    await page.getByRole("alert").filter({ hasText: "不是本系统能显示的检查报告" }).waitFor();
  });
});
