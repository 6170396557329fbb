import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import {
  type AccessIndex,
  type CertificateStore,
  type DeliveredRecord,
  MAX_FOUND,
  type RecordLog,
} from "../../access/index.js";
import type { AccessLog } from "../../log/index.js";

export interface FinderParts {
  readonly department: MspId;
  readonly log: AccessLog;
  readonly records: RecordLog;
  readonly index: AccessIndex;
  readonly certificates: CertificateStore;
}

/** Finds, for a consumer that lost the answer, the records of its requests in the provider's log. */
export class RecordFinder {
  readonly #parts: FinderParts;

  constructor(parts: FinderParts) {
    this.#parts = parts;
  }

  /** @param requests their nonces; those of other departments are not found */
  async find(consumer: MspId, requests: readonly Digest[]): Promise<DeliveredRecord[]> {
    const { department, log, records, index, certificates } = this.#parts;
    // What was filed a moment ago is among what is asked for.
    await log.publish();
    await index.catchUp();
    const found: DeliveredRecord[] = [];
    for (const position of await index.positionsOfRequests(requests, { provider: department, consumer }, MAX_FOUND)) {
      const filed = await records.find(position);
      if (filed === undefined) continue;
      const certificate = await certificates.read(filed.signed.record.certificate);
      if (certificate !== undefined) found.push({ signed: filed.signed, position, certificate });
    }
    return found;
  }
}
