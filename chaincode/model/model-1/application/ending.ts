import { ensure } from "../../errors.js";
import { by, commandsOf } from "../table.js";
import { Discontinue, endAll, isSilent, isStalled, urging } from "../urging.js";
import { type ApplicationState, owesReview } from "./application-schema.js";

const command = commandsOf<ApplicationState>();

/** What brings an application to its end when those whose turn it is keep silent, or have left. */
export const ending = {
  urge: urging<ApplicationState>(["applied", "incomplete", "granted", "suspended", "revoked"]),
  discontinue: command({
    summary: "end an application that nobody pursues: overdue and urged, not supplemented, or for a time gone by",
    body: Discontinue,
    from: ["applied", "incomplete", "granted", "suspended"],
    to: ["discontinued"],
    by: [...by("provider", "steward"), ...by("bureau", "steward", "administrator")],
    ends: ["applicationReply", "derivedAuthorization", "supplement", "renewalReply"],
    when({ current, actor, time, policy }) {
      ensure(!owesReview(current), "WRONG_STATE", "an emergency grant stays until it is reviewed");
      const { deadlines, status, grant, wish } = current;
      const isOver = (grant ?? wish).to < time;
      ensure(isOver || grant === undefined, "TOO_EARLY", `the grant holds to ${grant?.to}; revoke it`);
      const unanswered =
        actor.department === policy.bureau
          ? isStalled(deadlines, time, policy.calendar)
          : // Its own silence the provider cannot end so, only the consumer's.
            status === "incomplete" && isSilent(deadlines, time, policy.calendar);
      ensure(isOver || unanswered, "TOO_EARLY", "it is not overdue yet, or has not been urged");
    },
    apply({ current, time, policy }) {
      const { deadlines } = current;
      const { renewal: _renewal, ...rest } = current;
      return { ...rest, status: "discontinued", deadlines: endAll(deadlines, time, policy.calendar) };
    },
  }),
};
