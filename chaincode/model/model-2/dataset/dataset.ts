import { Type } from "typebox";
import type { CaseState } from "../../kernel/act.js";
import type { CommandDefinition, NounDefinition } from "../../kernel/noun.js";
import { Recent } from "../../kernel/pace.js";
import { closed } from "../../kernel/schema.js";
import { dataset as dataset1 } from "../../model-1/dataset/dataset.js";
import { DatasetState, RegisterDataset, ReviseDataset } from "../../model-1/dataset/dataset-schema.js";
import { rowOf } from "../../model-1/table.js";
import { checkStages, LifeCycle, Responsible } from "../life-cycle.js";
import { type Classified, classified, withClass } from "./classified.js";

const lifeCycle = { lifeCycle: Type.Optional(LifeCycle) };
type Entry = { readonly lifeCycle?: LifeCycle } & Pick<Classified, "category">;

/**
 * Version 1's; its entry can say who is responsible for each stage of the data's life, by which standard, and its state
 * says where the catalogue has it.
 */
export const dataset: NounDefinition = {
  ...dataset1,
  state: closed({
    ...DatasetState.properties,
    recent: Type.Optional(Recent),
    lifeCycle: Type.Optional(Responsible),
    ...classified,
  }),
  commands: {
    ...dataset1.commands,
    register: withLifeCycle(rowOf(dataset1, "register"), closed({ ...RegisterDataset.properties, ...lifeCycle })),
    revise: withLifeCycle(rowOf(dataset1, "revise"), closed({ ...ReviseDataset.properties, ...lifeCycle })),
  },
  describe: (ref, state, body) => dataset1.describe(ref, state, withoutLifeCycle(body)),
};

function withLifeCycle(row: CommandDefinition, body: CommandDefinition["body"]): CommandDefinition {
  return {
    ...row,
    body,
    apply(circumstances): CaseState {
      const { lifeCycle, ...entry } = circumstances.body as Entry;
      const { category } = entry;
      const made = row.apply({ ...circumstances, body: entry });
      const state = withClass(made, circumstances.state, { category, time: circumstances.time });
      if (lifeCycle === undefined) return state;
      checkStages(lifeCycle);
      const named: Responsible = lifeCycle.map(({ stage, responsible }) => ({ stage, responsible }));
      return Object.assign(state, { lifeCycle: named });
    },
  };
}

/** Version 1 finds the words of an entry by its own schema. */
function withoutLifeCycle(body: unknown): unknown {
  if (typeof body !== "object" || body === null) return body;
  const { lifeCycle: _, ...entry } = body as { readonly lifeCycle?: unknown };
  return entry;
}
