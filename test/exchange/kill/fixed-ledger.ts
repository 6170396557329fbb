import type { Case, LedgerPosition, LedgerPresent } from "@wanlian/client/read/ledger-reader.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { NounName } from "@wanlian/model/model-1/states.js";
import { RELEASED } from "@wanlian/model/models.js";
import type { Reading } from "@wanlian/model/reading.js";
import type { FieldDigest } from "@wanlian/model/release/release-root.js";
import { addSeconds } from "@wanlian/model/time/instant.js";

/** The ledger at one height, as plain JSON. */
export interface FixedLedger {
  readonly position: LedgerPosition;
  readonly hashes: readonly (string | undefined)[];
  /** By `noun/case`. */
  readonly cases: Readonly<Record<string, Case | undefined>>;
  readonly release: { readonly id: string; readonly fields: readonly FieldDigest[] | undefined };
}

/** Takes down of a book what an exchange reads of these cases. */
export async function fixLedger(
  book: LedgerPresent,
  cases: readonly (readonly [NounName, string])[],
  release: TransactionId,
): Promise<FixedLedger> {
  const position = book.position();
  const numbers = Array.from({ length: position.height }, (_, number) => number);
  const read = cases.map(async ([noun, id]) => [`${noun}/${id}`, await book.head(noun, id)] as const);
  return {
    position,
    hashes: await Promise.all(numbers.map((number) => book.blockHash(number))),
    cases: Object.fromEntries(await Promise.all(read)),
    release: { id: release, fields: await book.releaseFields(release) },
  };
}

export class FixedBook implements LedgerPresent {
  readonly #ledger: FixedLedger;
  readonly #asked: () => void;
  #passed = 0;

  /**
   * @param asked is called before a block's hash is told: a provider asks for it before it decides, a consumer before it
   * logs a record
   */
  constructor(ledger: FixedLedger, asked: () => void) {
    this.#ledger = ledger;
    this.#asked = asked;
  }

  position(): LedgerPosition {
    const { position } = this.#ledger;
    return { ...position, time: addSeconds(position.time, this.#passed) };
  }

  /** So many seconds have passed on the ledger. */
  passed(seconds: number): void {
    this.#passed = seconds;
  }

  reading(): Reading {
    return RELEASED.latest.reading;
  }

  async blockHash(number: number): Promise<string | undefined> {
    this.#asked();
    return this.#ledger.hashes[number];
  }

  async head(noun: string, id: string): Promise<Case | undefined> {
    return this.#ledger.cases[`${noun}/${id}`] as Case | undefined;
  }

  async openObjections(): Promise<readonly TransactionId[]> {
    return [];
  }

  async releaseFields(release: TransactionId): Promise<readonly FieldDigest[] | undefined> {
    return release === this.#ledger.release.id ? this.#ledger.release.fields : undefined;
  }

  async reached(height: number): Promise<boolean> {
    return height <= this.#ledger.position.height;
  }
}
