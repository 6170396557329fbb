import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import Mocha from "mocha";
import { countsLine } from "./counts.js";

const BUILT = fileURLToPath(new URL(".", import.meta.url));

/** So many of the slowest tests are named at the end. */
const SLOWEST = 10;
/** A run this short, in seconds, needs no account of its time. */
const SHORT_RUN_SECONDS = 30;

/**
 * Mocha's `spec` report, closed by where the time went (by folder, hooks included, and the slowest tests) and one
 * by what had to be tried again and one plain line with the runner's own counts.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  readonly #seconds = new Map<string, number>();
  readonly #triedAgain = new Map<string, string>();
  readonly #tests: { readonly title: string; readonly seconds: number }[] = [];

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const spend = (file: string | undefined, milliseconds = 0) => {
      const part = partOf(file);
      this.#seconds.set(part, (this.#seconds.get(part) ?? 0) + milliseconds / 1000);
    };
    runner.on("retry", (test, error) => this.#triedAgain.set(test.fullTitle(), error.message));
    runner.on("hook end", (hook) => spend(hook.file, hook.duration));
    runner.on("test end", (test) => {
      spend(test.file, test.duration);
      this.#tests.push({ title: test.fullTitle(), seconds: (test.duration ?? 0) / 1000 });
    });
  }

  override epilogue(): void {
    super.epilogue();
    const { passes, failures, pending, duration = 0 } = this.stats;
    if (duration / 1000 > SHORT_RUN_SECONDS) this.#tellTime();
    this.#tellTriedAgain();
    process.stdout.write(`${countsLine({ passed: passes, failed: failures, skipped: pending })}\n`);
  }

  /** What passed only at the second try is a fault still to be found, in the page or in the test. */
  #tellTriedAgain(): void {
    for (const [title, why] of this.#triedAgain) process.stdout.write(`Tried again: ${title}\n    ${why}\n`);
  }

  #tellTime(): void {
    const parts = [...this.#seconds].sort(([, left], [, right]) => right - left);
    process.stdout.write("Seconds by part:\n");
    for (const [part, seconds] of parts) process.stdout.write(`${inColumn(seconds)}  ${part}\n`);
    const slowest = this.#tests.sort((left, right) => right.seconds - left.seconds).slice(0, SLOWEST);
    process.stdout.write("The slowest tests:\n");
    for (const { title, seconds } of slowest) process.stdout.write(`${inColumn(seconds)}  ${title}\n`);
  }
}

const inColumn = (seconds: number): string => seconds.toFixed(1).padStart(8);

/** A test file without its ending: `exchange/download`. */
function partOf(file: string | undefined): string {
  if (file === undefined) return "?";
  return relative(BUILT, file)
    .split(sep)
    .join("/")
    .replace(/\.test\.js$/, "");
}
