import { gathered, pause } from "../core/index.js";
import { checkFollows, type LedgerBlock, readBlock } from "./block.js";
import { LedgerAccessError, type LedgerConnector } from "./connector.js";

/** First pause after a lost connection; doubled up to the longest, reset by every block. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Bytes of blocks that are taken in together: some hundreds of acts, well below a second. */
const BYTES_AT_ONCE = 2 * 1024 * 1024;

export interface FeedStart {
  /** Number of the next block. */
  readonly height: bigint;
  /** Header hash of the block before it, hex; undefined at 0. */
  readonly hash: string | undefined;
}

export interface FeedObserver {
  /** The connection was lost, or never made; the feed tries on. */
  interrupted(error: LedgerAccessError): void;
  /** The peer answers, and has this many blocks. */
  connected(height: bigint): void;
}

/**
 * The ledger's blocks in order, each checked to follow the one before, through however many connections it takes.
 * Ends when the signal aborts.
 *
 * @throws ProtocolError when the peer shows a block that does not follow: nothing after it can be believed.
 */
export async function* blockFeed(
  connector: Pick<LedgerConnector, "height" | "blocks">,
  start: FeedStart,
  observer: FeedObserver,
  signal: AbortSignal,
): AsyncGenerator<LedgerBlock> {
  let { height, hash } = start;
  let wait = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      observer.connected(await connector.height(signal));
      for await (const bytes of connector.blocks(height, signal)) {
        const block = readBlock(bytes);
        checkFollows(block, height, hash);
        wait = FIRST_PAUSE_MS;
        height += 1n;
        hash = block.hash;
        yield block;
      }
    } catch (error) {
      if (!(error instanceof LedgerAccessError)) throw error;
      observer.interrupted(error);
    }
    await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
  }
}

/** A feed's blocks, as many together as have come: one by one for whoever keeps up, hundreds for whoever is behind. */
export const inBatches = (feed: AsyncIterable<LedgerBlock>): AsyncGenerator<LedgerBlock[]> =>
  gathered(feed, sizeOf, BYTES_AT_ONCE);

const sizeOf = ({ envelopes }: LedgerBlock): number => envelopes.reduce((sum, { length }) => sum + length, 0);
