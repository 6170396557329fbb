import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { localDisk } from "@wanlian/client/log/disk.js";
import { checkLog } from "@wanlian/client/log/fsck.js";
import { TreeReader } from "@wanlian/client/log/reader.js";
import { type Checkpoint, openCheckpoint } from "@wanlian/model/checkpoint.js";
import { leafHash, verifyConsistency } from "@wanlian/model/merkle.js";
import type { VerifierKey } from "@wanlian/model/note.js";
import { hexOf, type SignedRecord } from "@wanlian/verify/records/access-record.js";
import { readRecord } from "@wanlian/verify/records/log-entry.js";
import { expect } from "chai";

export interface ShownRecord {
  readonly position: number;
  readonly signed: SignedRecord;
}

/** A department's log as whoever reads its files sees it, again and again. */
export class ShownLog {
  readonly #dir: string;
  readonly #key: VerifierKey;
  #last: Checkpoint | undefined;
  /** By id. */
  readonly records = new Map<string, ShownRecord>();

  constructor(dir: string, key: VerifierKey) {
    this.#dir = dir;
    this.#key = key;
  }

  /** Reads what is new. It has to be whole, an extension of what was shown before, and to hold no record twice. */
  async read(label: string): Promise<void> {
    expect((await checkLog(this.#dir, this.#key)).findings, label).to.deep.equal([]);
    const head = openCheckpoint(await readFile(join(this.#dir, "checkpoint"), "utf8"), this.#key);
    const tree = new TreeReader((path) => localDisk(this.#dir).read(path), head);
    const before = this.#last;
    if (before !== undefined && before.size > 0) {
      const proof = await tree.consistency(before.size);
      const claim = { oldSize: before.size, oldRoot: before.root, ...head, proof };
      expect(verifyConsistency(claim), `${label}: ${before.size} → ${head.size}`).to.equal(true);
    }
    let position = before?.size ?? 0;
    for await (const entry of tree.records(position, head.size)) {
      const id = hexOf(leafHash(entry));
      const signed = readRecord(entry);
      if (signed === undefined) throw new Error(`${label}: entry ${position} is no record`);
      expect(this.records.has(id), `${label}: entry ${position} is there twice`).to.equal(false);
      this.records.set(id, { position, signed });
      position += 1;
    }
    this.#last = head;
  }
}
