import { readFileSync, statSync } from "node:fs";
import { LedgerError } from "@wanlian/model/errors.js";
import type { ActRef } from "@wanlian/model/kernel/act.js";
import { caseName, numberText } from "@wanlian/model/kernel/key.js";

const nameOf = (ref: ActRef): string => `${caseName(ref)}/${numberText(ref.number)}`;

/**
 * The acts that the department's own node found void, from the file it keeps: one JSON object
 * `{"noun","case","number"}` a line. Read again whenever the file has changed. No file: no void acts.
 */
export class VoidActs {
  readonly #path: string | undefined;
  #version = "";
  #names: ReadonlySet<string> = new Set();

  constructor(path: string | undefined) {
    this.#path = path;
  }

  /** @throws LedgerError INTERNAL if the file cannot be read; guessing which acts are void would be worse */
  has(ref: ActRef): boolean {
    this.#refresh();
    return this.#names.has(nameOf(ref));
  }

  #refresh(): void {
    if (this.#path === undefined) return;
    const status = statSync(this.#path, { throwIfNoEntry: false, bigint: true });
    const version = status ? `${status.mtimeNs} ${status.size} ${status.ino}` : "";
    if (version === this.#version) return;
    this.#names = status ? new Set(readNames(this.#path)) : new Set();
    this.#version = version;
  }
}

function readNames(path: string): string[] {
  const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
  try {
    return lines.map((line) => nameOf(JSON.parse(line) as ActRef));
  } catch (cause) {
    throw new LedgerError("INTERNAL", `the list of void acts ${path} cannot be read`, { cause });
  }
}
