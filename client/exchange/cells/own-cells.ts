import type { DatasetId, Digest, TransactionId } from "@wanlian/model/identifiers.js";
import type { ReleaseRead } from "@wanlian/model/reading.js";
import { cellDigests, type RowProof } from "@wanlian/model/release/row-proof.js";
import { ExchangeError, type ExchangeErrorCode } from "../../core/index.js";
import type { ProvenSources } from "../provider/proven-sources.js";

/** Rows looked through for one question that names no release: some seconds. */
const MOST_ROWS = 1_000_000;

/** A release of the department's own, as the ledger has it. */
export interface OwnRelease {
  readonly release: TransactionId;
  readonly registered: ReleaseRead;
}

/** A cell of a release, proven to be the release's without a word of what it holds. */
export interface FoundCell {
  readonly release: TransactionId;
  readonly dataset: DatasetId;
  readonly field: string;
  readonly proof: RowProof;
}

export interface CellSearch {
  readonly found?: FoundCell;
  /** Releases that were looked through, all of each. */
  readonly searched: readonly TransactionId[];
  readonly notSearched: readonly {
    readonly release: TransactionId;
    /** `TOO_LARGE`: ask for it by itself. Otherwise what keeps its data from being read. */
    readonly reason: "TOO_LARGE" | ExchangeErrorCode;
  }[];
}

/**
 * Finds a cell by its digest among a provider's own releases. The digest is salted under a key that only the provider of
 * the release has, so nobody else can look; and there is no index of cells, so the data is read for it, one question at a
 * time.
 */
export class OwnCells {
  readonly #sources: ProvenSources;
  #last: Promise<unknown> = Promise.resolve();

  constructor(sources: ProvenSources) {
    this.#sources = sources;
  }

  /** @param releases in the order in which they are looked through. One alone is, however large. */
  async find(digest: Digest, releases: readonly OwnRelease[], signal: AbortSignal): Promise<CellSearch> {
    const next = this.#last.then(() => this.#find(digest, releases, signal));
    this.#last = next.catch(() => undefined);
    return await next;
  }

  async #find(digest: Digest, releases: readonly OwnRelease[], signal: AbortSignal): Promise<CellSearch> {
    const searched: TransactionId[] = [];
    const notSearched: CellSearch["notSearched"][number][] = [];
    let left = releases.length === 1 ? Number.POSITIVE_INFINITY : MOST_ROWS;
    for (const { release, registered } of releases) {
      signal.throwIfAborted();
      if (registered.rows > left) {
        notSearched.push({ release, reason: "TOO_LARGE" });
        continue;
      }
      left -= registered.rows;
      try {
        const wanted = { ...registered, release };
        const proof = await this.#sources.use(wanted, (source) => source.findCell(digest, signal));
        if (proof !== undefined) return { found: cellIn(digest, release, registered, proof), searched, notSearched };
        searched.push(release);
      } catch (error) {
        if (!(error instanceof ExchangeError)) throw error;
        notSearched.push({ release, reason: error.code });
      }
    }
    return { searched, notSearched };
  }
}

function cellIn(digest: Digest, release: TransactionId, registered: ReleaseRead, proof: RowProof): FoundCell {
  const field = registered.fields[cellDigests(proof, new Map(), registered).indexOf(digest)];
  if (field === undefined) throw new ExchangeError("SOURCE_DIFFERS", "the row is not one that the release registered");
  return { release, dataset: registered.dataset, field, proof };
}
