import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { openCheckpoint } from "@wanlian/model/checkpoint.js";
import type { VerifierKey } from "@wanlian/model/note.js";
import { HASH, rootOf, sha, WIDTH } from "./checked-hash.js";
import { CheckedLeaves, hashesIn, type LeafFiles, leavesIn, pathOf, readTile } from "./checked-leaves.js";
import { isMissing, localDisk } from "./disk.js";
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
  /** Leaf hashes of the records themselves, where they give the checkpoint's root. */
  readonly records: CheckedLeaves | undefined;
  /** The same as the hash tiles state them, where those do. */
  readonly hashes: CheckedLeaves | undefined;
}

/** What can be wrong with a file, or with what stands in it. */
export type LogFault = "MISSING" | "CUT_SHORT" | "CHANGED" | "MISNAMED" | "NOT_SIGNED" | "ROOT_DIFFERS";

export interface LogFinding {
  readonly code: LogFault;
  readonly where: string;
  readonly what: string;
}

/** Records whose hashes differ are told one by one up to so many; of a damaged disk nobody reads more. */
const MOST_DIFFERING = 10_000;
/** Tiles written together. */
const TILES_AT_ONCE = 64;
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
  const { records, tiles, differing } = await readLeaves(dir, head.size, find);
  const fromRecords = records.root.toString("hex") === head.root;
  const fromTiles = tiles.root.toString("hex") === head.root;
  blame(differing, { fromRecords, fromTiles }, find);
  const sound = fromRecords ? records : fromTiles ? tiles : undefined;
  if (sound !== undefined) await checkFiles(dir, sound, find);
  const unpublished = await checkJournal(dir, sound, head.size, find);
  return {
    ...{ ...head, unpublished, findings },
    records: fromRecords ? records : undefined,
    hashes: fromTiles ? tiles : undefined,
  };
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

interface ReadLeaves {
  readonly records: CheckedLeaves;
  readonly tiles: CheckedLeaves;
  /** Numbers of the records of which the two say different things. */
  readonly differing: readonly number[];
}

/** Leaf hashes from the records themselves, and as the tiles of level 0 state them. */
async function readLeaves(dir: string, size: number, find: Find): Promise<ReadLeaves> {
  const [fromRecords, fromTiles]: [Buffer[], Buffer[]] = [[], []];
  const differing: number[] = [];
  for (let first = 0; first < size; first += WIDTH) {
    const width = Math.min(WIDTH, size - first);
    const own = await leavesInBundle(dir, first, width, find);
    const stated = await leavesInTile(dir, first, width, find);
    fromRecords.push(rootOf(own));
    fromTiles.push(rootOf(stated));
    for (let at = 0; at < width && differing.length < MOST_DIFFERING; at += 1) {
      const [start, end] = [at * HASH, (at + 1) * HASH];
      if (own.compare(stated, start, end, start, end) !== 0) differing.push(first + at);
    }
  }
  const leaves = (files: LeafFiles, roots: readonly Buffer[]) =>
    new CheckedLeaves(dir, files, size, Buffer.concat(roots));
  return { records: leaves("entries", fromRecords), tiles: leaves("0", fromTiles), differing };
}

async function leavesInBundle(dir: string, first: number, width: number, find: Find): Promise<Buffer> {
  const { bytes, path } = await readTile(dir, "entries", first / WIDTH, width);
  if (bytes === undefined) find("MISSING", path, `missing: records ${first} to ${first + width - 1}`);
  return leavesIn(bytes, width, (at) => find("CUT_SHORT", path, `record ${first + at} is cut short`));
}

async function leavesInTile(dir: string, first: number, width: number, find: Find): Promise<Buffer> {
  const { bytes, path } = await readTile(dir, "0", first / WIDTH, width);
  if (bytes === undefined) find("MISSING", path, "missing");
  else if (bytes.length < width * HASH) find("CUT_SHORT", path, "cut short");
  return hashesIn(bytes, width);
}

/** Where records and tiles disagree, the one that the checkpoint's root bears out is right. */
function blame(
  differing: readonly number[],
  { fromRecords, fromTiles }: { readonly fromRecords: boolean; readonly fromTiles: boolean },
  find: Find,
): void {
  for (const record of differing) {
    if (fromRecords) find("CHANGED", `record ${record}`, "its hash in the tile of level 0 was changed");
    else if (fromTiles) find("CHANGED", `record ${record}`, "the record was changed");
    else find("CHANGED", `record ${record}`, "record and tile disagree, and neither gives the checkpoint's root");
  }
  if (!fromRecords && !fromTiles) find("ROOT_DIFFERS", "checkpoint", "its root is not that of the records");
}

/** Every file under `tile`, whatever tree size it was written for, against what the leaves make of it. */
async function checkFiles(dir: string, leaves: CheckedLeaves, find: Find): Promise<void> {
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
    const [, level = "", groups = "", written = String(WIDTH)] = match;
    const [index, width] = [Number(groups.replace(/[x/]/g, "")), Number(written)];
    const bytes = await readFile(join(dir, file));
    const same =
      level === "entries" || level === "0"
        ? await statesThose(leaves, index, width, level === "0" ? bytes : leavesOf(bytes))
        : hasThose(levels[Number(level)] ?? Buffer.alloc(0), index, width, bytes);
    if (!same) find("CHANGED", file, "not what the records make of it");
  }
  for (const path of neededFiles(leaves.size, levels)) if (!seen.has(path)) find("MISSING", path, "missing");
}

/** Whether leaf hashes are a bundle's; also where they were written ahead of a checkpoint that a crash prevented: nobody saw those. */
async function statesThose(leaves: CheckedLeaves, index: number, width: number, hashes: Buffer): Promise<boolean> {
  if (index * WIDTH + width > leaves.size) return true;
  if (width < WIDTH) return hashes.equals((await leaves.ofBundle(index)).subarray(0, width * HASH));
  const root = leaves.roots.subarray(index * HASH, (index + 1) * HASH);
  return hashes.length === WIDTH * HASH && rootOf(hashes).equals(root);
}

/** Likewise of a level of which all hashes are at hand. */
function hasThose(hashes: Buffer, index: number, width: number, bytes: Buffer): boolean {
  const [start, end] = [index * WIDTH * HASH, (index * WIDTH + width) * HASH];
  return end > hashes.length || bytes.equals(hashes.subarray(start, end));
}

/** The hashes of each tile level above the leaves, by its number. */
function levelsOf({ size, roots }: CheckedLeaves): readonly (Buffer | undefined)[] {
  const levels: (Buffer | undefined)[] = [undefined];
  const full = Math.floor(size / WIDTH);
  if (full === 0) return levels;
  levels.push(roots.subarray(0, full * HASH));
  for (let below = roots.subarray(0, full * HASH); below.length >= WIDTH * HASH; ) {
    const count = Math.floor(below.length / HASH / WIDTH);
    const source = below;
    below = Buffer.concat(
      Array.from({ length: count }, (_, i) => rootOf(source.subarray(i * WIDTH * HASH, (i + 1) * WIDTH * HASH))),
    );
    levels.push(below);
  }
  return levels;
}

/** Makes the hash tiles anew from the records, whatever is there. @param leaves as a report has its `records` */
export async function rewriteTiles(dir: string, leaves: CheckedLeaves): Promise<void> {
  const disk = localDisk(dir);
  let files: { path: string; bytes: Buffer }[] = [];
  const write = async (path: string, bytes: Buffer) => {
    files.push({ path, bytes });
    if (files.length < TILES_AT_ONCE) return;
    await disk.writeAll(files);
    files = [];
  };
  for (let index = 0; index < leaves.bundles; index += 1) {
    const bytes = await leaves.ofBundle(index);
    await write(pathOf("0", index, bytes.length / HASH), bytes);
  }
  for (const [level, hashes] of levelsOf(leaves).entries()) {
    for (let at = 0; hashes !== undefined && at < hashes.length; at += WIDTH * HASH) {
      const bytes = hashes.subarray(at, at + WIDTH * HASH);
      await write(pathOf(String(level), at / HASH / WIDTH, bytes.length / HASH), bytes);
    }
  }
  await disk.writeAll(files);
}

/** Hash tiles of all levels. */
function* neededFiles(size: number, levels: readonly (Buffer | undefined)[]): Generator<string> {
  for (const [level, hashes] of levels.entries()) {
    const count = hashes === undefined ? size : hashes.length / HASH;
    for (let n = 0; n * WIDTH < count; n += 1) yield pathOf(String(level), n, Math.min(WIDTH, count - n * WIDTH));
  }
}

async function checkJournal(dir: string, leaves: CheckedLeaves | undefined, size: number, find: Find): Promise<number> {
  try {
    const { records } = await readJournal(join(dir, "journal"));
    let bundle = { index: -1, leaves: Buffer.alloc(0) };
    for (const { index, entry } of records) {
      if (leaves === undefined || index >= size) continue;
      const place = Math.floor(index / WIDTH);
      if (bundle.index !== place) bundle = { index: place, leaves: Buffer.from(await leaves.ofBundle(place)) };
      const at = (index % WIDTH) * HASH;
      const same = sha(Buffer.of(0), entry).equals(bundle.leaves.subarray(at, at + HASH));
      if (!same) find("CHANGED", `journal, record ${index}`, "not the record of the tree");
    }
    const beyond = records.filter(({ index }) => index >= size);
    const [first] = beyond;
    if (first !== undefined && first.index !== size) find("MISSING", "journal", `record ${size} is missing`);
    return beyond.length;
  } catch (error) {
    find(isMissing(error) ? "MISSING" : "CHANGED", "journal", messageOf(error));
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
