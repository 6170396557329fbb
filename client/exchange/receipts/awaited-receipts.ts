import type { Instant, MspId } from "@wanlian/model/identifiers.js";
import type { AccessIndex, FiledRecord, Vault } from "../../access/index.js";
import { OpenPositions } from "./open-positions.js";

/** What a consumer has not countersigned of what this node gave it. */
export interface MissingReceipts {
  readonly consumer: MspId;
  readonly records: number;
  /** The ledger's time at which the oldest was served. */
  readonly oldest: Instant;
}

/** Slots read together: 800 kB. */
const SLOTS_AT_ONCE = 4096;
const PAGE = 1000;

/** What {@link AwaitedReceipts.takeUp} reads. */
export interface Kept {
  readonly index: Pick<AccessIndex, "given">;
  readonly vault: Pick<Vault, "read" | "withoutReceipt">;
  /** Records that the log has. */
  readonly size: number;
}

/**
 * The records of this node that their consumers have still to countersign, all of them, however many and however old: a
 * bit a record, by consumer.
 */
export class AwaitedReceipts {
  readonly #awaited = new Map<MspId, OpenPositions>();

  await({ position, signed: { record } }: Pick<FiledRecord, "position" | "signed">): void {
    this.#note(record.request.consumer, position, record.checked.time);
  }

  settle(consumer: MspId, position: number): void {
    this.#awaited.get(consumer)?.close(position);
  }

  /** Whether more than so many records from before an instant are not countersigned. */
  isBehind(consumer: MspId, before: Instant, atMost: number): boolean {
    return (this.#awaited.get(consumer)?.countBefore(before, atMost + 1) ?? 0) > atMost;
  }

  /** What is missing from before an instant, consumer by consumer. */
  missing(before: Instant): MissingReceipts[] {
    return [...this.#awaited].flatMap(([consumer, open]) => {
      const records = open.countBefore(before);
      const oldest = open.oldest();
      return records === 0 || oldest === undefined ? [] : [{ consumer, records, oldest }];
    });
  }

  /** Consumers, with the positions of all that they have not countersigned, in order. */
  *all(): Generator<readonly [MspId, Iterable<number>]> {
    for (const [consumer, open] of this.#awaited) yield [consumer, open.positions()];
  }

  /** Takes up what earlier runs of the node left: of all its records. The index has to be up to date. */
  async takeUp(department: MspId, { index, vault, size }: Kept): Promise<void> {
    for (let first = 0; first < size; first += SLOTS_AT_ONCE) {
      const end = Math.min(size, first + SLOTS_AT_ONCE);
      const [from, ...more] = vault.withoutReceipt(first, end);
      if (from !== undefined) await this.#takeUp(department, { index, vault }, from, more.at(-1) ?? from);
    }
  }

  async #takeUp(department: MspId, { index, vault }: Omit<Kept, "size">, first: number, last: number): Promise<void> {
    for (let from = first; from <= last; ) {
      const given = await index.given(department, from, PAGE);
      for (const { position, consumer, time } of given) {
        if (position <= last && vault.read(position).receipt === undefined) this.#note(consumer, position, time);
      }
      from = given.length < PAGE ? last + 1 : (given.at(-1)?.position ?? last) + 1;
    }
  }

  #note(consumer: MspId, position: number, time: Instant): void {
    const own = this.#awaited.get(consumer) ?? new OpenPositions();
    this.#awaited.set(consumer, own);
    own.open(position, time);
  }
}
