import { isDeepStrictEqual } from "node:util";
import type { RowProof } from "@wanlian/model/release/row-proof.js";
import type { Subject } from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";
import { type ColumnBatch, RunningDigest } from "../../sheets/index.js";
import type { RowTree } from "../../tables/index.js";
import type { Row, Source } from "../sources/source.js";

export interface ProvenRows {
  /** Values of the fields asked for. */
  readonly rows: readonly Row[];
  /** One a row. */
  readonly proofs: readonly RowProof[];
}

/** A release's data with the tree over its rows: gives nothing that is not the release's. */
export class ProvenSource {
  readonly tree: RowTree;
  readonly #source: Source;
  /** The state of the source in which it is known to hold the release. */
  #known: string;
  #checking: Promise<void> | undefined;

  constructor(source: Source, tree: RowTree) {
    this.#source = source;
    this.tree = tree;
    this.#known = tree.release.stamp;
  }

  isOf(source: Source): boolean {
    return this.#source === source;
  }

  /**
   * As the source's own `find`, with a proof of the fields asked for and asked by.
   * @throws ExchangeError SOURCE_*, FIELD_UNKNOWN; SOURCE_DIFFERS: the source is not what the release registered
   */
  async find(subject: Subject, fields: readonly string[], limit: number): Promise<ProvenRows> {
    await this.#check();
    const all = this.tree.fields;
    // The whole row: its proof takes a commitment to each cell, and shows that none was changed.
    const found = await this.#source.find(subject, all, limit);
    const proofs = this.tree.prove(found, new Set([...fields, ...Object.keys(subject)]));
    const wanted = fields.map((field) => all.indexOf(field));
    return { rows: found.map((row) => wanted.map((at) => row[at] ?? null)), proofs };
  }

  /** @throws ExchangeError SOURCE_DIFFERS, as `find`; what is then read, as the source's own `read` */
  async read(fields: readonly string[]): Promise<AsyncIterable<ColumnBatch>> {
    await this.#check();
    return this.#source.read(fields);
  }

  /** A row that is no more there has no proof to fail: whatever may have changed is compared whole before it is used. */
  async #check(): Promise<void> {
    const stamp = await this.#source.stamp?.();
    if (stamp === undefined || stamp === this.#known) return;
    this.#checking ??= this.#compare(stamp).finally(() => {
      this.#checking = undefined;
    });
    await this.#checking;
  }

  async #compare(stamp: string): Promise<void> {
    const digest = new RunningDigest(this.tree.fields);
    for await (const batch of this.#source.read(this.tree.fields)) {
      digest.update(batch);
      batch.release?.();
    }
    if (!isDeepStrictEqual(digest.finish().fields, this.tree.release.fields)) {
      throw new ExchangeError("SOURCE_DIFFERS", "the source is not what the release registered");
    }
    this.#known = stamp;
  }
}
