import { type TObject, Type } from "typebox";
import { ensure } from "../../errors.js";
import { TransactionId } from "../../identifiers.js";
import type { CaseState } from "../../kernel/act.js";
import type { CommandDefinition, NounDefinition } from "../../kernel/noun.js";
import { Recent } from "../../kernel/pace.js";
import { closed } from "../../kernel/schema.js";
import { application as application1 } from "../../model-1/application/application.js";
import {
  ApplicationState,
  type ApplicationState as ApplicationState1,
  Apply,
  Claim,
  Grant,
  GrantAccess,
  Suspend,
} from "../../model-1/application/application-schema.js";
import type { DatasetState } from "../../model-1/dataset/dataset-schema.js";
import { begunAs, rowOf } from "../../model-1/table.js";
import { only, withOnly } from "./comparison-alone.js";
import { effect, onEffect, usingUp, withEffect } from "./effect.js";
import { askedClass, askingForClass, grantedClass, grantingClass } from "./of-class.js";
import { checkShown, type Shown, shown } from "./shown.js";

const { grant: _grant, ...rest } = ApplicationState.properties;
const row = (type: string): CommandDefinition => rowOf(application1, type);
/** The last incident that a grant was suspended for: it stays beside it in every trace. */
const ofIncident = { incident: Type.Optional(TransactionId) };
interface OfIncident {
  readonly incident?: TransactionId;
}
const Asking = closed({ ...Apply.properties, ...only });
const Granting = closed({ ...GrantAccess.properties, ...shown });
const GrantingOnly = closed({ ...Granting.properties, ...only });

/**
 * Version 1's; a grant can be for comparison alone, can say which of its fields are masked how, and which rows it is of, and
 * can cover the datasets of a class.
 */
export const application: NounDefinition = {
  ...application1,
  state: closed({
    ...rest,
    grant: Type.Optional(closed({ ...Grant.properties, ...shown, ...grantedClass })),
    recent: Type.Optional(Recent),
    ...only,
    ...askedClass,
    ...ofIncident,
    ...effect,
  }),
  fixed: [...application1.fixed, "ofClass"],
  commands: {
    ...application1.commands,
    apply: askingForClass(withOnly(row("apply"), Apply), Asking),
    claim: withOnly(row("claim"), Claim),
    reportUse: withEffect(row("reportUse")),
    requestRenewal: onEffect(row("requestRenewal")),
    renew: usingUp(row("renew")),
    suspend: withIncident(row("suspend")),
    grant: grantingClass(withOnly(withShown(row("grant"), Granting), Granting), GrantingOnly),
  },
  describe(ref, state, body) {
    const description = application1.describe(ref, state, body);
    const { incident } = state as OfIncident;
    if (incident === undefined) return description;
    return { ...description, references: [...description.references, { noun: "incident", case: incident }] };
  },
};

/** A grant can be suspended for an incident. */
function withIncident(suspending: CommandDefinition): CommandDefinition {
  return {
    ...suspending,
    body: closed({ ...Suspend.properties, ...ofIncident }),
    refers: ({ incident }: OfIncident) => (incident === undefined ? [] : [begunAs("incident", incident)]),
    apply(circumstances): CaseState {
      const { incident, ...body } = circumstances.body as OfIncident;
      const state = suspending.apply({ ...circumstances, body });
      if (incident === undefined) return state;
      const { state: cited } = circumstances.heads({ noun: "incident", case: incident });
      ensure(cited !== undefined, "NOT_FOUND", `there is no incident ${incident}`);
      return Object.assign(state, { incident });
    },
  };
}

function withShown(granting: CommandDefinition, body: TObject): CommandDefinition {
  return {
    ...granting,
    body,
    apply(circumstances): CaseState {
      const { masks, filters, ...rest } = circumstances.body as Shown & { readonly dataset: string };
      const state = granting.apply({ ...circumstances, body: rest }) as ApplicationState1;
      if (state.grant === undefined || (masks === undefined && filters === undefined)) return state;
      const said = { ...(masks === undefined ? {} : { masks }), ...(filters === undefined ? {} : { filters }) };
      const { fields } = circumstances.heads({ noun: "dataset", case: rest.dataset }).state as DatasetState;
      checkShown(said, state.grant.fields, fields);
      return { ...state, grant: { ...state.grant, ...said } } as CaseState;
    },
  };
}
