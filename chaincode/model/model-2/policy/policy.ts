import { Type } from "typebox";
import { EarlyWarning } from "../../early-warning.js";
import type { NounDefinition } from "../../kernel/noun.js";
import { Recent } from "../../kernel/pace.js";
import { closed } from "../../kernel/schema.js";
import type { DeadlineKind } from "../../model-1/deadlines.js";
import { policy as policy1 } from "../../model-1/policy/policy.js";
import {
  AmendPolicy,
  DeadlineRule,
  MAX_PENDING_POLICIES,
  OpenPolicy,
  PolicyState,
} from "../../model-1/policy/policy-schema.js";
import { rowOf } from "../../model-1/table.js";
import { DEADLINE_KINDS_2 } from "../kinds.js";

/**
 * 登记条件: whether a release needs a self-check that passed, or that says what falls short. Absent: it does not.
 */
export const SelfCheckRule = Type.Enum(["required"]);

/** What version 2 adds to what can be decided on. */
const added = { releaseSelfCheck: Type.Optional(SelfCheckRule), earlyWarning: Type.Optional(EarlyWarning) };
/** Kinds of deadline that it knows. */
const kind = Type.Unsafe<DeadlineKind>(Type.Enum([...DEADLINE_KINDS_2]));
const { kind: _kind, article, workingDays } = DeadlineRule.properties;
const maxItems = DEADLINE_KINDS_2.length;
const figures = { deadlines: Type.Array(closed({ kind, workingDays }), { maxItems }) };
const decided = { ...added, deadlines: Type.Array(closed({ kind, workingDays, article }), { maxItems }) };
const { versions, ...rest } = PolicyState.properties;
const { rules, ...dated } = versions.items.properties;
const State = closed({
  ...rest,
  recent: Type.Optional(Recent),
  versions: Type.Array(closed({ ...dated, rules: closed({ ...rules.properties, ...added, ...figures }) }), {
    minItems: 1,
    maxItems: 1 + MAX_PENDING_POLICIES,
  }),
});

/** Version 1's, with a few rules more to be decided on; its rules keep what they do not look at. */
export const policy: NounDefinition = {
  ...policy1,
  state: State,
  commands: {
    ...policy1.commands,
    open: { ...rowOf(policy1, "open"), body: closed({ ...OpenPolicy.properties, ...decided }) },
    amend: { ...rowOf(policy1, "amend"), body: closed({ ...AmendPolicy.properties, ...decided }) },
  },
};
