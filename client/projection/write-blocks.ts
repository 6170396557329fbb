import { inForceAt } from "@wanlian/model/in-force.js";
import type { CaseRef, CaseState } from "@wanlian/model/kernel/act.js";
import type { Description } from "@wanlian/model/kernel/description.js";
import type { Head } from "@wanlian/model/kernel/heads.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import type { Transaction } from "kysely";
import type { CountedTransaction, FoldedBlock, VoidTransaction, WatchOutcome, WatchState } from "../fold/index.js";
import { BatchRows } from "./batch-rows.js";
import { textDigestRows } from "./cited-texts.js";
import { DERIVED_VERSION } from "./database/derived-tables.js";
import type { NodeDatabase } from "./database/schema.js";
import type { GrantHolders } from "./grant-holders.js";
import { noticeRows } from "./notices.js";
import { foundWrong, ownersBehind } from "./owners-behind.js";
import { releaseSourceRows } from "./release-sources.js";
import {
  blockRow,
  caseRow,
  countedRow,
  deadlineRows,
  differenceRow,
  leftRows,
  movedDeadline,
  storable,
  transactionRows,
  voidAlarm,
  voidNumberRows,
  voidRows,
} from "./rows.js";
import { searchable } from "./search.js";

/** Alarms about the block as a whole stand behind those about its transactions. */
const BLOCK_ORDINALS = 1;

type Sql = Transaction<NodeDatabase>;

/** A block as the fold found it, and what it means for the comparison of configuration and acts. */
export interface TakenBlock {
  readonly folded: FoldedBlock;
  readonly watched: WatchOutcome;
}

/** Writes the rows of blocks that follow each other, with the checkpoint behind the last, in the caller's SQL transaction. */
export async function writeBlocks(
  sql: Sql,
  taken: readonly TakenBlock[],
  models: ModelVersions,
  holders: GrantHolders,
): Promise<void> {
  const rows = new BatchRows(sql);
  for (const { folded, watched } of taken) {
    const { block, transactions } = folded;
    const time = watched.state.time ?? "";
    rows.add("blocks", blockRow(folded, time));
    rows.add("transactions", ...transactionRows(folded));
    for (const { judged } of transactions) {
      if (judged?.counted === true) {
        const affected = await affectedBy(sql, rows, judged);
        addCounted(rows, block.number, judged, affected, watched.state.policy, models, holders);
      }
      if (judged?.counted === false) addVoid(rows, block.number, time, judged);
    }
    const isAnnounced = transactions.some(({ judged }) => judged?.counted === true && judged.act.noun === "policy");
    if (isAnnounced && watched.state.policy !== undefined) {
      await rows.flush();
      await moveDeadlines(sql, watched.state, models);
    }
    if (watched.ended.length > 0) {
      await rows.flush();
      await endAlarms(sql, block.number, watched.ended);
    }
    addWatched(rows, block.number, watched);
  }
  await rows.flush();
  await passVoidNumbers(sql, taken);
  await writeCheckpoint(sql, taken);
}

/** Who made something of the release that an act found wrong, by all that was written before it. */
async function affectedBy(sql: Sql, rows: BatchRows, found: CountedTransaction): Promise<readonly string[]> {
  const wrong = foundWrong(found);
  if (wrong === undefined) return [];
  await rows.flush();
  return ownersBehind(sql, wrong);
}

function addCounted(
  rows: BatchRows,
  block: bigint,
  found: CountedTransaction,
  affected: readonly string[],
  policy: CaseState | undefined,
  models: ModelVersions,
  holders: GrantHolders,
): void {
  const { act } = found;
  const { noun, case: id } = act;
  const { nouns, reading } = models.of(act.schema);
  const description = nouns[noun]?.describe(act, act.state, act.body);
  if (description === undefined) throw new RangeError(`an act of a noun "${noun}" cannot have counted`);
  holders.take(found, description);
  rows.add("acts", countedRow(block, found));
  rows.add("release_sources", ...releaseSourceRows(found));
  rows.add("text_digests", ...textDigestRows(act, models));
  rows.add("notices", ...noticeRows(block, found, description, { holders, affected, reading }));
  rows.put(
    {
      row: caseRow(block, found, description),
      searchText: searchTextOf(description),
      parties: description.parties.map(({ department, relation }) => ({ noun, case_id: id, department, relation })),
      deadlines: deadlineRows(noun, id, description, policy, reading),
      case_references: description.references.map((to) => ({ noun, case_id: id, to_noun: to.noun, to_case: to.case })),
    },
    found.before === undefined,
  );
}

function addVoid(rows: BatchRows, block: bigint, time: string, found: VoidTransaction): void {
  rows.add("acts", ...voidRows(block, time, found));
  rows.addVoids(voidNumberRows(block, found));
  for (const [key, row] of leftRows(found)) rows.leave(key, row);
  rows.add("alarms", voidAlarm(block, found));
}

function addWatched(rows: BatchRows, block: bigint, { configured, begun }: WatchOutcome): void {
  for (const { index, kind, content } of configured) {
    rows.add("configurations", { block, tx: index, kind, content: Buffer.from(content).toString("base64") });
  }
  const at = configured.at(-1)?.index ?? 0;
  rows.add("alarms", ...begun.map((difference, index) => differenceRow(block, at, BLOCK_ORDINALS + index, difference)));
}

async function endAlarms(sql: Sql, block: bigint, topics: readonly string[]): Promise<void> {
  for (const topic of topics) {
    await sql
      .updateTable("alarms")
      .set({ ended_block: block })
      .where("topic", "=", topic)
      .where("ended_block", "=", -1)
      .execute();
  }
}

/**
 * Open duties by the policy as it is now: the bureau's are who is the bureau by now; what was provisional becomes firm, what
 * follows notices moves.
 */
async function moveDeadlines(sql: Sql, { policy, time }: WatchState, models: ModelVersions): Promise<void> {
  if (policy === undefined) return;
  const { reading } = models.of(inForceAt(policy, time).version);
  await sql
    .updateTable("deadlines")
    .set({ owner: reading.policy(policy, time).bureau })
    .where("ended", "=", "")
    .where("kind", "in", reading.owedByBureau)
    .execute();
  const rows = await sql
    .selectFrom("deadlines")
    .selectAll()
    .where("ended", "=", "")
    .where(({ eb, or }) => or([eb("provisional", "=", 1), eb("follows_notices", "=", 1)]))
    .execute();
  for (const row of rows) {
    await sql
      .updateTable("deadlines")
      .set(movedDeadline(row, policy, reading))
      .where("noun", "=", row.noun)
      .where("case_id", "=", row.case_id)
      .where("kind", "=", row.kind)
      .where("start", "=", row.start)
      .execute();
  }
}

/** Numbers pass over void ones, so a case's next may move without an act of its own. Only cases with an act have a row. */
async function passVoidNumbers(sql: Sql, taken: readonly TakenBlock[]): Promise<void> {
  const last = new Map<string, { readonly ref: CaseRef; readonly head: Head }>();
  for (const { folded } of taken) for (const one of folded.heads) last.set(caseName(one.ref), one);
  for (const { ref, head } of last.values()) {
    if (head.act === 0 || head.next === head.act + 1) continue;
    await sql
      .updateTable("cases")
      .set({ next: head.next })
      .where("noun", "=", ref.noun)
      .where("case_id", "=", ref.case)
      .execute();
  }
}

async function writeCheckpoint(sql: Sql, taken: readonly TakenBlock[]): Promise<void> {
  const block = taken.at(-1)?.folded.block;
  if (block === undefined) return;
  const reached = { height: block.number + 1n, hash: block.hash };
  await sql
    .insertInto("checkpoint")
    .values({ id: 1, schema: DERIVED_VERSION, ...reached })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(reached))
    .execute();
}

function searchTextOf({ searchText }: Description): string | undefined {
  return searchText === undefined ? undefined : storable(searchable(searchText));
}
