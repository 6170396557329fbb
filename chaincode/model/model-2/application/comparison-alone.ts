import { type TObject, Type } from "typebox";
import { ensure } from "../../errors.js";
import type { CaseState } from "../../kernel/act.js";
import type { CommandDefinition } from "../../kernel/noun.js";
import { closed } from "../../kernel/schema.js";

/** 仅限比对: a grant on which keyed digests are compared, and no value is ever handed out. */
export const only = { only: Type.Optional(Type.Enum(["comparison"])) };
interface Limited {
  readonly only?: "comparison" | undefined;
}

/**
 * A row that can say that the grant is for comparison alone: the applicant asks for no more, or the provider grants no
 * more. It stays so until it ends; a comparison serves verification, so the purpose has to be that.
 */
export function withOnly(row: CommandDefinition, body: TObject): CommandDefinition {
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
