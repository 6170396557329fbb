import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Digest } from "@wanlian/model/identifiers.js";
import { HASH_BYTES } from "@wanlian/model/merkle.js";

/** What of an entry the comparison of logs has to know. */
export interface Mark {
  /** Leaf hash of the record; of a closing's mark, of its opening; of a call over another road, what both sides are told. */
  readonly id: Uint8Array;
  /** Whose log it stands in, and the other party of the access: numbers given by the audit. */
  readonly department: number;
  readonly other: number;
  readonly position: number;
  readonly side: "provider" | "consumer" | "neither";
  /**
   * - `shown`: an access as a whole; `opening`
   * - `call`: over another road, by the digest of what is said of it
   * - `brokenOff`: a closing that nobody waited for: it comes to the consumer only if asked for
   * - `closes`: not a record but a sign that a closing of this opening stands in the log
   * - `leftOut`: its hash alone was shown
   * - `forged`: not a record but a sign that what the log has in this position counts for nothing
   */
  readonly what: "shown" | "call" | "opening" | "brokenOff" | "closes" | "leftOut" | "forged";
  readonly countersigned: boolean;
}

const WHATS = ["shown", "opening", "brokenOff", "closes", "leftOut", "forged", "call"] as const;
const SIDES = ["provider", "consumer", "neither"] as const;

/** id, department, other, what, side, countersigned, position. */
const MARK_BYTES = HASH_BYTES + 2 + 2 + 1 + 1 + 1 + 6;
/** Files: at 10 million records on two nodes each holds 4 MB, which is what is in memory at a time. */
const PARTS = 256;
/** Marks written together. */
const MARKS_AT_ONCE = 256;

/**
 * Brings together what several logs say of one record, in memory that does not grow with them: marks are dealt into
 * files by their record's id, then each file is gone through by itself.
 */
export class Matching {
  /** Opened once there is something to write. */
  readonly #files = new Map<number, number>();
  readonly #paths: readonly string[];
  readonly #waiting: { bytes: Buffer; used: number }[];
  readonly #lengths: number[];
  /** Nobody can choose ids that all fall into one file. */
  readonly #salt: number;

  private constructor(folder: string, salt: number, lengths: readonly number[] | undefined) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#salt = salt;
    this.#paths = Array.from({ length: PARTS }, (_, at) => join(folder, at.toString(16).padStart(2, "0")));
    this.#lengths = lengths === undefined ? Array.from({ length: PARTS }, () => 0) : [...lengths];
    // What was written after the audit was last saved comes from the nodes again.
    for (const [at, path] of this.#paths.entries()) if (existsSync(path)) truncateSync(path, this.#lengths[at]);
    this.#waiting = this.#paths.map(() => ({ bytes: Buffer.alloc(MARK_BYTES * MARKS_AT_ONCE), used: 0 }));
  }

  /** @param salt 32 random bits of this audit, odd; the same again where it is resumed */
  static open(folder: string, salt: number, lengths?: readonly number[]): Matching {
    return new Matching(folder, salt, lengths);
  }

  add(mark: Mark): void {
    const part = this.#partOf(mark.id);
    const waiting = this.#waiting[part] as { bytes: Buffer; used: number };
    write(waiting.bytes, waiting.used, mark);
    waiting.used += MARK_BYTES;
    if (waiting.used === waiting.bytes.length) this.#flush(part);
  }

  /** Writes what waits. @returns the files' lengths, to resume from */
  flush(): readonly number[] {
    for (let part = 0; part < PARTS; part += 1) this.#flush(part);
    return [...this.#lengths];
  }

  /** The marks of one record after the other, each complete. */
  *records(): Generator<readonly Mark[]> {
    this.flush();
    for (const path of this.#paths) {
      if (!existsSync(path)) continue;
      const bytes = readFileSync(path);
      const byId = new Map<string, Mark[]>();
      for (let at = 0; at < bytes.length; at += MARK_BYTES) {
        const mark = read(bytes, at);
        const key = bytes.toString("latin1", at, at + HASH_BYTES);
        const marks = byId.get(key);
        if (marks === undefined) byId.set(key, [mark]);
        else marks.push(mark);
      }
      yield* byId.values();
    }
  }

  close(): void {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }

  #partOf(id: Uint8Array): number {
    const view = Buffer.from(id.buffer, id.byteOffset, id.length);
    return Math.imul(view.readUInt32BE(0), this.#salt) >>> 24;
  }

  #file(part: number): number {
    const file = this.#files.get(part) ?? openSync(this.#paths[part] as string, "a", 0o600);
    this.#files.set(part, file);
    return file;
  }

  #flush(part: number): void {
    const waiting = this.#waiting[part] as { bytes: Buffer; used: number };
    if (waiting.used === 0) return;
    writeSync(this.#file(part), waiting.bytes, 0, waiting.used);
    this.#lengths[part] = (this.#lengths[part] ?? 0) + waiting.used;
    waiting.used = 0;
  }
}

function write(bytes: Buffer, start: number, mark: Mark): void {
  bytes.set(mark.id, start);
  let at = bytes.writeUInt16BE(mark.department, start + HASH_BYTES);
  at = bytes.writeUInt16BE(mark.other, at);
  at = bytes.writeUInt8(WHATS.indexOf(mark.what), at);
  at = bytes.writeUInt8(SIDES.indexOf(mark.side), at);
  at = bytes.writeUInt8(mark.countersigned ? 1 : 0, at);
  bytes.writeUIntBE(mark.position, at, 6);
}

function read(bytes: Buffer, start: number): Mark {
  const at = start + HASH_BYTES;
  return {
    id: bytes.subarray(start, at),
    department: bytes.readUInt16BE(at),
    other: bytes.readUInt16BE(at + 2),
    what: WHATS[bytes.readUInt8(at + 4)] as Mark["what"],
    side: SIDES[bytes.readUInt8(at + 5)] as Mark["side"],
    countersigned: bytes.readUInt8(at + 6) === 1,
    position: bytes.readUIntBE(at + 7, 6),
  };
}

export function idOf(mark: Mark): Digest {
  return Buffer.from(mark.id).toString("hex") as Digest;
}
