/** Blocks: their hashes, their form and the metadata that orderers and peers put on them. */
import { equalBytes, NO_BYTES } from "./bytes.js";
import { ProtocolError } from "./errors.js";
import { sha256 } from "./hash.js";
import { encodeDer, encodeUnsigned, Tag } from "./identities/der.js";
import {
  type Block,
  type BlockHeader,
  BlockMetadataIndex,
  ChannelHeader,
  Envelope,
  HeaderType,
  Metadata,
  OrdererBlockMetadata,
  Payload,
} from "./messages/common.js";

/** Entries of a block's metadata: signatures, last configuration, validation codes, (unused), commit hash. */
export const METADATA_ENTRIES = 5;

/** What is hashed and signed of a header: DER of number, previous hash, data hash. */
export const headerBytes = (header: BlockHeader): Uint8Array =>
  encodeDer(
    Tag.SEQUENCE,
    encodeUnsigned(header.number),
    encodeDer(Tag.OCTET_STRING, header.previousHash),
    encodeDer(Tag.OCTET_STRING, header.dataHash),
  );

export const headerHash = (header: BlockHeader): Uint8Array => sha256(headerBytes(header));

/** SHA-256 over the envelopes, one after the other without lengths; `assertWellFormed` makes that safe. */
export const dataHash = (data: readonly Uint8Array[]): Uint8Array => sha256(...data);

const invalid = (message: string): ProtocolError => new ProtocolError("INVALID_BLOCK", message);

/** A block's parts, all of them present. */
export interface CompleteBlock extends Block {
  header: NonNullable<Block["header"]>;
  data: NonNullable<Block["data"]>;
  metadata: NonNullable<Block["metadata"]>;
}

/** @throws ProtocolError INVALID_BLOCK when header, data or a metadata entry is missing. */
export function assertComplete(block: Block): asserts block is CompleteBlock {
  if (block.header === undefined) throw invalid("a block without header");
  const { number } = block.header;
  if (block.data === undefined || block.data.data.length === 0) throw invalid(`block ${number} holds no transaction`);
  const entries = block.metadata?.metadata.length ?? 0;
  if (entries < METADATA_ENTRIES)
    throw invalid(`block ${number} has ${entries} metadata entries of ${METADATA_ENTRIES}`);
}

/**
 * The data hash fits, and every transaction is an envelope with payload and signature that encodes to exactly the bytes in the block
 * (CVE-2023-46132: hashed without lengths, transactions could be cut differently). A configuration block is exempt from the second.
 * @throws ProtocolError INVALID_BLOCK
 */
export function assertWellFormed(block: CompleteBlock): void {
  const { number, dataHash: stated } = block.header;
  if (!equalBytes(dataHash(block.data.data), stated))
    throw invalid(`block ${number}: its data do not hash to its header`);
  if (isConfigBlock(block)) return;
  block.data.data.forEach((bytes, index) => {
    const envelope = decodeEnvelope(bytes);
    if (envelope === undefined) throw invalid(`block ${number}: transaction ${index} is not an envelope`);
    if (envelope.payload.length === 0) throw invalid(`block ${number}: transaction ${index} has no payload`);
    if (envelope.signature.length === 0) throw invalid(`block ${number}: transaction ${index} has no signature`);
    if (!equalBytes(Envelope.encode(envelope), bytes)) {
      throw invalid(`block ${number}: transaction ${index} is not in its canonical form`);
    }
  });
}

/** @throws ProtocolError INVALID_BLOCK when the block is not the one after the given header. */
export function assertFollows(block: CompleteBlock, previous: BlockHeader): void {
  const { number, previousHash } = block.header;
  if (number !== previous.number + 1n) throw invalid(`block ${number} where ${previous.number + 1n} is expected`);
  if (!equalBytes(previousHash, headerHash(previous)))
    throw invalid(`block ${number} does not continue block ${previous.number}`);
}

/** Whether the block's one transaction is a channel configuration. */
export function isConfigBlock(block: Block): boolean {
  const [only, ...others] = block.data?.data ?? [];
  return only !== undefined && others.length === 0 && headerType(only) === HeaderType.CONFIG;
}

/** The type in an envelope's channel header, if it has one that can be read. */
function headerType(bytes: Uint8Array): number | undefined {
  try {
    const { header } = Payload.decode(Envelope.decode(bytes).payload);
    return header === undefined ? undefined : ChannelHeader.decode(header.channelHeader).type;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function decodeEnvelope(bytes: Uint8Array): Envelope | undefined {
  try {
    return Envelope.decode(bytes);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** The orderers' metadata entry: what they signed and their signatures. */
export const ordererSignatures = (block: Block): Metadata =>
  Metadata.decode(block.metadata?.metadata[BlockMetadataIndex.SIGNATURES] ?? NO_BYTES);

/** The number of the configuration block that the block says it was ordered under. */
export function lastConfigIndex(block: Block): bigint {
  const { value } = ordererSignatures(block);
  return OrdererBlockMetadata.decode(value).lastConfig?.index ?? 0n;
}

/** Validation codes as this block's holder states them; empty where none are. */
export const validationCodes = (block: Block): Uint8Array =>
  block.metadata?.metadata[BlockMetadataIndex.TRANSACTIONS_FILTER] ?? NO_BYTES;

/** The commit hash as this block's holder states it, if it does. */
export function statedCommitHash(block: Block): Uint8Array | undefined {
  const entry = block.metadata?.metadata[BlockMetadataIndex.COMMIT_HASH];
  if (entry === undefined || entry.length === 0) return undefined;
  const { value } = Metadata.decode(entry);
  return value.length === 0 ? undefined : value;
}

/** The block with another metadata entry; entries that are missing are empty. */
export function withMetadata(block: Block, index: number, entry: Uint8Array): Block {
  const metadata = [...(block.metadata?.metadata ?? [])];
  while (metadata.length < METADATA_ENTRIES) metadata.push(NO_BYTES);
  metadata[index] = entry;
  return { ...block, metadata: { ...block.metadata, metadata } };
}
