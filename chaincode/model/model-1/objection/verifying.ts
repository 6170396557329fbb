import { ensure } from "../../errors.js";
import { currentDeadline, type Deadline, extendDeadline, isOverdue } from "../deadlines.js";
import { checkLegalBasis } from "../policy/legal-basis.js";
import { by, commandsOf, standing } from "../table.js";
import {
  AcceptObjection,
  ConcludeVerification,
  CorrectByRelease,
  ExtendVerification,
  type ObjectionState,
  SettleDispute,
} from "./objection-schema.js";

const command = commandsOf<ObjectionState>();

const isVerification = ({ kind }: Deadline): boolean => kind === "objectionVerification";

/** The provider's side, and the bureau's settlement of what stays disputed. */
export const verifying = {
  accept: command({
    summary: "take up the verification; its deadline runs from the objection and is not moved",
    body: AcceptObjection,
    from: ["raised"],
    to: ["verifying"],
    by: by("provider", "steward"),
    apply: ({ current }) => ({ ...current, status: "verifying" }),
  }),
  extend: command({
    summary: "extend the verification once, with reasons, if the policy allows it",
    body: ExtendVerification,
    from: ["verifying"],
    to: ["verifying"],
    by: by("provider", "steward"),
    when({ current, policy: { verificationExtension, calendar }, time }) {
      ensure(verificationExtension !== undefined, "OUT_OF_SCOPE", "the policy in force knows no extension");
      ensure(current.extended !== true, "LIMIT_REACHED", "it was extended already");
      const running = current.deadlines.find(isVerification);
      const inTime = running !== undefined && !isOverdue(currentDeadline(running, calendar), time);
      ensure(inTime, "TOO_LATE", "the deadline has passed");
    },
    apply({ current, policy: { verificationExtension, calendar } }) {
      const { workingDays = 0 } = verificationExtension ?? {};
      const deadlines = current.deadlines.map((deadline) =>
        isVerification(deadline) ? extendDeadline(deadline, workingDays, calendar) : deadline,
      );
      return { ...current, extended: true, deadlines };
    },
  }),
  conclude: command({
    summary: "state the outcome of the verification with reasons",
    body: ConcludeVerification,
    from: ["verifying"],
    to: ["correcting", "answered"],
    by: by("provider", "steward"),
    starts: ["objectionCorrection", "objectionConfirmation"],
    ends: ["objectionVerification"],
    apply(decision) {
      const { body, current, time, number, policy } = decision;
      const { outcome } = body;
      if (body.basis !== undefined) checkLegalBasis(policy, body.basis);
      const ended = decision.ending(current.deadlines, "objectionVerification");
      const answer = { act: number, at: time };
      return outcome === "unsubstantiated"
        ? {
            ...current,
            status: "answered",
            outcome,
            answer,
            deadlines: decision.starting(ended, "objectionConfirmation"),
          }
        : {
            ...current,
            status: "correcting",
            outcome,
            answer,
            deadlines: decision.starting(ended, "objectionCorrection"),
          };
    },
  }),
  correct: command({
    summary: "name the new release that corrects what was substantiated",
    body: CorrectByRelease,
    from: ["correcting"],
    to: ["corrected"],
    by: by("provider", "steward"),
    starts: ["objectionConfirmation"],
    ends: ["objectionCorrection"],
    refers: ({ release }) => [standing("release", release)],
    apply(decision) {
      const { current, ref } = decision;
      const { release } = decision.body;
      const correction = decision.get("release", release);
      const cites = correction.objection === ref.case && correction.dataset === current.dataset;
      ensure(cites, "MISMATCH", `release ${release} does not say that it corrects objection ${ref.case}`);
      ensure(correction.status === "registered", "WRONG_STATE", `release ${release} is "${correction.status}"`);
      const { corrections } = current;
      ensure(!corrections.includes(release), "MISMATCH", "that correction was disputed; register a new release");
      const ended = decision.ending(current.deadlines, "objectionCorrection");
      const deadlines = decision.starting(ended, "objectionConfirmation");
      return { ...current, status: "corrected", corrections: [...corrections, release], deadlines };
    },
  }),
  settle: command({
    summary: "settle a dispute: upheld, and the provider corrects the data; or dismissed, which closes it",
    body: SettleDispute,
    from: ["disputed"],
    to: ["correcting", "closed"],
    by: by("bureau", "steward", "administrator"),
    starts: ["objectionCorrection"],
    ends: ["disputeSettlement"],
    apply(decision) {
      const { body, current } = decision;
      const { answer: _answer, ...rest } = current;
      const ended = decision.ending(current.deadlines, "disputeSettlement");
      const settled = { ...rest, settled: body.decision };
      return body.decision === "dismissed"
        ? { ...settled, status: "closed", deadlines: ended }
        : { ...settled, status: "correcting", deadlines: decision.starting(ended, "objectionCorrection") };
    },
  }),
};
