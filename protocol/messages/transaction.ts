/** Transactions and their validation codes: peer/transaction.proto. */
import { bytes, type Decoded, int32, message, nested, repeatedNested } from "../codec.js";
import { Envelope } from "./common.js";
import { Endorsement } from "./proposal.js";

export const TxValidationCode = {
  VALID: 0,
  NIL_ENVELOPE: 1,
  BAD_PAYLOAD: 2,
  BAD_COMMON_HEADER: 3,
  BAD_CREATOR_SIGNATURE: 4,
  INVALID_ENDORSER_TRANSACTION: 5,
  INVALID_CONFIG_TRANSACTION: 6,
  UNSUPPORTED_TX_PAYLOAD: 7,
  BAD_PROPOSAL_TXID: 8,
  DUPLICATE_TXID: 9,
  ENDORSEMENT_POLICY_FAILURE: 10,
  MVCC_READ_CONFLICT: 11,
  PHANTOM_READ_CONFLICT: 12,
  UNKNOWN_TX_TYPE: 13,
  TARGET_CHAIN_NOT_FOUND: 14,
  MARSHAL_TX_ERROR: 15,
  NIL_TXACTION: 16,
  EXPIRED_CHAINCODE: 17,
  CHAINCODE_VERSION_CONFLICT: 18,
  BAD_HEADER_EXTENSION: 19,
  BAD_CHANNEL_HEADER: 20,
  BAD_RESPONSE_PAYLOAD: 21,
  BAD_RWSET: 22,
  ILLEGAL_WRITESET: 23,
  INVALID_WRITESET: 24,
  INVALID_CHAINCODE: 25,
  NOT_VALIDATED: 254,
  INVALID_OTHER_REASON: 255,
} as const;

export const MetaDataKeys = { VALIDATION_PARAMETER: 0, VALIDATION_PARAMETER_V2: 1 } as const;

export const ProcessedTransaction = message({ transactionEnvelope: nested(1, Envelope), validationCode: int32(2) });
export type ProcessedTransaction = Decoded<typeof ProcessedTransaction>;

export const TransactionAction = message({ header: bytes(1), payload: bytes(2) });
export type TransactionAction = Decoded<typeof TransactionAction>;

export const Transaction = message({ actions: repeatedNested(1, TransactionAction) });
export type Transaction = Decoded<typeof Transaction>;

export const ChaincodeEndorsedAction = message({
  proposalResponsePayload: bytes(1),
  endorsements: repeatedNested(2, Endorsement),
});
export type ChaincodeEndorsedAction = Decoded<typeof ChaincodeEndorsedAction>;

export const ChaincodeActionPayload = message({
  chaincodeProposalPayload: bytes(1),
  action: nested(2, ChaincodeEndorsedAction),
});
export type ChaincodeActionPayload = Decoded<typeof ChaincodeActionPayload>;
