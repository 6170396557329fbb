import { hash } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { flushFile, flushFolder, OWN_FILE, OWN_FOLDER, writeFully } from "./disk.js";
import { damaged } from "./errors.js";

/**
 * Records that are durable but not yet in tiles. They are written in groups, each flushed before the next is begun and
 * before any of its records is acknowledged; so only the last group of the last file can be torn by a crash.
 *
 * A group: magic, index of its first record (uint64), number of records, bytes of payload (uint32 each), SHA-256 of the
 * payload, first 8 bytes of the SHA-256 of all that; then the payload: each record after its length (uint32).
 */
const MAGIC = Buffer.from("WLG1");
const HEADER_BYTES = 4 + 8 + 4 + 4 + 32 + 8;
const CHECKED_BYTES = HEADER_BYTES - 8;

/** Beyond this a new file is begun, so that what is in tiles can be let go. */
export const SEGMENT_BYTES = 32 * 1024 * 1024;

export interface JournalRecord {
  readonly index: number;
  readonly entry: Uint8Array;
}

export class Journal {
  readonly #dir: string;
  #file: FileHandle | undefined;
  #bytes = 0;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /**
   * All records, in order, that the files hold; a torn last group is taken off.
   * @throws LogError LOG_DAMAGED: an acknowledged record may be lost
   */
  async recover(): Promise<JournalRecord[]> {
    await mkdir(this.#dir, { recursive: true, mode: OWN_FOLDER });
    const { records, torn } = await readJournal(this.#dir);
    if (torn !== undefined) await truncate(join(this.#dir, torn.file), torn.end);
    return records;
  }

  /** Writes one group and flushes it. After a failure the journal must be recovered before anything is appended. */
  async append(first: number, entries: readonly Uint8Array[]): Promise<void> {
    const file = this.#file ?? (await this.#begin(first));
    const group = encodeGroup(first, entries);
    writeFully(file.fd, group);
    await flushFile(file.fd);
    this.#bytes += group.length;
    if (this.#bytes >= SEGMENT_BYTES) await this.close();
  }

  /** Lets go of the files whose records are all below `size`. */
  async forget(size: number): Promise<void> {
    const names = await segments(this.#dir);
    for (const [at, name] of names.entries()) {
      const next = names[at + 1];
      // The last file may still grow.
      if (next !== undefined && firstOf(next) <= size) await rm(join(this.#dir, name));
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#bytes = 0;
    await file?.close();
  }

  async #begin(first: number): Promise<FileHandle> {
    const file = await open(join(this.#dir, segmentName(first)), "a", OWN_FILE);
    await flushFolder(this.#dir);
    this.#file = file;
    return file;
  }
}

/** What the files hold, changing nothing; `torn`: the file that ends in a group of which a crash left only a part. */
export async function readJournal(
  dir: string,
): Promise<{ records: JournalRecord[]; torn: { file: string; end: number } | undefined }> {
  const names = await segments(dir);
  const records: JournalRecord[] = [];
  for (const [at, name] of names.entries()) {
    const due = (records.at(-1)?.index ?? firstOf(name) - 1) + 1;
    if (firstOf(name) !== due) throw damaged(`journal/${name}`, `record ${due} is due, and missing`);
    const { end, torn } = readSegment(await readFile(join(dir, name)), name, records);
    if (!torn) continue;
    if (at < names.length - 1) throw damaged(`journal/${name}, byte ${end}`, "cut short, yet another file follows");
    return { records, torn: { file: name, end } };
  }
  return { records, torn: undefined };
}

function encodeGroup(first: number, entries: readonly Uint8Array[]): Buffer {
  const payload = entries.reduce((sum, entry) => sum + 4 + entry.length, 0);
  const group = Buffer.allocUnsafe(HEADER_BYTES + payload);
  let at = HEADER_BYTES;
  for (const entry of entries) {
    at = group.writeUInt32BE(entry.length, at);
    group.set(entry, at);
    at += entry.length;
  }
  group.set(MAGIC, 0);
  group.writeBigUInt64BE(BigInt(first), 4);
  group.writeUInt32BE(entries.length, 12);
  group.writeUInt32BE(payload, 16);
  group.set(hash("sha256", group.subarray(HEADER_BYTES), "buffer"), 20);
  group.set(headerCheck(group), CHECKED_BYTES);
  return group;
}

/** Adds a file's records; `torn` if from `end` on there is only what a crash left of a last group. */
function readSegment(bytes: Buffer, name: string, records: JournalRecord[]): { end: number; torn: boolean } {
  let at = 0;
  let expected = firstOf(name);
  while (at < bytes.length) {
    const where = `journal/${name}, byte ${at}`;
    const rest = bytes.subarray(at);
    if (rest.length < HEADER_BYTES) return { end: at, torn: true };
    if (!rest.subarray(0, 4).equals(MAGIC) || !headerCheck(rest).equals(rest.subarray(CHECKED_BYTES, HEADER_BYTES))) {
      if (isBlank(rest)) return { end: at, torn: true };
      throw damaged(where, "the head of a group does not match its check");
    }
    const end = HEADER_BYTES + rest.readUInt32BE(16);
    if (end > rest.length) return { end: at, torn: true };
    const payload = rest.subarray(HEADER_BYTES, end);
    if (!hash("sha256", payload, "buffer").equals(rest.subarray(20, 52))) {
      if (end === rest.length && isBlank(payload.subarray(-BLOCK_BYTES))) return { end: at, torn: true };
      throw damaged(where, "the records of a group do not match their digest");
    }
    const first = Number(rest.readBigUInt64BE(4));
    if (first !== expected) throw damaged(where, `record ${first} follows where ${expected} is due`);
    for (const entry of entriesOf(payload, where)) records.push({ index: expected++, entry });
    at += end;
  }
  return { end: at, torn: false };
}

function* entriesOf(payload: Buffer, where: string): Generator<Uint8Array> {
  for (let at = 0; at < payload.length; ) {
    const start = at + 4;
    const end = start <= payload.length ? start + payload.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (end > payload.length) throw damaged(where, "a record is cut short");
    yield payload.subarray(start, end);
    at = end;
  }
}

/** Blocks that a file system had set aside but not written when the power went read as zeros. No record ends in them. */
const BLOCK_BYTES = 512;

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function headerCheck(group: Buffer): Buffer {
  return hash("sha256", group.subarray(0, CHECKED_BYTES), "buffer").subarray(0, 8);
}

/** Named after its first record, so that the order of names is the order of records. */
function segmentName(first: number): string {
  return String(first).padStart(16, "0");
}

function firstOf(name: string): number {
  return Number(name);
}

async function segments(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => /^\d{16}$/.test(name)).sort();
}
