import { ChaincodeInvocationSpec } from "@wanlian/protocol/messages/chaincode.js";
import {
  type Block,
  BlockMetadataIndex,
  ChannelHeader,
  Envelope,
  HeaderType,
  Payload,
} from "@wanlian/protocol/messages/common.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { ChaincodeProposalPayload } from "@wanlian/protocol/messages/proposal.js";
import { chaincodeActionOf, readEndorserTransaction } from "@wanlian/protocol/transaction/endorser-transaction.js";

/** A transaction that real peers endorsed: what was asked, and what they say it read and wrote. */
export interface RecordedTransaction {
  readonly txId: string;
  readonly chaincode: string;
  readonly args: readonly Uint8Array[];
  readonly results: Uint8Array;
  /** MSP ids of the endorsers. */
  readonly endorsers: readonly string[];
}

/** The chaincode transactions of a recorded block that hang together; some were recorded because they do not. */
export function recordedTransactions(block: Block): RecordedTransaction[] {
  return (block.data?.data ?? []).flatMap((bytes) => {
    try {
      return read(bytes);
    } catch {
      return [];
    }
  });
}

function read(bytes: Uint8Array): RecordedTransaction[] {
  const { header, data } = Payload.decode(Envelope.decode(bytes).payload);
  if (header === undefined) return [];
  const { type, txId } = ChannelHeader.decode(header.channelHeader);
  if (type !== HeaderType.ENDORSER_TRANSACTION) return [];
  const transaction = readEndorserTransaction(header, data);
  const { results, chaincodeId } = chaincodeActionOf(transaction);
  const { input } = ChaincodeProposalPayload.decode(transaction.proposalPayload);
  const args = ChaincodeInvocationSpec.decode(input).chaincodeSpec?.input?.args ?? [];
  const endorsers = transaction.endorsements.map(({ endorser }) => SerializedIdentity.decode(endorser).mspid);
  return [{ txId, chaincode: chaincodeId?.name ?? "", args, results, endorsers }];
}

/** The block as an orderer delivers it: without what the recording peer added. */
export function asOrdered(block: Block): Block {
  const added: readonly number[] = [BlockMetadataIndex.TRANSACTIONS_FILTER, BlockMetadataIndex.COMMIT_HASH];
  const metadata = (block.metadata?.metadata ?? []).map((entry, index) =>
    added.includes(index) ? new Uint8Array(0) : entry,
  );
  return { ...block, metadata: { metadata } };
}
