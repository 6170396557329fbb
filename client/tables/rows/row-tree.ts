import { equalHashes, HASH_BYTES, type Hash, inclusionProof } from "@wanlian/model/merkle.js";
import { cellLine } from "@wanlian/model/release/cell.js";
import { type RowProof, SALT_BYTES } from "@wanlian/model/release/row-proof.js";
import { ExchangeError } from "../../core/index.js";
import type { MadeRelease } from "../../sheets/index.js";
import { NodeFile } from "./node-file.js";
import { RowHasher } from "./row-hasher.js";
import { filesIn, readKey, readRelease } from "./row-tree-files.js";

/** The tree over a release's rows, with the key that only its provider has: proves cells one by one. */
export class RowTree {
  readonly release: MadeRelease;
  readonly #nodes: NodeFile;
  readonly #hasher: RowHasher;

  private constructor(release: MadeRelease, nodes: NodeFile, key: Uint8Array) {
    this.release = release;
    this.#nodes = nodes;
    this.#hasher = new RowHasher(key, release.fields.length);
  }

  /** @throws ExchangeError SOURCE_MISSING, SOURCE_MALFORMED */
  static async open(folder: string): Promise<RowTree> {
    const release = await readRelease(folder);
    if (release === undefined) throw new ExchangeError("SOURCE_MISSING", `${folder} holds no row tree of a release`);
    const key = await readKey(folder);
    return new RowTree(release, NodeFile.open(filesIn(folder).nodes, release.rows), key);
  }

  get fields(): readonly string[] {
    return this.release.fields.map(({ name }) => name);
  }

  /**
   * A proof for each row. A row that the release has twice may be given twice, and not three times.
   * @param rows values of all fields of the release, in its order
   * @param shown the fields that the proof is of
   * @throws ExchangeError SOURCE_DIFFERS: a row is not the release's
   */
  prove(rows: readonly (readonly (string | null)[])[], shown: ReadonlySet<string>): RowProof[] {
    const given = new Map<string, number>();
    const isShown = this.release.fields.map(({ name }) => shown.has(name));
    return rows.map((row) => {
      const { leaf, salts, commitments } = this.#hasher.row(row.map((value) => Buffer.from(cellLine(value), "utf8")));
      const name = leaf.toString("latin1");
      const before = given.get(name) ?? 0;
      given.set(name, before + 1);
      return {
        ...this.#placeOf(leaf, before),
        salts: pieces(salts, SALT_BYTES, (at) => isShown[at] === true),
        hidden: pieces(commitments, HASH_BYTES, (at) => isShown[at] === false),
      };
    });
  }

  /**
   * Among rows that the source gave, the first of whose cells one has this commitment: proven to be the release's, and
   * of no cell is shown what it holds.
   * @throws ExchangeError SOURCE_DIFFERS: the row is not the release's
   */
  findCell(commitment: Hash, columns: readonly Uint8Array[], rows: number): RowProof | undefined {
    const found = this.#hasher.rowWith(commitment, columns, rows);
    if (found === undefined) return undefined;
    return { ...this.#placeOf(found.leaf, 0), salts: "", hidden: found.commitments.toString("base64") };
  }

  /** @throws ExchangeError SOURCE_DIFFERS */
  #placeOf(leaf: Hash, before: number): Pick<RowProof, "index" | "path"> {
    const index = this.#nodes.firstFrom(leaf) + before;
    if (!this.#stands(leaf, index)) {
      throw new ExchangeError("SOURCE_DIFFERS", "the source holds a row that the release did not register");
    }
    const path = Buffer.concat(inclusionProof(index, this.#nodes.rows, this.#nodes.read)).toString("base64");
    return { index, path };
  }

  close(): void {
    this.#nodes.close();
  }

  #stands(leaf: Hash, index: number): boolean {
    return index < this.#nodes.rows && equalHashes(this.#nodes.read({ level: 0, index }), leaf);
  }
}

function pieces(bytes: Buffer, size: number, wanted: (at: number) => boolean): string {
  const all = Array.from({ length: bytes.length / size }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
  return Buffer.concat(all.filter((_, at) => wanted(at))).toString("base64");
}
