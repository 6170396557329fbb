import type { Period, Reading } from "@wanlian/model/reading.js";
import type { Db } from "../read/index.js";
import { type ComputedFigure, evaluationOf, type FigureDifference, figureDifferences, figuresOf } from "./figures.js";
import { type ActOnEvaluation, actsOnEvaluations } from "./publications.js";

/** 督查报告: what a period comes to by this node's own ledger, of a department or of the city, and what was published of it. */
export interface SupervisionReport extends Period {
  /** Whose report it is; absent: the city's. */
  readonly department?: string;
  /** In the order of the figures. */
  readonly departments: readonly { readonly department: string; readonly name: string }[];
  readonly indicators: readonly string[];
  /** Under which the figures would stand on the ledger. */
  readonly digest: string;
  readonly figures: readonly ComputedFigure[];
  /** Of all departments together. */
  readonly city: readonly Omit<ComputedFigure, "department">[];
  readonly overdue: readonly OverdueOfCase[];
  /** What was published of this very period, the last first. */
  readonly publications: readonly Publication[];
}

export interface OverdueOfCase {
  readonly noun: string;
  readonly case: string;
  readonly department: string;
  readonly kind: string;
  readonly due: string;
}

export interface Publication {
  readonly case: string;
  readonly status: string;
  readonly time: string;
  readonly digest: string;
  /** Whether it is what this node computes. */
  readonly same: boolean;
  readonly overdue: number;
  readonly differences: readonly FigureDifference[];
  /** What each department's node says of it. */
  readonly words: readonly WordOnFigures[];
}

export interface WordOnFigures {
  readonly department: string;
  readonly said: "confirmed" | "contested" | "nothing";
  readonly time?: string;
  /** The digest that it computes. */
  readonly digest?: string;
  /** The figure that it names. */
  readonly figure?: Partial<ComputedFigure>;
}

interface Asked extends Period {
  readonly department?: string | undefined;
}

/** Undefined where the rules in force know no evaluations, or nobody has opened the channel yet. */
export async function supervisionReport(
  db: Db,
  reading: Reading,
  asked: Asked,
): Promise<SupervisionReport | undefined> {
  const { from, to, department } = asked;
  const { evaluations } = reading;
  const computed = await evaluationOf(db, reading, { from, to });
  if (evaluations === undefined || computed === undefined) return undefined;
  const { indicators } = evaluations;
  const all = figuresOf(indicators, computed);
  const names = await namesOf(db);
  const departments = computed.figures.map((one) => ({
    department: one.department,
    name: names.get(one.department) ?? one.department,
  }));
  const isOf = (one: { readonly department: string }) => department === undefined || one.department === department;
  const acts = await actsOnEvaluations(db, { from, to });
  return {
    ...{ from, to, ...(department === undefined ? {} : { department }) },
    ...{ departments, indicators, digest: evaluations.digest(computed) },
    figures: all.filter(isOf),
    city: indicators.map((indicator) => sumOf(indicator, all)),
    overdue: computed.overdue.filter(isOf),
    publications: acts.map(({ published, words, ...publication }) => {
      const differences = figureDifferences(indicators, published, computed);
      return {
        ...publication,
        overdue: published.overdue,
        same: differences.length === 0 && published.overdue === computed.overdue.length,
        differences: differences.filter(isOf),
        words: departments.map(({ department: id }) => wordOf(id, words)),
      };
    }),
  };
}

function sumOf(indicator: string, figures: readonly ComputedFigure[]): Omit<ComputedFigure, "department"> {
  const own = figures.filter((one) => one.indicator === indicator);
  const sum = (of: "met" | "total") => own.reduce((all, one) => all + one[of], 0);
  return { indicator, met: sum("met"), total: sum("total") };
}

/** A department's last word stands. */
function wordOf(department: string, words: readonly ActOnEvaluation[]): WordOnFigures {
  const last = words.findLast((one) => one.department === department);
  if (last === undefined) return { department, said: "nothing" };
  const { type, time, digest, figure } = last;
  const said = type === "confirm" ? "confirmed" : "contested";
  return { department, said, time, digest, ...(figure === undefined ? {} : { figure }) };
}

async function namesOf(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom("cases").select(["case_id", "state"]).where("noun", "=", "member").execute();
  return new Map(
    rows.map(({ case_id, state }) => {
      const { name } = Object(JSON.parse(state));
      return [case_id, typeof name === "string" ? name : case_id];
    }),
  );
}
