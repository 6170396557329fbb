import type { MspId } from "../identifiers.js";
import type { Deadline } from "../model-1/deadlines.js";
import type { CaseRef } from "./act.js";
import type { Relation } from "./noun.js";

/** What lists, searches and notices need of any case, whatever its noun. */
export interface Description {
  readonly status: string;
  readonly parties: readonly { readonly department: MspId; readonly relation: Relation }[];
  /**
   * With who has to act before `due`: one of the parties by its relation, or the bureau. Overdue is a date passed, it
   * needs nobody's act; from then on the bureau sees it as its own matter.
   */
  readonly deadlines: readonly (Deadline & { readonly owner: Relation })[];
  readonly references: readonly CaseRef[];
  /** What a full-text search finds the case by; absent where the act does not change it. */
  readonly searchText?: string;
  /** The date after which the case no longer holds, for grants and mandates. */
  readonly expires?: string;
}
