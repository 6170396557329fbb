import { expect } from "chai";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { goTo, logIn, pageWorld } from "./desk.js";
import { type Seeded, seed } from "./seed.js";

/** As many as one answer has. */
const RELEASES = 1000;
const DEPARTMENTS = ["BureauMSP", "CivilMSP", "HealthMSP"];

const idOf = (number: number): string => number.toString(16).padStart(64, "0");

/** A lineage in which everything was made from one or two of those before. */
function lineageOf(like: { readonly releases: readonly object[] }, root: string): object {
  const ids = Array.from({ length: RELEASES }, (_, number) => (number === 0 ? root : idOf(number)));
  const sourcesOf = (number: number) =>
    number === 0 ? [] : [...new Set([Math.floor(number / 2), Math.max(0, number - 30)])].map((at) => ids[at] ?? "");
  const releases = ids.map((release, number) => ({
    ...like.releases[0],
    ...{ release, name: `资源${number}`, provider: DEPARTMENTS[number % DEPARTMENTS.length] },
    ...{ step: Math.floor(number / 30), derivedFrom: sourcesOf(number) },
  }));
  const links = ids.flatMap((to, number) => sourcesOf(number).map((from) => ({ from, to, how: "derived" })));
  return { ...like, releases, links };
}

inBrowser("a lineage of a thousand releases", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let seeded: Seeded;
  let here: Visitor;

  before(async () => {
    world = await pageWorld();
    seeded = await seed(world);
    here = await visitor();
    await logIn(here.page, world);
    await here.page.route("**/lineage?*", async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ json: lineageOf(await answer.json(), seeded.release) });
    });
  });

  after(async () => {
    await here?.context.close();
    await world.stop();
  });

  it("is all there, as far as is looked at as a picture and whole as a table, leafed through by keyboard", async () => {
    const { page, complaints } = here;
    await page.evaluate(`new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) (window.longTasks ??= []).push(duration);
    }).observe({ entryTypes: ["longtask"] })`);
    await goTo(page, `/lineage/${seeded.release}`);
    const drawn = page.locator(".react-flow__node:not(.lineage-lane)");
    await drawn.first().waitFor();
    expect(await page.locator(".lineage-lane").count()).to.be.above(0);
    expect(await drawn.count(), "what is not looked at is not drawn").to.be.below(RELEASES / 2);
    await page.getByRole("row", { name: /资源0 / }).waitFor();
    const last = page.getByRole("listitem", { name: "20", exact: true });
    await last.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("row", { name: /资源999 / }).waitFor();
    const root = page.locator(".graph-root");
    await root.click();
    await page.locator(".graph-root .lineage-field").first().waitFor();
    await page.locator(".graph").hover();
    await page.mouse.down();
    await page.mouse.move(300, 300, { steps: 20 });
    await page.mouse.up();
    expect(await root.count()).to.equal(1);
    expect(complaints).to.deep.equal([]);
    if (process.env.WANLIAN_LONG_TASKS) console.log(await page.evaluate("window.longTasks"), await drawn.count());
  });
});
