import type { Instant, MspId } from "../identifiers.js";
import type { CaseRef } from "./act.js";

/** A date by which something has to be done; `ended` is when it was done, in time or late. */
export interface DueDate {
  readonly kind: string;
  readonly start: Instant;
  readonly due: Instant;
  readonly ended?: Instant | undefined;
  /** Absent where it is not counted in working days. */
  readonly workingDays?: number | undefined;
  /** `due` lies beyond the calendar: it is the earliest that the date can become. */
  readonly provisional?: true | undefined;
  /** It moves with later notices on the days that it counts. */
  readonly followsNotices?: true | undefined;
}

/** What lists, searches and notices need of any case, whatever its noun. */
export interface Description {
  readonly status: string;
  readonly parties: readonly { readonly department: MspId; readonly relation: string }[];
  /**
   * With who has to act before `due`: one of the parties by its relation, or the bureau. Overdue is a date passed, it
   * needs nobody's act; from then on the bureau sees it as its own matter.
   */
  readonly deadlines: readonly (DueDate & { readonly owner: string })[];
  readonly references: readonly CaseRef[];
  /** What a full-text search finds the case by; absent where the act does not change it. */
  readonly searchText?: string;
  /** The date after which the case no longer holds, for grants and mandates. */
  readonly expires?: string;
}
