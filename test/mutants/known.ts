import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Mutant, ROOT } from "./prepare.js";
import type { Verdict } from "./trial.js";

/** Changes that make no difference, each with the reason. */
const HARMLESS_FILE = join(ROOT, "test", "mutants", "harmless.json");

interface Harmless {
  readonly file: string;
  readonly change: string;
  readonly why: string;
}

export function harmless(): (mutant: Mutant) => boolean {
  const listed = JSON.parse(readFileSync(HARMLESS_FILE, "utf8")) as Harmless[];
  const places = new Set(listed.map(({ file, change }) => `${file}\n${change}`));
  return ({ file, change }) => places.has(`${file}\n${change}`);
}

/**
 * What earlier runs found. A mutant that a test noticed stays noticed while its module stays as it is; one that none
 * noticed is tried again when any test has changed.
 */
export class Known {
  readonly #file: string;
  readonly #tests: string;
  readonly #verdicts: Map<string, { readonly noticedBy: string | null; readonly tests: string }>;

  constructor(room: string, tests: readonly string[]) {
    this.#file = join(ROOT, "test", "dist", "mutants", "known", `${room}.json`);
    const digest = createHash("sha256");
    for (const test of tests) digest.update(readFileSync(test));
    this.#tests = digest.digest("hex").slice(0, 16);
    this.#verdicts = new Map(Object.entries(read(this.#file)));
  }

  /** Undefined if it has to be tried. */
  of({ key }: Mutant): { readonly verdict: Verdict } | undefined {
    const known = this.#verdicts.get(key);
    if (known === undefined || (known.noticedBy === null && known.tests !== this.#tests)) return undefined;
    return { verdict: known.noticedBy ?? undefined };
  }

  learn({ key }: Mutant, verdict: Verdict): void {
    this.#verdicts.set(key, { noticedBy: verdict ?? null, tests: this.#tests });
  }

  save(): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify(Object.fromEntries(this.#verdicts)));
  }
}

type Verdicts = Record<string, { readonly noticedBy: string | null; readonly tests: string }>;

function read(file: string): Verdicts {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Verdicts;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
}
