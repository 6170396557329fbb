/** What one verification gave. */
export interface Verified<Id extends string, Why extends string> {
  /** Of the access, in the consumer's log. */
  readonly record: Id;
  readonly match: boolean;
  /** Why nothing was said. */
  readonly reason?: Why | undefined;
}

/** What a release says of one record that the consumer has. */
export interface VerifiedRecord<Id extends string, Why extends string> {
  /** `absent`: no row of that key; `agrees`: a row has all of the values; `differs`: it has the key, and not all of them. */
  readonly outcome: "agrees" | "differs" | "absent" | "refused";
  /** Of `differs`: the fields that the release has otherwise. */
  readonly differing: readonly string[];
  /** Of `refused`: why. */
  readonly reason?: Why;
  /** Of the accesses that it took: each is a verification, answered by yes or no. */
  readonly records: readonly Id[];
}

/**
 * Asks by verifications whether a release has a record: all values at once; where not, the key; where it has that, value
 * by value.
 * @param key fields that name the row
 * @param others fields that are compared
 */
export async function verifyRecord<Id extends string, Why extends string>(
  key: readonly string[],
  others: readonly string[],
  verify: (fields: readonly string[]) => Promise<Verified<Id, Why>>,
): Promise<VerifiedRecord<Id, Why>> {
  const records: Id[] = [];
  let reason: Why | undefined;
  const has = async (fields: readonly string[]): Promise<boolean> => {
    const verified = await verify(fields);
    records.push(verified.record);
    reason = verified.reason;
    return verified.match;
  };
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
