/** Runs the fast part of the suite: every test file that starts no process. `./scripts/test fast [mocha arguments]`. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const BUILT = dirname(fileURLToPath(import.meta.url));

/** Two processes share the test files: the suite is meant for two cores. */
const PROCESSES = ["--parallel", "--jobs", "2"];

/** Modules that start processes, a browser too. A test belongs to the fast part unless it leads to one of them. */
const STARTING = [
  /^node:child_process$/,
  /^playwright-core$/,
  /^@wanlian\/network\/processes\/process\.js$/,
  /^@wanlian\/scripts\/host\//,
];

const seen = new Map<string, boolean>();

/** Whether a module of the suite, or one that it imports, starts processes. What packages import does not count. */
function startsProcess(file: string): boolean {
  const known = seen.get(file);
  if (known !== undefined) return known;
  seen.set(file, false);
  const imports = [...readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(
    ([, name = ""]) => name,
  );
  const starts = imports.some((name) =>
    name.startsWith(".") ? startsProcess(join(dirname(file), name)) : STARTING.some((starting) => starting.test(name)),
  );
  seen.set(file, starts);
  return starts;
}

const files = readdirSync(BUILT, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.js"))
  .map((file) => join(BUILT, file))
  .filter((file) => !startsProcess(file));
const mocha = join(dirname(fileURLToPath(import.meta.resolve("mocha"))), "bin", "mocha.js");
const required = ["locale.js", "properties.js"].flatMap((name) => ["--require", join(BUILT, name)]);
const options = ["--no-config", ...PROCESSES, ...required, "--reporter", join(BUILT, "reporter.js")];
const { status } = spawnSync(
  process.execPath,
  ["--disable-warning=DEP0123", mocha, ...options, "--timeout", "20000", ...process.argv.slice(2), ...files],
  { stdio: "inherit" },
);
process.exit(status ?? 1);
