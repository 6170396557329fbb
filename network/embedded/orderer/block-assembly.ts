import { type CompleteBlock, dataHash, headerBytes } from "@wanlian/protocol/block.js";
import { concatBytes } from "@wanlian/protocol/bytes.js";
import { LastConfig, Metadata, OrdererBlockMetadata, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import type { SigningIdentity } from "../../certificates/signing-identity.js";

/** What a new block is made of. */
export interface BlockContent {
  readonly number: bigint;
  /** Hash of the header before; empty for block 0 only. */
  readonly previousHash: Uint8Array;
  /** Encoded envelopes. */
  readonly data: readonly Uint8Array[];
  /** The block that holds the newest configuration, this one included. */
  readonly lastConfig: bigint;
}

/**
 * Makes a block and signs it: one signature, over the orderer's metadata, the signature header and the block's header
 * (Fabric's orderer/common/multichannel/blockwriter.go). Peers fill in the entries for validation codes and commit hash
 * themselves. The entry of the consenters is for their own use, and one orderer alone has nothing to tell itself.
 */
export function assembleBlock(content: BlockContent, signer: SigningIdentity): CompleteBlock {
  const { number, previousHash, data, lastConfig } = content;
  const header = { number, previousHash, dataHash: dataHash(data) };
  const value = OrdererBlockMetadata.encode({ lastConfig: { index: lastConfig } });
  const signatureHeader = SignatureHeader.encode({ creator: signer.creator, nonce: signer.nonce() });
  const signature = signer.sign(concatBytes(value, signatureHeader, headerBytes(header)));
  const metadata = [
    Metadata.encode({ value, signatures: [{ signatureHeader, signature }] }),
    Metadata.encode({ value: LastConfig.encode({ index: lastConfig }) }),
    new Uint8Array(),
    new Uint8Array(),
    new Uint8Array(),
  ];
  return { header, data: { data: [...data] }, metadata: { metadata } };
}
