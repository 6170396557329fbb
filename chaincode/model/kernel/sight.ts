import type { CaseRef, CaseState, Dependency } from "./act.js";
import type { Heads } from "./heads.js";
import { caseName } from "./key.js";
import type { Model } from "./model.js";

/**
 * The heads as a rule sees them: the cases that its command depends on and no others, and of a case on whose origin it
 * relies what its first act fixed. So no rule can read what its basis does not name.
 * @throws RangeError for another case: a fault of the model
 */
export function sightOf(model: Model, own: CaseRef, dependencies: readonly Dependency[], heads: Heads): Heads {
  const seen = new Map(dependencies.map((dependency) => [caseName(dependency), dependency]));
  seen.set(caseName(own), { ...own, on: "state" });
  return (ref) => {
    const dependency = seen.get(caseName(ref));
    if (dependency === undefined) throw new RangeError(`a rule reads ${caseName(ref)}, which its basis does not name`);
    const head = heads(ref);
    if (dependency.on === "state" || head.state === undefined) return head;
    return { ...head, state: originOf(head.state, model.nouns[ref.noun]?.fixed ?? []) };
  };
}

/** What a case's first act fixed. */
export const originOf = (state: CaseState, fixed: readonly string[]): CaseState =>
  // Rules read it as what their noun's `fixed` says, and never its status.
  Object.fromEntries(Object.entries(state).filter(([member]) => fixed.includes(member))) as unknown as CaseState;
