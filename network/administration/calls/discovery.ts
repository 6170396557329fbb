import { DiscoveryRequest } from "@wanlian/protocol/messages/discovery.js";
import { GossipMessage, type Properties } from "@wanlian/protocol/messages/gossip.js";
import { NetworkError } from "../../error.js";
import { Discovery } from "../../grpc/services.js";
import { endpointName } from "./connection.js";
import { hungUp, unreachable } from "./failure.js";
import type { PeerClient } from "./peer.js";

const TIMEOUT_MS = 10_000;

/** A peer as another peer sees it on a channel. */
export interface SeenPeer {
  readonly mspId: string;
  readonly endpoint: string;
  readonly height: bigint;
  /** Names of the chaincodes that it runs. */
  readonly chaincodes: readonly string[];
}

/** The peers of a channel that this peer knows of and that are alive. */
export async function seenPeers(peer: PeerClient, channel: string): Promise<SeenPeer[]> {
  const payload = DiscoveryRequest.encode({
    authentication: { clientIdentity: peer.identity.creator },
    queries: [{ channel, peerQuery: {} }],
  });
  const answer = await peer.connections
    .to(peer.endpoint)
    .unary(Discovery.discover, { payload, signature: peer.identity.sign(payload) }, { timeoutMs: TIMEOUT_MS })
    .catch((cause: unknown) => {
      throw unreachable(peer.endpoint, peer.endpoint.address, cause);
    });
  const [result] = answer.results;
  if (!result) throw hungUp(peer.endpoint);
  if (!result.members) {
    const who = endpointName(peer.endpoint);
    const reason = result.error?.content ?? "-";
    throw new NetworkError(
      "REFUSED",
      {
        zh: `${who.zh} 不说明 ${channel} 的情况：${reason}。`,
        en: `${who.en} tells nothing of ${channel}: ${reason}.`,
      },
      { details: { channel, reason } },
    );
  }
  return [...result.members.peersByOrg].flatMap(([mspId, { peers }]) =>
    peers.map(({ membershipInfo, stateInfo }) => {
      const alive = membershipInfo && GossipMessage.decode(membershipInfo.payload).aliveMsg;
      const state = stateInfo && GossipMessage.decode(stateInfo.payload).stateInfo;
      return { mspId, endpoint: alive?.membership?.endpoint ?? "?", ...properties(state?.properties) };
    }),
  );
}

function properties(known: Properties | undefined): Pick<SeenPeer, "height" | "chaincodes"> {
  return { height: known?.ledgerHeight ?? 0n, chaincodes: known?.chaincodes.map(({ name }) => name) ?? [] };
}
