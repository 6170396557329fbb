import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import type { Kysely } from "kysely";
import type { NodeDatabase } from "../projection/index.js";
import { actOf } from "../read/index.js";
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
  return act.counted === 1 ? { kind: "counted", act: actOf(act) } : { kind: "void", reason: act.reason };
}
