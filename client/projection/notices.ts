import type { Description } from "@wanlian/model/kernel/description.js";
import type { Insertable, Transaction } from "kysely";
import type { CountedTransaction } from "../fold/index.js";
import type { NodeDatabase, NoticeTable } from "./schema.js";

/**
 * Whom an act concerns: the parties of its case, and all who hold a grant on a dataset that it is about
 * (requirements R2, R5). Its author needs no notice.
 */
export async function noticeRows(
  sql: Transaction<NodeDatabase>,
  block: bigint,
  { index, act }: CountedTransaction,
  description: Description,
): Promise<Insertable<NoticeTable>[]> {
  const about = [{ noun: act.noun, case: act.case }, ...description.references];
  const datasets = about.filter(({ noun }) => noun === "dataset").map((ref) => ref.case);
  const concerned = new Set<string>(description.parties.map(({ department }) => department));
  for (const holder of await grantHolders(sql, datasets)) concerned.add(holder);
  concerned.delete(act.author.department);
  return [...concerned].map((department) => ({
    department,
    noun: act.noun,
    case_id: act.case,
    number: act.number,
    block,
    tx: index,
  }));
}

async function grantHolders(sql: Transaction<NodeDatabase>, datasets: readonly string[]): Promise<string[]> {
  if (datasets.length === 0) return [];
  const rows = await sql
    .selectFrom("case_references as reference")
    .innerJoin("cases as grant", (join) =>
      join.onRef("grant.noun", "=", "reference.noun").onRef("grant.case_id", "=", "reference.case_id"),
    )
    .innerJoin("parties as holder", (join) =>
      join.onRef("holder.noun", "=", "reference.noun").onRef("holder.case_id", "=", "reference.case_id"),
    )
    .select("holder.department")
    .distinct()
    .where("reference.noun", "=", "application")
    .where("reference.to_noun", "=", "dataset")
    .where("reference.to_case", "in", datasets)
    .where("holder.relation", "=", "consumer")
    .where("grant.status", "in", ["granted", "suspended"])
    .execute();
  return rows.map(({ department }) => department);
}
