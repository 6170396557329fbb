import { headerBytes, ordererSignatures } from "./block.js";
import { concatBytes } from "./bytes.js";
import type { Bundle } from "./configuration/bundle.js";
import { PolicyPath } from "./configuration/paths.js";
import { ProtocolError } from "./errors.js";
import { type Block, type BlockHeader, IdentifierHeader, SignatureHeader } from "./messages/common.js";
import { SerializedIdentity } from "./messages/msp.js";
import type { SignedData } from "./policies/policy.js";

/**
 * What the orderers signed of a block. With capability V3_0 a signature may name its consenter by number (SmartBFT); a number that the
 * configuration does not know counts for nothing.
 * @throws ProtocolError MALFORMED where a header does not decode: Fabric refuses such a block, whatever else signs it.
 */
export function blockSignedData(block: Block, header: BlockHeader, bundle: Bundle): SignedData[] {
  const { value, signatures } = ordererSignatures(block);
  const signed: SignedData[] = [];
  for (const { signatureHeader, identifierHeader, signature } of signatures) {
    const byNumber = bundle.v3 && signatureHeader.length === 0 && identifierHeader.length > 0;
    const identity = byNumber
      ? consenterIdentity(IdentifierHeader.decode(identifierHeader).identifier, bundle)
      : SignatureHeader.decode(signatureHeader).creator;
    if (identity === undefined) continue;
    const data = concatBytes(value, byNumber ? identifierHeader : signatureHeader, headerBytes(header));
    signed.push({ identity, data, signature });
  }
  return signed;
}

function consenterIdentity(id: number, bundle: Bundle): Uint8Array | undefined {
  const consenter = bundle.consenters.find((one) => one.id === id);
  if (consenter === undefined || consenter.identity.length === 0) return undefined;
  return SerializedIdentity.encode({ mspid: consenter.mspId, idBytes: consenter.identity });
}

/**
 * The orderers' signatures satisfy /Channel/Orderer/BlockValidation of the configuration in force before the block.
 * @throws ProtocolError INVALID_BLOCK
 */
export async function assertOrdered(block: Block, header: BlockHeader, bundle: Bundle): Promise<void> {
  const policy = bundle.policies.policy(PolicyPath.BLOCK_VALIDATION);
  if (policy === undefined) throw new ProtocolError("INVALID_BLOCK", "the channel has no policy BlockValidation");
  if (!(await policy.evaluate(blockSignedData(block, header, bundle)))) {
    throw new ProtocolError("INVALID_BLOCK", `block ${header.number} lacks the orderers' signatures`);
  }
}
