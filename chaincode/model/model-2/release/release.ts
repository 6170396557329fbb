import { type Static, Type } from "typebox";
import { ensure, LedgerError } from "../../errors.js";
import { type DatasetId, TransactionId } from "../../identifiers.js";
import type { CaseState, Dependency } from "../../kernel/act.js";
import type { Circumstances, NounDefinition } from "../../kernel/noun.js";
import { Recent } from "../../kernel/pace.js";
import { closed } from "../../kernel/schema.js";
import { release as release1 } from "../../model-1/release/release.js";
import { RegisterRelease as RegisterRelease1, ReleaseState } from "../../model-1/release/release-schema.js";
import { by, commandsOf, rowOf } from "../../model-1/table.js";
import type { AssessmentState } from "../assessment/assessment-schema.js";
import {
  checkDerivations,
  checkFields,
  Derivation,
  Explain,
  Explained,
  explanation,
  explanationRefers,
  MAX_DERIVATIONS,
} from "../derivation.js";
import { checkStages, PassedStages, type Responsible } from "../life-cycle.js";

const RegisterRelease = closed({
  ...RegisterRelease1.properties,
  /** The provider's self-check of the very data that is registered. */
  assessment: Type.Optional(TransactionId),
  /** The stages of its life cycle that the data passed. */
  stages: Type.Optional(PassedStages),
  /** What was made of the releases it derives from, or revises, field by field. */
  derivation: Type.Optional(Type.Array(Derivation, { minItems: 1, maxItems: MAX_DERIVATIONS })),
});
type RegisterRelease = Static<typeof RegisterRelease>;

const register1 = rowOf(release1, "register");

type State = ReleaseState & { readonly explained?: TransactionId[] };

/** The provider's word on why a release stands although something behind it was found wrong. */
const explain = commandsOf<State>()({
  summary: "say why a release stands although something behind it was found wrong",
  body: Explain,
  from: ["registered"],
  to: ["registered"],
  by: by("provider", "steward"),
  refers: explanationRefers,
  apply: (decision) => ({
    ...decision.current,
    explained: explanation(decision.body, decision.current.explained, {
      objection: (id) => decision.get("objection", id),
      release: (id) => decision.get("release", id),
    }),
  }),
});

/**
 * Version 1's, and it can cite its self-check (where the policy asks for one it has to), and say which stages of its life
 * cycle the data passed.
 */
export const release: NounDefinition = {
  ...release1,
  state: closed({
    ...ReleaseState.properties,
    recent: Type.Optional(Recent),
    stages: Type.Optional(PassedStages),
    explained: Type.Optional(Explained),
  }),
  fixed: [...release1.fixed, "stages"],
  commands: {
    ...release1.commands,
    explain,
    register: {
      ...register1,
      body: RegisterRelease,
      // A batch job registers what it made; whether the data is shared at all, a steward has said of the dataset.
      by: [...register1.by, ...by("member", "machine")],
      refers(body): readonly Dependency[] {
        const { assessment, stages = [], derivation: _, ...rest } = body as RegisterRelease;
        const cited = new Set([assessment, ...stages.map((passed) => passed.assessment)]);
        cited.delete(undefined);
        return [...register1.refers(rest), ...[...cited].map(assessmentCase)];
      },
      apply(circumstances): CaseState {
        const { assessment, stages, derivation, ...body } = circumstances.body as RegisterRelease;
        checkSelfCheck(circumstances, assessment, body);
        const state = register1.apply({ ...circumstances, body });
        if (derivation !== undefined) checkDerivation(circumstances, body, derivation);
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

/** Of sources that the release names besides; what was done with them stays in the act, no rule reads it again. */
function checkDerivation(
  { heads }: Circumstances,
  { derivedFrom, revises, fields }: Pick<RegisterRelease, "derivedFrom" | "revises" | "fields">,
  derivation: readonly Derivation[],
): void {
  checkDerivations(derivation);
  const own = fields.map(({ name }) => name);
  for (const { source, fields: pairs } of derivation) {
    const isNamed = derivedFrom.includes(source) || source === revises;
    ensure(isNamed, "MISMATCH", `the release does not derive from ${source}, nor revise it`);
    const { state } = heads({ noun: "release", case: source });
    checkFields(
      `release ${source}`,
      pairs.map(({ field }) => field),
      (state as ReleaseState | undefined)?.fields ?? [],
    );
    checkFields(
      "this release",
      pairs.map(({ as }) => as),
      own,
    );
  }
}

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
