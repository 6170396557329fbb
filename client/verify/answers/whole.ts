import type { Act, CaseRef } from "@wanlian/model/kernel/act.js";

/** What of an act says which came before it in its case. */
type Linked = Pick<Act, "noun" | "case" | "number" | "basis">;

/**
 * Where a history of a case breaks off: the number of the first act before which one that counted is missing; undefined
 * where none is. Each act names the last valid one of its case, so none between can be left out.
 * @param acts of the case that counted, by number
 */
export function brokenAt(acts: readonly Linked[], { noun, case: id }: CaseRef): number | undefined {
  let before = 0;
  for (const { number, basis } of acts) {
    const own = basis.find((one) => one.noun === noun && one.case === id && one.next !== undefined);
    // A case that begins with its transaction has nothing before it to name.
    const rested = own?.act ?? (number === 1 ? 0 : undefined);
    if (rested !== before) return number;
    before = number;
  }
  return undefined;
}
