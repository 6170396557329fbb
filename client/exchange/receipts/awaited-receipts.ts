import type { Instant, MspId } from "@wanlian/model/identifiers.js";
import type { AccessIndex, FiledRecord, Vault } from "../../access/index.js";

/** What a consumer has not countersigned of what this node gave it. */
export interface MissingReceipts {
  readonly consumer: MspId;
  readonly records: number;
  /** The ledger's time at which the oldest was served. */
  readonly oldest: Instant;
}

/** Records kept in mind for one consumer: whoever is behind by so many is no less behind for what comes after. */
const MAX_AWAITED = 100_000;
/** Records before the node began that are looked at: their receipts take 20 MB. */
const LOOK_BACK = 100_000;
const PAGE = 1000;

/** The records of this node that their consumers have still to countersign, by consumer, oldest first. */
export class AwaitedReceipts {
  readonly #awaited = new Map<MspId, Map<number, Instant>>();

  await({ position, signed: { record } }: Pick<FiledRecord, "position" | "signed">): void {
    this.#note(record.request.consumer, position, record.checked.time);
  }

  settle(consumer: MspId, position: number): void {
    this.#awaited.get(consumer)?.delete(position);
  }

  /** Whether more than so many records from before an instant are not countersigned. */
  isBehind(consumer: MspId, before: Instant, atMost: number): boolean {
    let late = 0;
    // In order of position, so of time: what follows the first young one is as young.
    for (const time of this.#awaited.get(consumer)?.values() ?? []) {
      if (time >= before) return false;
      late += 1;
      if (late > atMost) return true;
    }
    return false;
  }

  /** What is missing from before an instant, consumer by consumer. */
  missing(before: Instant): MissingReceipts[] {
    return [...this.#awaited].flatMap(([consumer, awaited]) => {
      const late = [...awaited.values()].filter((time) => time < before);
      const [oldest] = late;
      return oldest === undefined ? [] : [{ consumer, records: late.length, oldest }];
    });
  }

  /** Positions of all that are not countersigned, in order, by consumer. */
  all(): (readonly [MspId, readonly number[]])[] {
    return [...this.#awaited].map(([consumer, awaited]) => [consumer, [...awaited.keys()]] as const);
  }

  /** Takes up what earlier runs of the node left: of its last records. The index has to be up to date. */
  async takeUp(department: MspId, index: AccessIndex, vault: Pick<Vault, "read">, size: number): Promise<void> {
    for (let from = Math.max(0, size - LOOK_BACK); from < size; ) {
      const given = await index.given(department, from, PAGE);
      for (const { position, consumer, time } of given) {
        if (vault.read(position).receipt === undefined) this.#note(consumer, position, time);
      }
      from = given.length < PAGE ? size : (given.at(-1)?.position ?? size) + 1;
    }
  }

  #note(consumer: MspId, position: number, time: Instant): void {
    const own = this.#awaited.get(consumer) ?? new Map<number, Instant>();
    this.#awaited.set(consumer, own);
    if (own.size < MAX_AWAITED) own.set(position, time);
  }
}
