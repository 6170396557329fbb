import { setTimeout as delay } from "node:timers/promises";
import { NetworkError } from "../error.js";
import { endpointName } from "./calls/connection.js";
import { type ChannelStatus, CONSENTER, ONBOARDING, type ParticipationClient } from "./calls/participation.js";
import type { PeerClient } from "./calls/peer.js";

/** A peer that joins a long channel validates some thousand transactions a second. */
const TIMEOUT_MS = 30 * 60_000;
const POLL_MS = 100;
/** As long as it takes a peer to say anything of a channel that it has just joined. */
const SILENCE_MS = 60_000;

/** How far somebody has come. */
interface Standing {
  readonly height: bigint;
  readonly isThere: boolean;
}

/**
 * Waits until a peer has the channel up to `height`. While it has not reached the block that let its department in, it refuses its
 * own administrator. Throws `TIMEOUT` if it makes no progress.
 */
export async function awaitCaughtUp(peer: PeerClient, channel: string, height: bigint): Promise<void> {
  const who = endpointName(peer.endpoint);
  const reached = await awaitProgress(async () => {
    const present = await heightOf(peer, channel);
    return { height: present, isThere: present >= height };
  });
  if (reached !== undefined)
    throw new NetworkError("TIMEOUT", {
      zh: `${who.zh} 停在 ${channel} 的区块 ${reached}，共 ${height}；请查看其日志，是否连得上排序节点。`,
      en: `${who.en} stands at block ${reached} of ${height} of ${channel}; look at its log, whether it reaches the orderers.`,
    });
}

/** Waits until an orderer has what the others have. Throws `TIMEOUT` if it makes no progress. */
export function awaitOnboarded(orderer: ParticipationClient, channel: string): Promise<void> {
  return awaitOrderer(orderer, channel, ({ status }) => status !== ONBOARDING);
}

/** Waits until an orderer that the configuration names agrees on blocks with the others. Throws likewise. */
export function awaitConsenting(orderer: ParticipationClient, channel: string): Promise<void> {
  return awaitOrderer(orderer, channel, ({ consensusRelation }) => consensusRelation === CONSENTER);
}

async function awaitOrderer(
  orderer: ParticipationClient,
  channel: string,
  isThere: (status: ChannelStatus) => boolean,
): Promise<void> {
  const who = endpointName(orderer.endpoint);
  const reached = await awaitProgress(async () => {
    const present = await orderer.channel(channel);
    return { height: BigInt(present?.height ?? 0), isThere: present !== undefined && isThere(present) };
  });
  if (reached !== undefined)
    throw new NetworkError("TIMEOUT", {
      zh: `${who.zh} 停在 ${channel} 的区块 ${reached}；请查看其日志，是否连得上其余排序节点。`,
      en: `${who.en} stands at block ${reached} of ${channel}; look at its log, whether it reaches the other orderers.`,
    });
}

/** Looks until it is there; gives the height it has reached where it makes no progress. */
async function awaitProgress(look: () => Promise<Standing>): Promise<bigint | undefined> {
  const end = Date.now() + TIMEOUT_MS;
  let progressed = Date.now();
  let reached = 0n;
  for (;;) {
    const { height, isThere } = await look();
    if (isThere) return undefined;
    if (height > reached) {
      reached = height;
      progressed = Date.now();
    }
    if (Date.now() > end || Date.now() > progressed + SILENCE_MS) return reached;
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
