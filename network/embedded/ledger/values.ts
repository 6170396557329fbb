/** How state values stand in the database: version, metadata, value. */
import { concatBytes } from "@wanlian/protocol/bytes.js";
import { KVMetadataWrite } from "@wanlian/protocol/messages/rwset.js";
import { readUint64, uint64 } from "./keys.js";
import type { StateValue, Version } from "./snapshot.js";

const VERSION_LENGTH = 16;

export function encodeState({ value, version, metadata }: StateValue): Uint8Array {
  const entries = KVMetadataWrite.encode({ entries: [...metadata].map(([name, entry]) => ({ name, value: entry })) });
  return concatBytes(encodeVersion(version), uint64(BigInt(entries.length)), entries, value);
}

export function decodeState(bytes: Uint8Array): StateValue {
  const at = VERSION_LENGTH + 8;
  const end = at + Number(readUint64(bytes, VERSION_LENGTH));
  return {
    version: decodeVersion(bytes),
    metadata: metadataMap(KVMetadataWrite.decode(bytes.subarray(at, end)).entries),
    value: new Uint8Array(bytes.subarray(end)),
  };
}

/** Plain private data: version, the key's name, value. */
export interface PrivateValue {
  readonly name: Uint8Array;
  readonly value: Uint8Array;
  readonly version: Version;
}

export const encodePrivate = ({ name, value, version }: PrivateValue): Uint8Array =>
  concatBytes(encodeVersion(version), uint64(BigInt(name.length)), name, value);

export function decodePrivate(bytes: Uint8Array): PrivateValue {
  const at = VERSION_LENGTH + 8;
  const end = at + Number(readUint64(bytes, VERSION_LENGTH));
  return {
    version: decodeVersion(bytes),
    name: new Uint8Array(bytes.subarray(at, end)),
    value: new Uint8Array(bytes.subarray(end)),
  };
}

export const encodeVersion = ({ block, transaction }: Version): Uint8Array =>
  concatBytes(uint64(block), uint64(transaction));

export const decodeVersion = (bytes: Uint8Array): Version => ({
  block: readUint64(bytes, 0),
  transaction: readUint64(bytes, 8),
});

export const sameVersion = (left: Version | undefined, right: Version | undefined): boolean =>
  left?.block === right?.block && left?.transaction === right?.transaction;

/** Entries by name; the last of a name counts. */
export const metadataMap = (
  entries: readonly { readonly name: string; readonly value: Uint8Array }[],
): ReadonlyMap<string, Uint8Array> => new Map(entries.map(({ name, value }) => [name, value]));

/** Where a transaction id stands first: block, index, code. */
export interface TransactionPosition {
  readonly block: bigint;
  readonly index: number;
  readonly code: number;
}

export function encodePosition({ block, index, code }: TransactionPosition): Uint8Array {
  const bytes = new Uint8Array(13);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, block);
  view.setUint32(8, index);
  view.setUint8(12, code);
  return bytes;
}

export function decodePosition(bytes: Uint8Array): TransactionPosition {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { block: view.getBigUint64(0), index: view.getUint32(8), code: view.getUint8(12) };
}
