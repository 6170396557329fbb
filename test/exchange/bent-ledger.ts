import type { NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import type { Case, LedgerPosition, LedgerPresent } from "@wanlian/client/read/ledger-reader.js";
import { NodeLedger } from "@wanlian/client/read/node-ledger.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Kysely } from "kysely";
import { FoldedLedger } from "../client/folded-ledger.js";

/** What a node says of the ledger: what its own fold found, unless a test bends it. */
export class BentLedger implements LedgerPresent {
  /** Position shown instead of the real one: a node that is behind, or says so. */
  shown: LedgerPosition | undefined;
  /** Cases as they are pretended to be. */
  readonly pretended = new Map<string, Case>();
  objections: readonly TransactionId[] | undefined;
  #folded: FoldedLedger;
  #honest: NodeLedger;

  private constructor(folded: FoldedLedger, db: Kysely<NodeDatabase>) {
    this.#folded = folded;
    this.#honest = new NodeLedger(folded, db);
  }

  static async open(db: Kysely<NodeDatabase>): Promise<BentLedger> {
    return new BentLedger(await FoldedLedger.open(db), db);
  }

  /** On the database, opened anew. */
  async reopen(db: Kysely<NodeDatabase>): Promise<void> {
    this.#folded = await FoldedLedger.open(db);
    this.#honest = new NodeLedger(this.#folded, db);
  }

  /** What the fold found. */
  get honest(): NodeLedger {
    return this.#honest;
  }

  catchUp(blocks: readonly Uint8Array[]): Promise<void> {
    return this.#folded.catchUp(blocks);
  }

  position(): LedgerPosition {
    return this.shown ?? this.#honest.position();
  }

  reading() {
    return this.#honest.reading();
  }

  blockHash(number: number) {
    return this.#honest.blockHash(number);
  }

  async head(noun: string, id: string): Promise<Case | undefined> {
    return this.pretended.get(id) ?? (await this.#honest.head(noun, id));
  }

  async openObjections(release: TransactionId): Promise<readonly TransactionId[]> {
    return this.objections ?? (await this.#honest.openObjections(release));
  }

  releaseFields(release: TransactionId) {
    return this.#honest.releaseFields(release);
  }

  async reached(height: number): Promise<boolean> {
    return height <= this.#honest.position().height;
  }
}
