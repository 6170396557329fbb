import type { Period } from "@wanlian/model/reading.js";
import type { Db } from "../read/index.js";
import type { ComputedFigure, Figures } from "./figures.js";

/** What an act that publishes an evaluation says, as far as it is looked at here. */
export interface PublishedFigures extends Figures {
  readonly overdue: number;
}

/** A publication of a period, with everything that was said of it. */
export interface PublishedEvaluation {
  readonly case: string;
  readonly status: string;
  readonly time: string;
  readonly digest: string;
  readonly published: PublishedFigures;
  /** In the order of the ledger. */
  readonly words: readonly ActOnEvaluation[];
}

/** That a department confirmed or contested. */
export interface ActOnEvaluation {
  readonly department: string;
  readonly type: string;
  readonly time: string;
  readonly digest: string;
  readonly figure?: Partial<ComputedFigure>;
}

/** What was published of this very period, the last first. Evaluations are a few a year: all of them are read. */
export async function actsOnEvaluations(db: Db, { from, to }: Period): Promise<PublishedEvaluation[]> {
  const rows = await db
    .selectFrom("acts")
    .innerJoin("cases", (join) =>
      join.onRef("cases.noun", "=", "acts.noun").onRef("cases.case_id", "=", "acts.case_id"),
    )
    .select(["acts.case_id", "acts.type", "acts.department", "acts.time", "acts.body", "cases.status", "cases.state"])
    .where("acts.noun", "=", "evaluation")
    .where("acts.counted", "=", 1)
    .orderBy("acts.block")
    .orderBy("acts.tx")
    .execute();
  const found = new Map<string, PublishedEvaluation & { readonly words: ActOnEvaluation[] }>();
  for (const { case_id, type, department, time, body, status, state } of rows) {
    const said = Object(JSON.parse(body));
    if (type === "publish" && said.from === from && said.to === to) {
      const { digest } = Object(JSON.parse(state));
      found.set(case_id, { case: case_id, status, time, digest, published: said, words: [] });
    }
    if (type !== "confirm" && type !== "contest") continue;
    const { digest, reasons: _text, ...figure } = said;
    const named = Object.keys(figure).length === 0 ? {} : { figure };
    found.get(case_id)?.words.push({ department, type, time, digest, ...named });
  }
  return [...found.values()].reverse();
}
