import { join } from "node:path";
import { type Hash, leafHash } from "@wanlian/model/merkle.js";
import { LogError } from "../core/index.js";
import type { CheckedLeaves } from "./checked-leaves.js";
import { isMissing, localDisk, readIfThere } from "./disk.js";
import { encodeBundle } from "./entry-bundle.js";
import { readJournal } from "./journal.js";
import { ENTRIES, tilePath } from "./tiles.js";

/** Entries by their leaf hashes, hex. */
export type EntriesByLeaf = ReadonlyMap<string, Uint8Array>;

/**
 * A bundle whose entries are not those that the hash tiles name, with as many of them as bundle and journal still have:
 * what is left to be found anywhere else is known by its hash.
 */
export interface BrokenBundle {
  readonly path: string;
  readonly leaves: readonly string[];
  readonly here: EntriesByLeaf;
}

/** One after the other, since all of a log may be broken. @param hashes that give the checkpoint's root */
export async function* brokenBundles(dir: string, hashes: CheckedLeaves): AsyncGenerator<BrokenBundle> {
  const waiting = await journalEntries(dir);
  for (let index = 0; index < hashes.bundles; index += 1) {
    const bytes = await hashes.ofBundle(index);
    const leaves = Array.from({ length: bytes.length / 32 }, (_, at) => bytes.toString("hex", 32 * at, 32 * at + 32));
    const path = tilePath({ level: ENTRIES, index, width: leaves.length });
    const entries = await readBundle(dir, path);
    if (entries.length === leaves.length && entries.every((entry, at) => nameOf(entry) === leaves[at])) continue;
    const own = new Map(entries.map((entry) => [nameOf(entry), entry] as const));
    const here = new Map(leaves.flatMap((leaf) => [...pick(own, leaf), ...pick(waiting, leaf)]));
    yield { path, leaves, here };
  }
}

/** Writes the bundles anew for which all entries are there. */
export async function restoreBundles(
  dir: string,
  broken: readonly BrokenBundle[],
  found: EntriesByLeaf,
): Promise<void> {
  const files = broken.flatMap(({ path, leaves, here }) => {
    const entries = leaves.flatMap((leaf) => here.get(leaf) ?? found.get(leaf) ?? []);
    return entries.length === leaves.length ? [{ path, bytes: encodeBundle(entries) }] : [];
  });
  await localDisk(dir).writeAll(files);
}

/** As far as it can be read. */
async function readBundle(dir: string, path: string): Promise<readonly Uint8Array[]> {
  const bytes = (await readIfThere(join(dir, path))) ?? Buffer.alloc(0);
  const entries: Uint8Array[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const end = at + 2 + bytes.readUInt16BE(at);
    if (end > bytes.length) break;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

/** What was not let go of yet; nothing where the journal itself is damaged or gone. */
async function journalEntries(dir: string): Promise<EntriesByLeaf> {
  try {
    const { records } = await readJournal(join(dir, "journal"));
    return new Map(records.map(({ entry }) => [nameOf(entry), entry]));
  } catch (error) {
    if (error instanceof LogError || isMissing(error)) return new Map();
    throw error;
  }
}

function pick(here: EntriesByLeaf, leaf: string): [string, Uint8Array][] {
  const entry = here.get(leaf);
  return entry === undefined ? [] : [[leaf, entry]];
}

function nameOf(entry: Uint8Array): string {
  const leaf: Hash = leafHash(entry);
  return Buffer.from(leaf).toString("hex");
}
