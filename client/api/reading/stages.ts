import type { LifeCycle, PassedStages, Stage } from "@wanlian/model/model-2/life-cycle.js";
import { type Db, findAct, findCase } from "../../read/index.js";

/** A stage of a dataset's life, as its entry has it and as a release passed it. */
export interface StageQuality {
  readonly stage: Stage;
  /** As the entry names it now. */
  readonly responsible?: string;
  readonly unit?: string;
  readonly standard?: string;
  /** Who was responsible when the release passed it; absent where it does not say that it did. */
  readonly passedBy?: string;
  /** The check that the release cites there, what it came to, and whether it was taken back since. */
  readonly assessment?: {
    readonly case: string;
    readonly status: string;
    readonly passed: boolean;
    readonly total?: number;
  };
}

/**
 * Quality by stage: what a dataset's entry says of each, and what a release passed.
 * @param release undefined: the entry alone
 */
export async function qualityByStage(db: Db, dataset: string, release: string | undefined): Promise<StageQuality[]> {
  const entry = await entryOf(db, dataset);
  const passed = release === undefined ? [] : await passedBy(db, release);
  const stages: StageQuality[] = [];
  // Those that only an earlier entry had come last.
  for (const stage of new Set([...entry, ...passed].map((named) => named.stage))) {
    const said = entry.find((one) => one.stage === stage);
    const done = passed.find((one) => one.stage === stage);
    const { stage: _, ...named } = said ?? {};
    stages.push({
      ...{ stage, ...named },
      ...(done === undefined ? {} : { passedBy: done.responsible }),
      ...(done?.assessment === undefined ? {} : await assessmentOf(db, done.assessment)),
    });
  }
  return stages;
}

async function entryOf(db: Db, dataset: string): Promise<LifeCycle> {
  const name = { noun: "dataset", case: dataset };
  const found = await findCase(db, name);
  const act = found && (await findAct(db, name, (found.state as { readonly version: number }).version));
  return (act?.body as { readonly lifeCycle?: LifeCycle } | undefined)?.lifeCycle ?? [];
}

async function passedBy(db: Db, release: string): Promise<PassedStages> {
  const found = await findCase(db, { noun: "release", case: release });
  return (found?.state as { readonly stages?: PassedStages } | undefined)?.stages ?? [];
}

async function assessmentOf(db: Db, id: string): Promise<Pick<StageQuality, "assessment">> {
  const found = await findCase(db, { noun: "assessment", case: id });
  if (found === undefined) return {};
  const { passed, total } = found.state as { readonly passed: boolean; readonly total?: number };
  return { assessment: { case: id, status: found.status, passed, ...(total === undefined ? {} : { total }) } };
}
