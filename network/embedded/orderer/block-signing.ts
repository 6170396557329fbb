import type { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import type { SigningIdentity } from "../../certificates/signing-identity.js";

/** The policy by which peers judge who signed a block. */
const BLOCK_VALIDATION = "/Channel/Orderer/BlockValidation";

/** Why peers would not accept blocks that `signer` signs alone under a configuration; undefined if they would. */
export async function obstacleToSigning(bundle: Bundle, signer: SigningIdentity): Promise<string | undefined> {
  if (bundle.orderer.consensusType === "BFT") {
    return "blocks of a BFT channel need the signatures of several orderers, and this orderer works alone";
  }
  const data = signer.nonce();
  const signature = { identity: signer.creator, data, signature: signer.sign(data) };
  const accepted = await bundle.policies.policy(BLOCK_VALIDATION)?.evaluate([signature]);
  return accepted ? undefined : `peers would not accept blocks signed by this orderer (${BLOCK_VALIDATION})`;
}
