import { ensure } from "../../errors.js";
import { by, commandsOf } from "../table.js";
import { checkStalled, Discontinue, endAll, isSilent, isStalled, urging } from "../urging.js";
import { CloseObjection, type ObjectionState } from "./objection-schema.js";

const command = commandsOf<ObjectionState>();

/** What brings an objection to its end when those whose turn it is keep silent, or have left. */
export const ending = {
  urge: urging<ObjectionState>(["raised", "verifying", "correcting", "corrected", "answered"]),
  close: command({
    summary: "close an objection whose objector has neither confirmed nor disputed the outcome in time",
    body: CloseObjection,
    from: ["corrected", "answered"],
    to: ["closed"],
    by: [...by("provider", "steward"), ...by("bureau", "steward", "administrator")],
    ends: ["objectionConfirmation"],
    when({ current, actor, time, policy }) {
      const { deadlines } = current;
      // Where the policy sets no time to confirm, only the bureau says that it is over.
      const isOver = actor.department === policy.bureau && isStalled(deadlines, time, policy.calendar);
      const silent = isOver || isSilent(deadlines, time, policy.calendar);
      ensure(silent, "TOO_EARLY", "the objector can still confirm or dispute it");
    },
    apply({ current, time, policy }) {
      return { ...current, status: "closed", deadlines: endAll(current.deadlines, time, policy.calendar) };
    },
  }),
  discontinue: command({
    summary:
      "end an objection that its provider, urged, does not bring to an end; what was found wrong keeps its label",
    body: Discontinue,
    from: ["raised", "verifying", "correcting"],
    to: ["discontinued"],
    by: by("bureau", "steward", "administrator"),
    ends: ["objectionVerification", "objectionCorrection"],
    when: ({ current, time, policy }) => checkStalled(current, time, policy.calendar),
    apply({ current, time, policy }) {
      return { ...current, status: "discontinued", deadlines: endAll(current.deadlines, time, policy.calendar) };
    },
  }),
};
