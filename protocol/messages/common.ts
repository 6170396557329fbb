/** Blocks, envelopes and headers: common/common.proto, common/ledger.proto. */
import {
  bytes,
  type Decoded,
  int32,
  message,
  nested,
  repeated,
  repeatedNested,
  string,
  uint32,
  uint64,
} from "../codec.js";
import { Timestamp } from "./wellknown.js";

export const Status = {
  UNKNOWN: 0,
  SUCCESS: 200,
  BAD_REQUEST: 400,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  REQUEST_ENTITY_TOO_LARGE: 413,
  INTERNAL_SERVER_ERROR: 500,
  NOT_IMPLEMENTED: 501,
  SERVICE_UNAVAILABLE: 503,
} as const;

export const HeaderType = {
  MESSAGE: 0,
  CONFIG: 1,
  CONFIG_UPDATE: 2,
  ENDORSER_TRANSACTION: 3,
  ORDERER_TRANSACTION: 4,
  DELIVER_SEEK_INFO: 5,
  CHAINCODE_PACKAGE: 6,
} as const;

export const BlockMetadataIndex = {
  SIGNATURES: 0,
  LAST_CONFIG: 1,
  TRANSACTIONS_FILTER: 2,
  ORDERER: 3,
  COMMIT_HASH: 4,
} as const;

export const LastConfig = message({ index: uint64(1) });
export type LastConfig = Decoded<typeof LastConfig>;

export const MetadataSignature = message({
  signatureHeader: bytes(1),
  signature: bytes(2),
  identifierHeader: bytes(3),
});
export type MetadataSignature = Decoded<typeof MetadataSignature>;

export const Metadata = message({ value: bytes(1), signatures: repeatedNested(2, MetadataSignature) });
export type Metadata = Decoded<typeof Metadata>;

export const IdentifierHeader = message({ identifier: uint32(1), nonce: bytes(2) });
export type IdentifierHeader = Decoded<typeof IdentifierHeader>;

export const Header = message({ channelHeader: bytes(1), signatureHeader: bytes(2) });
export type Header = Decoded<typeof Header>;

export const ChannelHeader = message({
  type: int32(1),
  version: int32(2),
  timestamp: nested(3, Timestamp),
  channelId: string(4),
  txId: string(5),
  epoch: uint64(6),
  extension: bytes(7),
  tlsCertHash: bytes(8),
});
export type ChannelHeader = Decoded<typeof ChannelHeader>;

export const SignatureHeader = message({ creator: bytes(1), nonce: bytes(2) });
export type SignatureHeader = Decoded<typeof SignatureHeader>;

export const Payload = message({ header: nested(1, Header), data: bytes(2) });
export type Payload = Decoded<typeof Payload>;

export const Envelope = message({ payload: bytes(1), signature: bytes(2) });
export type Envelope = Decoded<typeof Envelope>;

export const BlockHeader = message({ number: uint64(1), previousHash: bytes(2), dataHash: bytes(3) });
export type BlockHeader = Decoded<typeof BlockHeader>;

export const BlockData = message({ data: repeated(bytes(1)) });
export type BlockData = Decoded<typeof BlockData>;

export const BlockMetadata = message({ metadata: repeated(bytes(1)) });
export type BlockMetadata = Decoded<typeof BlockMetadata>;

export const Block = message({
  header: nested(1, BlockHeader),
  data: nested(2, BlockData),
  metadata: nested(3, BlockMetadata),
});
export type Block = Decoded<typeof Block>;

export const OrdererBlockMetadata = message({ lastConfig: nested(1, LastConfig), consenterMetadata: bytes(2) });
export type OrdererBlockMetadata = Decoded<typeof OrdererBlockMetadata>;

export const BootstrappingSnapshotInfo = message({ lastBlockInSnapshot: uint64(1) });
export type BootstrappingSnapshotInfo = Decoded<typeof BootstrappingSnapshotInfo>;

export const BlockchainInfo = message({
  height: uint64(1),
  currentBlockHash: bytes(2),
  previousBlockHash: bytes(3),
  bootstrappingSnapshotInfo: nested(4, BootstrappingSnapshotInfo),
});
export type BlockchainInfo = Decoded<typeof BlockchainInfo>;
