import { SESSION_COOKIE } from "@wanlian/client/api/server/security.js";
import type { Page } from "playwright-core";
import { type ApiWorld, apiWorld, openChannel, type WorldOptions } from "../client/api/world.js";
import { PATIENCE_MS } from "./browser.js";
import { BUILT_PAGE } from "./built-page.js";

/** A department's node with its page, on a channel that is open. */
export async function pageWorld(options: WorldOptions = {}): Promise<ApiWorld> {
  const world = await apiWorld({ page: BUILT_PAGE, ...options });
  await openChannel(world);
  return world;
}

/** The page's address at a node. */
export const originOf = ({ base }: ApiWorld): string => new URL(base).origin;

/** A page for an officer who is logged in: the log-in itself is the page's own test. */
export async function logIn(page: Page, world: ApiWorld, officer = "CA-1", place = "/"): Promise<void> {
  const value = await world.logIn(officer);
  await page.context().addCookies([{ name: SESSION_COOKIE, value, url: originOf(world) }]);
  await page.goto(originOf(world) + place);
  await page.locator("#main").waitFor();
}

const ELSEWHERE = "/no-such-page";

/** Goes to a place as a link leads there, without the page being loaded anew, and waits until all of it is there. */
export async function goTo(page: Page, place: string): Promise<void> {
  const { pathname, search } = new URL(page.url());
  // Nothing would tell when a page that is there has come.
  if (pathname + search === place) await goTo(page, ELSEWHERE);
  await page.evaluate(`new Promise((named, failed) => {
    setTimeout(() => failed(new Error("no page said what it is")), ${PATIENCE_MS});
    document.title = "";
    const titles = new MutationObserver(() => {
      if (document.title === "") return;
      titles.disconnect();
      named();
    });
    titles.observe(document.head, { childList: true, subtree: true, characterData: true });
    history.pushState({}, "", ${JSON.stringify(place)});
  })`);
  const waiting = page.locator(".ant-skeleton");
  while ((await waiting.count()) > 0) await waiting.first().waitFor({ state: "detached" });
}
