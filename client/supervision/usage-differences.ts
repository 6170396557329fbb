import type { MspId } from "@wanlian/model/identifiers.js";
import type { Reading, UsageDifference, UsageStatement } from "@wanlian/model/reading.js";
import type { Db } from "../read/index.js";

/** Where the two sides of a use state different figures, as every node can tell from the ledger. */
export async function usageDifferencesIn(db: Db, reading: Reading, month?: string): Promise<UsageDifference[]> {
  return reading.usageDifferences?.(await usageStatementsIn(db, month === undefined ? "%" : `%/${month}`)) ?? [];
}

/** What was stated of use in the cases whose ids are like that (SQL), in the order of the ledger. */
export async function usageStatementsIn(db: Db, cases: string): Promise<UsageStatement[]> {
  const rows = await db
    .selectFrom("acts")
    .select(["case_id", "body"])
    .where("noun", "=", "usage")
    .where("counted", "=", 1)
    .where("case_id", "like", cases)
    .orderBy("block")
    .orderBy("tx")
    .execute();
  return rows.map(({ case_id, body }) => {
    const slash = case_id.indexOf("/");
    return { department: case_id.slice(0, slash) as MspId, month: case_id.slice(slash + 1), body: JSON.parse(body) };
  });
}
