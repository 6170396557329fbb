import type { Description } from "@wanlian/model/kernel/description.js";
import type { Reading } from "@wanlian/model/reading.js";
import type { Insertable } from "kysely";
import type { CountedTransaction } from "../fold/index.js";
import type { NoticeTable } from "./database/schema.js";
import type { GrantHolders } from "./grant-holders.js";

interface Concerned {
  readonly holders: Pick<GrantHolders, "of">;
  readonly affected: readonly string[];
  /** Of the version that the act names. */
  readonly reading: Pick<Reading, "coversClass">;
}

/**
 * Whom an act concerns: the parties of its case, and all who hold a grant on a dataset that it is about
 * (requirements R2, R5), and who made something of a release that it found wrong (R7). Its author needs no notice.
 */
export function noticeRows(
  block: bigint,
  { index, act, before }: CountedTransaction,
  description: Description,
  { holders, affected, reading }: Concerned,
): Insertable<NoticeTable>[] {
  const about = [{ noun: act.noun, case: act.case }, ...description.references];
  const datasets = about.filter(({ noun }) => noun === "dataset").map((ref) => ref.case);
  const concerned = new Set<string>(description.parties.map(({ department }) => department));
  const entry = act.noun === "dataset" ? before : undefined;
  for (const dataset of datasets) for (const holder of holders.of(dataset, reading, entry)) concerned.add(holder);
  for (const owner of affected) concerned.add(owner);
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
