import { isDeepStrictEqual } from "node:util";
import type { Digest } from "@wanlian/model/identifiers.js";
import type { RowProof } from "@wanlian/model/release/row-proof.js";
import { maskedFields, type Subject } from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";
import { type ColumnBatch, RunningDigest } from "../../sheets/index.js";
import type { RowTree } from "../../tables/index.js";
import type { Row, Source } from "../sources/source.js";
import { isShown, type Shown, shownRow } from "./shown/shown-rows.js";

export interface ProvenRows {
  /** Values of the fields asked for. */
  readonly rows: readonly Row[];
  /** One a row. */
  readonly proofs: readonly RowProof[];
  /** Whether there may be more rows than were looked at. */
  readonly more: boolean;
}

/**
 * Rows of one subject that are looked at for those that a filter shows; whoever has more of one subject downloads. Beyond, the
 * answer says that there may be more.
 */
const MOST_LOOKED_AT = 64_000;
const WIDER = 8;

/** What of the rows is shown: without masks and filters, the fields of all of them as they are. */
export interface Showing extends Shown {
  readonly fields: readonly string[];
  readonly pseudonym: (field: string, value: string) => string;
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
   * As the source's own `find`, with a proof of the fields asked for and asked by. A masked field is shown as its mask and
   * proven by nothing: neither its value nor what could be tried against it goes out. Rows that are filtered out are not there.
   * @throws ExchangeError SOURCE_*, FIELD_UNKNOWN; SOURCE_DIFFERS: the source is not what the release registered
   */
  async find(subject: Subject, showing: Showing, limit: number): Promise<ProvenRows> {
    const { fields, masks = [], filters = [], pseudonym } = showing;
    await this.#check();
    const all = this.tree.fields;
    // The whole row: its proof takes a commitment to each cell, and shows that none was changed.
    const { found, more } = await this.#shown(subject, filters, limit);
    const masked = maskedFields({ masks });
    const proven = fields.filter((field) => !masked.has(field));
    const proofs = this.tree.prove(found, new Set([...proven, ...Object.keys(subject)]));
    const wanted = fields.map((field) => all.indexOf(field));
    const rows = found.map((row) =>
      shownRow(
        fields,
        wanted.map((at) => row[at] ?? null),
        masks,
        pseudonym,
      ),
    );
    return { rows, proofs, more };
  }

  /** Whole rows that the filters show, and whether there may be more of them: rows that are not shown count for nothing. */
  async #shown(
    subject: Subject,
    filters: NonNullable<Showing["filters"]>,
    limit: number,
  ): Promise<{ readonly found: readonly Row[]; readonly more: boolean }> {
    const all = this.tree.fields;
    for (let asked = limit; ; asked = Math.min(MOST_LOOKED_AT, asked * WIDER)) {
      const looked = await this.#source.find(subject, all, asked);
      const shown = looked.filter((row) => isShown(filters, (field) => row[all.indexOf(field)] ?? null));
      const isAll = looked.length < asked;
      if (!isAll && shown.length < limit && asked < MOST_LOOKED_AT) continue;
      return { found: shown.slice(0, limit), more: shown.length >= limit || !isAll };
    }
  }

  /** @throws ExchangeError SOURCE_DIFFERS, as `find`; what is then read, as the source's own `read` */
  async read(fields: readonly string[]): Promise<AsyncIterable<ColumnBatch>> {
    await this.#check();
    return this.#source.read(fields);
  }

  /**
   * The row of whose cells one has this digest, with a proof that shows no value; undefined where none has. Reads the
   * whole source, up to where it is found.
   * @throws ExchangeError as `find`
   */
  async findCell(digest: Digest, signal: AbortSignal): Promise<RowProof | undefined> {
    const wanted = Buffer.from(digest, "hex");
    for await (const { columns, rows, release } of await this.read(this.tree.fields)) {
      signal.throwIfAborted();
      const found = this.tree.findCell(wanted, columns, rows);
      release?.();
      if (found !== undefined) return found;
    }
    return undefined;
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
