import type { Digest } from "@wanlian/model/identifiers.js";
import { type Reason, reasonOf } from "../../access/index.js";
import type { Signer } from "../../core/index.js";
import { type VerifiedRecord, verifyRecord } from "../../sheets/index.js";
import type { Ask, ConsumerDesk } from "./consumer-desk.js";

/** What a release says of one record that the consumer has, with the records of the accesses in this node's log. */
export type ComparedRecord = VerifiedRecord<Digest, Reason>;

/** What is asked for, beside the values. */
export type RecordAsk = Omit<Ask, "way" | "road" | "subject" | "fields" | "by" | "compared">;

/**
 * Asks a release by verifications whether it has a record ({@link verifyRecord}).
 * @param key fields that name the row
 * @param values of the key's fields and of those compared; none is missing
 * @throws ExchangeError as `access`
 */
export function compareRecord(
  desk: ConsumerDesk,
  officer: Signer,
  ask: RecordAsk,
  key: readonly string[],
  values: Readonly<Record<string, string>>,
): Promise<ComparedRecord> {
  const others = Object.keys(values).filter((field) => !key.includes(field));
  return verifyRecord<Digest, Reason>(key, others, async (fields) => {
    const subject = Object.fromEntries(fields.map((field) => [field, values[field] ?? ""])) as NonNullable<
      Ask["subject"]
    >;
    const asked = {
      ...ask,
      fields: [...fields] as Ask["fields"],
      subject,
      way: "verification",
      road: "gateway",
    } as const;
    const { filed, payload } = await desk.access(officer, asked);
    const match = payload !== undefined && "match" in payload && payload.match;
    return { record: filed.id, match, reason: reasonOf(filed.signed.record) };
  });
}
