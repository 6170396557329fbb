import { LedgerError } from "@wanlian/model/errors.js";
import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import { type AccessRecord, type EvidenceFile, encodeEntry, openingOf, readEntry } from "@wanlian/verify";
import type { AccessIndex, CertificateStore, RecordLog, Vault } from "../access/index.js";
import { callNotSigned, type ExportParts, exportEvidence, type ProvableRecord } from "./export.js";

/** The node's own log, with what is kept beside it. */
export interface OwnRecords {
  readonly department: MspId;
  readonly records: RecordLog;
  readonly index: AccessIndex;
  readonly vault: Vault;
  readonly certificates: CertificateStore;
}

/**
 * Evidence of a record in the node's own log.
 * @param opens whether who asks may open what was looked up
 * @throws LedgerError NOT_FOUND, NOT_YET; LogError CALL_NOT_SIGNED
 */
export async function evidenceOfOwn(
  own: OwnRecords,
  id: Digest,
  parts: ExportParts,
  opens: (record: AccessRecord) => boolean,
): Promise<EvidenceFile> {
  const { department, records, index, vault, certificates } = own;
  await index.catchUp();
  const read = async (record: string) => {
    const position = await index.positionOf(record);
    const found = position === undefined ? undefined : await records.find(position);
    return position === undefined || found === undefined ? undefined : { position, signed: found.signed };
  };
  const found = await read(id);
  const [named] = found === undefined ? await entriesNamed(own, id) : [];
  if (named === "call") throw callNotSigned(id);
  if (found === undefined) throw new LedgerError("NOT_FOUND", `the log has no record ${id}`);
  const { position, signed } = found;
  const { receipt, key } = vault.read(position);
  const openingId = openingOf(signed.record);
  const opening = openingId === undefined ? undefined : await read(openingId);
  const ids = [signed, ...(opening ? [opening.signed] : [])].flatMap(({ record }) => [
    record.certificate,
    record.request.certificate,
  ]);
  const pems = await Promise.all(
    [...ids, ...(receipt ? [receipt.certificate] : [])].map(
      async (one) => [one, await certificates.read(one)] as const,
    ),
  );
  const record: ProvableRecord = {
    department,
    position,
    entry: encodeEntry(signed),
    opening: opening && { position: opening.position, entry: encodeEntry(opening.signed) },
    receipt,
    key: opens(signed.record) ? key : undefined,
    certificates: new Map(pems.flatMap(([one, pem]) => (pem === undefined ? [] : [[one, pem] as const]))),
  };
  return await exportEvidence(record, parts);
}

/** The kind of the entry of this id, where there is one. */
async function entriesNamed({ records, index }: OwnRecords, id: Digest): Promise<string[]> {
  const position = await index.positionOf(id);
  const read = position === undefined ? undefined : readEntry(await records.reader().record(position));
  return read === undefined ? [] : [read.kind];
}
