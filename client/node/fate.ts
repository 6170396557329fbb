import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import type { Kysely, Selectable } from "kysely";
import type { FoldedAct } from "../core/index.js";
import type { ActTable, NodeDatabase } from "../projection/index.js";
import type { Fate } from "../submission/index.js";

/** What became of a transaction id, from the projection's tables; undefined if it is in no block yet. */
export async function readFate(db: Kysely<NodeDatabase>, transactionId: string): Promise<Fate | undefined> {
  const carriers = await db
    .selectFrom("transactions")
    .select(["block", "tx", "code"])
    .where("id", "=", transactionId)
    .orderBy("block")
    .orderBy("tx")
    .execute();
  // Of several that claim the id at most one is valid; if none is, none ever will be (Fabric's core/committer/txvalidator/v20).
  const valid = carriers.find(({ code }) => code === TxValidationCode.VALID);
  const [first] = carriers;
  if (valid === undefined) return first === undefined ? undefined : { kind: "invalid", code: first.code };
  const act = await db
    .selectFrom("acts")
    .selectAll()
    .where("block", "=", valid.block)
    .where("tx", "=", valid.tx)
    .executeTakeFirst();
  if (act === undefined) return { kind: "void", reason: "it wrote no act" };
  return act.counted === 1 ? { kind: "counted", act: foldedAct(act) } : { kind: "void", reason: act.reason };
}

/** A counted act's row as the services give it. */
export function foldedAct(row: Selectable<ActTable>): FoldedAct {
  return {
    position: { block: BigInt(row.block), transaction: row.tx },
    transactionId: row.transaction_id,
    noun: row.noun,
    case: row.case_id,
    number: row.number,
    type: row.type,
    author: { department: row.department, officer: row.officer },
    time: row.time,
    claimedTime: row.claimed_time,
    body: JSON.parse(row.body),
    state: JSON.parse(row.state),
  };
}
