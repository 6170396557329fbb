import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, mkdtemp, open, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Digest } from "@wanlian/model/identifiers.js";
import { HASH_BYTES, treeRoot } from "@wanlian/model/merkle.js";
import { ExchangeError } from "../../core/index.js";
import { type MadeRelease, type NamedBatch, RunningDigest } from "../../sheets/index.js";
import { NodeFile } from "./node-file.js";
import {
  filesIn,
  KEY_BYTES,
  levelsOf,
  readIfThere,
  readKey,
  readKeyFile,
  readRelease,
  writeWhole,
} from "./row-tree-files.js";
import { RowWorkers } from "./row-workers.js";
import { SortedRuns } from "./sorted-runs.js";

/** Hashes whose pairs are hashed by one call of a thread. */
const PAIRS_BYTES = 256 * 1024;
/** Of the row root, in the name of the tree's folder. */
const NAME_CHARACTERS = 12;

export interface ReleaseSource {
  /** What changes when the data does: an interrupted tree goes on only for the same. */
  readonly stamp: string;
  /** The whole release in its row order. */
  read(): AsyncIterable<NamedBatch>;
}

export interface Made {
  readonly release: MadeRelease;
  /** Where its tree is. */
  readonly folder: string;
}

/** Called now and then. @param resumed rows of them that an earlier run had hashed */
export type Progress = (rows: number, resumed: number) => void;

/** The folder of a release's tree. @param base what all of the same data begin with, such as the path of its file */
export const treeFolder = (base: string, rowRoot: string): string =>
  `${base}.rows-${rowRoot.slice(0, NAME_CHARACTERS)}`;

/**
 * Digests a release and makes the tree over its rows, beside its data. What was interrupted goes on where it was; what
 * is there of the same data is given as it is.
 * @throws ExchangeError SOURCE_*, FIELD_UNKNOWN
 */
export async function makeRelease(base: string, source: ReleaseSource, progress?: Progress): Promise<Made> {
  const known = await findMade(base, source.stamp);
  if (known !== undefined) return known;
  const unfinished = `${base}.rows-new`;
  const key = await begin(unfinished, source.stamp);
  const release = await make(unfinished, key, source, progress);
  const folder = treeFolder(base, release.rowRoot);
  await rename(unfinished, folder);
  return { release, folder };
}

/**
 * Makes a release again from its data and its key, which its provider gave: for whoever does not take the provider's
 * word that the row tree is of the data. Nothing of it is kept.
 * @param keyFile the file `key` of the tree's folder
 * @throws ExchangeError as {@link makeRelease}; SOURCE_MISSING, SOURCE_MALFORMED: no key is there
 */
export async function remakeRelease(keyFile: string, source: ReleaseSource): Promise<MadeRelease> {
  const folder = await mkdtemp(join(tmpdir(), "wanlian-rows-"));
  try {
    return await make(folder, await readKeyFile(keyFile), source);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function findMade(base: string, stamp: string): Promise<Made | undefined> {
  const names = await readdir(dirname(base));
  for (const name of names.filter((each) => each.startsWith(`${basename(base)}.rows-`)).sort()) {
    const folder = join(dirname(base), name);
    const release = await readRelease(folder);
    if (release?.stamp === stamp) return { release, folder };
  }
  return undefined;
}

/** The key to go on with, or a new one if the data is not that of the tree begun. */
async function begin(folder: string, stamp: string): Promise<Buffer> {
  const { source, key } = filesIn(folder);
  if ((await readIfThere(source)) === stamp) return await readKey(folder);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  await writeWhole(key, `${randomBytes(KEY_BYTES).toString("hex")}\n`);
  // Last: with it the folder is one to go on with.
  await writeWhole(source, stamp);
  return await readKey(folder);
}

async function make(
  folder: string,
  key: Buffer,
  source: ReleaseSource,
  progress: Progress = () => undefined,
): Promise<MadeRelease> {
  const files = filesIn(folder);
  const runs = await SortedRuns.open(files.runs);
  const hashing = new Hashing(key, runs, progress);
  try {
    for await (const batch of source.read()) await hashing.take(batch);
    const { rows, fields, root } = await hashing.finish();
    const rowRoot = await writeNodes(files.nodes, runs, rows, hashing.workers);
    const release: MadeRelease = { schema: 1, rows, fields: [...fields], root, rowRoot, stamp: source.stamp };
    await writeWhole(files.release, JSON.stringify(release, undefined, 1));
    await rm(files.runs);
    await rm(files.source, { force: true });
    return release;
  } finally {
    await runs.close();
    await hashing.close();
  }
}

/** Digests columns and hashes rows while they pass by. */
class Hashing {
  readonly #key: Uint8Array;
  readonly #runs: SortedRuns;
  readonly #progress: Progress;
  readonly #resumed: number;
  #digest: RunningDigest | undefined;
  #workers: RowWorkers | undefined;
  #rows = 0;

  constructor(key: Uint8Array, runs: SortedRuns, progress: Progress) {
    this.#key = key;
    this.#runs = runs;
    this.#progress = progress;
    this.#resumed = runs.kept;
  }

  get workers(): RowWorkers {
    if (this.#workers === undefined) throw new ExchangeError("SOURCE_MALFORMED", "the source has no fields");
    return this.#workers;
  }

  async take(batch: NamedBatch): Promise<void> {
    const { fields, rows } = batch;
    this.#workers ??= new RowWorkers({ key: this.#key, fields: fields.length });
    this.#digest ??= new RunningDigest(fields);
    this.#digest.update(batch);
    const from = Math.max(0, this.#resumed - this.#rows);
    if (from < rows) this.#workers.giveRows(batch, from);
    batch.release?.();
    this.#rows += rows;
    while (this.#workers.full) await this.#keep();
    this.#progress(this.#rows, this.#resumed);
  }

  async finish() {
    const { workers } = this;
    while (workers.waiting > 0) await this.#keep();
    const digest = this.#digest?.finish();
    if (digest === undefined || digest.rows !== this.#runs.size) {
      throw new ExchangeError("SOURCE_CHANGED", "the source has fewer rows than were hashed before");
    }
    return digest;
  }

  async close(): Promise<void> {
    await this.#workers?.close();
  }

  async #keep(): Promise<void> {
    await this.#runs.add(await this.workers.take());
  }
}

/** Writes the hashes of all complete subtrees. @returns the root */
async function writeNodes(path: string, runs: SortedRuns, rows: number, workers: RowWorkers): Promise<Digest> {
  const file = await open(path, "w+", 0o600);
  try {
    for await (const leaves of runs.merged()) await file.appendFile(leaves);
    for (const { start, nodes } of levelsOf(rows)) {
      await writeLevelAbove(file, start, Math.floor(nodes / 2), workers);
    }
    await file.datasync();
  } finally {
    await file.close();
  }
  const nodes = NodeFile.open(path, rows);
  try {
    return Buffer.from(treeRoot(rows, nodes.read)).toString("hex") as Digest;
  } finally {
    nodes.close();
  }
}

async function writeLevelAbove(file: FileHandle, start: number, nodes: number, workers: RowWorkers): Promise<void> {
  const end = start + nodes * 2 * HASH_BYTES;
  for (let at = start; at < end || workers.waiting > 0; ) {
    if (at < end && !workers.full) {
      const length = Math.min(PAIRS_BYTES, end - at);
      const { buffer } = await file.read(new Uint8Array(length), 0, length, at);
      workers.givePairs(buffer);
      at += length;
    } else {
      await file.appendFile(await workers.take());
    }
  }
}
