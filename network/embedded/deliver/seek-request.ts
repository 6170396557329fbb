import type { Encodable } from "@wanlian/protocol/codec.js";
import { ChannelHeader, Envelope, HeaderType, Payload, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import { SeekInfo } from "@wanlian/protocol/messages/orderer.js";
import type { SigningIdentity } from "../../certificates/signing-identity.js";

/** A request as asked of a deliver service, and on whose behalf. */
export interface SeekCall {
  readonly channelId: string;
  readonly seek: Encodable<SeekInfo>;
  /** Hash of the TLS certificate that the client shows; needed under mutual TLS. */
  readonly tlsCertHash?: Uint8Array | undefined;
}

/** A stop that is never reached: blocks without end. */
export const FOREVER = 0xffff_ffff_ffff_ffffn;

/** All blocks from `start` on, those to come included. */
export function blocksFrom(start: bigint): Encodable<SeekInfo> {
  return { start: { specified: { number: start } }, stop: { specified: { number: FOREVER } } };
}

/** Makes and signs a request to deliver, as of now. */
export function seekRequest(call: SeekCall, signer: SigningIdentity, now = Date.now()): Envelope {
  const milliseconds = BigInt(Math.floor(now));
  const channelHeader = ChannelHeader.encode({
    type: HeaderType.DELIVER_SEEK_INFO,
    channelId: call.channelId,
    timestamp: { seconds: milliseconds / 1000n, nanos: Number(milliseconds % 1000n) * 1_000_000 },
    tlsCertHash: call.tlsCertHash,
  });
  const signatureHeader = SignatureHeader.encode({ creator: signer.creator, nonce: signer.nonce() });
  const payload = Payload.encode({ header: { channelHeader, signatureHeader }, data: SeekInfo.encode(call.seek) });
  return Envelope.create({ payload, signature: signer.sign(payload) });
}
