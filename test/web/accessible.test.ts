import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "chai";
import type { Page } from "playwright-core";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, visitor } from "./browser.js";
import { goTo, logIn, originOf, pageWorld } from "./desk.js";
import { seededPlaces } from "./places.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** WCAG 2.2, levels A and AA. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** The rules whose findings the colours and the width of a screen can change. */
const OF_BOTH = ["color-contrast", "target-size", "scrollable-region-focusable"];

/** How long a fault may stand while a page still moves. */
const SETTLES_MS = 2000;

const WIDE = { width: 1366, height: 768 };
const NARROW = { width: 390, height: 844 };

inBrowser("every page", function () {
  this.timeout(240_000);
  let world: ApiWorld;
  let places: readonly string[];

  before(async () => {
    world = await pageWorld();
    places = await seededPlaces(world);
  });

  after(() => world.stop());

  // All rules once in each language; those that depend on colours and width in every pair of them.
  for (const [language, first, second] of [
    ["zh", WIDE, NARROW],
    ["en", NARROW, WIDE],
  ] as const) {
    it(`is accessible (WCAG 2.2 AA) and no wider than the screen, light, dark, wide and narrow: ${language}`, async () => {
      const { page, context } = await visitor({ language, ...first });
      const faults: string[] = [];
      const look = async (place: string) => {
        faults.push(...(await faultsOf(page, `${place} light ${first.width}`, RULES)));
        await page.emulateMedia({ colorScheme: "dark" });
        await page.setViewportSize(second);
        faults.push(...(await faultsOf(page, `${place} dark ${second.width}`, OF_BOTH)));
        await page.emulateMedia({ colorScheme: "light" });
        await page.setViewportSize(first);
      };
      await page.goto(originOf(world));
      await page.locator("#officer").waitFor();
      // Not as a script of the page, whose policy would keep it out.
      await page.evaluate(AXE);
      await look("the log-in");
      await logIn(page, world, "CA-1", "/key");
      await page.evaluate(AXE);
      for (const place of places) {
        await goTo(page, place);
        await look(place);
      }
      await context.close();
      expect(faults).to.deep.equal([]);
    });
  }
});

/** What programs call things stands in no sentence; where it belongs, it is marked as such. */
const CODES = String.raw`[...document.querySelectorAll("#main :not(code, pre, textarea, title)")]
  .filter((one) => one.closest("code, pre, .plain, [data-code]") === null)
  .flatMap((one) => [...one.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data.trim()))
  .filter((text) => /\w+MSP\b|\d{4}-\d\d-\d\dT|\b[a-z]+[A-Z][a-z]+/.test(text))`;

/** Headings and titles that do not begin as English ones do. */
const SMALL = `[...document.querySelectorAll("#main :is(h1, h2)")]
  .map(({ textContent }) => textContent.trim())
  .filter((text) => /^[a-z]/.test(text))`;

interface Found {
  readonly codes: readonly string[];
  readonly scroll: number;
  readonly client: number;
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** What is wrong, and stays so once the page has come to rest. */
async function faultsOf(page: Page, place: string, runOnly: readonly string[]): Promise<string[]> {
  const options = JSON.stringify({ runOnly, resultTypes: ["violations"], preload: false });
  const until = performance.now() + SETTLES_MS;
  for (;;) {
    const { violations, scroll, client, codes } = await page.evaluate<Found>(
      `axe.run(${options}).then(({ violations }) => {
        const { scrollWidth: scroll, clientWidth: client } = document.documentElement;
        return { violations, scroll, client, codes: [...${CODES}, ...${SMALL}] };
      })`,
    );
    const faults = violations.map(
      ({ id, nodes }) =>
        `${place}: ${id} (${nodes.length}): ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary}`,
    );
    for (const text of codes) faults.push(`${place}: code instead of words: ${text}`);
    if (scroll > client) faults.push(`${place}: ${scroll} pixels wide on ${client}`);
    if (faults.length === 0 || performance.now() > until) return faults;
  }
}
