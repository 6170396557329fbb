import type { MspId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import type { LogRead } from "@wanlian/model/reading.js";
import type { Anchor } from "./ledger-reader.js";
import type { Db } from "./rows.js";

/** A department's log as the last act on it left it; undefined where there is none. */
export async function logOnLedger(db: Db, department: MspId, models: ModelVersions): Promise<LogRead | undefined> {
  const row = await db
    .selectFrom("acts")
    .select(["model", "state"])
    .where("noun", "=", "log")
    .where("case_id", "=", department)
    .where("counted", "=", 1)
    .orderBy("number", "desc")
    .executeTakeFirst();
  return row && models.of(row.model).reading.log(JSON.parse(row.state) as CaseState);
}

/**
 * Anchors of a department's log that counted, in order, each as the version reads it that gave it. Of a department whose
 * log could not go on, those of the one that it has now.
 */
export async function anchorsOf(db: Db, department: MspId, models: ModelVersions): Promise<readonly Anchor[]> {
  const rows = await db
    .selectFrom("acts")
    .select(["type", "block", "time", "transaction_id", "model", "state", "body"])
    .where("noun", "=", "log")
    .where("case_id", "=", department)
    .where("type", "in", ["anchor", "beginAnew"])
    .where("counted", "=", 1)
    .orderBy("number")
    .execute();
  const begun = rows.findLastIndex(({ type }) => type === "beginAnew") + 1;
  return rows.slice(begun).map(({ block, time, transaction_id: transactionId, model, state, body }) => {
    const { reading } = models.of(model);
    const { size, root } = reading.log(JSON.parse(state) as CaseState);
    const { blocks } = reading.anchor(JSON.parse(body)).ledger;
    return { department, size, root, blocks, block: Number(block), time, transactionId };
  });
}
