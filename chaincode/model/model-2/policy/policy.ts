import { Type } from "typebox";
import type { NounDefinition } from "../../kernel/noun.js";
import { Recent } from "../../kernel/pace.js";
import { closed } from "../../kernel/schema.js";
import { policy as policy1 } from "../../model-1/policy/policy.js";
import { AmendPolicy, MAX_PENDING_POLICIES, OpenPolicy, PolicyState } from "../../model-1/policy/policy-schema.js";
import { rowOf } from "../../model-1/table.js";

/**
 * 登记条件: whether a release needs a self-check that passed, or that says what falls short. Absent: it does not.
 */
export const SelfCheckRule = Type.Enum(["required"]);

const selfCheckRule = { releaseSelfCheck: Type.Optional(SelfCheckRule) };
const { versions, ...rest } = PolicyState.properties;
const { rules, ...dated } = versions.items.properties;
const State = closed({
  ...rest,
  recent: Type.Optional(Recent),
  versions: Type.Array(closed({ ...dated, rules: closed({ ...rules.properties, ...selfCheckRule }) }), {
    minItems: 1,
    maxItems: 1 + MAX_PENDING_POLICIES,
  }),
});

/** Version 1's, with one rule more to be decided on; its rules keep what they do not look at. */
export const policy: NounDefinition = {
  ...policy1,
  state: State,
  commands: {
    ...policy1.commands,
    open: { ...rowOf(policy1, "open"), body: closed({ ...OpenPolicy.properties, ...selfCheckRule }) },
    amend: { ...rowOf(policy1, "amend"), body: closed({ ...AmendPolicy.properties, ...selfCheckRule }) },
  },
};
