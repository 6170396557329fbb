import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { type ApiWorld, apiWorld, openChannel, type WorldOptions } from "../client/api/world.js";
import { PASSPHRASE } from "../client/keys/officer.js";

/** The page as it was built. */
export const BUILT_PAGE = dirname(fileURLToPath(import.meta.resolve("@wanlian/web/page/index.html")));

/** A department's node with its page, on a channel that is open. */
export async function pageWorld(options: WorldOptions = {}): Promise<ApiWorld> {
  const world = await apiWorld({ page: BUILT_PAGE, ...options });
  await openChannel(world);
  return world;
}

/** The page's address at a node. */
export const originOf = ({ base }: ApiWorld): string => new URL(base).origin;

/** Logs an officer in as a person does. */
export async function logIn(page: Page, world: ApiWorld, officer = "CA-1", place = "/"): Promise<void> {
  await page.goto(originOf(world) + place);
  await page.locator("#officer").fill(officer);
  await page.locator("#passphrase").fill(PASSPHRASE);
  await page.locator("button[type=submit]").click();
  await page.locator("#main").waitFor();
}
