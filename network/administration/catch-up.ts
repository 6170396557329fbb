import { setTimeout as delay } from "node:timers/promises";
import { NetworkError } from "../error.js";
import { endpointName } from "./calls/connection.js";
import type { PeerClient } from "./calls/peer.js";

/** A peer that joins a long channel validates some thousand transactions a second. */
const TIMEOUT_MS = 30 * 60_000;
const POLL_MS = 100;
/** As long as it takes a peer to say anything of a channel that it has just joined. */
const SILENCE_MS = 60_000;

/**
 * Waits until a peer has the channel up to `height`. While it has not reached the block that let its department in, it refuses its
 * own administrator. Throws `TIMEOUT` if it makes no progress.
 */
export async function awaitCaughtUp(peer: PeerClient, channel: string, height: bigint): Promise<void> {
  const end = Date.now() + TIMEOUT_MS;
  let progressed = Date.now();
  let reached = 0n;
  for (;;) {
    const present = await heightOf(peer, channel);
    if (present >= height) return;
    if (present > reached) {
      reached = present;
      progressed = Date.now();
    }
    if (Date.now() > end || Date.now() > progressed + SILENCE_MS) {
      const who = endpointName(peer.endpoint);
      throw new NetworkError("TIMEOUT", {
        zh: `${who.zh} 停在 ${channel} 的区块 ${reached}，共 ${height}；请查看其日志，是否连得上排序节点。`,
        en: `${who.en} stands at block ${reached} of ${height} of ${channel}; look at its log, whether it reaches the orderers.`,
      });
    }
    await delay(POLL_MS);
  }
}

async function heightOf(peer: PeerClient, channel: string): Promise<bigint> {
  try {
    return (await peer.info(channel)).height;
  } catch (error) {
    if (error instanceof NetworkError && error.code === "REFUSED") return 0n;
    throw error;
  }
}
