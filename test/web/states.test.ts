import { PAGE } from "@wanlian/words/index.js";
import { expect } from "chai";
import type { Page } from "playwright-core";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, visitor } from "./browser.js";
import { logIn, pageWorld } from "./desk.js";
import { seededPlaces } from "./places.js";
import { type Answer, appears, type Play, playNode } from "./played-node.js";

/** So many there are of everything. */
const MANY = 5_000;
/** What the API gives at once where nobody asks for fewer or more. */
const AT_ONCE = 50;

/** More than any page draws: what has 5,000 rows draws a part of them. */
const MOST_ELEMENTS = 9_000;

/** A phone. */
const NARROW = { width: 390, height: 844 } as const;

interface State {
  readonly name: string;
  readonly play: Play;
  /** Until what a page has of its own is there. */
  readonly comes: (page: Page, place: string) => Promise<unknown>;
}

const FAULT = {
  status: 500,
  json: { type: "about:blank", status: 500, code: "FAULT", title: "节点内部出错；请联系管理员", detail: "played" },
};

const nothingAwaited = async (page: Page): Promise<void> => {
  const waiting = page.locator(".ant-skeleton");
  while ((await waiting.count()) > 0) await waiting.first().waitFor({ state: "detached" });
};

const STATES: readonly State[] = [
  {
    name: "with nothing to show",
    play: async (honest) => withItems(await honest(), () => []),
    comes: nothingAwaited,
  },
  {
    name: "while nothing has come yet",
    play: async () => undefined,
    comes: async () => undefined,
  },
  {
    name: "where the node has failed",
    play: async () => FAULT,
    // What asks the node says what it answered; a few pages ask nothing.
    comes: async (page, place) => {
      if (!ASKING_NOTHING.has(place)) await page.locator("#main [role=alert]").first().waitFor();
    },
  },
  {
    name: `with ${MANY} of everything`,
    play: async (honest, url) => multiplied(await honest(), url),
    comes: nothingAwaited,
  },
];

const ASKING_NOTHING: ReadonlySet<string> = new Set(["/trace", "/no-such-page", "/key"]);

inBrowser("every page in every state", function () {
  this.timeout(120_000);
  let world: ApiWorld;
  let places: readonly string[];

  before(async () => {
    world = await pageWorld();
    places = await seededPlaces(world);
  });

  after(() => world.stop());

  for (const { name, play, comes } of STATES) {
    it(`says in words what is there, on a phone, ${name}`, async () => {
      const { page, context, complaints } = await visitor(NARROW);
      try {
        await logIn(page, world, "CA-1", "/key");
        await playNode(page, play);
        const faults: string[] = [];
        for (const place of places) {
          await appears(page, place);
          await comes(page, place);
          faults.push(...(await faultsOf(page)).map((fault) => `${place}: ${fault}`));
        }
        expect(faults).to.deep.equal([]);
        // What the node was made to answer the browser itself complains of.
        expect(complaints.filter((text) => !text.startsWith("Failed to load resource"))).to.deep.equal([]);
      } finally {
        await context.close();
      }
    });
  }
});

function withItems(answer: Answer, change: (items: unknown[]) => unknown[], next?: string): Answer {
  const items: unknown = Reflect.get(Object(answer.json), "items");
  return Array.isArray(items) ? { ...answer, json: { ...Object(answer.json), items: change(items), next } } : answer;
}

/** As many as are asked for, again and again what is there, each under a name of its own. */
function multiplied(answer: Answer, { searchParams }: URL): Answer {
  const from = Number(searchParams.get("cursor") ?? 0);
  const until = Math.min(MANY, from + Number(searchParams.get("limit") ?? AT_ONCE));
  const copies = (items: unknown[]) =>
    items.length === 0
      ? []
      : Array.from({ length: until - from }, (_, at) => copied(items[at % items.length], from + at));
  return withItems(answer, copies, until < MANY ? String(until) : undefined);
}

function copied(item: unknown, at: number): unknown {
  const {
    case: id,
    number,
    position,
    raised,
  } = Object(item) as {
    readonly [Member in "case" | "raised"]?: string;
  } & { readonly [Member in "number" | "position"]?: number };
  if (position !== undefined) return { ...Object(item), position: at };
  if (raised !== undefined) return { ...Object(item), id: `warning ${at}` };
  if (id === undefined) return item;
  const other = id.includes("/") ? `${id}-${at}` : id.slice(0, -String(at).length) + at;
  return { ...Object(item), case: at === 0 ? id : other, ...(number === undefined ? {} : { number: at + 1 }) };
}

/** The page's own names for its words, which nobody should ever see. */
const KEYS: ReadonlySet<string> = new Set(Object.keys(PAGE));

/** What a program says where a person should have said something. */
const OF_A_PROGRAM = /\b(undefined|NaN|Invalid Date)\b|\[object |\{\{|\b[a-z]{2,}[A-Z][a-z]+[A-Za-z]*\b/u;

async function faultsOf(page: Page): Promise<string[]> {
  const { text, wide, screen, elements } = await page.evaluate<{
    text: string;
    wide: number;
    screen: number;
    elements: number;
  }>(`({
    text: document.querySelector("#main").innerText,
    wide: document.documentElement.scrollWidth,
    screen: document.documentElement.clientWidth,
    elements: document.querySelectorAll("*").length,
  })`);
  const faults: string[] = [];
  const odd = OF_A_PROGRAM.exec(text)?.[0] ?? text.split(/\s+/u).find((word) => KEYS.has(word));
  if (odd !== undefined) faults.push(`says "${odd}"`);
  if (wide > screen) faults.push(`${wide} pixels wide on ${screen}`);
  if (elements > MOST_ELEMENTS) faults.push(`draws ${elements} elements`);
  return faults;
}
