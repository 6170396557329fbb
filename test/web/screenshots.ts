/*
 * `npm run screenshots -- --data DIR --out DIR`: pictures of every page of a pilot that runs and whose story was played,
 * in both languages; with `--page NAME` of those alone, with `--whole` down to their ends, with `--look narrow` or
 * `--look dark` of all of them as on a phone or in the dark. What a list leads on to is left out where it is empty.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readTopology } from "@wanlian/network/topology/read.js";
import type { Language } from "@wanlian/protocol/language.js";
import { officersFolder } from "@wanlian/scripts/host/certificates.js";
import { DataDirectory } from "@wanlian/scripts/host/data-directory.js";
import { officersOf, type Post, passphraseOf } from "@wanlian/scripts/host/officers.js";
import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's; whoever has another says where. */
const CHROMIUM = process.env.WANLIAN_CHROMIUM ?? "/usr/bin/chromium";
const PATIENCE_MS = 60_000;
const LANGUAGES: readonly Language[] = ["zh", "en"];

interface Picture {
  readonly name: string;
  readonly post: Post;
  /** Where the page is. */
  readonly path: string;
  /** What leads on from there, before the picture is taken. */
  readonly goOn?: (page: Page) => Promise<void>;
  readonly width?: number;
  readonly height?: number;
  readonly colours?: "dark";
}

/** There is nothing of what the picture would show. */
class Nothing extends Error {}

/** Opens the first of what a list links to. @throws Nothing */
const openFirst = (noun: string) => async (page: Page) => {
  const first = page.locator(`.main a[href^="/cases/${noun}/"]`).first();
  await settled(page);
  await first.or(page.locator(".main .ant-empty")).first().waitFor();
  if (!(await first.isVisible())) throw new Nothing();
  await first.click();
  await page.waitForURL((url) => url.pathname.startsWith(`/cases/${noun}/`) && url.pathname.split("/").length > 3);
  await page.locator(".ant-timeline-item").first().waitFor();
};

const PICTURES: readonly Picture[] = [
  { name: "to-do", post: "steward", path: "/" },
  { name: "to-do-dark", post: "steward", path: "/", colours: "dark" },
  { name: "to-do-narrow", post: "steward", path: "/", width: 390, height: 844 },
  { name: "catalogue", post: "steward", path: "/catalogue" },
  { name: "catalogue-narrow", post: "steward", path: "/catalogue", width: 390, height: 844 },
  { name: "dataset", post: "steward", path: "/catalogue", goOn: openFirst("dataset") },
  { name: "register", post: "steward", path: "/file/dataset/register" },
  { name: "applications", post: "steward", path: "/cases/application", goOn: showAll },
  { name: "application", post: "steward", path: "/cases/application", goOn: openFirst("application") },
  { name: "objections", post: "steward", path: "/cases/objection", goOn: showAll },
  { name: "objection", post: "steward", path: "/cases/objection", goOn: openFirst("objection") },
  { name: "demands", post: "steward", path: "/cases/demand", goOn: showAll },
  { name: "demand", post: "steward", path: "/cases/demand", goOn: openEnded("demand") },
  { name: "data", post: "user", path: "/data" },
  { name: "compare", post: "user", path: "/compare" },
  { name: "quick-check", post: "user", path: "/quick-check" },
  { name: "compare-narrow", post: "user", path: "/compare", width: 390, height: 844 },
  { name: "quick-check-narrow", post: "user", path: "/quick-check", width: 390, height: 844 },
  { name: "use", post: "steward", path: "/use" },
  { name: "trace", post: "steward", path: "/trace", goOn: traceFirst },
  { name: "use-narrow", post: "steward", path: "/use", width: 390, height: 844 },
  { name: "trace-narrow", post: "steward", path: "/trace", goOn: traceFirst, width: 390, height: 844 },
  { name: "dataset-narrow", post: "steward", path: "/catalogue", goOn: openFirst("dataset"), width: 390, height: 844 },
  { name: "dataset-dark", post: "steward", path: "/catalogue", goOn: openFirst("dataset"), colours: "dark" },
  {
    name: "application-narrow",
    post: "user",
    path: "/cases/application",
    goOn: openEnded("application"),
    width: 390,
    height: 844,
  },
  { name: "calls", post: "steward", path: "/use/calls" },
  { name: "warnings", post: "steward", path: "/warnings" },
  { name: "incidents", post: "steward", path: "/cases/incident", goOn: showAll },
  { name: "incident", post: "steward", path: "/cases/incident", goOn: openEnded("incident") },
  { name: "usage", post: "steward", path: "/usage?month=2026-10" },
  { name: "city-use", post: "administrator", path: "/city-use" },
  { name: "supervision", post: "steward", path: "/supervision?from=2026-10-01&to=2026-12-31" },
  { name: "supervision-narrow", post: "steward", path: "/supervision", width: 390, height: 844 },
  { name: "import", post: "steward", path: "/catalogue/import" },
  { name: "object", post: "user", path: "/object" },
  { name: "apply", post: "user", path: "/file/application/apply" },
  { name: "release", post: "steward", path: "/file/release/register" },
  { name: "ledger", post: "administrator", path: "/ledger" },
  { name: "ledger-narrow", post: "administrator", path: "/ledger", width: 390, height: 844 },
  { name: "ledger-dark", post: "administrator", path: "/ledger", colours: "dark" },
  { name: "blocks", post: "administrator", path: "/ledger/blocks" },
  { name: "block", post: "administrator", path: "/ledger/blocks/12" },
  { name: "consortium", post: "administrator", path: "/ledger/consortium" },
  { name: "rules", post: "administrator", path: "/ledger/rules" },
  { name: "software", post: "administrator", path: "/ledger/software" },
  { name: "use-dark", post: "steward", path: "/use", colours: "dark" },
  { name: "nowhere", post: "steward", path: "/no-such-page" },
  { name: "key", post: "administrator", path: "/key" },
];

/** Opens the first of a list whose cases have ended. */
function openEnded(noun: string): (page: Page) => Promise<void> {
  return async (page) => {
    await showAll(page);
    await openFirst(noun)(page);
  };
}

async function showAll(page: Page): Promise<void> {
  await page.locator(".ant-segmented-item").last().click();
}

async function traceFirst(page: Page): Promise<void> {
  const box = page.getByRole("searchbox").first();
  await box.fill("CivilMSP");
  await box.press("Enter");
  await page.locator(".ant-timeline-item").first().waitFor();
}

/** One window an officer and look: who is logged in once goes from page to page. */
class Windows {
  readonly #browser: Browser;
  readonly #pilot: Pilot;
  readonly #open = new Map<string, Promise<Page>>();

  constructor(browser: Browser, pilot: Pilot) {
    this.#browser = browser;
    this.#pilot = pilot;
  }

  of(language: Language, picture: Picture): Promise<Page> {
    const { post, width = 1366, height = 768, colours = "light" } = picture;
    const key = [language, post, colours, width].join(" ");
    const page = this.#open.get(key) ?? this.#opened(language, post, colours, { width, height });
    this.#open.set(key, page);
    return page;
  }

  async #opened(
    language: Language,
    post: Post,
    colorScheme: "light" | "dark",
    viewport: { readonly width: number; readonly height: number },
  ): Promise<Page> {
    const locale = language === "zh" ? "zh-CN" : "en-GB";
    const context = await this.#browser.newContext({ locale, colorScheme, viewport, reducedMotion: "reduce" });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    await page.goto(this.#pilot.origin);
    await logIn(page, this.#pilot, post);
    return page;
  }
}

/** How every picture can be taken instead of as it says. */
const LOOKS: Readonly<Record<string, Partial<Picture>>> = {
  narrow: { width: 390, height: 844 },
  dark: { colours: "dark" },
};

const lookedAt = (picture: Picture, look: string): Picture => ({
  ...picture,
  ...LOOKS[look],
  name: `${picture.name}-${look}`,
});

/** Those that are taken in one look alone have their likes without. */
const isInOneLook = ({ name }: Picture): boolean => Object.keys(LOOKS).some((look) => name.endsWith(`-${look}`));

interface Wishes {
  readonly look: string | undefined;
  readonly out: string;
  readonly page: readonly string[];
  readonly whole: boolean;
}

async function take(browser: Browser, pilot: Pilot, { out, page: names, whole, look }: Wishes): Promise<void> {
  const windows = new Windows(browser, pilot);
  const named = PICTURES.filter(({ name }) => names.length === 0 || names.includes(name));
  const wanted =
    look === undefined
      ? named
      : named.filter((picture) => !isInOneLook(picture)).map((picture) => lookedAt(picture, look));
  for (const language of LANGUAGES) {
    for (const picture of wanted) {
      const page = await windows.of(language, picture);
      await page.goto(pilot.origin + picture.path);
      await page.locator("#main h1").first().waitFor();
      const name = `${picture.name}.${language}.png`;
      const isThere = await gone(page, picture);
      if (isThere) {
        await settled(page);
        await page.screenshot({ path: join(out, name), fullPage: whole });
      }
      process.stdout.write(`${name}${isThere ? "" : ": there is none"}\n`);
    }
  }
}

async function gone(page: Page, { goOn }: Picture): Promise<boolean> {
  try {
    await goOn?.(page);
    return true;
  } catch (error) {
    if (error instanceof Nothing) return false;
    throw error;
  }
}

interface Pilot {
  readonly origin: string;
  readonly data: DataDirectory;
  readonly mspId: string;
}

async function logIn(page: Page, { data, mspId }: Pilot, post: Post): Promise<void> {
  const officer = officersOf({ mspId, bureau: false }).find((one) => one.post === post);
  if (officer === undefined) throw new RangeError(`${mspId} has no ${post}`);
  await page.locator("#officer").fill(officer.number);
  await page.locator("#passphrase").fill(await passphraseOf(officersFolder(data, mspId), officer.number));
  await page.locator("button[type=submit]").click();
  await page.locator("#main h1").waitFor();
}

/** Nothing is on its way any more. */
async function settled(page: Page): Promise<void> {
  const waiting = page.locator("[aria-busy=true], .ant-skeleton");
  while ((await waiting.count()) > 0) await waiting.first().waitFor({ state: "detached" });
  await page.evaluate("document.fonts.ready");
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "data" },
    out: { type: "string", default: "pictures" },
    department: { type: "string", default: "CivilMSP" },
    page: { type: "string", multiple: true, default: [] },
    whole: { type: "boolean", default: false },
    look: { type: "string" },
  },
});
if (values.look !== undefined && LOOKS[values.look] === undefined)
  throw new RangeError(`--look is one of ${Object.keys(LOOKS).join(", ")}`);
const data = DataDirectory.at(values.data);
const topology = await readTopology(data.topologyFile);
const department = topology.departments.find(({ mspId }) => mspId === values.department);
if (department?.node === undefined) throw new RangeError(`the pilot has no node of ${values.department}`);
await mkdir(values.out, { recursive: true });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const pilot = { origin: `http://${department.node.api}`, data, mspId: department.mspId };
  await take(browser, pilot, { look: undefined, ...values });
} finally {
  await browser.close();
}
