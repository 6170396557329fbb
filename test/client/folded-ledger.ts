import { readBlock } from "@wanlian/client/ledger/block.js";
import type { NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import type { Folding } from "@wanlian/client/read/node-ledger.js";
import { RELEASED } from "@wanlian/model/models.js";
import type { Kysely } from "kysely";
import { CHAINCODE, CHANNEL } from "./channel-names.js";

/** The ledger side of a node without a network: it folds the blocks that it is given, into its own database. */
export class FoldedLedger implements Folding {
  readonly models = RELEASED;
  readonly #projection: Projection;

  private constructor(projection: Projection) {
    this.#projection = projection;
  }

  /** Where it stood when the database was last closed. */
  static async open(db: Kysely<NodeDatabase>): Promise<FoldedLedger> {
    return new FoldedLedger(await Projection.open(db, CHANNEL, CHAINCODE, RELEASED));
  }

  /** @param blocks of the whole ledger: those that it has not seen are taken in */
  async catchUp(blocks: readonly Uint8Array[]): Promise<void> {
    for (;;) {
      const left = blocks.slice(Number(this.#projection.height));
      if (left.length === 0) return;
      await this.#projection.takeAll(left.map(readBlock));
    }
  }

  async head(ref: { readonly noun: string; readonly case: string }) {
    return { ...ref, ...(await this.#projection.heads.head(ref)) };
  }

  async folded(): Promise<void> {
    return;
  }

  model() {
    const { policy, time } = this.#projection.watch;
    return this.models.offered(policy, time).model;
  }

  status() {
    const { height, hash: blockHash, watch } = this.#projection;
    return { height, blockHash, ledgerTime: watch.time, ready: true };
  }
}
