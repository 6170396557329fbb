import type { Instant, TransactionId } from "@wanlian/model/identifiers.js";
import type { BasisEntry, CaseRef } from "@wanlian/model/kernel/act.js";
import { type ActPlace, brokenAt, type Said, type SaidAct } from "@wanlian/verify";
import type { FoldedAct } from "../../core/index.js";
import type { Db } from "../../read/index.js";

/** Names in one question to the database. */
const LOT = 200;

/** Acts as an answer states them, with the ticks on which they rest; and the cases whose history is whole. */
export async function saidActs(
  acts: readonly FoldedAct[],
  db: Db,
): Promise<{ readonly acts: SaidAct[]; readonly whole: CaseRef[] }> {
  const counted = acts.filter((act) => act.counted);
  const bases = await basesOf(
    counted.map(({ transactionId }) => transactionId),
    db,
  );
  const ticked = [...bases.values()].flatMap((basis) => tickIn(basis) ?? []);
  const ticks = await placesOf([...new Set(ticked)], db);
  const said = acts.map((act) => {
    const { noun, case: id, number, type, department, officer, time, block } = act;
    const at = { transaction: act.transactionId as TransactionId, block };
    const own = noun === "clock" ? at : ticks.get(tickIn(bases.get(act.transactionId) ?? []) ?? "");
    return {
      ...{ noun, case: id, number, type, department, officer, at, counted: act.counted },
      // What no tick shows is not said: the policy that opens a channel stands before its clock.
      time: own === undefined && act.counted ? ("" as const) : (time as Instant | ""),
      ...(own === undefined || !act.counted ? {} : { tick: own }),
    };
  });
  return { acts: said, whole: wholeAmong(counted, bases) };
}

/** Cases of which every act that counted is among these, from the first on. */
function wholeAmong(
  counted: readonly FoldedAct[],
  bases: ReadonlyMap<string, readonly BasisEntry[]>,
): Said["whole"][number][] {
  const cases = new Map<string, { readonly ref: CaseRef; readonly acts: FoldedAct[] }>();
  for (const act of counted) {
    const ref = { noun: act.noun, case: act.case };
    const known = cases.get(`${ref.noun}/${ref.case}`) ?? { ref, acts: [] };
    known.acts.push(act);
    cases.set(`${ref.noun}/${ref.case}`, known);
  }
  const whole = [...cases.values()].filter(({ ref, acts }) => {
    const linked = acts.map((act) => ({ ...ref, number: act.number, basis: bases.get(act.transactionId) ?? [] }));
    return (
      brokenAt(
        linked.sort((a, b) => a.number - b.number),
        ref,
      ) === undefined
    );
  });
  return whole.map(({ ref }) => ref);
}

const tickIn = (basis: readonly BasisEntry[]): string | undefined =>
  basis.find(({ noun }) => noun === "clock")?.transaction;

async function basesOf(transactions: readonly string[], db: Db): Promise<Map<string, readonly BasisEntry[]>> {
  const found = new Map<string, readonly BasisEntry[]>();
  for (let from = 0; from < transactions.length; from += LOT) {
    const lot = transactions.slice(from, from + LOT);
    const query = db.selectFrom("acts").select(["transaction_id", "basis"]).where("transaction_id", "in", lot);
    for (const { transaction_id, basis } of await query.where("counted", "=", 1).execute())
      found.set(transaction_id, JSON.parse(basis) as readonly BasisEntry[]);
  }
  return found;
}

async function placesOf(transactions: readonly string[], db: Db): Promise<Map<string, ActPlace>> {
  const found = new Map<string, ActPlace>();
  for (let from = 0; from < transactions.length; from += LOT) {
    const lot = transactions.slice(from, from + LOT);
    const query = db.selectFrom("acts").select(["transaction_id", "block"]).where("transaction_id", "in", lot);
    for (const { transaction_id, block } of await query.where("counted", "=", 1).execute())
      found.set(transaction_id, { transaction: transaction_id as TransactionId, block: Number(block) });
  }
  return found;
}
