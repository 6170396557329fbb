import { type Static, Type } from "typebox";
import { ensure, LedgerError } from "../../errors.js";
import { TransactionId } from "../../identifiers.js";
import type { CaseState, Dependency } from "../../kernel/act.js";
import type { Circumstances, NounDefinition } from "../../kernel/noun.js";
import { closed } from "../../kernel/schema.js";
import { release as release1 } from "../../model-1/release/release.js";
import { RegisterRelease as RegisterRelease1 } from "../../model-1/release/release-schema.js";
import { rowOf } from "../../model-1/table.js";
import type { AssessmentState } from "../assessment/assessment-schema.js";

const RegisterRelease = closed({
  ...RegisterRelease1.properties,
  /** The provider's self-check of the very data that is registered. */
  assessment: Type.Optional(TransactionId),
});
type RegisterRelease = Static<typeof RegisterRelease>;

const register1 = rowOf(release1, "register");

/** Version 1's, and it can cite its self-check; where the policy asks for one it has to. */
export const release: NounDefinition = {
  ...release1,
  commands: {
    ...release1.commands,
    register: {
      ...register1,
      body: RegisterRelease,
      refers(body): readonly Dependency[] {
        const { assessment, ...rest } = body as RegisterRelease;
        const cited = assessment === undefined ? [] : [{ noun: "assessment", case: assessment, on: "state" } as const];
        return [...register1.refers(rest), ...cited];
      },
      apply(circumstances): CaseState {
        const { assessment, ...body } = circumstances.body as RegisterRelease;
        checkSelfCheck(circumstances, assessment, body);
        return register1.apply({ ...circumstances, body });
      },
    },
  },
};

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
  const state = heads({ noun: "assessment", case: id }).state as AssessmentState | undefined;
  if (state === undefined) throw new LedgerError("NOT_FOUND", `there is no assessment ${id}`);
  ensure(state.status === "stated", "WRONG_STATE", `assessment ${id} is "${state.status}"`);
  ensure(state.author === actor.department, "NOT_OWNER", `assessment ${id} is ${state.author}'s`);
  ensure(state.dataset === dataset, "MISMATCH", `assessment ${id} is of ${state.dataset}`);
  ensure(state.root === root, "MISMATCH", `assessment ${id} is of other data: its root is ${state.root}`);
  ensure(
    state.passed || state.explained,
    "MISMATCH",
    `the self-check ${id} did not pass, and does not say what falls short`,
  );
}
