/** The parts of the suite, told apart by what a test file's imports lead to: nothing has to be listed. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const BUILT = dirname(fileURLToPath(import.meta.url));

/** Modules that start processes of the product. */
const PROCESSES = [/^node:child_process$/, /^@wanlian\/network\/processes\/process\.js$/, /^@wanlian\/scripts\/host\//];
/** What drives a browser, which is a process too. */
const BROWSER = [/^playwright-core$/];

/** Every test file: those that run in this process alone, those that need a browser, those that start processes. */
export interface Parts {
  readonly fast: readonly string[];
  readonly browser: readonly string[];
  readonly processes: readonly string[];
}

export function partsOfSuite(): Parts {
  const parts = { fast: [] as string[], browser: [] as string[], processes: [] as string[] };
  const [browses, starts] = [leadingTo(BROWSER), leadingTo(PROCESSES)];
  for (const name of readdirSync(BUILT, { recursive: true, encoding: "utf8" }).sort()) {
    if (!name.endsWith(".test.js")) continue;
    const file = join(BUILT, name);
    parts[browses(file) ? "browser" : starts(file) ? "processes" : "fast"].push(file);
  }
  return parts;
}

/** Whether a module of the suite, or one that it imports, imports one of these. What packages import does not count. */
function leadingTo(wanted: readonly RegExp[]): (file: string) => boolean {
  const seen = new Map<string, boolean>();
  const leads = (file: string): boolean => {
    const known = seen.get(file);
    if (known !== undefined) return known;
    seen.set(file, false);
    const found = importsOf(file).some((name) =>
      name.startsWith(".")
        ? isModule(file, name) && leads(join(dirname(file), name))
        : wanted.some((pattern) => pattern.test(name)),
    );
    seen.set(file, found);
    return found;
  };
  return leads;
}

/** Some tests write modules down as text; what these import is not there. */
const isModule = (file: string, name: string): boolean => existsSync(join(dirname(file), name));

const importsOf = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, name = ""]) => name);
