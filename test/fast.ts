/** Runs the fast part of the suite: every test file that starts no process. `./scripts/test fast [mocha arguments]`. */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { partsOfSuite } from "./parts.js";

const BUILT = dirname(fileURLToPath(import.meta.url));

/** Two processes share the test files: the suite is meant for two cores. */
const PROCESSES = ["--parallel", "--jobs", "2"];

const mocha = join(dirname(fileURLToPath(import.meta.resolve("mocha"))), "bin", "mocha.js");
const required = ["locale.js", "properties.js"].flatMap((name) => ["--require", join(BUILT, name)]);
const options = ["--no-config", ...PROCESSES, ...required, "--reporter", join(BUILT, "reporter.js")];
const { status } = spawnSync(
  process.execPath,
  [
    "--disable-warning=DEP0123",
    mocha,
    ...options,
    "--timeout",
    "20000",
    ...process.argv.slice(2),
    ...partsOfSuite().fast,
  ],
  { stdio: "inherit" },
);
process.exit(status ?? 1);
