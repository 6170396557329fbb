import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { canonicalJson } from "@wanlian/model/canonical.js";
import type { StandingEntry } from "@wanlian/model/kernel/act.js";

/**
 * Where the cases stand that void acts have touched, for the own department's contract process: an endorser passes over
 * numbers only as far as this file does. A basis entry in JSON a line; the last of a case is right. It grows by what
 * changes, so that however many void acts there are, each costs its own line.
 */
export class VoidFile {
  readonly #path: string;
  readonly #all: () => Promise<readonly StandingEntry[]>;
  /** Whether the file is whole and ends with a line: then it can be appended to. */
  #sound = false;

  /** @param all every such case, for a file that begins anew */
  constructor(path: string, all: () => Promise<readonly StandingEntry[]>) {
    this.#path = path;
    this.#all = all;
  }

  /** Begins a new file, at first and after one could not be written. On disk when this resolves. */
  async begin(): Promise<void> {
    const draft = `${this.#path}.new`;
    await written(draft, "w", linesOf(await this.#all()));
    await rename(draft, this.#path);
    const directory = await open(dirname(this.#path), "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
    this.#sound = true;
  }

  /** Takes down where these cases stand now. On disk when this resolves. */
  async add(entries: readonly StandingEntry[]): Promise<void> {
    if (!this.#sound) return this.begin();
    this.#sound = false;
    await written(this.#path, "a", linesOf(entries));
    this.#sound = true;
  }
}

const linesOf = (entries: readonly StandingEntry[]): string =>
  entries.map((entry) => `${canonicalJson(entry)}\n`).join("");

async function written(path: string, flags: "w" | "a", text: string): Promise<void> {
  const file = await open(path, flags, 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
