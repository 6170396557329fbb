import { expect } from "chai";
import type { BrowserContext, Page } from "playwright-core";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, visitor } from "./browser.js";
import { logIn, originOf, pageWorld } from "./desk.js";
import { type Seeded, seed } from "./seed.js";

/** The menu, in its order: where each entry leads, and what stands on top there. */
const PLACES = [
  { entry: "待办", path: "/", heading: "待办" },
  { entry: "目录", path: "/catalogue", heading: "数据资源目录" },
  { entry: "申请与授权", path: "/cases/application", heading: "申请与授权" },
  { entry: "异议", path: "/cases/objection", heading: "异议" },
  { entry: "需求对接", path: "/cases/demand", heading: "需求对接" },
  { entry: "取用数据", path: "/data", heading: "取用数据" },
  { entry: "数据比对", path: "/compare", heading: "数据比对" },
  { entry: "快速校核", path: "/quick-check", heading: "快速校核" },
  { entry: "使用情况", path: "/use", heading: "使用情况" },
  { entry: "预警", path: "/warnings", heading: "预警" },
  { entry: "安全事件", path: "/cases/incident", heading: "安全事件" },
  { entry: "用数填报", path: "/usage", heading: "用数填报" },
  { entry: "全市用数", path: "/city-use", heading: "全市用数" },
  { entry: "督查评价", path: "/supervision", heading: "督查评价" },
  { entry: "溯源", path: "/trace", heading: "溯源" },
  { entry: "账本", path: "/ledger", heading: "账本" },
  { entry: "本人密钥", path: "/key", heading: "本人密钥" },
] as const;

inBrowser("getting about in the page", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let seeded: Seeded;
  let context: BrowserContext;
  let page: Page;

  before(async () => {
    world = await pageWorld();
    seeded = await seed(world);
    ({ context } = await visitor());
  });

  beforeEach(async () => {
    page = await context.newPage();
  });

  afterEach(() => page.close());

  after(async () => {
    await context?.close();
    await world.stop();
  });

  const isAt = (path: string) => (url: URL) => url.pathname === path;
  const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });

  it("goes where the menu says, entry by entry, and back the same way", async () => {
    await logIn(page, world);
    const menu = page.getByRole("navigation", { name: "导航" });
    // What there is to oversee, the rules in force say: they come after the page.
    await menu.getByRole("link", { name: "督查评价" }).waitFor();
    expect(await menu.getByRole("link").allTextContents()).to.deep.equal(PLACES.map(({ entry }) => entry));
    for (const { entry, path, heading: top } of [...PLACES.slice(1), PLACES[0]]) {
      await menu.getByRole("link", { name: entry, exact: true }).click();
      await page.waitForURL(isAt(path));
      await heading(top).waitFor();
      expect(await page.title()).to.equal(`${top} – 宛链`);
    }
    for (const { path, heading: top } of PLACES.slice(1).reverse()) {
      await page.goBack();
      await page.waitForURL(isAt(path));
      await heading(top).waitFor();
    }
  });

  it("goes where the menu says by keyboard alone", async () => {
    await logIn(page, world);
    const entry = (place: (typeof PLACES)[number]) => page.getByRole("link", { name: place.entry, exact: true });
    const isFocused = (place: (typeof PLACES)[number]) => page.locator("*:focus").and(entry(place)).waitFor();
    const [first, second] = PLACES;
    await entry(first).focus();
    await page.keyboard.press("Tab");
    await isFocused(second);
    await page.keyboard.press("Enter");
    await page.waitForURL(isAt(second.path));
    await heading(second.heading).waitFor();
  });

  it("goes from what is due to the case, to its dataset, to what may be done, and back", async () => {
    await logIn(page, world);
    const due = page.locator(".item", { hasText: "答复申请" });
    await due.getByRole("link", { name: /申请与授权/ }).click();
    await page.waitForURL(isAt(`/cases/application/${seeded.application}`));
    await page
      .getByRole("main")
      .getByRole("link", { name: /数据资源/ })
      .first()
      .click();
    await page.waitForURL(/\/cases\/dataset\//);
    await page.goBack();
    await page.getByRole("link", { name: "拒绝" }).click();
    await page.waitForURL(isAt(`/file/application/refuse/${seeded.application}`));
    await heading(/拒绝/).waitFor();
    await page.goBack();
    await page.goBack();
    await heading("待办").waitFor();
  });

  it("opens in a tab of its own what is asked for there, and stays where it is", async () => {
    await logIn(page, world);
    const due = page.locator(".item", { hasText: "答复申请" });
    const opened = context.waitForEvent("page");
    await due.getByRole("link", { name: "同意并授权" }).click({ modifiers: ["Control"] });
    const other = await opened;
    await other.waitForURL(isAt(`/file/application/grant/${seeded.application}`));
    await other.getByRole("heading", { level: 1, name: /同意并授权/ }).waitFor();
    const next = context.waitForEvent("page");
    await page.getByRole("link", { name: "目录", exact: true }).click({ button: "middle" });
    await (await next).waitForURL(isAt("/catalogue"));
    expect(page.url()).to.equal(`${originOf(world)}/`);
  });

  it("folds its menu away where it is narrow, and again once a place was chosen", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await logIn(page, world);
    await page.getByRole("button", { name: "导航" }).click();
    const drawer = page.getByRole("dialog", { name: "导航" });
    await drawer.getByRole("link", { name: "账本", exact: true }).click();
    await page.waitForURL(isAt("/ledger"));
    await drawer.waitFor({ state: "hidden" });
    await heading("账本").waitFor();
  });
});
