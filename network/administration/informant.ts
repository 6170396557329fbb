import { isConfigBlock, lastConfigIndex } from "@wanlian/protocol/block.js";
import { configOf } from "@wanlian/protocol/configuration/bundle.js";
import { type Block, Envelope, HeaderType } from "@wanlian/protocol/messages/common.js";
import type { Config, ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import type { SigningIdentity } from "../certificates/signing-identity.js";
import { NetworkError } from "../error.js";
import { followUntil } from "./calls/commit.js";
import { type BlockSource, blocksFrom, fetchBlock } from "./calls/orderer.js";
import type { PeerClient } from "./calls/peer.js";
import { memberPeer } from "./member.js";
import type { Network } from "./network.js";

/** As long as other transactions get. */
const CONFIG_TIMEOUT_MS = 60_000;

/**
 * Of whom an administrator learns how the channel is configured, and when that changes: a department of its own peer, an
 * ordering service of its own orderer, which shows ledgers to nobody and has no peer to ask.
 */
export interface Informant {
  /** In whose name is asked. */
  readonly identity: SigningIdentity;
  height(): Promise<bigint>;
  /** The block that the configuration in force stands in. */
  configurationBlock(): Promise<Block>;
  /** Waits for the first configuration block from a number on, and gives its number. @throws NetworkError TIMEOUT */
  nextConfiguration(from: bigint): Promise<bigint>;
}

/** @throws NetworkError UNREACHABLE where no peer or orderer of those whose keys are here is on the channel */
export async function informantOf(network: Network): Promise<Informant> {
  if (network.hasDepartment) return peerInformant(await memberPeer(network), network.channel);
  return ordererInformant(await answeringOrderer(network));
}

/** The root group of the configuration in force. @throws NetworkError INVALID_CONFIGURATION where it has none */
export async function configurationInForce(informant: Informant): Promise<ConfigGroup> {
  const { channelGroup } = configIn(await informant.configurationBlock());
  if (channelGroup) return channelGroup;
  const text = { zh: "通道没有配置。", en: "The channel has no configuration." };
  throw new NetworkError("INVALID_CONFIGURATION", text);
}

/** The configuration that a configuration block holds. */
export const configIn = (block: Block): Config =>
  configOf(Envelope.decode(block.data?.data[0] ?? new Uint8Array())).config;

export const peerInformant = (peer: PeerClient, channel: string): Informant => ({
  identity: peer.identity,
  height: async () => (await peer.info(channel)).height,
  configurationBlock: () => peer.configBlock(channel),
  nextConfiguration: (from) =>
    followUntil(
      peer,
      channel,
      from,
      ({ number, filteredTransactions }) =>
        filteredTransactions.some(({ type }) => type === HeaderType.CONFIG) ? number : undefined,
      CONFIG_TIMEOUT_MS,
    ),
});

const ordererInformant = (source: BlockSource): Informant => ({
  identity: source.identity,
  height: async () => numberOf(await fetchBlock(source, "newest")) + 1n,
  configurationBlock: async () => {
    const newest = await fetchBlock(source, "newest");
    return isConfigBlock(newest) ? newest : fetchBlock(source, lastConfigIndex(newest));
  },
  nextConfiguration: async (from) => {
    for await (const block of blocksFrom(source, from, CONFIG_TIMEOUT_MS))
      if (isConfigBlock(block)) return numberOf(block);
    throw new NetworkError("TIMEOUT", { zh: "排序节点不再提供区块。", en: "The orderer stopped handing out blocks." });
  },
});

const numberOf = ({ header }: Block): bigint => header?.number ?? 0n;

/** The first orderer of an organisation whose key is here that hands out the channel's blocks. */
async function answeringOrderer(network: Network): Promise<BlockSource> {
  const { channel, connections } = network;
  let failure: unknown;
  for (const place of network.topology.orderers.nodes.filter(({ organisation }) => network.canActFor(organisation))) {
    const { identity } = network.administrator(place.organisation);
    const source = { orderer: network.orderer(place), channel, identity, connections };
    try {
      await fetchBlock(source, "newest");
      return source;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      failure = error;
    }
  }
  throw (
    failure ??
    new NetworkError(
      "UNREACHABLE",
      { zh: "本机没有任何机构的管理员密钥。", en: "No organisation's administrator's key is here." },
      { details: { channel } },
    )
  );
}
