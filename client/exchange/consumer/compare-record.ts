import type { Digest } from "@wanlian/model/identifiers.js";
import { type Reason, reasonOf } from "../../access/index.js";
import type { Signer } from "../../core/index.js";
import type { Ask, ConsumerDesk } from "./consumer-desk.js";

/** What a release says of one record that the consumer has. */
export interface ComparedRecord {
  /** `absent`: no row of that key; `agrees`: a row has all of the values; `differs`: it has the key, and not all of them. */
  readonly outcome: "agrees" | "differs" | "absent" | "refused";
  /** Of `differs`: the fields that the release has otherwise. */
  readonly differing: readonly string[];
  /** Of `refused`: why. */
  readonly reason?: Reason;
  /** Of the accesses that it took, in this node's log: each is a verification, answered by yes or no. */
  readonly records: readonly Digest[];
}

/** What is asked for, beside the values. */
export type RecordAsk = Omit<Ask, "way" | "road" | "subject" | "fields" | "by" | "compared">;

/**
 * Asks a release by verifications whether it has a record: all values at once; where not, the key; where it has that,
 * value by value.
 * @param key fields that name the row
 * @param values of the key's fields and of those compared; none is missing
 * @throws ExchangeError as `access`
 */
export async function compareRecord(
  desk: ConsumerDesk,
  officer: Signer,
  ask: RecordAsk,
  key: readonly string[],
  values: Readonly<Record<string, string>>,
): Promise<ComparedRecord> {
  const records: Digest[] = [];
  let reason: Reason | undefined;
  const has = async (fields: readonly string[]): Promise<boolean> => {
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
    records.push(filed.id);
    reason = reasonOf(filed.signed.record);
    return payload !== undefined && "match" in payload && payload.match;
  };
  const others = Object.keys(values).filter((field) => !key.includes(field));
  const refused = () => ({ outcome: "refused", differing: [], ...(reason && { reason }), records }) as const;
  if (await has([...key, ...others])) return { outcome: "agrees", differing: [], records };
  if (reason !== undefined) return refused();
  const isThere = others.length > 0 && (await has(key));
  if (reason !== undefined) return refused();
  if (!isThere) return { outcome: "absent", differing: [], records };
  if (others.length === 1) return { outcome: "differs", differing: others, records };
  const differing: string[] = [];
  for (const field of others) {
    if (!(await has([...key, field]))) differing.push(field);
    if (reason !== undefined) return refused();
  }
  return { outcome: "differs", differing, records };
}
