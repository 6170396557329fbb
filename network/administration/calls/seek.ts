import type { Encodable } from "@wanlian/protocol/codec.js";
import { ChannelHeader, Envelope, HeaderType, Payload, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import { SeekInfo } from "@wanlian/protocol/messages/orderer.js";
import { timestampOf } from "@wanlian/protocol/messages/wellknown.js";
import type { SigningIdentity } from "../../certificates/signing-identity.js";

/** A signed request for blocks of a channel. */
export function seek(channelId: string, identity: SigningIdentity, info: Encodable<SeekInfo>): Envelope {
  const payload = Payload.encode({
    header: {
      channelHeader: ChannelHeader.encode({
        type: HeaderType.DELIVER_SEEK_INFO,
        channelId,
        timestamp: timestampOf(Date.now()),
      }),
      signatureHeader: SignatureHeader.encode({ creator: identity.creator, nonce: identity.nonce() }),
    },
    data: SeekInfo.encode(info),
  });
  return Envelope.create({ payload, signature: identity.sign(payload) });
}
