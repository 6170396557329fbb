import type { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import type { SigningIdentity } from "../../certificates/signing-identity.js";

/** The policy by which peers judge who signed a block. */
const BLOCK_VALIDATION = "/Channel/Orderer/BlockValidation";

/** The only consensus type under which Fabric's peers take blocks that one orderer signed. */
const FOLLOWED = "etcdraft";

/** Why peers would not accept blocks that `signer` signs alone under a configuration; undefined if they would. */
export async function obstacleToSigning(bundle: Bundle, signer: SigningIdentity): Promise<string | undefined> {
  const { consensusType } = bundle.orderer;
  if (consensusType !== FOLLOWED) {
    return `the consensus type is ${consensusType}; peers follow this orderer, which works alone, under "${FOLLOWED}"`;
  }
  const data = signer.nonce();
  const signature = { identity: signer.creator, data, signature: signer.sign(data) };
  const accepted = await bundle.policies.policy(BLOCK_VALIDATION)?.evaluate([signature]);
  return accepted ? undefined : `peers would not accept blocks signed by this orderer (${BLOCK_VALIDATION})`;
}
