import { randomBytes } from "node:crypto";
import type { Client, ClientDuplexStream } from "@grpc/grpc-js";
import { ChannelHeader, Envelope, HeaderType, Payload, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { SeekBehavior, SeekInfo } from "@wanlian/protocol/messages/orderer.js";
import { timestampOf } from "@wanlian/protocol/messages/wellknown.js";

import type { Signer } from "../core/index.js";

const NONCE_BYTES = 24; // Fabric's own clients' choice
/** The end of a stream that shall not end. */
const LAST_BLOCK = 2n ** 64n - 1n;

/** The wire form of a signer's identity (proto msp.SerializedIdentity). */
export function creatorOf(signer: Signer): Uint8Array {
  return SerializedIdentity.encode({ mspid: signer.mspId, idBytes: signer.certificate });
}

export type Seek =
  /** From a height on, waiting for those to come. */
  | { readonly from: bigint }
  /** The last block that there is. */
  | "newest"
  /** The last block that there is, then those to come. */
  | "newest and later";

/** A signed request for blocks, to the deliver service of a peer or an orderer. */
export async function seekEnvelope(signer: Signer, channel: string, seek: Seek): Promise<Uint8Array> {
  const channelHeader = ChannelHeader.encode({
    type: HeaderType.DELIVER_SEEK_INFO,
    channelId: channel,
    timestamp: timestampOf(Date.now()),
  });
  const signatureHeader = SignatureHeader.encode({ creator: creatorOf(signer), nonce: randomBytes(NONCE_BYTES) });
  const payload = Payload.encode({ header: { channelHeader, signatureHeader }, data: seekInfo(seek) });
  const signature = await signer.sign(payload);
  return Envelope.encode({ payload, signature });
}

function seekInfo(seek: Seek): Uint8Array {
  const newest = { newest: {} };
  return SeekInfo.encode({
    start: typeof seek === "string" ? newest : { specified: { number: seek.from } },
    stop: seek === "newest" ? newest : { specified: { number: LAST_BLOCK } },
    behavior: SeekBehavior.BLOCK_UNTIL_READY,
  });
}

const DELIVER = "/protos.Deliver/Deliver";
const asSent = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const asReceived = (bytes: Buffer): Uint8Array => bytes;

/** Opens a peer's Deliver stream; messages go and come as bytes. */
export function openDeliver(client: Client): ClientDuplexStream<Uint8Array, Uint8Array> {
  return client.makeBidiStreamRequest(DELIVER, asSent, asReceived, {});
}
