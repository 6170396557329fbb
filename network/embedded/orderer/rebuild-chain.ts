import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  assertComplete,
  assertFollows,
  assertWellFormed,
  type CompleteBlock,
  headerHash,
  isConfigBlock,
} from "@wanlian/protocol/block.js";
import { assertOrdered } from "@wanlian/protocol/block-signatures.js";
import { equalBytes } from "@wanlian/protocol/bytes.js";
import { type Bundle, bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Block, BlockMetadataIndex } from "@wanlian/protocol/messages/common.js";
import { NetworkError } from "../../error.js";
import { BlockStore, type StoredBlock } from "./block-store.js";

/** Blocks of one write: a peer's copy may be of many gigabytes. */
const BYTES_AT_ONCE = 8 * 1024 * 1024;

/**
 * Makes the chain of an orderer that has lost it from the blocks that a peer has, in the order of their numbers, block 0
 * first. Each has to follow from the one before, with the orderers' signatures under the configuration in force there. The
 * chain is there whole or not at all; the orderer must not be running.
 * @param begins block 0 where it is known: another would be another channel
 * @returns how many blocks it has
 * @throws NetworkError ALREADY_DONE where the orderer has the channel; INVALID_CONFIGURATION naming the block that is wrong
 */
export async function rebuildChain(
  dataDir: string,
  channel: string,
  blocks: AsyncIterable<Uint8Array>,
  begins?: Uint8Array,
): Promise<bigint> {
  const made = join(dataDir, "joining", channel);
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { recursive: true });
  const place = join(dataDir, "channels", channel);
  await mkdir(join(dataDir, "channels"), { recursive: true });
  const store = await BlockStore.open(made);
  try {
    await fill(store, { channel, begins }, blocks);
    if (store.height === 0n) throw wrong({ zh: "文件中没有区块。", en: "The file holds no block." });
  } finally {
    await store.close();
  }
  await rename(made, place).catch((cause: unknown) => {
    const text = {
      zh: `${place} 已存在：该排序节点有此通道，不能用副本替换。`,
      en: `${place} is there already: the orderer has the channel, and a copy is not put in its place.`,
    };
    throw new NetworkError("ALREADY_DONE", text, { details: { place }, cause });
  });
  return store.height;
}

interface Expected {
  readonly channel: string;
  readonly begins: Uint8Array | undefined;
}

async function fill(
  store: BlockStore,
  { channel, begins }: Expected,
  blocks: AsyncIterable<Uint8Array>,
): Promise<void> {
  let last: CompleteBlock | undefined;
  let bundle: Bundle | undefined;
  let waiting: StoredBlock[] = [];
  let bytes = 0;
  const write = async () => {
    await store.append(waiting);
    [waiting, bytes] = [[], 0];
  };
  for await (const stored of blocks) {
    const block = await checked(stored, last, bundle);
    if (last === undefined && begins !== undefined && !isSame(block, begins))
      throw wrong({
        zh: "文件的区块 0 与本机 genesis 目录中的不同：那是另一个通道。",
        en: "The file's block 0 is not the one in the folder genesis here: it is another channel.",
      });
    if (isConfigBlock(block)) bundle = bundleFromBlock(block.data.data);
    if (bundle?.channelId !== channel) {
      const found = bundle?.channelId ?? "";
      throw wrong({
        zh: `区块属于通道 "${found}"，而非 ${channel}。`,
        en: `The blocks are of "${found}", not of ${channel}.`,
      });
    }
    last = block;
    const ordered = asOrdered(block);
    waiting.push({ number: block.header.number, bytes: ordered });
    bytes += ordered.length;
    if (bytes >= BYTES_AT_ONCE) await write();
  }
  await write();
}

async function checked(
  bytes: Uint8Array,
  last: CompleteBlock | undefined,
  bundle: Bundle | undefined,
): Promise<CompleteBlock> {
  const block = Block.decode(bytes);
  try {
    assertComplete(block);
    assertWellFormed(block);
    if (last === undefined || bundle === undefined) {
      if (block.header.number !== 0n) throw new ProtocolError("INVALID_BLOCK", "the first block is not block 0");
    } else {
      assertFollows(block, last.header);
      await assertOrdered(block, block.header, bundle);
    }
    return block;
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    const number = block.header?.number ?? 0n;
    throw wrong(
      {
        zh: `区块 ${number} 有误：${cause.message}。请从另一部门取副本。`,
        en: `Block ${number} is wrong: ${cause.message}. Take the copy of another department.`,
      },
      cause,
    );
  }
}

function isSame(block: CompleteBlock, bytes: Uint8Array): boolean {
  const { header } = Block.decode(bytes);
  return header !== undefined && equalBytes(headerHash(header), headerHash(block.header));
}

/** As the orderer made it: validation codes and commit hash are a peer's own. */
function asOrdered(block: CompleteBlock): Uint8Array {
  const metadata = block.metadata.metadata.map((entry, index) =>
    index === BlockMetadataIndex.TRANSACTIONS_FILTER || index === BlockMetadataIndex.COMMIT_HASH
      ? new Uint8Array()
      : entry,
  );
  return Block.encode({ ...block, metadata: { metadata } });
}

function wrong(text: { zh: string; en: string }, cause?: unknown): NetworkError {
  return new NetworkError("INVALID_CONFIGURATION", text, { cause });
}
