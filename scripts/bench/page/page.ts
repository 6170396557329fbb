import { randomUUID } from "node:crypto";
import { FEWEST_DEPARTMENTS } from "@wanlian/network/topology/pilot.js";
import type { Department } from "@wanlian/network/topology/topology.js";
import { languageOf } from "@wanlian/protocol/language.js";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { officersFolder } from "../../host/certificates.js";
import { officersOf, passphraseOf } from "../../host/officers.js";
import type { Pilot } from "../../host/pilot.js";
import { progressOn } from "../../host/progress.js";
import { open, withPilot } from "../bench-pilot.js";
import { describeMachine, type Machine, thisMachine } from "../machine.js";
import { median, table } from "../table.js";
import { type MainThread, watched } from "./main-thread.js";
import { accesses, ROWS_A_PAGE } from "./played-accesses.js";

/** Debian's; whoever has another says where. */
const CHROMIUM = process.env.WANLIAN_CHROMIUM ?? "/usr/bin/chromium";
const PATIENCE_MS = 60_000;

/** An official's processor is taken to be so many times slower than the machine's. */
const SLOWER = 4;

/** Leaves turned and scrolled. */
const TURNS = 20;

/** What waits for the officer stands there, or that nothing does. */
const FIRST_PAGE = "#main .item, #main .ant-empty";

export interface PageOptions {
  readonly rounds: number;
  /** Rows of the table of accesses. */
  readonly accesses: number;
  readonly firstPort: number;
}

/** One visit with an empty cache on a processor four times slower. Milliseconds, bytes. */
export interface FirstVisit {
  /** Until the officer can type the own number. */
  readonly logIn: number;
  /** Until what waits for the officer stands there: the page, and what it asks the node. */
  readonly toDo: number;
  /** All that came over the line for it, compressed as it came. */
  readonly received: number;
  /** Processor time of the page's main thread until then, not throttled. */
  readonly own: number;
}

export interface PageReport {
  readonly machine: Machine;
  readonly options: PageOptions;
  readonly visits: readonly FirstVisit[];
  /** The same demand filed on the page, from the click until it says that it counts, and through the API. */
  readonly filings: readonly { readonly page: number; readonly api: number }[];
  readonly table: { readonly rows: number; readonly leafed: MainThread; readonly filtered: MainThread };
}

/** What an official waits for at the page of a node, on a pilot that begins from nothing. */
export async function benchPage(options: PageOptions): Promise<PageReport> {
  const machine = thisMachine();
  return withPilot(progressOn(process.stderr, languageOf([], process.env)), async (pilot) => {
    const topology = await pilot.up({ departments: FEWEST_DEPARTMENTS, firstPort: options.firstPort });
    await open(pilot, topology, () => undefined);
    const [, department] = topology.departments;
    if (department === undefined) throw new RangeError("a pilot has departments");
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
    try {
      const desk = await PageDesk.at(pilot, department, browser);
      // A node compiles what it runs often: nobody is the first visitor of the day.
      await desk.visit();
      const visits: FirstVisit[] = [];
      for (let round = 0; round < options.rounds; round += 1) visits.push(await desk.visit());
      const filings = await desk.file(options.rounds);
      return { machine, options, visits, filings, table: await desk.leaf(options.accesses) };
    } finally {
      await browser.close();
    }
  });
}

/** A user of data at the page of the own department's node. */
class PageDesk {
  private constructor(
    private readonly browser: Browser,
    private readonly origin: string,
    private readonly session: string,
  ) {}

  static async at(pilot: Pilot, department: Department, browser: Browser): Promise<PageDesk> {
    const officer = officersOf(department).find(({ post }) => post === "user");
    if (officer === undefined || department.node === undefined) throw new RangeError("a department has a user");
    const origin = `http://${department.node.api}`;
    const passphrase = await passphraseOf(officersFolder(pilot.data, department.mspId), officer.number);
    const answer = await fetch(`${origin}/api/v1/sessions`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ officer: officer.number, passphrase }),
    });
    const { token } = (await answer.json()) as { readonly token: string };
    return new PageDesk(browser, origin, token);
  }

  async visit(): Promise<FirstVisit> {
    const stranger = await this.#profile();
    const logIn = await this.#comes(await slow(await stranger.newPage()), "#officer");
    await stranger.close();
    const known = await this.#profile(this.session);
    const page = await slow(await known.newPage());
    const received = await countReceived(page);
    const toDo = await this.#comes(page, FIRST_PAGE);
    await known.close();
    const quick = await this.#profile(this.session);
    const watchedPage = await quick.newPage();
    const { own } = await watched(this.browser, watchedPage, async () => {
      await this.#comes(watchedPage, FIRST_PAGE);
    });
    await quick.close();
    return { logIn, toDo, received: received(), own };
  }

  /** Files what a form says, and the very body once more through the API. */
  async file(rounds: number): Promise<{ page: number; api: number }[]> {
    const profile = await this.#profile(this.session);
    const page = await profile.newPage();
    const times: { page: number; api: number }[] = [];
    // The first is to warm both up.
    for (let round = 0; round <= rounds; round += 1) {
      const filed = await fileOnPage(page, this.origin, `需求 ${round}`);
      const begun = performance.now();
      const answer = await fetch(filed.url, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "Idempotency-Key": randomUUID(),
          Authorization: `Bearer ${this.session}`,
        },
        body: filed.body.replace(`需求 ${round}`, `需求 ${round} 接口`),
      });
      await answer.text();
      if (answer.status !== 201) throw new Error(`the API did not count the filing: HTTP ${answer.status}`);
      if (round > 0) times.push({ page: filed.took, api: performance.now() - begun });
    }
    await profile.close();
    return times;
  }

  /** A table of so many accesses, which are played: loaded whole, leafed and scrolled through, and filtered. */
  async leaf(rows: number): Promise<PageReport["table"]> {
    const profile = await this.#profile(this.session);
    const page = await profile.newPage();
    await page.route("**/api/v1/accesses?*", (route) =>
      route.fulfill({ json: accesses(new URL(route.request().url()), rows) }),
    );
    await page.goto(`${this.origin}/use`);
    const more = page.locator(".card-more button").last();
    for (let loaded = ROWS_A_PAGE; loaded < rows; loaded += ROWS_A_PAGE) {
      await more.click();
      await page.locator(`[data-loaded="${Math.min(rows, loaded + ROWS_A_PAGE)}"]`).waitFor();
    }
    const leafed = await watched(this.browser, page, async () => {
      await page.locator(".ant-pagination-item").last().click();
      for (let turn = 0; turn < TURNS; turn += 1) {
        await page.mouse.wheel(0, turn % 2 === 0 ? 2_000 : -2_000);
        await page.locator(".ant-pagination-prev button").click();
      }
    });
    const sides = page.locator(".ant-segmented").first().locator(".ant-segmented-item");
    const filtered = await watched(this.browser, page, async () => {
      for (let turn = 0; turn < 4; turn += 1) {
        await sides.nth(1 - (turn % 2)).click();
        await page.locator("[data-loaded]").waitFor();
      }
    });
    await profile.close();
    return { rows, leafed, filtered };
  }

  async #comes(page: Page, what: string): Promise<number> {
    const begun = performance.now();
    await page.goto(this.origin, { waitUntil: "commit" });
    await page.locator(what).first().waitFor();
    return performance.now() - begun;
  }

  async #profile(session?: string): Promise<BrowserContext> {
    const profile = await this.browser.newContext({ locale: "zh-CN", viewport: { width: 1366, height: 768 } });
    profile.setDefaultTimeout(PATIENCE_MS);
    if (session !== undefined)
      await profile.addCookies([{ name: "wanlian_session", value: session, url: this.origin }]);
    return profile;
  }
}

async function slow(page: Page): Promise<Page> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  return page;
}

/** How many bytes came over the line, as they came. */
async function countReceived(page: Page): Promise<() => number> {
  const devtools = await page.context().newCDPSession(page);
  let bytes = 0;
  await devtools.send("Network.enable");
  devtools.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  return () => bytes;
}

async function fileOnPage(
  page: Page,
  origin: string,
  name: string,
): Promise<{ url: string; body: string; took: number }> {
  await page.goto(`${origin}/file/demand/publish`);
  await page.locator("#name").fill(name);
  await page.locator("#description").fill("核对结算");
  await page.getByText("信息核验").click();
  await page.locator("#duty").fill("婚姻登记");
  await page.locator("#addressee").click();
  await page.locator(".ant-select-item-option").last().click();
  await page.getByRole("button", { name: "下一步" }).click();
  const sign = page.getByRole("button", { name: "签名并提交" });
  await sign.waitFor();
  const sent = page.waitForRequest((request) => request.method() === "POST" && !request.url().includes("preview"));
  const begun = performance.now();
  await sign.click();
  await page.getByText("已记入账本").waitFor();
  const took = performance.now() - begun;
  const request = await sent;
  return { url: request.url(), body: request.postData() ?? "", took };
}

export function printPage({ machine, options, visits, filings, table: leafed }: PageReport): string {
  const row = (title: string, values: readonly number[], goal: string, unit = "ms") => [
    title,
    ...[median(values), Math.min(...values), Math.max(...values)].map((value) => `${value.toFixed(0)} ${unit}`),
    goal,
  ];
  const kilobytes = visits.map(({ received }) => received / 1000);
  return [
    `${FEWEST_DEPARTMENTS} departments, ${options.rounds} rounds, processor throttled ${SLOWER}×; ${describeMachine(machine)}`,
    "",
    table(
      ["", "median", "least", "most", "goal"],
      [
        row(
          "first page, empty cache",
          visits.map(({ toDo }) => toDo),
          "1500 ms",
        ),
        row(
          "  log-in, empty cache",
          visits.map(({ logIn }) => logIn),
          "1500 ms",
        ),
        row(
          `  its thread's own processor time, ${SLOWER}×`,
          visits.map(({ own }) => own * SLOWER),
          "1500 ms",
        ),
        row("  received", kilobytes, "400 kB", "kB"),
        row(
          "filing on the page, not throttled",
          filings.map(({ page }) => page),
          "",
        ),
        row(
          "  through the API",
          filings.map(({ api }) => api),
          "",
        ),
        row(
          "  the page's share",
          filings.map(({ page, api }) => page - api),
          "300 ms",
        ),
        row(`longest stall, ${leafed.rows} accesses: leafing, scrolling`, [leafed.leafed.longest], "100 ms"),
        row("  its own processor time", [leafed.leafed.longestOwn], "100 ms"),
        row("  filtering", [leafed.filtered.longest], "100 ms"),
        row("  its own processor time", [leafed.filtered.longestOwn], "100 ms"),
      ],
    ),
    "",
  ].join("\n");
}
