import {
  type Block,
  BlockMetadataIndex,
  ChannelHeader,
  Envelope,
  HeaderType,
  Payload,
} from "@wanlian/protocol/messages/common.js";
import type { ChaincodeAction } from "@wanlian/protocol/messages/proposal.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { chaincodeActionOf, readEndorserTransaction } from "@wanlian/protocol/transaction/endorser-transaction.js";

/** What a valid transaction did. */
export interface ValidTransaction {
  readonly txId: string;
  readonly action: ChaincodeAction;
}

/** The valid chaincode transactions of a committed block, in order. They have been validated, so everything in them decodes. */
export function* validTransactions(block: Block): Generator<ValidTransaction> {
  const codes = block.metadata?.metadata[BlockMetadataIndex.TRANSACTIONS_FILTER];
  for (const [index, bytes] of (block.data?.data ?? []).entries()) {
    if (codes?.[index] !== TxValidationCode.VALID) continue;
    const { header, data } = Payload.decode(Envelope.decode(bytes).payload);
    if (header === undefined) continue;
    const { type, txId } = ChannelHeader.decode(header.channelHeader);
    if (type !== HeaderType.ENDORSER_TRANSACTION) continue;
    yield { txId, action: chaincodeActionOf(readEndorserTransaction(header, data)) };
  }
}
