import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "chai";
import type { Page } from "playwright-core";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, visitor, type Wishes } from "./browser.js";
import { logIn, originOf, pageWorld } from "./desk.js";
import { type Seeded, seed } from "./seed.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** WCAG 2.2, levels A and AA. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Every page, as somebody sees it who has something to do there. */
const placesOf = ({ application, objection, release }: Seeded): string[] => [
  "/",
  "/catalogue",
  "/cases/application",
  "/cases/dataset/CivilMSP/divisions",
  `/cases/application/${application}`,
  `/cases/objection/${objection}`,
  `/cases/release/${release}`,
  `/file/application/grant/${application}`,
  "/file/dataset/register",
  "/data",
  "/use",
  "/catalogue/import",
  "/object",
  "/trace",
  "/trace?what=CivilMSP%2Fdivisions",
  "/ledger",
  "/ledger/blocks",
  "/ledger/blocks/1",
  "/ledger/consortium",
  "/ledger/rules",
  "/ledger/software",
  "/key",
  "/no-such-page",
];

inBrowser("every page", function () {
  this.timeout(240_000);
  let world: ApiWorld;
  let places: readonly string[];

  before(async () => {
    world = await pageWorld();
    places = placesOf(await seed(world));
  });

  after(() => world.stop());

  const looks: Wishes[] = [
    { language: "zh", colours: "light" },
    { language: "en", colours: "dark" },
    { language: "zh", colours: "dark", width: 390, height: 844 },
    { language: "en", colours: "light", width: 390, height: 844 },
  ];
  for (const look of looks) {
    it(`is accessible (WCAG 2.2 AA) and as wide as the screen: ${Object.values(look).join(" ")}`, async () => {
      const { page, context } = await visitor(look);
      const faults: string[] = [];
      await page.goto(originOf(world));
      await page.locator("#officer").waitFor();
      faults.push(...(await faultsOf(page, "the log-in")));
      await logIn(page, world);
      for (const place of places) {
        await page.goto(originOf(world) + place);
        await page.locator(".main h1, .main .ant-result").first().waitFor();
        const waiting = page.locator(".ant-skeleton");
        while ((await waiting.count()) > 0) await waiting.first().waitFor({ state: "detached" });
        faults.push(...(await faultsOf(page, place)));
        const { scroll, client } = await page.evaluate<{ scroll: number; client: number }>(WIDTHS);
        if (scroll > client) faults.push(`${place}: ${scroll} pixels wide on ${client}`);
      }
      await context.close();
      expect(faults).to.deep.equal([]);
    });
  }
});

const WIDTHS = "({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth })";

interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

async function faultsOf(page: Page, place: string): Promise<string[]> {
  // Not as a script of the page, whose policy would keep it out.
  await page.evaluate(AXE);
  const found = await page.evaluate<Found>(`axe.run({ runOnly: ${JSON.stringify(RULES)} })`);
  return found.violations.map(
    ({ id, nodes }) => `${place}: ${id} (${nodes.length}): ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary}`,
  );
}
