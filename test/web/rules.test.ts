import { expect } from "chai";
import { type ApiWorld, apiWorld, BUREAU, goOnTo, openChannel } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { BUILT_PAGE } from "./built-page.js";
import { goTo, logIn } from "./desk.js";

inBrowser("a page that is open while other rules come into force", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let here: Visitor;

  beforeEach(async () => {
    world = await apiWorld({ page: BUILT_PAGE, department: BUREAU });
    await openChannel(world, 1);
    here = await visitor();
  });

  afterEach(async () => {
    await here?.context.close();
    await world.stop();
  });

  it("asks in its forms what the rules now in force ask", async () => {
    const { page } = here;
    const form = "/file/policy/amend/policy";
    const added = page.locator("#releaseSelfCheck");
    await logIn(page, world, "CA-2", form);
    await page.locator("#laterNotices").waitFor();
    expect(await added.count()).to.equal(0);
    await goTo(page, "/");
    await goOnTo(world, 2);
    await page.getByText("2026年9月22日").first().waitFor();
    await goTo(page, form);
    await added.waitFor();
  });
});
