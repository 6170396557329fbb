import { open } from "node:fs/promises";
import type { Words } from "@wanlian/protocol/language.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { NetworkError } from "../error.js";
import { endpointName } from "./calls/connection.js";
import { memberPeer } from "./member.js";
import type { Network } from "./network.js";
import { answer } from "./state.js";

/** Octets before each block: its length, big-endian. */
const LENGTH_SIZE = 4;
/** No orderer makes larger ones. */
const MAX_BLOCK_SIZE = 256 * 1024 * 1024;

/**
 * Writes every block of the channel into a file, from the own department's peer: for an ordering service that has lost its
 * own. A block that the file lacks would be made a second time, so the peer has to be the highest of all, and all have to
 * answer but those that are named as lost.
 * @param without MSP ids whose peers do not count: what only they had is given up, and they begin anew
 * @returns how many blocks
 * @throws NetworkError UNREACHABLE, INVALID_CONFIGURATION naming the peer to take them from
 */
export async function writeLedger(network: Network, file: string, without: readonly string[]): Promise<bigint> {
  const own = await memberPeer(network);
  const { height } = await own.info(network.channel);
  for (const peer of network.peers.filter(({ mspId }) => !without.includes(mspId))) {
    const other = network.peer(peer);
    const info = await answer(() => other.info(network.channel));
    const who = endpointName(other.endpoint);
    if (info.kind === "failed") throw unknownHeight(who, peer.mspId, info.reason);
    if (info.kind === "answer" && info.value.height > height) throw higherElsewhere(who, info.value.height, height);
  }
  const out = await open(file, "w", 0o600);
  try {
    for await (const block of own.blocks(network.channel, 0n, height - 1n)) {
      const bytes = Block.encode(block);
      const length = Buffer.alloc(LENGTH_SIZE);
      length.writeUInt32BE(bytes.length);
      await out.writeFile(Buffer.concat([length, bytes]));
    }
    await out.sync();
  } finally {
    await out.close();
  }
  return height;
}

/** The blocks of such a file, one after the other. Throws `DAMAGED` where it breaks off. */
export async function* readLedger(file: string): AsyncGenerator<Uint8Array> {
  const input = await open(file, "r").catch((cause: unknown) => {
    const text = { zh: `无法读取文件 ${file}。`, en: `The file ${file} cannot be read.` };
    throw new NetworkError("MISSING_FILE", text, { details: { file }, cause });
  });
  try {
    for (;;) {
      const head = await input.read(Buffer.alloc(LENGTH_SIZE), 0, LENGTH_SIZE, null);
      if (head.bytesRead === 0) return;
      const length = head.bytesRead === LENGTH_SIZE ? head.buffer.readUInt32BE() : MAX_BLOCK_SIZE + 1;
      if (length > MAX_BLOCK_SIZE) throw brokenOff(file);
      const { bytesRead, buffer } = await input.read(Buffer.alloc(length), 0, length, null);
      if (bytesRead < length) throw brokenOff(file);
      yield buffer;
    }
  } finally {
    await input.close();
  }
}

function brokenOff(file: string): NetworkError {
  const text = {
    zh: `${file} 不完整；请让该部门重新导出。`,
    en: `${file} breaks off; have the department write it anew.`,
  };
  return new NetworkError("DAMAGED", text, { details: { file } });
}

function unknownHeight(who: Words, mspId: string, reason: Words): NetworkError {
  const text = {
    zh: `${who.zh} 没有应答，它可能有别处没有的区块：请启动它；若已丢失，用 --without ${mspId}，该节点须从空目录重来。${reason.zh}`,
    en: `${who.en} does not answer, and may have a block that nobody else has: start it, or, if it is lost, --without ${mspId}, and it begins with an empty folder. ${reason.en}`,
  };
  return new NetworkError("UNREACHABLE", text, { details: { mspId } });
}

function higherElsewhere(who: Words, theirs: bigint, own: bigint): NetworkError {
  const text = {
    zh: `${who.zh} 已有 ${theirs} 个区块，本部门只有 ${own} 个：请由该部门导出。`,
    en: `${who.en} has ${theirs} blocks, and this department ${own}: let that one write the file.`,
  };
  return new NetworkError("INVALID_CONFIGURATION", text, {
    details: { theirs: theirs.toString(), own: own.toString() },
  });
}
