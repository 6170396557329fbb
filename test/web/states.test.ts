import { PAGE } from "@wanlian/words/index.js";
import { expect } from "chai";
import type { Page, Route } from "playwright-core";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, visitor } from "./browser.js";
import { logIn, pageWorld } from "./desk.js";
import { overseen } from "./oversight-seed.js";
import { oversightPlaces, placesOf } from "./places.js";
import { DATASET, seed } from "./seed.js";

/** So many there are of everything. */
const MANY = 5_000;
/** What the API gives at once where nobody asks for fewer or more. */
const AT_ONCE = 50;

/** More than any page draws: what has 5,000 rows draws a part of them. */
const MOST_ELEMENTS = 9_000;

/** A phone. */
const NARROW = { width: 390, height: 844 } as const;

interface Answer {
  readonly status: number;
  readonly json: unknown;
}

interface State {
  readonly name: string;
  /** What the node would say, made something else. Undefined: nothing is ever answered. */
  readonly play: (honest: () => Promise<Answer>, url: URL) => Promise<Answer | undefined>;
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
    const seeded = await seed(world);
    places = [...placesOf(seeded), ...oversightPlaces(await overseen(world, seeded))];
  });

  after(() => world.stop());

  for (const { name, play, comes } of STATES) {
    it(`says in words what is there, on a phone, ${name}`, async () => {
      const { page, context, complaints } = await visitor(NARROW);
      try {
        await logIn(page, world, "CA-1", "/key");
        await page.route("**/api/v1/**", (route) => answer(route, play));
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

/** Plays the node at the network's border; who is logged in is true. */
async function answer(route: Route, play: State["play"]): Promise<void> {
  const url = new URL(route.request().url());
  if (/\/(sessions\/current|events)/.test(url.pathname)) return route.fallback();
  const played = await play(async () => ofLog(url) ?? (await honestly(route)), url);
  // A page that was left does not wait for it any more.
  if (played !== undefined) await route.fulfill(played).catch(() => undefined);
}

async function honestly(route: Route): Promise<Answer> {
  const given = await route.fetch();
  return { status: given.status(), json: await given.json() };
}

const ACCESS = {
  ...{ position: 1, id: "e".repeat(64), time: "2026-09-21T01:00:00Z", kind: "access", consumer: "HealthMSP" },
  ...{ officer: "0301", dataset: DATASET, purpose: "lookup", way: "lookup", result: "served", row_count: 3 },
};
const COUNT = { day: "2026-09-21", purpose: "lookup", consumer: "HealthMSP", result: "served", accesses: 3, rows: 30 };

const WARNING = {
  ...{ id: "f".repeat(64), kind: "VOLUME", day: "2026-09-21", provider: "CivilMSP", consumer: "HealthMSP" },
  ...{ dataset: DATASET, figures: { accesses: 1200 }, raised: "2026-09-21T01:00:00Z" },
  title: { zh: "调用次数突增", en: "Many accesses" },
  message: { zh: "当日1,200次，超过10个有调用日中位数10次的3倍", en: "1,200 on this day" },
  records: { consumer: "HealthMSP", since: "2026-09-20T16:00:00Z", until: "2026-09-21T15:59:59Z" },
  marks: [{ officer: "0201", time: "2026-09-21T02:00:00Z", note: "普查核对，已与使用部门核实" }],
};

const COUNTED = { call: "lookup", purpose: "lookup", scenario: "结算核对", served: 12, refused: 1, rows: 30 };
const LINES = [{ side: "provided", dataset: DATASET, counterpart: "HealthMSP", counts: [COUNTED] }];
const DRAFT = {
  ...{ month: "2026-08", department: "CivilMSP", isStated: false, log: { from: 0, to: 13 }, leftOut: 0 },
  ...{ lines: LINES, open: LINES, bodies: [{ code: "2026-08", log: { from: 0, to: 13 }, lines: LINES }] },
};

/** The node of this world has no exchange: what its log would say is played. */
function ofLog({ pathname }: URL): Answer | undefined {
  if (pathname.endsWith("/usage-draft")) return { status: 200, json: DRAFT };
  if (pathname.endsWith("/warnings")) return { status: 200, json: { items: [WARNING] } };
  if (pathname.endsWith("/accesses/counts")) return { status: 200, json: { items: [COUNT] } };
  return pathname.endsWith("/accesses") ? { status: 200, json: { items: [ACCESS] } } : undefined;
}

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

/** Goes there as a link leads, and waits until the page has something of its own to show. */
async function appears(page: Page, place: string): Promise<void> {
  await page.evaluate(`history.pushState({}, "", ${JSON.stringify(place)})`);
  await page.locator(`#main:has(h1, .ant-skeleton, [role=alert])`).waitFor();
  // Two frames later whatever was there is drawn.
  await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
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
