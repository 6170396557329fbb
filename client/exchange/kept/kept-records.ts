import { Digest, type MspId } from "@wanlian/model/identifiers.js";
import { closed } from "@wanlian/model/kernel/schema.js";
import { leafHash } from "@wanlian/model/merkle.js";
import { type Static, Type } from "typebox";
import { Compile } from "typebox/schema";
import { type AccessIndex, encodeEntry, hexOf, type RecordLog, readRecord, type Vault } from "../../access/index.js";
import { ExchangeError, NodeError } from "../../core/index.js";
import type { DepartmentConnections } from "../../transport/index.js";

/** Records asked for at a time. */
const MAX_LOST = 50;
/** The longest entry that a log takes, in base64. */
const MAX_ENTRY_TEXT = 90_000;
/** An entry with its name and key, and what JSON adds. */
const MAX_KEPT_BYTES = MAX_LOST * (MAX_ENTRY_TEXT + 300);

/** A department that lost what it keeps of accesses asks the other party of each: by the records' ids. */
export const LostRecords = closed({ records: Type.Array(Digest, { minItems: 1, maxItems: MAX_LOST }) });
export type LostRecords = Static<typeof LostRecords>;

/** What a party of an access keeps of it. */
const KeptRecord = closed({
  record: Digest,
  /** What stands in both logs, base64: its leaf hash is the record's id. */
  entry: Type.String({ maxLength: MAX_ENTRY_TEXT }),
  /** The access's own; no signature says which it is, so it is the other party's word. */
  key: Type.Optional(Digest),
});
export type KeptRecord = Static<typeof KeptRecord>;

export const KeptRecords = closed({ records: Type.Array(KeptRecord, { maxItems: MAX_LOST }) });
const keptForm = Compile(KeptRecords);

export interface OwnRecords {
  readonly department: MspId;
  readonly log: RecordLog;
  readonly index: AccessIndex;
  readonly vault: Vault;
}

/** Of those records that the asking department is a party of. */
export async function findKept(
  from: MspId,
  { records }: LostRecords,
  { department, log, index, vault }: OwnRecords,
): Promise<KeptRecord[]> {
  await index.catchUp();
  const found: KeptRecord[] = [];
  for (const record of records) {
    const position = log.recentPosition(record) ?? (await index.positionOf(record));
    const filed = position === undefined ? undefined : await log.find(position);
    if (position === undefined || filed === undefined) continue;
    const { provider, consumer } = filed.signed.record.request;
    if (![provider, consumer].includes(from) || ![provider, consumer].includes(department)) continue;
    const { key } = vault.read(position);
    const entry = Buffer.from(encodeEntry(filed.signed)).toString("base64");
    found.push({ record, entry, ...(key === undefined ? {} : { key }) });
  }
  return found;
}

/** A record as another department gave it back, proven to be the one that was asked for. */
export interface FetchedRecord {
  readonly entry: Uint8Array;
  readonly key: Digest | undefined;
}

/**
 * What any of the departments gives back of these records. One that does not answer, or wrongly, holds up no other.
 * @param failed told of each that does not answer
 */
export async function fetchKept(
  connections: Pick<DepartmentConnections, "json" | "departments">,
  records: readonly Digest[],
  failed: (department: string, error: NodeError) => void,
): Promise<ReadonlyMap<Digest, FetchedRecord>> {
  const found = new Map<Digest, FetchedRecord>();
  for (const department of connections.departments) {
    const lost = records.filter((record) => !found.has(record));
    try {
      for (let at = 0; at < lost.length; at += MAX_LOST) {
        await fetchSome(connections, department as MspId, lost.slice(at, at + MAX_LOST), found);
      }
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      failed(department, error);
    }
  }
  return found;
}

async function fetchSome(
  connections: Pick<DepartmentConnections, "json">,
  department: MspId,
  lost: readonly Digest[],
  found: Map<Digest, FetchedRecord>,
): Promise<void> {
  const answer = await connections.json(department, "/exchange/v1/kept", { records: lost }, { most: MAX_KEPT_BYTES });
  if (!keptForm.Check(answer)) throw new ExchangeError("BAD_ANSWER", `${department} gives records in another form`);
  for (const { record, entry, key } of (answer as Static<typeof KeptRecords>).records) {
    const bytes = Buffer.from(entry, "base64");
    if (!lost.includes(record) || hexOf(leafHash(bytes)) !== record || !isParty(department, bytes)) continue;
    found.set(record, { entry: bytes, key });
  }
}

/** Others may have the entry, an auditor's node say; the key, which nothing proves, is for a party of the access to know. */
function isParty(department: MspId, entry: Uint8Array): boolean {
  const request = readRecord(entry)?.record.request;
  return request !== undefined && [request.provider, request.consumer].includes(department);
}
