import { isConfigBlock } from "@wanlian/protocol/block.js";
import type { Encodable } from "@wanlian/protocol/codec.js";
import type { Block } from "@wanlian/protocol/messages/common.js";
import { SeekContentType, type SeekInfo } from "@wanlian/protocol/messages/orderer.js";

/** A block as the request wants it: whole, or without data unless it is a configuration (Fabric's common/deliver/deliver.go). */
export function contentOf(block: Block, seek: SeekInfo): Encodable<Block> {
  if (seek.contentType !== SeekContentType.HEADER_WITH_SIG || isConfigBlock(block)) {
    return block;
  }
  const { header, metadata } = block;
  return { header, metadata };
}
