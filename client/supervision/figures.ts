import type { Instant } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { CountedAct, Evaluation, Period, Reading } from "@wanlian/model/reading.js";
import { sql } from "kysely";
import type { Db } from "../read/index.js";

/** Acts that are read at once. */
const PAGE = 1000;

/** What a period comes to by this node's own fold; undefined where the rules in force know no evaluations. */
export async function evaluationOf(db: Db, reading: Reading, period: Period): Promise<Evaluation | undefined> {
  const evaluator = reading.evaluations?.of(period);
  if (evaluator === undefined) return undefined;
  for (let [block, tx] = [-1, 0]; ; ) {
    const rows = await db
      .selectFrom("acts")
      .select(["noun", "case_id", "type", "time", "body", "state", "block", "tx"])
      .where("counted", "=", 1)
      .where("noun", "not in", ["clock", "log"])
      .where(sql<boolean>`(block, tx) > (${sql.lit(block)}, ${sql.lit(tx)})`)
      .orderBy("block")
      .orderBy("tx")
      .limit(PAGE)
      .execute();
    for (const row of rows) evaluator.take(actIn(row));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) break;
    [block, tx] = [Number(last.block), Number(last.tx)];
  }
  for (const act of await logActs(db)) evaluator.take(act);
  return evaluator.result();
}

function actIn(row: {
  readonly noun: string;
  readonly case_id: string;
  readonly type: string;
  readonly time: string;
  readonly body: string;
  readonly state: string;
}): CountedAct {
  const { noun, case_id, type, time, body, state } = row;
  return {
    ...{ noun, case: case_id, type, time: time as Instant },
    ...{ body: JSON.parse(body), state: JSON.parse(state) as CaseState },
  };
}

/** Of a log's many anchors the first of each hour: days of China Standard Time begin with hours of UTC. */
async function logActs(db: Db): Promise<CountedAct[]> {
  const rows = await db
    .selectFrom("acts")
    .select(["case_id", "type"])
    .select(({ fn }) => fn.min<string>("time").as("time"))
    .where("noun", "=", "log")
    .where("counted", "=", 1)
    .groupBy(["case_id", "type", sql`substr(time, 1, 13)`])
    .execute();
  return rows
    .map(({ case_id, type, time }) => ({
      ...{ noun: "log", case: case_id, type, time: time as Instant },
      ...{ body: null, state: { status: "open" } },
    }))
    .sort((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0));
}

/** How many of how many, of a department, by this node's own fold. */
export interface ComputedFigure {
  readonly department: string;
  readonly indicator: string;
  readonly met: number;
  readonly total: number;
}

/** One a department and indicator. */
export const figuresOf = (indicators: readonly string[], { figures }: Evaluation): ComputedFigure[] =>
  figures.flatMap(({ department, met, total }) =>
    indicators.map((indicator, at) => ({ department, indicator, met: met[at] ?? 0, total: total[at] ?? 0 })),
  );

/** A figure that was published, and what this node's own fold gives. */
export interface FigureDifference {
  readonly department: string;
  readonly indicator: string;
  readonly published: readonly [met: number, total: number] | undefined;
  readonly computed: readonly [met: number, total: number] | undefined;
}

export interface Figures {
  readonly figures: readonly {
    readonly department: string;
    readonly met: readonly number[];
    readonly total: readonly number[];
  }[];
}

/** Figure by figure, what of a publication is not what this node computes. */
export function figureDifferences(
  indicators: readonly string[],
  published: Figures,
  computed: Figures,
): FigureDifference[] {
  const names = new Set([...published.figures, ...computed.figures].map(({ department }) => department));
  const of = ({ figures }: Figures, department: string, at: number): [number, number] | undefined => {
    const own = figures.find((one) => one.department === department);
    return own && [own.met[at] ?? 0, own.total[at] ?? 0];
  };
  return [...names].sort().flatMap((department) =>
    indicators.flatMap((indicator, at) => {
      const [one, other] = [of(published, department, at), of(computed, department, at)];
      const same = one?.[0] === other?.[0] && one?.[1] === other?.[1];
      return same ? [] : [{ department, indicator, published: one, computed: other }];
    }),
  );
}
