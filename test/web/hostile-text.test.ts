import { expect } from "chai";
import type { Page } from "playwright-core";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, visitor } from "./browser.js";
import { logIn, pageWorld } from "./desk.js";
import { seededPlaces } from "./places.js";
import { type Answer, appears, playNode } from "./played-node.js";

/** As long as a text on the ledger can be, in letters. */
const LETTERS = 64 * 1024;

/** Markup, a script, a mark that turns the line round, half a character, and a word that no line has room for. */
const BEGINNING = `\u202e\u200f<img src=x onerror="window.taken=1"><script>window.taken=1</script>&lt;b&gt;{{t}}\ud800`;
const HOSTILE = BEGINNING.padEnd(LETTERS, "x");
/** So many texts of one answer are as long as that, as a whole act can be; the others begin like them. */
const LONG_ONES = 1;

/** What a person wrote, or a page says of it: letters of Chinese, or words with something between them. */
const isProse = (text: string): boolean => /\p{Script=Han}|[a-z] [a-z]/u.test(text) && !text.startsWith("-----BEGIN");

/** Puts the text in the place of every prose of an answer: nothing is told apart by prose. */
function hostile(answer: unknown): { readonly changed: unknown; readonly texts: number } {
  let texts = 0;
  const change = (value: unknown): unknown => {
    if (typeof value === "string") {
      if (!isProse(value)) return value;
      texts += 1;
      return texts > LONG_ONES ? BEGINNING : HOSTILE;
    }
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(one)]));
  };
  const changed = change(answer);
  return { changed, texts };
}

const NARROW = { width: 390, height: 844 };

inBrowser("a node that answers with 64 KiB of markup wherever a text stands", function () {
  this.timeout(240_000);
  let world: ApiWorld;
  let places: readonly string[];

  before(async () => {
    world = await pageWorld();
    places = await seededPlaces(world);
  });

  after(() => world.stop());

  it("has no page make anything of it but letters, which the screen has room for", async () => {
    const { page, context, complaints } = await visitor(NARROW);
    try {
      await logIn(page, world, "CA-1", "/key");
      let played = 0;
      await playNode(page, async (honest): Promise<Answer> => {
        const { status, json } = await honest();
        const { changed, texts } = hostile(json);
        played += texts;
        return { status, json: changed };
      });
      const faults: string[] = [];
      for (const place of places) {
        await appears(page, place);
        const waiting = page.locator(".ant-skeleton");
        while ((await waiting.count()) > 0) await waiting.first().waitFor({ state: "detached" });
        faults.push(...(await faultsOf(page)).map((fault) => `${place}: ${fault}`));
      }
      expect(faults).to.deep.equal([]);
      expect(played, "such texts").to.be.above(places.length);
      expect(complaints.filter((text) => !text.startsWith("Failed to load resource"))).to.deep.equal([]);
    } finally {
      await context.close();
    }
  });
});

async function faultsOf(page: Page): Promise<string[]> {
  const { taken, made, broken, wide, screen } = await page.evaluate<{
    taken: boolean;
    made: number;
    broken: number;
    wide: number;
    screen: number;
  }>(`({
    taken: window.taken !== undefined,
    made: document.querySelectorAll("#main img[src=x], #main script, #main b").length,
    broken: document.querySelectorAll("#main h1, #main [role=alert]").length === 0 ? 1 : 0,
    wide: document.documentElement.scrollWidth,
    screen: document.documentElement.clientWidth,
  })`);
  const faults: string[] = [];
  if (taken) faults.push("runs what a text says");
  if (made > 0) faults.push(`makes ${made} elements of texts`);
  if (broken > 0) faults.push("shows nothing of its own");
  if (wide > screen) faults.push(`${wide} pixels wide on ${screen}`);
  return faults;
}
