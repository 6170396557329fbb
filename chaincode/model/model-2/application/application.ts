import { type TObject, Type } from "typebox";
import { ensure } from "../../errors.js";
import type { CaseState } from "../../kernel/act.js";
import type { CommandDefinition, NounDefinition } from "../../kernel/noun.js";
import { Recent } from "../../kernel/pace.js";
import { closed } from "../../kernel/schema.js";
import { application as application1 } from "../../model-1/application/application.js";
import { ApplicationState, Apply, Claim, GrantAccess } from "../../model-1/application/application-schema.js";
import { rowOf } from "../../model-1/table.js";

/** 仅限比对: a grant on which keyed digests are compared, and no value is ever handed out. */
const only = { only: Type.Optional(Type.Enum(["comparison"])) };
interface Limited {
  readonly only?: "comparison" | undefined;
}

/**
 * Version 1's, and a grant can be for comparison alone: the applicant asks for no more, or the provider grants no more. It
 * stays so until it ends; a comparison serves verification, so the purpose has to be that.
 */
export const application: NounDefinition = {
  ...application1,
  state: closed({ ...ApplicationState.properties, recent: Type.Optional(Recent), ...only }),
  commands: {
    ...application1.commands,
    apply: withOnly(rowOf(application1, "apply"), Apply),
    claim: withOnly(rowOf(application1, "claim"), Claim),
    grant: withOnly(rowOf(application1, "grant"), GrantAccess),
  },
};

function withOnly(row: CommandDefinition, body: TObject): CommandDefinition {
  return {
    ...row,
    body: closed({ ...body.properties, ...only }),
    refers: ({ only: _, ...rest }: Limited) => row.refers(rest),
    apply(circumstances): CaseState {
      const { only, ...rest } = circumstances.body as Limited;
      const state = row.apply({ ...circumstances, body: rest });
      if (only === undefined) return state;
      const { purpose } = state as { readonly purpose?: string };
      ensure(purpose === "verification", "OUT_OF_SCOPE", `a comparison serves verification, not ${purpose}`);
      return Object.assign(state, { only });
    },
  };
}

/** Whether a grant is for comparison alone. @param application as any version made it */
export const isForComparisonAlone = (application: CaseState | undefined): boolean =>
  (application as Limited | undefined)?.only === "comparison";
