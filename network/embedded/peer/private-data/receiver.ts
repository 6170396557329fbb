import { status } from "@grpc/grpc-js";
import { text } from "@wanlian/protocol/bytes.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import {
  type GossipEnvelope,
  GossipMessage,
  GossipTag,
  type PrivatePayload,
} from "@wanlian/protocol/messages/gossip.js";
import { CONCURRENCY, ConcurrencyLimit } from "../../../grpc/limits.js";
import { RpcError } from "../../../grpc/rpc-error.js";
import type { BidiHandler } from "../../../grpc/server.js";
import { hasMember } from "../../ledger/collections.js";
import type { AccessControl } from "../access.js";
import type { Channels } from "../channels.js";
import { PeerError } from "../errors.js";

/** A transaction's id: SHA-256 in hex. What else somebody calls it would make keys of its own in the database. */
const TRANSACTION_ID = /^[0-9a-f]{64}$/;

/** Takes the private writes that other peers leave here (Fabric's gossip/state, as far as private data go). */
export class Receiver {
  readonly #mspId: string;
  readonly #channels: Channels;
  readonly #access: AccessControl;
  readonly #limit = new ConcurrencyLimit("/gossip.Gossip", CONCURRENCY.gossip);

  constructor(parts: { mspId: string; channels: Channels; access: AccessControl }) {
    this.#mspId = parts.mspId;
    this.#channels = parts.channels;
    this.#access = parts.access;
  }

  /** A stream begins with who it is of; each message after it is signed by that peer and answered. */
  readonly serve: BidiHandler<GossipEnvelope, GossipEnvelope> = (envelopes, send) =>
    this.#limit.run(async () => {
      let identity: Uint8Array | undefined;
      for await (const envelope of envelopes) {
        const { conn, nonce, channel, privateData } = GossipMessage.decode(envelope.payload);
        if (conn !== undefined) {
          identity = conn.identity;
          continue;
        }
        if (identity === undefined || privateData?.payload === undefined)
          throw new RpcError(
            status.INVALID_ARGUMENT,
            "a stream is for private data, after a message that says whose they are",
          );
        const signed = { identity, data: envelope.payload, signature: envelope.signature };
        const error = await this.#take(text(channel), privateData.payload, signed).then(() => "", messageOf);
        await send({ payload: GossipMessage.encode({ nonce, tag: GossipTag.EMPTY, ack: { error } }) });
      }
    });

  /** @throws PeerError */
  async #take(
    channelId: string,
    { namespace, collectionName, txId, privateRwset }: PrivatePayload,
    signed: { readonly identity: Uint8Array; readonly data: Uint8Array; readonly signature: Uint8Array },
  ): Promise<void> {
    const sender = await this.#access.checkPeer(channelId, signed);
    const ledger = this.#channels.get(channelId)?.ledger;
    const name = { namespace, collection: collectionName };
    if (ledger === undefined || !hasMember(await ledger.privateSets.collection(name), this.#mspId))
      throw new PeerError("ACCESS_DENIED", `${this.#mspId} is no member of collection ${namespace}/${collectionName}`);
    if (!TRANSACTION_ID.test(txId)) throw new PeerError("MALFORMED", "the transaction id is none");
    const ordered = await ledger.transaction(txId);
    const block = ordered && (await ledger.block(ordered.block));
    if (ordered !== undefined && block !== undefined) {
      const nsPvtRwset = [{ namespace, collectionPvtRwset: [{ collectionName, rwset: privateRwset }] }];
      await ledger.privateSets.takeOver(block, new Map([[BigInt(ordered.index), { dataModel: 0, nsPvtRwset }]]));
    } else if (!(await ledger.transient.receive(txId, name, privateRwset, sender.mspId)))
      throw new PeerError("ACCESS_DENIED", `peers of ${sender.mspId} have left too much here that was never ordered`);
  }
}
