import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import type { Logger } from "pino";
import {
  type AccessIndex,
  type CertificateStore,
  type DeliveredReceipt,
  MAX_RECEIPTS,
  MAX_RECEIPTS_BYTES,
  parseFoundReceipts,
  type RecordLog,
  type Vault,
} from "../../access/index.js";
import { NodeError } from "../../core/index.js";
import type { DepartmentConnections } from "../../transport/index.js";
import type { AwaitedReceipts } from "./awaited-receipts.js";
import type { ReceiptDesk } from "./receipt-desk.js";

export interface LostParts {
  readonly connections: Pick<DepartmentConnections, "json">;
  readonly awaited: AwaitedReceipts;
  readonly log: RecordLog;
  readonly desk: ReceiptDesk;
  readonly logger: Logger;
}

/**
 * Asks the consumers for the countersignatures that this node lacks of what earlier runs of it gave them: what a damaged
 * disk lost, each consumer has too. Who does not answer is asked at the next start.
 */
export async function fetchLostReceipts(parts: LostParts): Promise<void> {
  for (const [consumer, positions] of parts.awaited.all()) {
    try {
      for (const some of inBatches(positions)) await fetchSome(consumer, some, parts);
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      parts.logger.info({ consumer, err: error }, "missing countersignatures are asked for again at the next start");
    }
  }
}

function* inBatches(positions: Iterable<number>): Generator<readonly number[]> {
  let batch: number[] = [];
  for (const position of positions) {
    batch.push(position);
    if (batch.length < MAX_RECEIPTS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function fetchSome(consumer: MspId, positions: readonly number[], parts: LostParts): Promise<void> {
  const { connections, log, desk, logger } = parts;
  const asked = new Map<Digest, number>();
  for (const position of positions) {
    const filed = await log.find(position);
    if (filed !== undefined) asked.set(filed.id, position);
  }
  const body = { records: [...asked.keys()] };
  const answer = await connections.json(consumer, "/exchange/v1/countersignatures", body, { most: MAX_RECEIPTS_BYTES });
  for (const receipt of parseFoundReceipts(answer).receipts) {
    const position = asked.get(receipt.record);
    if (position === undefined) continue;
    // One that is wrong does not hold up the others.
    await desk.take(consumer, { ...receipt, position }).catch((error: unknown) => {
      logger.warn({ consumer, record: receipt.record, err: error }, "a countersignature is not taken");
    });
  }
}

/** What a consumer's node has of its own countersignatures. */
export interface OwnReceipts {
  readonly department: MspId;
  readonly log: RecordLog;
  readonly index: AccessIndex;
  readonly vault: Vault;
  readonly certificates: CertificateStore;
}

/** Those of a provider's records that this node countersigned. */
export async function findReceipts(
  provider: MspId,
  records: readonly Digest[],
  { department, log, index, vault, certificates }: OwnReceipts,
): Promise<DeliveredReceipt[]> {
  await index.catchUp();
  const found: DeliveredReceipt[] = [];
  for (const record of records) {
    const position = log.recentPosition(record) ?? (await index.positionOf(record));
    const filed = position === undefined ? undefined : await log.find(position);
    const request = filed?.signed.record.request;
    if (position === undefined || request?.provider !== provider || request.consumer !== department) continue;
    const { receipt } = vault.read(position);
    const certificate = receipt && (await certificates.read(receipt.certificate));
    if (receipt !== undefined && certificate !== undefined) {
      found.push({ record, signature: receipt.signature, certificate });
    }
  }
  return found;
}
