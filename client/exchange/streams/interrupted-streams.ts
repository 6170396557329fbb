import type { MspId } from "@wanlian/model/identifiers.js";
import { type AccessIndex, checkGrant, type FiledRecord, type RecordLog, type Vault } from "../../access/index.js";
import type { LedgerPresent } from "../../read/index.js";
import type { RecordKeeper } from "../provider/record-keeper.js";

export interface InterruptedParts {
  readonly department: MspId;
  readonly ledger: LedgerPresent;
  readonly log: RecordLog;
  readonly index: AccessIndex;
  readonly vault: Vault;
  readonly keeper: RecordKeeper;
  /** Records that the log held when the node began: what is opened since is not interrupted. */
  readonly inherited: number;
}

/**
 * Closes on the record the streams that an earlier run of the provider's node opened and, since it died, did not close.
 * How much of them went out nobody knows.
 */
export class InterruptedStreams {
  readonly #parts: InterruptedParts;
  #begun = false;

  constructor(parts: InterruptedParts) {
    this.#parts = parts;
  }

  /** Does it once, as soon as the node's copy of the ledger is ready: a closing says what it was checked against. */
  async closeOnRecord(): Promise<void> {
    const { department, ledger, log, index, inherited } = this.#parts;
    if (this.#begun || !ledger.position().ready) return;
    this.#begun = true;
    for (const position of await index.unclosed(department, inherited)) {
      const opening = await log.find(position);
      if (opening !== undefined) await this.#close(opening);
    }
  }

  async #close({ signed: { record }, id, position }: FiledRecord): Promise<void> {
    const { ledger, keeper, vault } = this.#parts;
    const { request, requestSignature: signature } = record;
    const { key } = vault.read(position);
    const outcome = {
      kind: "closing",
      opening: id,
      result: "failed",
      reason: "INTERRUPTED",
      rows: 0,
      bytes: 0,
    } as const;
    await keeper.file({ request, signature, key }, await checkGrant(request, ledger), outcome);
  }
}
