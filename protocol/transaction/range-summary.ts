import { concatBytes } from "../bytes.js";
import { ProtocolError } from "../errors.js";
import { sha256 } from "../hash.js";
import { type KVRead, QueryReads, QueryReadsMerkleSummary } from "../messages/rwset.js";

/** Fabric's number of reads above which a range is summed up instead of listed. */
export const MAX_RANGE_DEGREE = 50;

/**
 * Sums up the reads of a range as Fabric does: groups of one more than the degree are hashed, groups of hashes are hashed again, level by
 * level, so that the summary stays small however long the range.
 */
export class RangeSummary {
  readonly #degree: number;
  /** Hashes by level; index 0 is the leaves' level, which Fabric counts as 1. */
  readonly #levels: Uint8Array[][] = [[]];
  #pending: KVRead[] = [];

  /** @throws ProtocolError INVALID_TRANSACTION for a degree below 2, with which Fabric's peers stop. */
  constructor(degree: number) {
    if (degree < 2) throw new ProtocolError("INVALID_TRANSACTION", `range summary of degree ${degree}`);
    this.#degree = degree;
  }

  add(read: KVRead): void {
    this.#pending.push(read);
    if (this.#pending.length > this.#degree) this.#hashPending();
  }

  /** The reads themselves where they are few, the summary otherwise. */
  finish(): { readonly reads: readonly KVRead[] } | { readonly summary: QueryReadsMerkleSummary } {
    if (this.#levels.length === 1 && this.#top.length === 0) return { reads: this.#pending };
    if (this.#pending.length > 0) this.#hashPending();
    this.#promoteLeftovers();
    const summary = QueryReadsMerkleSummary.create({
      maxDegree: this.#degree,
      maxLevel: this.#levels.length,
      maxLevelHashes: this.#top,
    });
    return { summary };
  }

  get #top(): Uint8Array[] {
    return this.#levels.at(-1) ?? [];
  }

  #hashPending(): void {
    this.#push(0, sha256(QueryReads.encode({ kvReads: this.#pending })));
    this.#pending = [];
  }

  #push(level: number, hash: Uint8Array): void {
    const hashes = this.#levels[level] ?? [];
    this.#levels[level] = hashes;
    hashes.push(hash);
    if (hashes.length <= this.#degree) return;
    this.#levels[level] = [];
    this.#push(level + 1, sha256(concatBytes(...hashes)));
  }

  /** Carries what is left on each level to the next: one hash as it is, several combined. */
  #promoteLeftovers(): void {
    for (let level = 0; level < this.#levels.length - 1; level++) {
      const hashes = this.#levels[level] ?? [];
      const [first] = hashes;
      if (first === undefined) continue;
      this.#levels[level] = [];
      this.#levels[level + 1]?.push(hashes.length === 1 ? first : sha256(concatBytes(...hashes)));
    }
    const top = this.#top;
    if (top.length <= this.#degree) return;
    this.#levels[this.#levels.length - 1] = [];
    this.#levels.push([sha256(concatBytes(...top))]);
  }
}
