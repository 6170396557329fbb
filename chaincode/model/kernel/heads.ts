import type { TransactionId } from "../identifiers.js";
import type { Act, BasisEntry, CaseRef, CaseState, Dependency, OriginEntry, StandingEntry } from "./act.js";

/** Where a case stands: its last valid act with its transaction, the next number never written, and the state. */
export interface Head {
  /** Number of the last valid act; 0: none. */
  readonly act: number;
  /** Of the last valid act; undefined if there is none. */
  readonly transaction: TransactionId | undefined;
  readonly next: number;
  readonly state: CaseState | undefined;
}

/** The head of any case; of one without acts it is {@link NO_ACTS}. */
export type Heads = (ref: CaseRef) => Head;

export const NO_ACTS: Head = { act: 0, transaction: undefined, next: 1, state: undefined };

/** What a command says about a case that it relies on: that it stands where the head has it. */
export function basisEntry({ noun, case: id }: CaseRef, { act, transaction, next }: Head): StandingEntry {
  return { noun, case: id, act, ...(transaction === undefined ? {} : { transaction }), next };
}

/** What a command says about a case on whose origin alone it relies: the act that began it, by its transaction. */
export const originEntry = ({ noun, case: id }: CaseRef): OriginEntry => ({
  noun,
  case: id,
  act: 1,
  transaction: id as TransactionId,
});

/**
 * Whether an act with this basis shows that a case's act was the last valid one still, at the place of the act. That a
 * case began so shows nothing of where it stands.
 */
export const showsLast = (basis: readonly BasisEntry[], { noun, case: id }: CaseRef, act: number): boolean =>
  basis.some((entry) => entry.noun === noun && entry.case === id && entry.act === act && entry.next !== undefined);

/** The basis of a command on the heads as they are. */
export const basisOn = (dependencies: readonly Dependency[], heads: Heads): BasisEntry[] =>
  dependencies.map((dependency) =>
    dependency.on === "origin" ? originEntry(dependency) : basisEntry(dependency, heads(dependency)),
  );

/**
 * The head of a case after numbers of it were used up. Whatever a valid transaction writes under a number uses it up;
 * void ones change nothing else.
 * @param taken numbers from `next` on that void transactions have used before their turn; changed to be right afterwards
 * @param counted the act, if there is one that counts among what used them
 */
export function advance(
  head: Head,
  used: readonly number[],
  taken: Set<number>,
  counted?: { readonly act: Act; readonly transaction: TransactionId },
): Head {
  for (const number of used) if (number >= head.next) taken.add(number);
  let { next } = head;
  while (taken.delete(next)) next += 1;
  if (counted === undefined) return { ...head, next };
  return { act: counted.act.number, transaction: counted.transaction, next, state: counted.act.state };
}
