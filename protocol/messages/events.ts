/** A peer's deliver services: peer/events.proto. */
import {
  type Decoded,
  enumeration,
  mapNested,
  message,
  nested,
  oneof,
  repeatedNested,
  string,
  uint64,
} from "../codec.js";
import { ChaincodeEvent } from "./chaincode.js";
import { Block } from "./common.js";
import { TxPvtReadWriteSet } from "./rwset.js";

export const FilteredChaincodeAction = message({ chaincodeEvent: nested(1, ChaincodeEvent) });
export type FilteredChaincodeAction = Decoded<typeof FilteredChaincodeAction>;

export const FilteredTransactionActions = message({ chaincodeActions: repeatedNested(1, FilteredChaincodeAction) });
export type FilteredTransactionActions = Decoded<typeof FilteredTransactionActions>;

export const FilteredTransaction = message({
  txid: string(1),
  type: enumeration(2),
  txValidationCode: enumeration(3),
  ...oneof({ transactionActions: nested(4, FilteredTransactionActions) }),
});
export type FilteredTransaction = Decoded<typeof FilteredTransaction>;

export const FilteredBlock = message({
  channelId: string(1),
  number: uint64(2),
  filteredTransactions: repeatedNested(4, FilteredTransaction),
});
export type FilteredBlock = Decoded<typeof FilteredBlock>;

export const BlockAndPrivateData = message({
  block: nested(1, Block),
  privateDataMap: mapNested(2, uint64(1), () => TxPvtReadWriteSet),
});
export type BlockAndPrivateData = Decoded<typeof BlockAndPrivateData>;

/** The answer of the peer; the orderer has a type of its own with the first two fields. */
export const PeerDeliverResponse = message({
  ...oneof({
    status: enumeration(1),
    block: nested(2, Block),
    filteredBlock: nested(3, FilteredBlock),
    blockAndPrivateData: nested(4, BlockAndPrivateData),
  }),
});
export type PeerDeliverResponse = Decoded<typeof PeerDeliverResponse>;
