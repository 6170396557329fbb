import { PAGE } from "@wanlian/words/index.js";
import { expect } from "chai";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, visitor } from "./browser.js";
import { logIn, pageWorld } from "./desk.js";
import { appears, playNode } from "./played-node.js";

inBrowser("the page of warnings", function () {
  this.timeout(60_000);
  let world: ApiWorld;

  before(async () => {
    world = await pageWorld();
  });
  after(() => world.stop());

  for (const language of ["zh", "en"] as const) {
    it(`has all that can be done with one in sight on an official's screen (${language})`, async () => {
      const { context, page } = await visitor({ language });
      try {
        await logIn(page, world);
        await playNode(page, (honest) => honest());
        await appears(page, "/warnings");
        const choices = page.locator(".choices").first();
        await choices.getByRole("link", { name: PAGE["incident.fromWarning"][language] }).waitFor();
        const { x = 0, width = Number.POSITIVE_INFINITY } = (await choices.boundingBox()) ?? {};
        expect(x + width).to.be.lessThan(page.viewportSize()?.width ?? 0);
      } finally {
        await context.close();
      }
    });
  }
});
