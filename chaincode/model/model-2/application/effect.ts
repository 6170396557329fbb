import { type Static, Type } from "typebox";
import { ensure } from "../../errors.js";
import { Day } from "../../identifiers.js";
import type { CaseState } from "../../kernel/act.js";
import type { CommandDefinition } from "../../kernel/noun.js";
import { closed, count } from "../../kernel/schema.js";
import { type ApplicationState, ReportUse } from "../../model-1/application/application-schema.js";
import { dayOf } from "../../time/instant.js";

/** Of one report; a grant can have a thousand. */
const MAX_SPARED = 1_000_000_000;

/** 应用效果: what the data replaced: documents that nobody had to hand in, visits that nobody had to make. */
const replaced = { documents: count(MAX_SPARED), visits: count(MAX_SPARED) };
const Replaced = closed(replaced);

/** What reports come to, and how far back those reach that no renewal has used up. */
export const effect = {
  effect: Type.Optional(closed({ documents: count(), visits: count() })),
  covered: Type.Optional(Day),
  renewed: Type.Optional(Day),
};
interface WithEffect {
  readonly effect?: Static<typeof Replaced>;
  readonly covered?: Day;
  readonly renewed?: Day;
}

/** A report can say what the data replaced. */
export function withEffect(reporting: CommandDefinition): CommandDefinition {
  return {
    ...reporting,
    body: closed({ ...ReportUse.properties, replaced: Type.Optional(Replaced) }),
    apply(circumstances): CaseState {
      const { replaced, ...body } = circumstances.body as Static<typeof ReportUse> & {
        readonly replaced?: Static<typeof Replaced>;
      };
      const state = reporting.apply({ ...circumstances, body });
      if (replaced === undefined) return state;
      const { effect, covered } = circumstances.state as CaseState & WithEffect;
      const { documents = 0, visits = 0 } = effect ?? {};
      return Object.assign(state, {
        effect: { documents: documents + replaced.documents, visits: visits + replaced.visits },
        covered: covered !== undefined && covered < body.from ? covered : body.from,
      });
    },
  };
}

/** A renewal depends on a report of what the period that ends has replaced, from its beginning on. */
export function onEffect(asking: CommandDefinition): CommandDefinition {
  return {
    ...asking,
    when(circumstances) {
      asking.when?.(circumstances);
      const { grant, renewed, covered } = circumstances.state as ApplicationState & WithEffect;
      const begun = renewed ?? dayOf(grant?.from ?? circumstances.time);
      const isCovered = covered !== undefined && covered <= begun;
      ensure(isCovered, "NOT_REPORTED", `report what the data has replaced, from ${begun} on`);
    },
  };
}

/** Reports serve the renewal that follows them, and no other. */
export function usingUp(renewing: CommandDefinition): CommandDefinition {
  return {
    ...renewing,
    apply(circumstances): CaseState {
      const { covered: _covered, ...state } = renewing.apply(circumstances) as CaseState & WithEffect;
      return Object.assign(state, { renewed: dayOf(circumstances.time) });
    },
  };
}
