import type { MspId } from "@wanlian/model/identifiers.js";
import type { Reading, UsageDifference } from "@wanlian/model/reading.js";
import type { Db } from "../read/index.js";

/** Where the two sides of a use state different figures, as every node can tell from the ledger. */
export async function usageDifferencesIn(db: Db, reading: Reading, month?: string): Promise<UsageDifference[]> {
  let query = db
    .selectFrom("acts")
    .select(["case_id", "body"])
    .where("noun", "=", "usage")
    .where("counted", "=", 1)
    .orderBy("block")
    .orderBy("tx");
  if (month !== undefined) query = query.where("case_id", "like", `%/${month}`);
  const statements = (await query.execute()).map(({ case_id, body }) => {
    const slash = case_id.indexOf("/");
    return { department: case_id.slice(0, slash) as MspId, month: case_id.slice(slash + 1), body: JSON.parse(body) };
  });
  return reading.usageDifferences?.(statements) ?? [];
}
