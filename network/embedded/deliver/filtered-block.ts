import type { Encodable } from "@wanlian/protocol/codec.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { ChaincodeEvent } from "@wanlian/protocol/messages/chaincode.js";
import {
  type Block,
  BlockMetadataIndex,
  ChannelHeader,
  Envelope,
  HeaderType,
  Payload,
} from "@wanlian/protocol/messages/common.js";
import type { FilteredBlock, FilteredTransaction } from "@wanlian/protocol/messages/events.js";
import { ChaincodeAction, ProposalResponsePayload } from "@wanlian/protocol/messages/proposal.js";
import { ChaincodeActionPayload, Transaction, TxValidationCode } from "@wanlian/protocol/messages/transaction.js";

/**
 * What a filtered block tells of a block: each transaction's id, type and code, and the names of its chaincode events
 * (Fabric's core/peer/deliverevents.go). Parts of a transaction that do not decode are left out, for such a transaction
 * is invalid; Fabric answers 400 for the whole block.
 */
export function filterBlock(channelId: string, block: Block): Encodable<FilteredBlock> {
  const codes = block.metadata?.metadata[BlockMetadataIndex.TRANSACTIONS_FILTER] ?? new Uint8Array();
  const transactions = (block.data?.data ?? []).map((bytes, index) =>
    filterTransaction(bytes, codes[index] ?? TxValidationCode.INVALID_OTHER_REASON),
  );
  return { channelId, number: block.header?.number ?? 0n, filteredTransactions: transactions };
}

function filterTransaction(bytes: Uint8Array, code: number): Encodable<FilteredTransaction> {
  return (
    readable(() => {
      const payload = Payload.decode(Envelope.decode(bytes).payload);
      const header = ChannelHeader.decode(payload.header?.channelHeader ?? new Uint8Array());
      const shown = { txid: header.txId, type: header.type, txValidationCode: code };
      if (header.type !== HeaderType.ENDORSER_TRANSACTION) {
        return shown;
      }
      const events = readable(() => eventsOf(payload.data)) ?? [];
      return { ...shown, transactionActions: { chaincodeActions: events.map((event) => ({ chaincodeEvent: event })) } };
    }) ?? { txValidationCode: code }
  );
}

/** Events without their payload, which a filtered block does not show. */
function eventsOf(data: Uint8Array): Encodable<ChaincodeEvent>[] {
  return Transaction.decode(data).actions.flatMap(({ payload }) => {
    const action = ChaincodeActionPayload.decode(payload).action;
    const response = ProposalResponsePayload.decode(action?.proposalResponsePayload ?? new Uint8Array());
    const { events } = ChaincodeAction.decode(response.extension);
    const { chaincodeId, txId, eventName } = ChaincodeEvent.decode(events);
    return chaincodeId === "" ? [] : [{ chaincodeId, txId, eventName }];
  });
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
