import type { Reading, UsageTotal } from "@wanlian/model/reading.js";
import type { Db } from "../read/index.js";
import { usageStatementsIn } from "./usage-differences.js";

/** By what the city's use is added up. */
export const TOTALLED_BY = ["dataset", "provider", "consumer", "call", "purpose", "scenario"] as const;
export type TotalledBy = (typeof TOTALLED_BY)[number];

/** What one month comes to of one dataset, department, purpose, …. */
export interface CityUse extends Pick<UsageTotal, "month" | "served" | "refused" | "rows" | "unconfirmed"> {
  /** Which one. */
  readonly of: string;
}

/** Months, both included: `2026-10`. Left out: from the first, or to the last, that was stated. */
export interface Months {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * 全市用数及趋势: the city's use month by month, from what departments have stated on the ledger. It needs no log of anybody's,
 * and shows no record. Months in their order, and in each what was used most first.
 */
export async function cityUse(db: Db, reading: Reading, by: TotalledBy, { from, to }: Months): Promise<CityUse[]> {
  const totals = reading.usageTotals?.(await usageStatementsIn(db, "%")) ?? [];
  const sums = new Map<string, CityUse>();
  for (const total of totals) {
    const { month } = total;
    if ((from !== undefined && month < from) || (to !== undefined && month > to)) continue;
    const of = total[by];
    const name = `${month} ${of}`;
    const before = sums.get(name) ?? { month, of, served: 0, refused: 0, rows: 0, unconfirmed: 0 };
    sums.set(name, added(before, total));
  }
  return [...sums.values()].sort(
    (one, other) => compare(one.month, other.month) || other.served - one.served || compare(one.of, other.of),
  );
}

function added(sum: CityUse, { served, refused, rows, unconfirmed }: UsageTotal): CityUse {
  return {
    ...sum,
    served: sum.served + served,
    refused: sum.refused + refused,
    rows: sum.rows + rows,
    unconfirmed: sum.unconfirmed + unconfirmed,
  };
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
