import { createHash } from "node:crypto";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "@wanlian/model/identifiers.js";
import type { Db } from "../read/index.js";
import { CallFault } from "./call-fault.js";
import { type CallEncoding, MAX_RECORD_BYTES, parseCsvRecord, parseJsonRecord, splitCsv, textOf } from "./forms.js";
import type { CallIntake, Incoming } from "./intake.js";
import type { LedgerThen } from "./ledger-then.js";
import { type Line, linesFrom } from "./lines.js";
import type { CallReader, RawCall } from "./mapping.js";
import type { CallNote, CallNotes } from "./notes.js";

/** Lines taken together. */
const BATCH_LINES = 2000;
/** Files of one folder; a platform that writes one a day fills it in decades. */
const MOST_FILES = 10_000;
const FOLLOWED = /\.(?:csv|jsonl|ndjson)$/i;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = "\uFEFF";
/** No serial number was seen yet. */
const NO_SERIAL = -1;

export interface FollowParts {
  readonly db: Db;
  readonly folder: string;
  readonly encoding: CallEncoding;
  readonly reader: CallReader;
  readonly intake: Pick<CallIntake, "take">;
  readonly then: Pick<LedgerThen, "refresh" | "horizon">;
  readonly notes: CallNotes;
  /** The machine's time. */
  readonly now: () => Date;
}

/** How far a file was read. */
interface Reached {
  readonly name: string;
  offset: number;
  lines: number;
  headings: string;
  serial: number;
}

/**
 * Follows files of calls that a platform writes into a folder: each line once, from where it was left. A last line
 * without its end is still being written.
 */
export class FollowedFiles {
  readonly #parts: FollowParts;
  /** Files that have become shorter, so that it is noted once. */
  readonly #shrunk = new Set<string>();
  /** How large each was when there was nothing more to take of it: an end that is still written is not read again and again. */
  readonly #exhausted = new Map<string, number>();

  constructor(parts: FollowParts) {
    this.#parts = parts;
  }

  /** Takes what the files have by now. @throws the system's where the folder cannot be read; LogError */
  async look(signal: AbortSignal): Promise<void> {
    const names = (await readdir(this.#parts.folder)).filter((name) => FOLLOWED.test(name)).sort();
    for (const name of names.slice(0, MOST_FILES)) {
      if (signal.aborted) return;
      await this.#follow(name, signal);
    }
  }

  async #follow(name: string, signal: AbortSignal): Promise<void> {
    const path = join(this.#parts.folder, name);
    const reached = await this.#reached(name);
    const { size } = await stat(path);
    if (size < reached.offset) return await this.#noteShrunk(name, reached.offset - size);
    if (size === reached.offset || size === this.#exhausted.get(name)) return;
    const file = await open(path, "r");
    try {
      let lines: Line[] = [];
      for await (const line of linesFrom(file, reached.offset, MAX_RECORD_BYTES)) {
        if (signal.aborted) return;
        if (lines.push(line) < BATCH_LINES) continue;
        if ((await this.#take(reached, lines)) === "waits") return;
        lines = [];
      }
      if (lines.length > 0 && (await this.#take(reached, lines)) === "waits") return;
      this.#exhausted.set(name, size);
    } finally {
      await file.close();
    }
  }

  /** @returns whether a call has to wait until the ledger's clock has come to it */
  async #take(reached: Reached, lines: readonly Line[]): Promise<"waits" | "done"> {
    const { intake, then, notes } = this.#parts;
    const time = await then.refresh();
    const incoming: Incoming[] = [];
    const gaps: CallNote[] = [];
    let outcome: "waits" | "done" = "done";
    for (const { bytes, end } of lines) {
      const before = { ...reached };
      const line = this.#read(reached, bytes, gaps);
      if (line !== undefined && this.#waits(line)) {
        Object.assign(reached, before);
        outcome = "waits";
        break;
      }
      if (line !== undefined) incoming.push(line);
      reached.offset = end;
      reached.lines += 1;
    }
    if (incoming.length > 0) await intake.take(incoming);
    await notes.keep(gaps, time);
    await this.#keep(reached);
    return outcome;
  }

  /** A call of today that the ledger's clock has not come to; one of another year's has come to nobody, and is refused. */
  #waits(line: Incoming): boolean {
    const { then, now } = this.#parts;
    return "facts" in line && line.facts.time > then.horizon() && new Date(line.facts.time) <= now();
  }

  #read(reached: Reached, bytes: Buffer | undefined, gaps: CallNote[]): Incoming | undefined {
    const source = `${reached.name}:${reached.lines + 1}`;
    const digest = createHash("sha256")
      .update(bytes ?? "")
      .digest("hex") as Digest;
    try {
      if (bytes === undefined) throw new CallFault("TOO_LONG", `a record has at most ${MAX_RECORD_BYTES} bytes`);
      const raw = this.#rawOf(reached, bytes);
      if (raw === undefined) return undefined;
      const { facts, details, serial } = this.#parts.reader.read(raw);
      if (serial !== undefined) {
        const missing = serial - reached.serial - 1;
        if (reached.serial !== NO_SERIAL && missing > 0) {
          const said = `${missing} records are missing: ${reached.serial + 1} to ${serial - 1}`;
          gaps.push({ code: "GAP", source, call: facts.call, said });
        }
        reached.serial = Math.max(reached.serial, serial);
      }
      return { source, digest, facts, details };
    } catch (fault) {
      if (!(fault instanceof CallFault)) throw fault;
      return { source, digest, fault };
    }
  }

  /** Undefined of a line that is no record: headings, or empty. @throws CallFault */
  #rawOf(reached: Reached, bytes: Buffer): RawCall | undefined {
    const whole = bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes;
    const text = textOf(whole, this.#parts.encoding);
    const line = reached.lines === 0 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    if (line.trim() === "") return undefined;
    if (!reached.name.toLowerCase().endsWith(".csv")) return parseJsonRecord(line);
    if (reached.headings === "") {
      splitCsv(line);
      reached.headings = line;
      return undefined;
    }
    return parseCsvRecord(splitCsv(reached.headings), line);
  }

  async #noteShrunk(name: string, bytes: number): Promise<void> {
    if (this.#shrunk.has(name)) return;
    this.#shrunk.add(name);
    const said = `the file has ${bytes} bytes fewer than were read; what is written anew belongs in a file of another name`;
    const { notes, then } = this.#parts;
    await notes.keep([{ code: "FILE_SHRANK", source: name, call: "", said }], await then.refresh());
  }

  async #reached(name: string): Promise<Reached> {
    const query = this.#parts.db.selectFrom("local.call_files").selectAll().where("name", "=", name);
    const row = await query.executeTakeFirst();
    if (row === undefined) return { name, offset: 0, lines: 0, headings: "", serial: NO_SERIAL };
    const { offset, lines, headings, serial } = row;
    return { name, offset: Number(offset), lines: Number(lines), headings, serial: Number(serial) };
  }

  async #keep(reached: Reached): Promise<void> {
    await this.#parts.db
      .insertInto("local.call_files")
      .values({ ...reached })
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ ...reached }))
      .execute();
  }
}
