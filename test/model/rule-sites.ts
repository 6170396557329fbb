import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MODEL = new URL("./", import.meta.resolve("@wanlian/model/errors.js"));
/** Where rules of a decision are written. What reads input and judges write sets comes before it, and has tests of its own. */
const DECIDING = [
  "kernel/basis.js",
  "kernel/decide.js",
  "kernel/permission.js",
  "kernel/schema.js",
  "model-1/",
  "time/",
];
const REFUSES = /\b(?:ensure\(|new LedgerError\(|checkSize\()/;

/** A line of the compiled model that refuses. */
export interface RuleSite {
  /** `model-1/demand/demand.js:57` */
  readonly place: string;
  readonly text: string;
}

/** Every line that refuses, by its place. @param deciding folders and files to look in; default: what model 1 decides by */
export function ruleSites(deciding: readonly string[] = DECIDING): Map<string, RuleSite> {
  const files = readdirSync(MODEL, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".js") && deciding.some((part) => file.startsWith(part)))
    .sort();
  const sites = files.flatMap((file) =>
    readFileSync(new URL(file, MODEL), "utf8")
      .split("\n")
      .flatMap((line, at) => {
        const text = line.trim();
        const isRule = REFUSES.test(line) && !/^(?:import|export function|\*|\/\/)/.test(text);
        return isRule ? [{ place: `${file}:${at + 1}`, text }] : [];
      }),
  );
  return new Map(sites.map((site) => [site.place, site]));
}

/** The places that an error came through, innermost first, of those that refuse. */
export function sitesOf(error: Error, sites: ReadonlyMap<string, RuleSite>): string[] {
  const root = fileURLToPath(MODEL);
  const frames = [...compiledStack(error).matchAll(/\(?(?:file:\/\/)?(\/[^\s():]+\.js):(\d+):\d+\)?/g)];
  return frames
    .filter(([, file = ""]) => file.startsWith(root))
    .map(([, file = "", line]) => `${file.slice(root.length)}:${line}`)
    .filter((place) => sites.has(place));
}

/** Where an error came through in what runs, also where Node is asked to tell it by the sources: that is asked at the first look. */
function compiledStack(error: Error): string {
  const bySources = process.sourceMapsEnabled;
  process.setSourceMapsEnabled(false);
  try {
    return error.stack ?? "";
  } finally {
    process.setSourceMapsEnabled(bySources);
  }
}
