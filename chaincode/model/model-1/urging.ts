import { Type } from "typebox";
import { ensure } from "../errors.js";
import type { Instant } from "../identifiers.js";
import type { CaseState } from "../kernel/act.js";
import type { CommandDefinition } from "../kernel/noun.js";
import type { AnnouncedYear } from "../time/working-days.js";
import {
  currentDeadline,
  type Deadline,
  type DeadlineKind,
  isOverdue,
  MAX_URGES,
  OWED_BY_BUREAU,
} from "./deadlines.js";
import { closed, Text } from "./limits.js";
import { by, commandsOf } from "./table.js";

export const Urge = closed({ reasons: Type.Optional(Text) });
export const Discontinue = closed({ reasons: Text });

interface Due extends CaseState {
  readonly deadlines: readonly Deadline[];
}

/**
 * 督办: the bureau calls for what is overdue, in any case whose table has this row. Its own duties it does.
 * @param owed kinds of deadline that are its own
 */
export function urging<S extends Due>(
  statuses: readonly string[],
  owed: readonly DeadlineKind[] = OWED_BY_BUREAU,
): CommandDefinition {
  return commandsOf<S>()({
    summary: "call for what is overdue",
    body: Urge,
    from: statuses,
    to: statuses,
    by: by("bureau", "steward", "administrator"),
    when({ current, time, policy }) {
      const due = current.deadlines.filter((deadline) => isDue(deadline, owed, time, policy.calendar));
      ensure(due.length > 0, "TOO_EARLY", "nothing that others owe is overdue yet");
      ensure(due.some(canBeUrged), "LIMIT_REACHED", `urged ${MAX_URGES} times already`);
    },
    apply({ current, time, policy }) {
      const open = current.deadlines.filter(
        (deadline) => isDue(deadline, owed, time, policy.calendar) && canBeUrged(deadline),
      );
      const deadlines = current.deadlines.map((deadline) =>
        open.includes(deadline)
          ? { ...currentDeadline(deadline, policy.calendar), urged: (deadline.urged ?? 0) + 1 }
          : deadline,
      );
      return { ...current, deadlines };
    },
  });
}

const isDue = (
  deadline: Deadline,
  owed: readonly DeadlineKind[],
  at: Instant,
  years: readonly AnnouncedYear[],
): boolean => !owed.includes(deadline.kind) && isOverdue(currentDeadline(deadline, years), at);

const canBeUrged = ({ urged = 0 }: Deadline): boolean => urged < MAX_URGES;

/** @throws LedgerError TOO_EARLY while somebody can still be waited for */
export function checkStalled({ deadlines }: Due, at: Instant, years: readonly AnnouncedYear[]): void {
  ensure(isStalled(deadlines, at, years), "TOO_EARLY", "it is not overdue yet, or has not been urged");
}

/**
 * Whether nobody can be waited for any longer: all that is due is overdue and was urged, or nothing is due at all.
 * Then the bureau can bring the case to an end, whoever has left or keeps silent.
 */
export const isStalled = (deadlines: readonly Deadline[], at: Instant, years: readonly AnnouncedYear[]): boolean =>
  deadlines
    .filter(({ ended }) => ended === undefined)
    .every((deadline) => deadline.urged !== undefined && isOverdue(currentDeadline(deadline, years), at));

/** Whether something is due, and all of it overdue, urged or not. */
export function isSilent(deadlines: readonly Deadline[], at: Instant, years: readonly AnnouncedYear[]): boolean {
  const running = deadlines.filter(({ ended }) => ended === undefined);
  return running.length > 0 && running.every((deadline) => isOverdue(currentDeadline(deadline, years), at));
}

/** Ends every deadline that still runs: the case is over. */
export const endAll = (deadlines: readonly Deadline[], at: Instant, years: readonly AnnouncedYear[]): Deadline[] =>
  deadlines.map((deadline) =>
    deadline.ended === undefined ? { ...currentDeadline(deadline, years), ended: at } : deadline,
  );
