import type { FoldedAct, NodeServices } from "../core/index.js";
import type { LedgerTree } from "./ledger-tree.js";

/** Another department's ledger is not this one. */
export interface LedgerDifference {
  readonly department: string;
  /** Transaction and block of the anchor that shows it. */
  readonly transactionId: string;
  readonly block: number;
  /** Blocks in the tree that was anchored. */
  readonly blocks: number;
  readonly theirs: string;
  readonly own: string;
}

/**
 * Compares the ledger tree's root in every department's anchors with this node's own: an orderer that shows two chains,
 * or a peer that judges otherwise, is found out by the first anchor after.
 */
export class LedgerWitness {
  readonly #services: NodeServices;
  readonly #tree: LedgerTree;
  readonly #found: LedgerDifference[] = [];
  readonly #report: (difference: LedgerDifference) => void;

  constructor(services: NodeServices, tree: LedgerTree, report: (difference: LedgerDifference) => void) {
    this.#services = services;
    this.#tree = tree;
    this.#report = report;
  }

  get differences(): readonly LedgerDifference[] {
    return this.#found;
  }

  /** Goes through all anchors from the beginning, then those to come. */
  async run(signal: AbortSignal): Promise<void> {
    for await (const event of this.#services.events({ after: { block: -1n, transaction: 0 }, signal })) {
      if (event.kind === "act") await this.compare(event.act);
    }
  }

  async compare(act: FoldedAct): Promise<void> {
    if (act.noun !== "log" || act.type !== "anchor") return;
    const { ledger } = this.#services.models.of(act.model).reading.anchor(act.body);
    await this.#tree.catchUp();
    // A tree larger than the anchor's own block would speak of what came after it.
    const possible = ledger.blocks <= act.block && ledger.blocks <= this.#tree.size;
    const own = possible ? this.#tree.root(ledger.blocks) : "";
    if (own === ledger.root) return;
    const difference = {
      department: act.department,
      transactionId: act.transactionId,
      block: act.block,
      blocks: ledger.blocks,
      theirs: ledger.root,
      own,
    };
    this.#found.push(difference);
    this.#report(difference);
  }
}
