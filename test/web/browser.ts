import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Debian's; whoever has another says where. */
const CHROMIUM = process.env.WANLIAN_CHROMIUM ?? "/usr/bin/chromium";

/** How long a page may take to show what is waited for, on a busy machine. */
export const PATIENCE_MS = 15_000;

/** Nothing of it leaves the machine, and a container has neither a sandbox nor a graphics card. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const hasBrowser = existsSync(CHROMIUM);

let launched: Promise<Browser> | undefined;

/** One browser for all suites; each case has a context of its own, as a person with a profile of its own. */
function browser(): Promise<Browser> {
  launched ??= chromium.launch({ executablePath: CHROMIUM, headless: true, args: QUIET });
  return launched;
}

after(async () => {
  await (await launched)?.close();
  launched = undefined;
});

export interface Wishes {
  readonly language?: "zh" | "en";
  readonly colours?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
}

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page complained of: errors, and what its policy kept from happening. */
  readonly complaints: readonly string[];
}

/** Somebody at a screen of 1366 × 768, in Chinese, unless said otherwise. */
export async function visitor({
  language = "zh",
  colours = "light",
  width = 1366,
  height = 768,
}: Wishes = {}): Promise<Visitor> {
  const context = await (await browser()).newContext({
    locale: language === "zh" ? "zh-CN" : "en-GB",
    colorScheme: colours,
    viewport: { width, height },
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} ${message.location().url}`);
  });
  return { context, page, complaints };
}

/**
 * A suite in a real browser; where there is none its cases count as skipped. A browser has hundreds of threads to
 * itself: a case that fails is tried once more, and the report names it (docs/decisions/210).
 */
export function inBrowser(title: string, suite: (this: Mocha.Suite) => void): void {
  if (!hasBrowser) {
    describe.skip(title, suite);
    return;
  }
  describe(title, function () {
    this.retries(1);
    suite.call(this);
  });
}
