import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { ensure, LedgerError } from "@wanlian/model/errors.js";
import type { BasisEntry, StandingEntry } from "@wanlian/model/kernel/act.js";
import { caseName } from "@wanlian/model/kernel/key.js";

/** Read at a time; the file is as large as what was written to harm, no more. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Where the cases stand that void acts have touched, as the department's own node has them: the file that it keeps, a
 * basis entry in JSON a line, the last of a case being right. The node appends; what is new is read before each use.
 * No file: no void acts.
 */
export class VoidCases {
  readonly #path: string | undefined;
  readonly #known = new Map<string, StandingEntry>();
  #file = "";
  #read = 0;
  #rest = Buffer.alloc(0);

  constructor(path: string | undefined) {
    this.#path = path;
  }

  /**
   * Lets a basis entry pass only where the numbers between its act and its next are void, and its act is not, as far as
   * the own node knows. That nothing is written under `next` is the ledger's to say.
   * @throws LedgerError NOT_YET where the node has not judged what the entry passes over; MOVED, VOID_BASIS;
   *   INTERNAL if the file cannot be read: guessing which acts are void would be worse
   */
  check(entry: BasisEntry): void {
    this.#refresh();
    const known = this.#known.get(caseName(entry));
    const { act, transaction, next } = entry;
    const name = caseName(entry);
    if (next === undefined) {
      ensure(known === undefined || known.act > 0, "VOID_BASIS", `${name}: its act ${act} is void`);
      return;
    }
    if (known === undefined || act >= known.next) {
      const message = `${name}: this department's node has not found what lies between ${act} and ${next} void`;
      ensure(next === act + 1, "NOT_YET", message);
      return;
    }
    const message = `${name} stands at act ${known.act}, next ${known.next}, by this department's node`;
    ensure(act >= known.act, "MOVED", message);
    ensure(act === known.act && transaction === known.transaction, "VOID_BASIS", message);
    ensure(next <= known.next, "NOT_YET", message);
    // A number that was used stays used, also where whoever wrote under it has deleted the key again.
    ensure(next === known.next, "MOVED", message);
  }

  #refresh(): void {
    if (this.#path === undefined) return;
    try {
      this.#readOn(openSync(this.#path, "r"));
    } catch (cause) {
      const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
      if (!isMissing) throw new LedgerError("INTERNAL", `the void acts in ${this.#path} cannot be read`, { cause });
      this.#forget("");
    }
  }

  #readOn(file: number): void {
    try {
      const { ino, size } = fstatSync(file);
      // The node begins a new file when it starts, and never shortens one.
      if (this.#file !== String(ino) || size < this.#read) this.#forget(String(ino));
      while (this.#read < size) {
        const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, size - this.#read));
        const length = readSync(file, chunk, 0, chunk.length, this.#read);
        if (length === 0) return;
        this.#read += length;
        this.#take(chunk.subarray(0, length));
      }
    } finally {
      closeSync(file);
    }
  }

  #take(chunk: Buffer): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const end = bytes.lastIndexOf("\n") + 1;
    this.#rest = bytes.subarray(end);
    for (const line of bytes.subarray(0, end).toString("utf8").split("\n")) {
      if (line === "") continue;
      const entry = JSON.parse(line) as StandingEntry;
      this.#known.set(caseName(entry), entry);
    }
  }

  #forget(file: string): void {
    this.#known.clear();
    this.#file = file;
    this.#read = 0;
    this.#rest = Buffer.alloc(0);
  }
}
