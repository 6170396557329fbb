/** Runs test files one after the other in this process; who started it is told the counts. `node test/dist/lane.js FILE…` */
import "./locale.js";
import "./properties.js";
import Mocha from "mocha";
import type { Counts } from "./counts.js";
import CountingReporter from "./reporter.js";

/** For a test that says nothing else: what hangs ends, and a machine that is busy has time. */
const TIMEOUT_MS = 60_000;

const mocha = new Mocha({ reporter: CountingReporter, timeout: TIMEOUT_MS });
for (const file of process.argv.slice(2)) mocha.addFile(file);
await mocha.loadFilesAsync();
const runner = mocha.run((failures) => {
  const { passes, pending } = runner.stats ?? { passes: 0, pending: 0 };
  const counts: Counts = { passed: passes, failed: failures, skipped: pending };
  process.exitCode = failures > 0 ? 1 : 0;
  process.send?.(counts, () => process.disconnect());
});
