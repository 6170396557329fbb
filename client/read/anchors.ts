import type { MspId } from "@wanlian/model/identifiers.js";
import type { AnchorLog, LogState } from "@wanlian/model/model-1/log/log.js";
import type { Anchor } from "./ledger-reader.js";
import type { Db } from "./rows.js";

/** Anchors of a department's log that counted, in order. */
export async function anchorsOf(db: Db, department: MspId): Promise<readonly Anchor[]> {
  const rows = await db
    .selectFrom("acts")
    .select(["block", "time", "transaction_id", "state", "body"])
    .where("noun", "=", "log")
    .where("case_id", "=", department)
    .where("type", "=", "anchor")
    .where("counted", "=", 1)
    .orderBy("number")
    .execute();
  return rows.map(({ block, time, transaction_id: transactionId, state, body }) => {
    const { size, root } = JSON.parse(state) as LogState;
    const { blocks } = (JSON.parse(body) as AnchorLog).ledger;
    return { department, size, root, blocks, block: Number(block), time, transactionId };
  });
}
