import { ProtocolError } from "../errors.js";
import type { Identity } from "../identities/identity.js";
import type { Timestamp } from "../messages/wellknown.js";
import { validIdentities } from "../policies/signature-set.js";
import { chaincodeActionOf, endorsementSet } from "../transaction/endorser-transaction.js";
import { attempt, checkEnvelope, indexedTransactionId } from "../transaction/envelope.js";
import { decodeReadWriteSet, type NamespaceReadWriteSet } from "../transaction/read-write-set.js";
import type { VerifiedBlock } from "./block.js";

/** A transaction in a verified block: who made it, who endorsed it, what it did. */
export interface VerifiedTransaction {
  readonly txId: string;
  readonly block: bigint;
  readonly index: number;
  readonly creator: Identity;
  /** The creator's claim. */
  readonly timestamp: Timestamp | undefined;
  readonly endorsers: readonly Identity[];
  readonly chaincode: string;
  readonly namespaces: readonly NamespaceReadWriteSet[];
}

const invalid = (message: string): ProtocolError => new ProtocolError("INVALID_TRANSACTION", message);

/**
 * A transaction's creator signed it, and its endorsements, all by identities valid in the channel, satisfy the named policy (such as
 * `/Channel/Application/Records`). Whether it also counted is a matter of the state that it met and of key-level policies: not shown here.
 * @throws ProtocolError with what does not hold.
 */
export async function verifyTransaction(
  txId: string,
  verified: VerifiedBlock,
  policyPath: string,
): Promise<VerifiedTransaction> {
  let failure = invalid(`block ${verified.number} does not hold transaction ${txId}`);
  for (const [index, bytes] of verified.block.data.data.entries()) {
    if (indexedTransactionId(bytes) !== txId) continue;
    // Anybody can claim an id in a header; the first that holds is the one.
    const transaction = await verifyEnvelope(bytes, index, verified, policyPath);
    if (!(transaction instanceof ProtocolError)) return transaction;
    failure = transaction;
  }
  throw failure;
}

async function verifyEnvelope(
  bytes: Uint8Array,
  index: number,
  { bundle, number }: VerifiedBlock,
  policyPath: string,
): Promise<VerifiedTransaction | ProtocolError> {
  const envelope = await checkEnvelope(bytes, bundle);
  if (envelope.kind === "refused") return invalid(`transaction ${index} of block ${number}: ${envelope.reason}`);
  if (envelope.kind === "config") return invalid(`transaction ${index} of block ${number} is a channel configuration`);
  const { transaction, creator, channelHeader } = envelope;
  const policy = bundle.policies.policy(policyPath);
  if (policy === undefined) return new ProtocolError("INVALID_POLICY", `the channel has no policy ${policyPath}`);
  const endorsers = await validIdentities(endorsementSet(transaction), bundle.msps);
  if (!policy.accepts(endorsers)) {
    const names = endorsers.map(({ mspId }) => mspId).join(", ") || "nobody";
    return new ProtocolError("POLICY_NOT_SATISFIED", `endorsed by ${names}, while ${policyPath} wants more`);
  }
  return attempt(() => {
    const { chaincodeId, results } = chaincodeActionOf(transaction);
    return {
      txId: channelHeader.txId,
      block: number,
      index,
      creator,
      timestamp: channelHeader.timestamp,
      endorsers,
      chaincode: chaincodeId?.name ?? "",
      namespaces: decodeReadWriteSet(results),
    };
  });
}
