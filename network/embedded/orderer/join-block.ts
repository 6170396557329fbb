import { dataHash, isConfigBlock } from "@wanlian/protocol/block.js";
import { equalBytes } from "@wanlian/protocol/bytes.js";
import { type Bundle, bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import type { Block } from "@wanlian/protocol/messages/common.js";
import type { SigningIdentity } from "../../certificates/signing-identity.js";
import { obstacleToSigning } from "./block-signing.js";
import { ChannelError } from "./channel-error.js";

/**
 * Checks that a channel can begin with this block here, and gives its configuration. Beyond Fabric's checks
 * (orderer/common/channelparticipation/validator.go), peers must be able to accept what `signer` signs alone. Throws
 * ChannelError INVALID_BLOCK.
 */
export async function checkJoinBlock(block: Block, signer: SigningIdentity): Promise<Bundle> {
  const data = block.data?.data ?? [];
  if (!isConfigBlock(block)) throw invalid("block is not a config block");
  if (!block.metadata?.metadata.length) throw invalid("it does not have metadata");
  if (!equalBytes(dataHash(data), block.header?.dataHash ?? new Uint8Array())) {
    throw invalid("Header.DataHash is different from Hash(block.Data)");
  }
  if (block.header?.number !== 0n) {
    throw invalid(
      `it is block ${block.header?.number}; this orderer works alone and can only begin a channel, with block 0`,
    );
  }
  const bundle = readBundle(data);
  const obstacle = await obstacleToSigning(bundle, signer);
  if (obstacle !== undefined) {
    throw invalid(obstacle);
  }
  return bundle;
}

function readBundle(data: readonly Uint8Array[]): Bundle {
  try {
    return bundleFromBlock(data);
  } catch (error) {
    if (error instanceof ProtocolError) throw new ChannelError("INVALID_BLOCK", error.message, { cause: error });
    throw error;
  }
}

function invalid(message: string): ChannelError {
  return new ChannelError("INVALID_BLOCK", message);
}
