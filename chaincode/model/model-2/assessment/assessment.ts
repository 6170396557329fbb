import { ensure } from "../../errors.js";
import { type MspId, providerOf, type TransactionId } from "../../identifiers.js";
import type { Decision } from "../../model-1/decision.js";
import { begunAs, by, type CaseRef, commandsOf, defineNoun, NONE, standing } from "../../model-1/table.js";
import { isMachine } from "../../roles.js";
import { fieldsGranted } from "../application/of-class.js";
import { AssessmentState, StateAssessment, WithdrawAssessment } from "./assessment-schema.js";

const command = commandsOf<AssessmentState>();

/** 质量评估: what a check of data by rules came to, stated beside the release that it is about (requirements R4, R5). */
export const assessment = defineNoun<AssessmentState>({
  name: "assessment",
  title: { zh: "质量评估", en: "quality assessment" },
  identity: "transaction",
  statuses: ["stated", "withdrawn"],
  state: AssessmentState,
  fixed: ["kind", "dataset", "provider", "author", "officer", "root", "release", "passed", "explained", "total"],
  commands: {
    state: command({
      summary: "state what a check by rules came to: the provider's own, or a consumer's of what it was granted",
      body: StateAssessment,
      from: [NONE],
      to: ["stated"],
      by: by("member", "steward", "user", "machine"),
      // Of another's release what was registered is read, which nobody can move.
      refers: ({ kind, dataset, release, grant }) => [
        ...(kind === "selfCheck" ? [standing("dataset", dataset)] : []),
        ...(release === undefined ? [] : [begunAs("release", release)]),
        ...(grant === undefined ? [] : [standing("application", grant)]),
      ],
      apply(decision) {
        const { kind, dataset, root, release, outcomes, scores, shortfall, total } = decision.body;
        const { department: author, officer } = decision.actor;
        const provider = providerOf(dataset);
        if (kind === "selfCheck") checkSelfCheck(decision, provider);
        else checkAcceptance(decision, provider);
        if (release !== undefined) checkIsOf(decision, release);
        ensure(outcomes.failed <= outcomes.rules, "INVALID_INPUT", "more rules failed than there are");
        ensure(outcomes.errors <= outcomes.failed, "INVALID_INPUT", "more rules failed as errors than failed at all");
        const dimensions = scores.map(({ dimension }) => dimension);
        ensure(new Set(dimensions).size === dimensions.length, "INVALID_INPUT", "a dimension has two scores");
        return {
          status: "stated",
          ...{ kind, dataset, provider, author, officer, root },
          ...(release === undefined ? {} : { release }),
          passed: outcomes.errors === 0,
          explained: shortfall !== undefined,
          ...(total === undefined ? {} : { total }),
        };
      },
    }),
    withdraw: command({
      summary: "take an assessment back that was stated by mistake; what was stated stays",
      body: WithdrawAssessment,
      from: ["stated"],
      to: ["withdrawn"],
      by: by("author", "steward", "user"),
      when: ({ current, actor }) => {
        const isOnesOwn = current.kind === "acceptance" || actor.roles.includes("steward");
        ensure(isOnesOwn, "NOT_PERMITTED", "a provider's stewards take its own checks back");
      },
      apply: ({ current }) => ({ ...current, status: "withdrawn" }),
    }),
  },
  relations: ({ state, actor }) => [
    ...(state?.provider === actor.department ? (["provider"] as const) : []),
    ...(state?.author === actor.department ? (["author"] as const) : []),
  ],
  describe: (_ref, state) => ({
    status: state.status,
    parties: [
      { department: state.provider, relation: "provider" },
      ...(state.author === state.provider ? [] : [{ department: state.author, relation: "author" as const }]),
    ],
    deadlines: [],
    references: [
      { noun: "dataset", case: state.dataset },
      ...(state.release === undefined ? [] : [releaseCase(state.release)]),
    ],
  }),
});

type Stating = Decision<AssessmentState, StateAssessment>;

function checkSelfCheck(decision: Stating, provider: MspId): void {
  const { body, actor } = decision;
  ensure(provider === actor.department, "NOT_OWNER", `${body.dataset} is provided by ${provider}`);
  const states = isMachine(actor.roles) || actor.roles.includes("steward");
  ensure(states, "NOT_PERMITTED", "a provider's stewards and machines state its own checks");
  decision.get("dataset", body.dataset);
  ensure(body.grant === undefined, "INVALID_INPUT", "the provider needs no grant for its own data");
}

function checkAcceptance(decision: Stating, provider: MspId): void {
  const { dataset, release, grant } = decision.body;
  const { department } = decision.actor;
  ensure(provider !== department, "INVALID_INPUT", `${dataset} is ${department}'s own; it states a self-check`);
  ensure(release !== undefined && grant !== undefined, "INVALID_INPUT", "an acceptance check names release and grant");
  const application = decision.get("application", grant);
  ensure(application.consumer === department, "NOT_OWNER", `grant ${grant} is not ${department}'s`);
  fieldsGranted(application, { grant, dataset });
  // What was got under a grant can be found wrong after its end.
  ensure(application.grant !== undefined, "WRONG_STATE", `application ${grant} was never granted`);
}

/** What is said of a release is of its very data. */
function checkIsOf(decision: Stating, id: TransactionId): void {
  const { dataset, root, rows } = decision.body;
  const release = decision.origin("release", id);
  ensure(release.dataset === dataset, "MISMATCH", `release ${id} is one of ${release.dataset}`);
  ensure(release.root === root, "MISMATCH", `what was checked is not release ${id}: its root is ${release.root}`);
  ensure(release.rows === rows, "MISMATCH", `release ${id} has ${release.rows} rows; ${rows} were checked`);
}

function releaseCase(id: string): CaseRef {
  return { noun: "release", case: id };
}
