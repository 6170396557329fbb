import { utf8 } from "@wanlian/protocol/bytes.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { GossipMessage, GossipTag, type PrivatePayload } from "@wanlian/protocol/messages/gossip.js";
import type { TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import type { Logger } from "pino";
import type { SigningIdentity } from "../../../certificates/signing-identity.js";
import { Gossip } from "../../../grpc/services.js";
import { admits, type Collection } from "../../ledger/collections.js";
import type { CollectionName } from "../../ledger/keys.js";
import type { PeerChannel } from "../channels.js";
import { pkiIdOf, signedGossip } from "../discovery/gossip.js";
import type { Neighbours } from "../discovery/neighbours.js";
import { PeerError } from "../errors.js";
import type { ChannelPeer } from "../planning/membership.js";
import { shuffled } from "./shuffled.js";

/** How long a peer may take to say that it has what it was left (Fabric's pushAckTimeout). */
const ACKNOWLEDGEMENT_MS = 3_000;

/** How many other peers are given a collection's private writes before the endorsement goes out. */
interface Counts {
  /** So many must have said that they have them. */
  readonly required: number;
  readonly most: number;
}

/** Leaves private writes with other members' peers while a transaction is endorsed (Fabric's gossip/privdata/distributor.go). */
export class Distributor {
  readonly #neighbours: Neighbours;
  readonly #signer: SigningIdentity;
  readonly #log: Logger;

  constructor(parts: { neighbours: Neighbours; signer: SigningIdentity; log: Logger }) {
    this.#neighbours = parts.neighbours;
    this.#signer = parts.signer;
    this.#log = parts.log;
  }

  /** @throws PeerError SIMULATION when fewer peers have taken the writes than a collection requires. */
  async distribute(channel: PeerChannel, txId: string, writes: TxPvtReadWriteSet): Promise<void> {
    const leaving = writes.nsPvtRwset.flatMap(({ namespace, collectionPvtRwset }) =>
      collectionPvtRwset.map(({ collectionName, rwset }) =>
        this.#leave(channel, { namespace, collection: collectionName }, txId, rwset),
      ),
    );
    await Promise.all(leaving);
  }

  async #leave(channel: PeerChannel, name: CollectionName, txId: string, rwset: Uint8Array): Promise<void> {
    const collection = await channel.ledger.privateSets.collection(name);
    const { required, most } = countsOf(collection, this.#signer.mspId);
    const { msps } = channel.ledger.config;
    const eligible = this.#neighbours
      .peers(channel.id)
      .filter(({ isLocal, identity }) => !isLocal && admits(collection, msps.deserialize(identity)));
    if (eligible.length < required) {
      const known = `but know of only ${eligible.length} eligible peers`;
      throw new PeerError("SIMULATION", `required to disseminate to at least ${required} peers, ${known}`);
    }
    const envelope = this.#envelope(channel, {
      collectionName: name.collection,
      namespace: name.namespace,
      txId,
      privateRwset: rwset,
      privateSimHeight: channel.ledger.height,
      collectionConfigs: undefined,
    });
    const sent = chosen(eligible, most).map((peer) => this.#push(peer, envelope));
    if ((await acknowledged(sent, required)) >= required) return;
    const where = `namespace ${name.namespace}, collection ${name.collection}`;
    throw new PeerError("SIMULATION", `fewer than ${required} peers have taken the private writes for ${where}`);
  }

  #envelope({ id }: PeerChannel, payload: PrivatePayload) {
    return signedGossip(this.#signer, {
      nonce: 1n,
      channel: utf8(id),
      tag: GossipTag.CHAN_ONLY,
      privateData: { payload },
    });
  }

  /** Resolves to whether the peer has taken it. */
  async #push(peer: ChannelPeer, envelope: ReturnType<typeof signedGossip>): Promise<boolean> {
    try {
      const client = this.#neighbours.client(peer.address);
      const stream = client?.bidi(Gossip.gossipStream, { timeoutMs: ACKNOWLEDGEMENT_MS });
      if (stream === undefined) return false;
      await stream.send(this.#introduction());
      await stream.send(envelope);
      stream.end();
      for await (const { payload } of stream) {
        const { ack } = GossipMessage.decode(payload);
        if (ack === undefined) continue;
        if (ack.error !== "") throw new PeerError("ACCESS_DENIED", ack.error);
        return true;
      }
      return false;
    } catch (error) {
      this.#log.warn({ peer: peer.address, error: messageOf(error) }, "a peer has not taken private data");
      return false;
    }
  }

  #introduction() {
    const { creator } = this.#signer;
    return signedGossip(this.#signer, {
      tag: GossipTag.EMPTY,
      conn: { pkiId: pkiIdOf(creator), identity: creator },
    });
  }
}

/** Fabric's peers by default give the own organization's implicit collection to one other of its peers, and nobody else's to anybody. */
function countsOf(collection: Collection | undefined, mspId: string): Counts {
  if (collection?.kind !== "defined") return { required: 0, most: collection?.owner === mspId ? 1 : 0 };
  const { requiredPeerCount, maximumPeerCount } = collection.config;
  return { required: requiredPeerCount, most: maximumPeerCount };
}

/** So many of the peers, by lot: first one of each organization. */
function chosen(peers: readonly ChannelPeer[], most: number): ChannelPeer[] {
  const drawn = shuffled(peers);
  const isFirst = (peer: ChannelPeer) => drawn.find(({ mspId }) => mspId === peer.mspId) === peer;
  return [...drawn.filter(isFirst), ...drawn.filter((peer) => !isFirst(peer))].slice(0, most);
}

/** How many have taken it: as soon as enough have, or when all have answered. */
function acknowledged(sent: readonly Promise<boolean>[], enough: number): Promise<number> {
  return new Promise((resolve) => {
    let [taken, waiting] = [0, sent.length];
    if (taken >= enough || waiting === 0) resolve(taken);
    for (const one of sent) {
      void one.then((isTaken) => {
        taken += isTaken ? 1 : 0;
        waiting -= 1;
        if (taken >= enough || waiting === 0) resolve(taken);
      });
    }
  });
}
