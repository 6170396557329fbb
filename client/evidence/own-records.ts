import { LedgerError } from "@wanlian/model/errors.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import type { EvidenceBundle } from "@wanlian/verify";
import { type AccessIndex, type CertificateStore, encodeEntry, type RecordLog, type Vault } from "../access/index.js";
import { type ExportParts, exportEvidence, type ProvableRecord } from "./export.js";

/** The node's own log, with what is kept beside it. */
export interface OwnRecords {
  readonly department: MspId;
  readonly records: RecordLog;
  readonly index: AccessIndex;
  readonly vault: Vault;
  readonly certificates: CertificateStore;
}

/** Evidence of a record in the node's own log. @throws LedgerError NOT_FOUND, NOT_YET */
export async function evidenceOfOwn(own: OwnRecords, id: string, parts: ExportParts): Promise<EvidenceBundle> {
  const { department, records, index, vault, certificates } = own;
  await index.catchUp();
  const position = await index.positionOf(id);
  const found = position === undefined ? undefined : await records.find(position);
  if (position === undefined || found === undefined) throw new LedgerError("NOT_FOUND", `the log has no record ${id}`);
  const kept = vault.read(position);
  const { certificate, request } = found.signed.record;
  const ids = [certificate, request.certificate, ...(kept.receipt ? [kept.receipt.certificate] : [])];
  const pems = await Promise.all(ids.map(async (one) => [one, (await certificates.read(one)) ?? ""] as const));
  const entry = encodeEntry(found.signed);
  const record: ProvableRecord = { department, position, entry, ...kept, certificates: new Map(pems) };
  return await exportEvidence(record, parts);
}
