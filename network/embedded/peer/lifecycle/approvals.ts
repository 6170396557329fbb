import { createHash } from "node:crypto";
import { equalBytes } from "@wanlian/protocol/bytes.js";
import { approvalName, type Definition, packageRecord, parametersRecord } from "./definition.js";
import { fieldKey, metadataKey, metadataOf, type OpaqueState, type StoredRecord } from "./layout.js";

/** Whether an organization approved a definition, and where it differs if it approved another. */
export interface Approval {
  readonly approved: boolean;
  readonly mismatches: readonly string[];
}

/**
 * Compares a definition with what an organization approved, by hash, so that any peer can. All hashes are read, whatever they turn
 * out to be: what is read is part of what this peer endorses.
 */
export async function approvalOf(chaincode: string, definition: Definition, state: OpaqueState): Promise<Approval> {
  const record = parametersRecord(definition);
  const name = approvalName(chaincode, definition.sequence);
  const metadata = await state.hash(metadataKey("namespaces", name));
  const fields: (Uint8Array | undefined)[] = [];
  for (const field of record.fields) fields.push(await state.hash(fieldKey("namespaces", name, field.name)));
  if (!isHashOf(metadata, metadataOf(record))) return { approved: false, mismatches: [record.datatype] };
  const mismatches = record.fields.filter(({ data }, index) => !isHashOf(fields[index], data)).map(mismatchName);
  return { approved: mismatches.length === 0, mismatches };
}

/**
 * Whether an organization approved the definition and says that it runs a package. Its peers then endorse for it; whether each has
 * installed the package shows when it is asked.
 */
export async function runsChaincode(chaincode: string, definition: Definition, state: OpaqueState): Promise<boolean> {
  const { approved } = await approvalOf(chaincode, definition, state);
  if (!approved) return false;
  const name = approvalName(chaincode, definition.sequence);
  const [none] = packageRecord("").fields;
  const packageHash = await state.hash(fieldKey("chaincode-sources", name, "PackageID"));
  return packageHash !== undefined && none !== undefined && !isHashOf(packageHash, none.data);
}

const mismatchName = ({ name }: StoredRecord["fields"][number]): string => name;

function isHashOf(hash: Uint8Array | undefined, data: Uint8Array): boolean {
  return hash !== undefined && equalBytes(hash, createHash("sha256").update(data).digest());
}
