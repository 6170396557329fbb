import { setImmediate as turn } from "node:timers/promises";
import { assertComplete, assertFollows, type CompleteBlock, dataHash, headerHash } from "@wanlian/protocol/block.js";
import { equalBytes } from "@wanlian/protocol/bytes.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { damaged } from "./checksum.js";

/** Where blocks are kept. */
export interface StoredChain {
  readonly directory: string;
  /** The block's bytes as they were stored. @throws NetworkError DAMAGED */
  read(number: bigint): Promise<Uint8Array>;
}

/**
 * As much as LevelDB can hold in its logs: what it skips there it skips without a word. It writes a log of 4 MiB into a
 * table before it begins the next but one.
 */
const LOGGED_BYTES = 16 * 1024 * 1024;

/**
 * Reads the newest blocks, as many as LevelDB's logs could hold, each by its own content and by the hash that the next
 * one states.
 * @throws NetworkError DAMAGED, naming the first that is missing or damaged
 */
export async function checkRecent(chain: StoredChain, height: bigint): Promise<void> {
  let read = 0;
  let next: CompleteBlock | undefined;
  for (let number = height - 1n; number >= 0n && read < LOGGED_BYTES; number -= 1n) {
    const bytes = await chain.read(number);
    const block = soundBlock(chain, number, bytes);
    if (next !== undefined && !equalBytes(headerHash(block.header), next.header.previousHash))
      throw damaged(chain.directory, number);
    next = block;
    read += bytes.length;
  }
}

/**
 * Reads every block below a height in turn, gives way to other work between them, and ends early when the signal
 * aborts. For the background: an old block can be damaged for years before anybody asks for it.
 * @throws NetworkError DAMAGED, naming the first that is missing or damaged
 */
export async function checkChain(chain: StoredChain, height: bigint, signal: AbortSignal): Promise<void> {
  let last: CompleteBlock | undefined;
  for (let number = 0n; number < height && !signal.aborted; number += 1n) {
    const block = soundBlock(chain, number, await chain.read(number));
    if (last !== undefined)
      try {
        assertFollows(block, last.header);
      } catch (cause) {
        throw damaged(chain.directory, number, cause);
      }
    last = block;
    await turn();
  }
}

/** A block that holds what its header says. */
function soundBlock(chain: StoredChain, number: bigint, bytes: Uint8Array): CompleteBlock {
  try {
    const block = Block.decode(bytes);
    assertComplete(block);
    const isSound = block.header.number === number && equalBytes(dataHash(block.data.data), block.header.dataHash);
    if (isSound) return block;
  } catch (cause) {
    if (cause instanceof ProtocolError) throw damaged(chain.directory, number, cause);
    throw cause;
  }
  throw damaged(chain.directory, number);
}
