import { expect } from "chai";
import { type ApiWorld, BUREAU } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { goTo, logIn, pageWorld } from "./desk.js";
import { CIVIL, DATASET, ENTRY, HEALTH, type Seeded, seed } from "./seed.js";

inBrowser("the pages of how things stood", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let seeded: Seeded;
  let here: Visitor;
  /** What the buttons asked for to take home. */
  const taken: unknown[] = [];

  /** On the next day the dataset is called something else, and the objection is taken back. */
  before(async () => {
    world = await pageWorld();
    seeded = await seed(world);
    const { ledger } = world;
    const tick = { noun: "clock", case: "clock", type: "tick", body: { time: "2026-09-22T01:00:00Z" } };
    await ledger.act(BUREAU, ["node"], tick);
    const { name: _name, ...entry } = ENTRY;
    const body = { ...entry, name: "区划", changes: "改名" };
    await ledger.act(CIVIL, ["steward"], { noun: "dataset", type: "revise", case: DATASET, body });
    await ledger.act(HEALTH, ["user"], { noun: "objection", type: "withdraw", case: seeded.objection, body: {} });
    here = await visitor();
    await logIn(here.page, world);
    await here.page.route("**/api/v1/evidence", (route) => {
      taken.push(Reflect.get(Object(route.request().postDataJSON()), "question"));
      return route.fulfill({ json: { format: "wanlian-answer", demo: "said of every answer" } });
    });
  });

  after(async () => {
    await here?.context.close();
    await world.stop();
  });

  const takeHome = async () => {
    const saved = here.page.waitForEvent("download");
    await here.page.getByRole("button", { name: "答复取证" }).click();
    return (await saved).suggestedFilename();
  };
  const asOf = (query: Record<string, string> = {}) =>
    goTo(
      here.page,
      ["/trace/as-of", ...(Object.keys(query).length === 0 ? [] : [new URLSearchParams(query)])].join("?"),
    );
  const text = (words: string) => here.page.locator("#main").getByText(words).first().waitFor();

  it("shows a case as it stood, is asked by its form, and has its answer taken home with that very question", async () => {
    const { page, complaints } = here;
    await asOf();
    await text("政策与成员");
    await text("在册成员（3个）");
    expect(await takeHome()).to.equal("answer-asOf.json");
    expect(taken.at(-1)).to.deep.equal({ kind: "asOf", noun: "policy", case: "policy" });
    await page.getByLabel("时刻").fill("2026-09-21");
    await page.getByLabel("事项类别").fill("数据资源");
    await page.keyboard.press("Enter");
    await page.getByLabel("事项", { exact: true }).fill(DATASET);
    await page.getByRole("button", { name: "查看", exact: true }).click();
    await page.waitForURL("**/trace/as-of?*at=2026-09-21*");
    await text(ENTRY.name);
    await page.locator(`#main a[title="${seeded.objection}"]`).first().waitFor();
    await takeHome();
    expect(taken.at(-1)).to.deep.equal({ kind: "asOf", at: "2026-09-21", noun: "dataset", case: DATASET });
    await asOf({ noun: "dataset", case: DATASET });
    await text("当时没有未结异议");
    await text("区划");
    expect(complaints).to.deep.equal([]);
  });

  it("lists what there was of a kind, says whether a grant was in force, and that there was nothing yet", async () => {
    const { page } = here;
    await asOf({ at: "2026-09-21", noun: "objection" });
    await page.locator("#main .item").getByText("待受理").waitFor();
    await page.getByRole("link", { name: `查看 ${seeded.objection}` }).click();
    await page.locator("h2").getByText("待受理").waitFor();
    await asOf({ noun: "application", case: seeded.application });
    await text("当时无效");
    await asOf({ at: "1", noun: "objection" });
    await text("当时没有此类事项");
    await asOf({ at: "1", noun: "objection", case: seeded.objection });
    await page.locator("#main").getByText("NO_SUCH_CASE").waitFor();
  });

  it("refuses what is no time and a case of no kind, without asking the node", async () => {
    const { page } = here;
    await asOf();
    const address = page.url();
    await page.getByLabel("时刻").fill("上周");
    await page.getByLabel("事项", { exact: true }).fill(DATASET);
    await page.getByRole("button", { name: "查看", exact: true }).click();
    await text("时刻不明");
    await text("请先选择事项类别");
    expect(page.url()).to.equal(address);
  });

  it("tells what changed between two times, member by member, and has that taken home", async () => {
    const { page, complaints } = here;
    await goTo(page, "/trace/changes?from=2026-09-21&to=2026-09-22");
    const row = page.getByRole("row", { name: /数据资源.*名称/ });
    await row.waitFor();
    await page.getByRole("row", { name: /异议.*待受理.*已撤回/ }).waitFor();
    await row.getByRole("button").click();
    await page.getByRole("row", { name: `名称 ${ENTRY.name} 区划`, exact: true }).waitFor();
    await takeHome();
    expect(taken.at(-1)).to.deep.equal({ kind: "changes", from: "2026-09-21", to: "2026-09-22" });
    await goTo(page, "/trace/changes?from=2026-09-22");
    await text("其间没有变化");
    expect(complaints.filter((said) => !said.includes("404"))).to.deep.equal([]);
  });

  it("is reached from a case, about that case", async () => {
    const { page } = here;
    await goTo(page, `/cases/application/${seeded.application}`);
    await page.getByRole("link", { name: "某一时刻的情况" }).click();
    await page.waitForURL(`**/trace/as-of?noun=application&case=${seeded.application}`);
    await text("当时的最后一项行为");
  });
});
