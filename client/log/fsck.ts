import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { openCheckpoint } from "@wanlian/model/checkpoint.js";
import type { VerifierKey } from "@wanlian/model/note.js";
import { isMissing, localDisk, readIfThere } from "./disk.js";
import { readJournal } from "./journal.js";

/**
 * An independent checker of a log on disk. It trusts nothing that the writer wrote and shares none of the code that
 * wrote it: it reads every bundle, computes every tile and the root from the records alone, and compares. (Hash
 * formulas and paths are written out here once more, from RFC 6962 and the tlog-tiles specification.)
 */
export interface LogReport {
  readonly size: number;
  /** Root of the checkpoint, hex. */
  readonly root: string;
  /** Durable records that no checkpoint covers yet. */
  readonly unpublished: number;
  /** Empty: the log is whole. */
  readonly findings: readonly LogFinding[];
  /** Leaf hashes, one after the other, of the records themselves, where they give the checkpoint's root. */
  readonly records: Buffer | undefined;
  /** The same as the hash tiles state them, where those do. */
  readonly hashes: Buffer | undefined;
}

/** What can be wrong with a file, or with what stands in it. */
export type LogFault = "MISSING" | "CUT_SHORT" | "CHANGED" | "MISNAMED" | "NOT_SIGNED" | "ROOT_DIFFERS";

export interface LogFinding {
  readonly code: LogFault;
  readonly where: string;
  readonly what: string;
}

const HASH = 32;
const WIDTH = 256;
/** Level, groups of the index, and the width of one that is not full. */
const TILE = /^tile\/(\d+|entries)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d+))?$/;

/**
 * @param key the log's key as the ledger has it; a checkpoint of another key is a finding
 * @throws the system's error where a file is there and cannot be read: that says nothing of what stands in it
 */
export async function checkLog(dir: string, key: VerifierKey): Promise<LogReport> {
  const findings: LogFinding[] = [];
  const find: Find = (code, where, what) => findings.push({ code, where, what });
  const head = await checkpointOf(dir, key, find);
  const leaves = await leavesFromBundles(dir, head.size, find);
  const hashed = await leavesFromTiles(dir, head.size, find);
  const fromBundles = rootOf(leaves).toString("hex");
  const fromTiles = rootOf(hashed).toString("hex");
  blame({ leaves, hashed, root: head.root, fromBundles, fromTiles }, find);
  const sound = fromBundles === head.root ? leaves : fromTiles === head.root ? hashed : undefined;
  if (sound !== undefined) await checkFiles(dir, sound, find);
  const unpublished = await checkJournal(dir, sound, head.size, find);
  const records = fromBundles === head.root ? leaves : undefined;
  return { ...head, unpublished, findings, records, hashes: fromTiles === head.root ? hashed : undefined };
}

type Find = (code: LogFault, where: string, what: string) => void;

async function checkpointOf(dir: string, key: VerifierKey, find: Find): Promise<{ size: number; root: string }> {
  try {
    const { size, root } = openCheckpoint(await readFile(join(dir, "checkpoint"), "utf8"), key);
    return { size, root: Buffer.from(root).toString("hex") };
  } catch (error) {
    find("NOT_SIGNED", "checkpoint", messageOf(error));
    return { size: 0, root: rootOf(Buffer.alloc(0)).toString("hex") };
  }
}

/** Leaf hashes from the records themselves, one after the other. */
async function leavesFromBundles(dir: string, size: number, find: Find): Promise<Buffer> {
  const leaves = Buffer.alloc(size * HASH);
  for (let first = 0; first < size; first += WIDTH) {
    const width = Math.min(WIDTH, size - first);
    const { bytes, path } = await readTile(dir, "entries", first / WIDTH, width);
    if (bytes === undefined) {
      find("MISSING", path, `missing: records ${first} to ${first + width - 1}`);
      continue;
    }
    let at = 0;
    for (let i = 0; i < width; i += 1) {
      const length = at + 2 <= bytes.length ? bytes.readUInt16BE(at) : -1;
      if (length < 0 || at + 2 + length > bytes.length) {
        find("CUT_SHORT", path, `record ${first + i} is cut short`);
        break;
      }
      sha(Buffer.of(0), bytes.subarray(at + 2, at + 2 + length)).copy(leaves, (first + i) * HASH);
      at += 2 + length;
    }
  }
  return leaves;
}

/** Leaf hashes as the tiles of level 0 state them. */
async function leavesFromTiles(dir: string, size: number, find: Find): Promise<Buffer> {
  const leaves = Buffer.alloc(size * HASH);
  for (let first = 0; first < size; first += WIDTH) {
    const width = Math.min(WIDTH, size - first);
    const { bytes, path } = await readTile(dir, "0", first / WIDTH, width);
    if (bytes === undefined) find("MISSING", path, "missing");
    else if (bytes.length < width * HASH) find("CUT_SHORT", path, "cut short");
    bytes?.copy(leaves, first * HASH, 0, width * HASH);
  }
  return leaves;
}

interface Evidence {
  readonly leaves: Buffer;
  readonly hashed: Buffer;
  readonly root: string;
  readonly fromBundles: string;
  readonly fromTiles: string;
}

/** Where records and tiles disagree, the one that the checkpoint's root bears out is right. */
function blame({ leaves, hashed, root, fromBundles, fromTiles }: Evidence, find: Find): void {
  for (let at = 0; at < leaves.length; at += HASH) {
    if (leaves.compare(hashed, at, at + HASH, at, at + HASH) === 0) continue;
    const record = at / HASH;
    if (fromBundles === root) find("CHANGED", `record ${record}`, "its hash in the tile of level 0 was changed");
    else if (fromTiles === root) find("CHANGED", `record ${record}`, "the record was changed");
    else find("CHANGED", `record ${record}`, "record and tile disagree, and neither gives the checkpoint's root");
  }
  if (fromBundles !== root && fromTiles !== root)
    find("ROOT_DIFFERS", "checkpoint", "its root is not that of the records");
}

/** Every file under `tile`, whatever tree size it was written for, against what the leaves make of it. */
async function checkFiles(dir: string, leaves: Buffer, find: Find): Promise<void> {
  const levels = levelsOf(leaves);
  const seen = new Set<string>();
  for (const file of await filesUnder(dir, "tile")) {
    const match = TILE.exec(file);
    if (match === null) {
      // A file whose writing a crash cut off is nobody's.
      if (!file.endsWith(".new")) find("MISNAMED", file, "not a tile's name");
      continue;
    }
    seen.add(file);
    const [, level = "", groups = "", width = String(WIDTH)] = match;
    const hashes = levels[level === "entries" ? 0 : Number(level)] ?? Buffer.alloc(0);
    const start = Number(groups.replace(/[x/]/g, "")) * WIDTH * HASH;
    const end = start + Number(width) * HASH;
    // Written ahead of a checkpoint that a crash prevented: shown to nobody yet.
    if (end > hashes.length) continue;
    const bytes = await readFile(join(dir, file));
    const expected = hashes.subarray(start, end);
    const actual = level === "entries" ? leavesOf(bytes) : bytes;
    if (!actual.equals(expected)) find("CHANGED", file, "not what the records make of it");
  }
  for (const path of neededFiles(levels)) if (!seen.has(path)) find("MISSING", path, "missing");
}

/** The hashes of each tile level, from the leaves up. */
function levelsOf(leaves: Buffer): Buffer[] {
  const levels: Buffer[] = [leaves];
  for (let below = leaves; below.length >= WIDTH * HASH; ) {
    const full = Math.floor(below.length / HASH / WIDTH);
    const level = Buffer.concat(
      Array.from({ length: full }, (_, i) => rootOf(below.subarray(i * WIDTH * HASH, (i + 1) * WIDTH * HASH))),
    );
    levels.push(level);
    below = level;
  }
  return levels;
}

/** Makes the hash tiles anew from the records, whatever is there. @param leaves as a report has its `records` */
export async function rewriteTiles(dir: string, leaves: Buffer): Promise<void> {
  const levels = levelsOf(leaves);
  const files = [...neededFiles(levels)].map((path) => {
    const [, level = "0", groups = "", width = String(WIDTH)] = TILE.exec(path) ?? [];
    const start = Number(groups.replace(/[x/]/g, "")) * WIDTH * HASH;
    return { path, bytes: (levels[Number(level)] as Buffer).subarray(start, start + Number(width) * HASH) };
  });
  await localDisk(dir).writeAll(files);
}

function* neededFiles(levels: readonly Buffer[]): Generator<string> {
  for (const [level, hashes] of levels.entries()) {
    const count = hashes.length / HASH;
    for (let n = 0; n * WIDTH < count; n += 1) yield pathOf(String(level), n, Math.min(WIDTH, count - n * WIDTH));
  }
}

async function checkJournal(dir: string, leaves: Buffer | undefined, size: number, find: Find): Promise<number> {
  try {
    const { records } = await readJournal(join(dir, "journal"));
    for (const { index, entry } of records) {
      if (leaves === undefined || index >= size) continue;
      const same = sha(Buffer.of(0), entry).equals(leaves.subarray(index * HASH, index * HASH + HASH));
      if (!same) find("CHANGED", `journal, record ${index}`, "not the record of the tree");
    }
    const beyond = records.filter(({ index }) => index >= size);
    const [first] = beyond;
    if (first !== undefined && first.index !== size) find("MISSING", "journal", `record ${size} is missing`);
    return beyond.length;
  } catch (error) {
    find("CHANGED", "journal", messageOf(error));
    return 0;
  }
}

/** Leaf hashes of a bundle; as far as it can be read. */
function leavesOf(bundle: Buffer): Buffer {
  const hashes: Buffer[] = [];
  for (let at = 0; at + 2 <= bundle.length; ) {
    const end = at + 2 + bundle.readUInt16BE(at);
    if (end > bundle.length) return Buffer.alloc(0);
    hashes.push(sha(Buffer.of(0), bundle.subarray(at + 2, end)));
    at = end;
  }
  return Buffer.concat(hashes);
}

/** MTH of RFC 6962 §2.1 over concatenated leaf hashes, as the formula says it. */
function rootOf(leaves: Buffer): Buffer {
  const count = leaves.length / HASH;
  if (count === 0) return sha();
  if (count === 1) return leaves;
  const k = 2 ** Math.ceil(Math.log2(count) - 1);
  return sha(Buffer.of(1), rootOf(leaves.subarray(0, k * HASH)), rootOf(leaves.subarray(k * HASH)));
}

function sha(...parts: Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

async function readTile(dir: string, level: string, index: number, width: number) {
  const full = await readIfThere(join(dir, pathOf(level, index, WIDTH)));
  const path = pathOf(level, index, width);
  return { path, bytes: full ?? (await readIfThere(join(dir, path))) };
}

function pathOf(level: string, index: number, width: number): string {
  const parts: string[] = [];
  for (let rest = index; parts.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) {
    parts.unshift(`${parts.length === 0 ? "" : "x"}${String(rest % 1000).padStart(3, "0")}`);
  }
  return `tile/${level}/${parts.join("/")}${width === WIDTH ? "" : `.p/${width}`}`;
}

async function filesUnder(dir: string, path: string): Promise<string[]> {
  const entries = await readdir(join(dir, path), { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const nested = await Promise.all(
    entries.map((entry) => {
      const name = `${path}/${entry.name}`;
      return entry.isDirectory() ? filesUnder(dir, name) : [name];
    }),
  );
  return nested.flat();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
