import { expect } from "chai";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { logIn, pageWorld } from "./desk.js";
import { DATASET, seed } from "./seed.js";

const COUNTS = {
  purpose: [
    { day: "2026-09-20", purpose: "verification", result: "served", accesses: 1200, rows: 1200 },
    { day: "2026-09-21", purpose: "lookup", result: "served", accesses: 3, rows: 30, empty: 1 },
    { day: "2026-09-21", purpose: "lookup", result: "refused", accesses: 2, rows: 0 },
  ],
  officer: [{ hourOfDay: "23", officer: "HA-3", result: "served", accesses: 7, rows: 4, empty: 3 }],
  consumer: [{ day: "2026-09-21", consumer: "HealthMSP", result: "served", accesses: 1203, rows: 1230 }],
};

inBrowser("the use of data", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let here: Visitor;
  const asked: URL[] = [];

  before(async () => {
    world = await pageWorld();
    await seed(world);
    here = await visitor();
    // The node of this world has no exchange: its answers are played.
    await here.page.route("**/api/v1/accesses/counts?*", (route) => {
      const url = new URL(route.request().url());
      asked.push(url);
      return route.fulfill({ json: { items: COUNTS[url.searchParams.get("by") as keyof typeof COUNTS] } });
    });
    const row = { position: 1, id: "e".repeat(64), time: "2026-09-21T01:00:00Z", kind: "access" };
    const access = { ...row, consumer: "HealthMSP", officer: "HA-3", dataset: DATASET, purpose: "lookup" };
    await here.page.route("**/api/v1/accesses?*", (route) =>
      route.fulfill({ json: { items: [{ ...access, way: "lookup", result: "refused", reason: "QUOTA_EXCEEDED" }] } }),
    );
    // All that there ever was: a log of 1,200 accesses, of which 500 are given at a time.
    await here.page.route(/\/api\/v1\/accesses\?(?!.*since)/, (route) => {
      const from = Number(new URL(route.request().url()).searchParams.get("cursor") ?? "0");
      const positions = Array.from({ length: Math.min(500, 1200 - from) }, (_, at) => 1200 - from - at);
      const items = positions.map((position) => ({ ...access, position, way: "lookup", row_count: position }));
      return route.fulfill({ json: from + 500 < 1200 ? { items, next: String(from + 500) } : { items } });
    });
    await logIn(here.page, world, "CA-1", "/use");
  });

  after(async () => {
    await here?.context.close();
    await world.stop();
  });

  it("is counted by purpose, department or outcome, with a table that says what the chart says", async () => {
    const { page, complaints } = here;
    await page.getByRole("row", { name: "信息核验 1,200 0 1,200 0" }).waitFor();
    await page.getByRole("row", { name: "信息查询 5 2 30 1" }).waitFor();
    await page.locator(".chart canvas").waitFor();
    await page.getByRole("img", { name: "按日调用次数", exact: true }).waitFor();
    await page.getByRole("radiogroup", { name: "统计口径" }).getByText("部门").click();
    await page.getByRole("row", { name: "Department 2 1,203 0 1,230 0" }).waitFor();
    await page.getByRole("radiogroup", { name: "统计口径" }).getByText("结果").click();
    await page.getByRole("row", { name: "已拒绝 2 2 0 0" }).waitFor();
    expect(complaints.filter((text) => !text.includes("401"))).to.deep.equal([]);
  });

  it("is counted by officer at each hour of the day, and goes home as a sheet", async () => {
    const { page } = here;
    await page.getByRole("radiogroup", { name: "统计口径" }).getByText("经办人").click();
    await page.getByRole("radiogroup", { name: "时间单位" }).getByText("按时段").click();
    await page.getByRole("row", { name: "HA-3 7 0 4 3" }).waitFor();
    expect(asked.at(-1)?.searchParams.get("per")).to.equal("hourOfDay");
    await page.route("**/api/v1/accesses/counts/csv?*", (route) => route.fulfill({ body: "hour\r\n" }));
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "导出统计表" }).click();
    expect((await saved).suggestedFilename()).to.equal("accesses.csv");
    await page.getByRole("radiogroup", { name: "时间单位" }).getByText("按日").click();
    await page.getByRole("radiogroup", { name: "统计口径" }).getByText("用途").click();
  });

  it("is asked for of a period by the ledger's clock, as provider and as consumer", async () => {
    const { page } = here;
    await page.getByText("近一年").click();
    await page.getByText("本部门使用", { exact: true }).click();
    await page.getByRole("row", { name: /已超频次/ }).waitFor();
    const last = asked.at(-1)?.searchParams;
    expect([last?.get("consumer"), last?.get("since"), last?.get("provider")]).to.deep.equal([
      "CivilMSP",
      "2025-09-21T00:00:00Z",
      null,
    ]);
  });

  it("is leafed through whole, access by access, with no more than a leaf on the page at once", async () => {
    const { page } = here;
    await page.getByText("全部", { exact: true }).click();
    const records = page.locator("[data-loaded]");
    const rows = records.locator("tbody tr[data-row-key]");
    await page.locator('[data-loaded="500"]').waitFor();
    expect(await rows.count()).to.equal(20);
    await page.getByRole("button", { name: "显示更多" }).click();
    await page.locator('[data-loaded="1000"]').waitFor();
    await page.getByRole("button", { name: "显示更多" }).click();
    await page.locator('[data-loaded="1200"]').waitFor();
    await page.locator(".ant-pagination-item-60").click();
    await page.locator('tr[data-row-key="1"]').waitFor();
    expect(await rows.evaluateAll((all) => all.map((row) => row.getAttribute("data-row-key")))).to.deep.equal(
      Array.from({ length: 20 }, (_, at) => String(20 - at)),
    );
  });
});
