import { type Static, Type } from "typebox";
import { ensure, LedgerError } from "../../errors.js";
import { type DatasetId, TransactionId } from "../../identifiers.js";
import type { CaseState, Dependency } from "../../kernel/act.js";
import type { Circumstances, NounDefinition } from "../../kernel/noun.js";
import { Recent } from "../../kernel/pace.js";
import { closed } from "../../kernel/schema.js";
import { release as release1 } from "../../model-1/release/release.js";
import { RegisterRelease as RegisterRelease1, ReleaseState } from "../../model-1/release/release-schema.js";
import { rowOf } from "../../model-1/table.js";
import type { AssessmentState } from "../assessment/assessment-schema.js";
import { checkStages, PassedStages, type Responsible } from "../life-cycle.js";

const RegisterRelease = closed({
  ...RegisterRelease1.properties,
  /** The provider's self-check of the very data that is registered. */
  assessment: Type.Optional(TransactionId),
  /** The stages of its life cycle that the data passed. */
  stages: Type.Optional(PassedStages),
});
type RegisterRelease = Static<typeof RegisterRelease>;

const register1 = rowOf(release1, "register");

/**
 * Version 1's, and it can cite its self-check (where the policy asks for one it has to), and say which stages of its life
 * cycle the data passed.
 */
export const release: NounDefinition = {
  ...release1,
  state: closed({ ...ReleaseState.properties, recent: Type.Optional(Recent), stages: Type.Optional(PassedStages) }),
  fixed: [...release1.fixed, "stages"],
  commands: {
    ...release1.commands,
    register: {
      ...register1,
      body: RegisterRelease,
      refers(body): readonly Dependency[] {
        const { assessment, stages = [], ...rest } = body as RegisterRelease;
        const cited = new Set([assessment, ...stages.map((passed) => passed.assessment)]);
        cited.delete(undefined);
        return [...register1.refers(rest), ...[...cited].map(assessmentCase)];
      },
      apply(circumstances): CaseState {
        const { assessment, stages, ...body } = circumstances.body as RegisterRelease;
        checkSelfCheck(circumstances, assessment, body);
        const state = register1.apply({ ...circumstances, body });
        if (stages === undefined) return state;
        checkPassed(circumstances, body.dataset, stages);
        return Object.assign(state, { stages });
      },
    },
  },
  describe(ref, state, body) {
    const { stages = [] } = state as { readonly stages?: PassedStages };
    const description = release1.describe(ref, state, body);
    const checks = stages.flatMap(({ assessment }) =>
      assessment === undefined ? [] : [{ noun: "assessment", case: assessment }],
    );
    return { ...description, references: [...description.references, ...checks] };
  },
};

const assessmentCase = (id: string | undefined): Dependency => ({ noun: "assessment", case: id ?? "", on: "state" });

/** Stages that the dataset's entry has, each by who is responsible there, with a check that stands of this dataset. */
function checkPassed({ heads }: Circumstances, dataset: DatasetId, stages: PassedStages): void {
  checkStages(stages);
  const entry = heads({ noun: "dataset", case: dataset }).state as { readonly lifeCycle?: Responsible } | undefined;
  for (const { stage, responsible, assessment } of stages) {
    const known = entry?.lifeCycle?.find((named) => named.stage === stage);
    ensure(known !== undefined, "MISMATCH", `the entry of ${dataset} says nothing of the stage "${stage}"`);
    ensure(
      known.responsible === responsible,
      "MISMATCH",
      `the entry of ${dataset} names ${known.responsible} for the stage "${stage}"`,
    );
    if (assessment === undefined) continue;
    const state = standingAssessment(heads, assessment);
    ensure(state.dataset === dataset, "MISMATCH", `assessment ${assessment} is of ${state.dataset}`);
  }
}

function standingAssessment(heads: Circumstances["heads"], id: TransactionId): AssessmentState {
  const state = heads({ noun: "assessment", case: id }).state as AssessmentState | undefined;
  if (state === undefined) throw new LedgerError("NOT_FOUND", `there is no assessment ${id}`);
  ensure(state.status === "stated", "WRONG_STATE", `assessment ${id} is "${state.status}"`);
  return state;
}

function checkSelfCheck(
  { policy, actor, heads }: Circumstances,
  id: TransactionId | undefined,
  { dataset, root }: Pick<RegisterRelease, "dataset" | "root">,
): void {
  if (id === undefined) {
    const required = (policy as { readonly releaseSelfCheck?: "required" } | undefined)?.releaseSelfCheck;
    ensure(required === undefined, "MISMATCH", "the policy asks for a self-check of what is released: cite it");
    return;
  }
  const state = standingAssessment(heads, id);
  ensure(state.author === actor.department, "NOT_OWNER", `assessment ${id} is ${state.author}'s`);
  ensure(state.dataset === dataset, "MISMATCH", `assessment ${id} is of ${state.dataset}`);
  ensure(state.root === root, "MISMATCH", `assessment ${id} is of other data: its root is ${state.root}`);
  ensure(
    state.passed || state.explained,
    "MISMATCH",
    `the self-check ${id} did not pass, and does not say what falls short`,
  );
}
