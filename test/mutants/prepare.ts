import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { instrument } from "./instrument.js";
import type { Mutation } from "./mutation.js";
import type { Room } from "./rooms.js";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** A mutation with its place in what a person wrote. */
export interface Mutant {
  readonly number: number;
  /** From the repository's root. */
  readonly file: string;
  readonly line: number;
  /** What is changed into what, in one line. */
  readonly change: string;
  /** Stays the same while the file does: what is known of it can be kept. */
  readonly key: string;
}

/** What a worker needs: instrumented modules by their URL, and the tests. */
export interface Preparation {
  readonly modules: Readonly<Record<string, string>>;
  readonly tests: readonly string[];
  readonly readers: readonly string[];
  readonly mutants: number;
}

/** Instruments a room's modules into `folder`. */
export function prepare(room: Room, folder: string): { readonly preparation: Preparation; readonly mutants: Mutant[] } {
  mkdirSync(folder, { recursive: true });
  const mutants: Mutant[] = [];
  const modules: Record<string, string> = {};
  for (const file of room.sources.flatMap((source) => modulesIn(join(ROOT, source)))) {
    const code = readFileSync(file, "utf8");
    const { code: instrumented, mutations } = instrument(code, mutants.length);
    if (mutations.length === 0) continue;
    const written = join(folder, `${Object.keys(modules).length}.js`);
    writeFileSync(written, instrumented);
    modules[pathToFileURL(file).href] = written;
    mutants.push(...named(file, code, mutations, mutants.length));
  }
  const tests = room.tests.flatMap((test) => modulesIn(join(ROOT, test))).filter((file) => file.endsWith(".test.js"));
  const preparation = { modules, tests, readers: room.readers ?? [], mutants: mutants.length };
  writeFileSync(join(folder, "preparation.json"), JSON.stringify(preparation));
  return { preparation, mutants };
}

/** The modules below a folder, but for what is packed from them, and tests of real processes, which have rooms of their own. */
function modulesIn(path: string): string[] {
  if (path.endsWith(".js")) return [path];
  if (!statSync(path, { throwIfNoEntry: false })) return [];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js") && !/^(bundle|kill)\//.test(file))
    .sort()
    .map((file) => join(path, file));
}

function named(file: string, code: string, mutations: readonly Mutation[], first: number): Mutant[] {
  const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")) as SourceMapPayload);
  const digest = createHash("sha256").update(code).digest("hex").slice(0, 16);
  return mutations.map((mutation, index) => {
    const before = code.slice(0, mutation.start);
    const line = before.split("\n").length - 1;
    const entry = map.findEntry(line, mutation.start - (before.lastIndexOf("\n") + 1));
    const source = "originalSource" in entry ? join(dirname(file), entry.originalSource) : file;
    return {
      number: first + index,
      file: relative(ROOT, source),
      line: "originalLine" in entry ? entry.originalLine + 1 : line + 1,
      change: changeOf(code.slice(mutation.start, mutation.end), mutation),
      key: `${digest}:${index}`,
    };
  });
}

function changeOf(original: string, mutation: Mutation): string {
  const to = mutation.kind === "expression" ? mutation.replacement : "(left out)";
  return `${short(original)} ⇒ ${short(to)}`;
}

/** Enough of a change to be recognised by. */
const LONGEST = 100;

function short(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST / 2)} … ${line.slice(-LONGEST / 2)}`;
}
