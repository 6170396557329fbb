import type { Page, Route } from "playwright-core";
import { DATASET } from "./seed.js";

/** What a node answers. */
export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** What the node would say, made something else. Undefined: nothing is ever answered. */
export type Play = (honest: () => Promise<Answer>, url: URL) => Promise<Answer | undefined>;

/** Plays the node at the network's border; who is logged in is true. */
export async function playNode(page: Page, play: Play): Promise<void> {
  await page.route("**/api/v1/**", (route) => answer(route, play));
}

async function answer(route: Route, play: Play): Promise<void> {
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

/** Goes there as a link leads, and waits until the page has something of its own to show. */
export async function appears(page: Page, place: string): Promise<void> {
  await page.evaluate(`history.pushState({}, "", ${JSON.stringify(place)})`);
  await page.locator(`#main:has(h1, .ant-skeleton, [role=alert])`).waitFor();
  // Two frames later whatever was there is drawn.
  await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
}
