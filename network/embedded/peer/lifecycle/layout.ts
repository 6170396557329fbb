import { equalBytes } from "@wanlian/protocol/bytes.js";
import { StateData, StateMetadata } from "@wanlian/protocol/messages/lifecycle.js";
import { LIFECYCLE_NAMESPACE } from "../../ledger/definitions.js";
import { PeerError } from "../errors.js";

/**
 * How `_lifecycle` keeps its records in the state: each field of a record under a key of its own, and the list of the fields beside
 * them, so that only what changes is written (Fabric's core/chaincode/lifecycle/serializer.go).
 */

/** The system chaincode that defines chaincodes, and the namespace it writes to. */
export const LIFECYCLE = LIFECYCLE_NAMESPACE;

/** The two tables. */
export type Table = "namespaces" | "chaincode-sources";

/** One field, encoded as it stands in the state. */
export interface StoredField {
  readonly name: string;
  readonly data: Uint8Array;
}

/** A record to be kept. */
export interface StoredRecord {
  readonly datatype: string;
  readonly fields: readonly StoredField[];
}

/** Where records are read from: a transaction, which notes what it reads, or a plain snapshot. */
export interface ReadableState {
  get(key: string): Promise<Uint8Array | undefined>;
}

export interface WritableState extends ReadableState {
  put(key: string, value: Uint8Array): Promise<void>;
  delete(key: string): Promise<void>;
}

/** A state of which only hashes can be seen: another organization's approvals. */
export interface OpaqueState {
  hash(key: string): Promise<Uint8Array | undefined>;
}

export const metadataKey = (table: Table, name: string): string => `${table}/metadata/${name}`;
export const fieldKey = (table: Table, name: string, field: string): string => `${table}/fields/${name}/${field}`;

export const bytesField = (name: string, value: Uint8Array): StoredField => ({
  name,
  data: StateData.encode({ bytes: value }),
});
export const integerField = (name: string, value: bigint): StoredField => ({
  name,
  data: StateData.encode({ int64: value }),
});
export const textField = (name: string, value: string): StoredField => ({
  name,
  data: StateData.encode({ string: value }),
});

/** The list of fields of a record. */
export function metadataOf(record: StoredRecord): Uint8Array {
  return StateMetadata.encode({ datatype: record.datatype, fields: record.fields.map(({ name }) => name) });
}

/** The datatype and fields of what is kept under a name; undefined if nothing is. */
export async function readMetadata(
  table: Table,
  name: string,
  state: ReadableState,
): Promise<StateMetadata | undefined> {
  const found = await state.get(metadataKey(table, name));
  return found && StateMetadata.decode(found);
}

export async function readBytes(table: Table, name: string, field: string, state: ReadableState): Promise<Uint8Array> {
  return (await readField(table, name, field, state)).bytes ?? new Uint8Array(0);
}

export async function readInteger(table: Table, name: string, field: string, state: ReadableState): Promise<bigint> {
  return (await readField(table, name, field, state)).int64 ?? 0n;
}

export async function readText(table: Table, name: string, field: string, state: ReadableState): Promise<string> {
  return (await readField(table, name, field, state)).string ?? "";
}

async function readField(table: Table, name: string, field: string, state: ReadableState): Promise<StateData> {
  return StateData.decode((await state.get(fieldKey(table, name, field))) ?? new Uint8Array(0));
}

/** Writes a record: fields that are as they were stay untouched, fields that it no longer has are deleted. */
export async function writeRecord(
  table: Table,
  name: string,
  record: StoredRecord,
  state: WritableState,
): Promise<void> {
  const old = (await readMetadata(table, name, state)) ?? StateMetadata.create();
  const existing = new Map<string, Uint8Array | undefined>();
  for (const field of old.fields) existing.set(field, await state.get(fieldKey(table, name, field)));
  for (const { name: field, data } of record.fields) {
    const before = existing.get(field);
    if (before === undefined || !equalBytes(before, data)) await state.put(fieldKey(table, name, field), data);
    existing.delete(field);
  }
  const sameShape = old.datatype === record.datatype && old.fields.length === record.fields.length;
  if (existing.size > 0 || !sameShape) await state.put(metadataKey(table, name), metadataOf(record));
  for (const field of existing.keys()) await state.delete(fieldKey(table, name, field));
}

/** @throws PeerError if a record is of another type. */
export function expectDatatype(metadata: StateMetadata, datatype: string): void {
  if (metadata.datatype !== datatype) {
    throw new PeerError("SIMULATION", `type name mismatch '${datatype}' != '${metadata.datatype}'`);
  }
}
