import type { CaseRef, CaseState } from "./act.js";

/** Where a case stands: the number of its last valid act (0: none), the next never written, and the state. */
export interface Head {
  readonly act: number;
  readonly next: number;
  readonly state: CaseState | undefined;
}

/** The head of any case; of one without acts it is {@link NO_ACTS}. */
export type Heads = (ref: CaseRef) => Head;

export const NO_ACTS: Head = { act: 0, next: 1, state: undefined };
