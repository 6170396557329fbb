import { createHash, type Hash as Hasher } from "node:crypto";
import type { Digest } from "@wanlian/model/identifiers.js";
import type { FieldDigest } from "@wanlian/model/release/release-root.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import type { ColumnBatch } from "./column.js";

/**
 * What a release registers on the ledger (docs/formats/release-digest.md): a digest for each field over its column
 * in canonical form, so that whoever gets two fields can check those two; and one root over them.
 */
export interface ReleaseDigest {
  readonly rows: number;
  readonly fields: readonly FieldDigest[];
  /** Root over the fields, in their order: hex. */
  readonly root: Digest;
}

/** Digests columns while they pass by. */
export class RunningDigest {
  readonly #fields: readonly string[];
  readonly #hashers: readonly Hasher[];
  #rows = 0;

  constructor(fields: readonly string[]) {
    this.#fields = fields;
    this.#hashers = fields.map(() => createHash("sha256"));
  }

  update({ rows, columns }: ColumnBatch): void {
    if (columns.length !== this.#hashers.length) throw new RangeError("a batch has one column for each field");
    for (const [at, hasher] of this.#hashers.entries()) hasher.update(columns[at] as Uint8Array);
    this.#rows += rows;
  }

  /** Ends the digest; call it once. */
  finish(): ReleaseDigest {
    const fields = this.#hashers.map((hasher, at) => ({
      name: this.#fields[at] as string,
      digest: hasher.digest("hex") as Digest,
    }));
    return { rows: this.#rows, fields, root: releaseRoot(fields) };
  }
}
