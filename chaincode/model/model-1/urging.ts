import { Type } from "typebox";
import { ensure } from "../errors.js";
import type { Instant } from "../identifiers.js";
import type { CaseState } from "../kernel/act.js";
import type { CommandDefinition } from "../kernel/noun.js";
import type { AnnouncedYear } from "../time/working-days.js";
import { currentDeadline, type Deadline, isOverdue, MAX_URGES } from "./deadlines.js";
import { closed, Text } from "./limits.js";
import { by, commandsOf } from "./table.js";

export const Urge = closed({ reasons: Type.Optional(Text) });
export const Discontinue = closed({ reasons: Text });

interface Due extends CaseState {
  readonly deadlines: readonly Deadline[];
}

/** 督办: the bureau calls for what is overdue, in any case whose table has this row. Its own duties it does. */
export function urging<S extends Due>(statuses: readonly string[]): CommandDefinition {
  return commandsOf<S>()({
    summary: "call for what is overdue",
    body: Urge,
    from: statuses,
    to: statuses,
    by: by("bureau", "steward", "administrator"),
    apply({ current, time, policy }) {
      const isDue = (deadline: Deadline) =>
        deadline.kind !== "disputeSettlement" && isOverdue(currentDeadline(deadline, policy.calendar), time);
      ensure(current.deadlines.some(isDue), "TOO_EARLY", "nothing that others owe is overdue yet");
      const open = current.deadlines.filter((deadline) => isDue(deadline) && (deadline.urged ?? 0) < MAX_URGES);
      ensure(open.length > 0, "LIMIT_REACHED", `urged ${MAX_URGES} times already`);
      const deadlines = current.deadlines.map((deadline) =>
        open.includes(deadline)
          ? { ...currentDeadline(deadline, policy.calendar), urged: (deadline.urged ?? 0) + 1 }
          : deadline,
      );
      return { ...current, deadlines };
    },
  });
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
