import type { Digest } from "@wanlian/model/identifiers.js";
import {
  GrowingTree,
  type Hash,
  inclusionProof,
  type LeafRange,
  leafHash,
  type NodeId,
  treeRoot,
} from "@wanlian/model/merkle.js";
import { rangeProof } from "@wanlian/model/merkle-range.js";
import { type LedgerLeaf, ledgerLeaf } from "@wanlian/verify";
import type { Kysely } from "kysely";
import type { NodeDatabase } from "../projection/index.js";

/** Blocks read at a time while catching up. */
const PAGE = 1000;

/**
 * The ledger tree: RFC 6962 over one leaf a block, from block 0, computed by this node from its own blocks. Held in
 * memory whole (64 bytes a block), since proofs are asked for trees of any earlier size.
 */
export class LedgerTree {
  readonly #db: Kysely<NodeDatabase>;
  readonly #tree = new GrowingTree();
  readonly #levels: Hash[][] = [];
  #catchingUp: Promise<void> = Promise.resolve();

  constructor(db: Kysely<NodeDatabase>) {
    this.#db = db;
  }

  /** Blocks in it. */
  get size(): number {
    return this.#tree.size;
  }

  /** Takes in the blocks folded since. */
  async catchUp(): Promise<void> {
    // One after the other: one that is under way may have looked before the newest was there.
    const next = this.#catchingUp.then(() => this.#catchUp());
    this.#catchingUp = next.catch(() => undefined);
    await next;
  }

  /** The root over the first `blocks` blocks. @throws RangeError if they are not here yet */
  root(blocks: number): Digest {
    this.#assertHas(blocks);
    return Buffer.from(treeRoot(blocks, (node) => this.#node(node))).toString("hex") as Digest;
  }

  /** The proof that a block is in the tree of the first `blocks`. @throws RangeError */
  inclusion(block: number, blocks: number): Hash[] {
    this.#assertHas(blocks);
    return inclusionProof(block, blocks, (node) => this.#node(node));
  }

  /** The proof that these blocks, one after another, are in the tree of the first `blocks`. @throws RangeError */
  range(range: LeafRange, blocks: number): Hash[] {
    this.#assertHas(blocks);
    return rangeProof(range, blocks, (node) => this.#node(node));
  }

  /** In order. */
  async leaves({ start, end }: LeafRange): Promise<LedgerLeaf[]> {
    const query = this.#db.selectFrom("blocks").selectAll().where("number", ">=", start).where("number", "<", end);
    return (await query.orderBy("number").execute()).map(leafOf);
  }

  /** @throws RangeError */
  async leaf(block: number): Promise<LedgerLeaf> {
    const row = await this.#db.selectFrom("blocks").selectAll().where("number", "=", block).executeTakeFirst();
    if (row === undefined) throw new RangeError(`block ${block} is not here`);
    return leafOf(row);
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const rows = await this.#db
        .selectFrom("blocks")
        .selectAll()
        .where("number", ">=", this.size)
        .orderBy("number")
        .limit(PAGE)
        .execute();
      for (const row of rows) this.#append(leafHash(ledgerLeaf(leafOf(row))));
      if (rows.length < PAGE) return;
    }
  }

  #append(leaf: Hash): void {
    this.#tree.append(leaf, ({ level, index }, hash) => {
      const row = this.#levels[level] ?? [];
      this.#levels[level] = row;
      row[index] = hash;
    });
  }

  #node({ level, index }: NodeId): Hash {
    const hash = this.#levels[level]?.[index];
    if (hash === undefined) throw new RangeError(`the ledger tree has no node ${level}/${index}`);
    return hash;
  }

  #assertHas(blocks: number): void {
    if (blocks > this.size) throw new RangeError(`the ledger tree has ${this.size} blocks, not ${blocks}`);
  }
}

function leafOf(row: {
  number: number;
  hash: string;
  codes: string;
  commit_hash: string;
  verdicts: string;
}): LedgerLeaf {
  const { number, hash, codes, commit_hash: commitHash, verdicts } = row;
  return { block: Number(number), hash, codes, commitHash, verdicts };
}
