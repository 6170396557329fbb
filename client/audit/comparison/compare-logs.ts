import type { Mark } from "./matching.js";

/** What only one of two logs has, or one log twice: with the mark that shows it. */
export type Gap =
  /** The other side has to have it, and does not. */
  | { readonly kind: "missing"; readonly mark: Mark }
  /** The other side has it and showed its hash alone, although the mandate covers it. */
  | { readonly kind: "withheld"; readonly mark: Mark; readonly position: number }
  | { readonly kind: "doubled"; readonly mark: Mark }
  | { readonly kind: "notClosed"; readonly mark: Mark };

/**
 * Every record has to be in both parties' logs, once; every stream that a provider opened has to be closed. Pure.
 * @param given all that the logs say of one record
 * @param wasRead whether a department's log was read to its end: what was not shown says nothing
 */
export function compareRecord(given: readonly Mark[], wasRead: (department: number) => boolean): Gap[] {
  const forged = given.filter(({ what }) => what === "forged");
  const marks = forged.length === 0 ? given : given.filter((mark) => !forged.some((one) => isInPlaceOf(one, mark)));
  const gaps: Gap[] = [];
  const records = marks.filter(({ what }) => what !== "closes");
  for (const [at, mark] of records.entries()) {
    const earlier = records.findIndex(({ department }) => department === mark.department);
    if (earlier < at) {
      gaps.push({ kind: "doubled", mark });
      continue;
    }
    if (mark.what === "leftOut" || mark.side === "neither") continue;
    if (mark.what === "opening" && mark.side === "provider" && !isClosed(marks, mark) && wasRead(mark.department)) {
      gaps.push({ kind: "notClosed", mark });
    }
    const counterpart = records.find(({ department }) => department === mark.other);
    if (counterpart?.what === "leftOut") {
      gaps.push({ kind: "withheld", mark, position: counterpart.position });
    } else if (counterpart === undefined && wasRead(mark.other) && !comesLater(mark)) {
      gaps.push({ kind: "missing", mark });
    }
  }
  return gaps;
}

const isInPlaceOf = (one: Mark, other: Mark): boolean =>
  one.department === other.department && one.position === other.position;

/** How a stream ended that broke off: it comes only if asked for. For the access, the consumer answers with its opening. */
function comesLater({ what, side }: Mark): boolean {
  return what === "brokenOff" && side === "provider";
}

function isClosed(marks: readonly Mark[], { department }: Mark): boolean {
  return marks.some((mark) => mark.what === "closes" && mark.department === department);
}
