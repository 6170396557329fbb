import { expect } from "chai";
import { BIRTHS, type SeededQuality, seedQuality } from "../client/api/quality-seed.js";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { goTo, logIn, pageWorld } from "./desk.js";
import { DATASET, seed } from "./seed.js";

inBrowser("quality on a dataset's page", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let seeded: SeededQuality;
  let here: Visitor;

  before(async () => {
    world = await pageWorld();
    await seed(world);
    seeded = await seedQuality(world);
    here = await visitor();
    await logIn(here.page, world, "CA-1", `/cases/dataset/${BIRTHS}`);
  });

  after(async () => {
    await here?.context.close();
    await world.stop();
  });

  const card = (name: string) =>
    here.page.locator(".card").filter({ has: here.page.getByRole("heading", { name, exact: true }) });

  it("says for each stage who is responsible by which standard, and how the newest release passed", async () => {
    const { page } = here;
    await page.route("**/births/stages", async (route) =>
      route.fulfill({ response: await route.fetch({ url: `${route.request().url()}?release=${seeded.releases[1]}` }) }),
    );
    await page.reload();
    const stages = card("各环节质量");
    const collection = stages.getByRole("row").filter({ hasText: "采集" });
    await collection.getByText("区划地名处").waitFor();
    expect(await collection.textContent())
      .to.contain("Department 1区划地名处")
      .and.contain("GB/T 2260")
      .and.contain("合格")
      .and.contain("97%");
    expect(await collection.getByRole("link").getAttribute("href")).to.equal(
      `/cases/assessment/${seeded.selfChecks[1]}`,
    );
    await stages.getByRole("row", { name: "汇聚 Department 0 DB41/T 2400 — —" }).waitFor();
  });

  it("draws the scores over releases, in total or by dimension, with a table that says the same", async () => {
    const { page, complaints } = here;
    await page.unrouteAll();
    const scores = card("质量得分变化");
    await scores.locator(".chart canvas").waitFor();
    const rows = await scores.locator("tbody tr[data-row-key]").allTextContents();
    expect(rows).to.have.length(4);
    expect(rows[0]).to.contain("尚未检查");
    expect(rows[1]).to.match(/验收.*Department 2.*不合格.*95\.5%.*完整性 93%.*准确性 98%/);
    expect(rows[3]).to.match(/自查.*Department 1.*合格.*92\.5%/);
    await scores.getByRole("radiogroup", { name: "得分口径" }).getByText("各维度").click();
    await scores.locator(".chart canvas").waitFor();
    expect(complaints.filter((text) => !/counts|401/.test(text))).to.deep.equal([]);
  });

  it("says that one release makes no trend, and that an entry names nobody", async () => {
    await goTo(here.page, `/cases/dataset/${DATASET}`);
    await card("质量得分变化").getByText("只有1个批次，尚看不出变化").waitFor();
    await card("各环节质量").getByText("目录条目未写明各环节责任").waitFor();
  });
});
