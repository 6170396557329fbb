import type { Words } from "@wanlian/protocol/language.js";
import { NetworkError } from "../error.js";
import { endpointName } from "./calls/connection.js";
import type { PeerClient } from "./calls/peer.js";
import type { Network } from "./network.js";

/** A peer that is on the channel, asked in the name of its own department: whose administrator's key has to be here. */
export async function memberPeer(network: Network): Promise<PeerClient> {
  let reason: Words = { zh: "本机没有任何部门的管理员密钥", en: "no administrator's key of a department is here" };
  for (const peer of network.peers.filter(({ mspId }) => network.canActFor(mspId))) {
    const client = network.peer(peer);
    try {
      if ((await client.channels()).includes(network.channel)) return client;
      const who = endpointName(client.endpoint);
      reason = { zh: `${who.zh} 尚未加入`, en: `${who.en} has not joined` };
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      reason = error.text;
    }
  }
  throw new NetworkError(
    "UNREACHABLE",
    {
      zh: `本机可用的对等节点都不在通道 ${network.channel} 上：${reason.zh.replace(/。$/, "")}。`,
      en: `No peer here is on the channel ${network.channel}: ${reason.en.replace(/\.$/, "")}.`,
    },
    { details: { channel: network.channel } },
  );
}
