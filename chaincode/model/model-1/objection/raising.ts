import { ensure } from "../../errors.js";
import { checkNamed, checkNotReceived } from "../not-received.js";
import { begunAs, by, commandsOf, NONE } from "../table.js";
import {
  ConclusionNotReceived,
  ConfirmOutcome,
  DisputeOutcome,
  MAX_DISPUTES,
  type ObjectionState,
  RaiseObjection,
  WithdrawObjection,
} from "./objection-schema.js";

const command = commandsOf<ObjectionState>();

/** The objector's side. */
export const raising = {
  raise: command({
    summary: "object to rows and columns of a release, with the digest of the evidence",
    body: RaiseObjection,
    from: [NONE],
    to: ["raised"],
    by: by("member", "user"),
    starts: ["objectionVerification"],
    refers: ({ release }) => [begunAs("release", release)],
    apply(decision) {
      const { dataset, release, fields, rows, rowCount } = decision.body;
      const { department: objector, officer } = decision.actor;
      const subject = decision.origin("release", release);
      const { provider } = subject;
      ensure(provider !== objector, "INVALID_INPUT", `${dataset} is ${objector}'s own; register a better release`);
      ensure(subject.dataset === dataset, "MISMATCH", `release ${release} is one of ${subject.dataset}`);
      const unknown = fields.find((name) => !subject.fields.includes(name));
      ensure(unknown === undefined, "MISMATCH", `the release has no field "${unknown}"`);
      ensure(rowCount >= rows.length, "MISMATCH", "more rows are listed than counted");
      // Rows may be missing from a release: then they have no place in it, and the count stands alone.
      ensure(
        rows.every((row) => row < subject.rows),
        "MISMATCH",
        `the release has ${subject.rows} rows`,
      );
      return {
        status: "raised",
        ...{ dataset, release, provider, objector, officer },
        corrections: [],
        times: { disputes: 0, notReceived: 0 },
        deadlines: decision.starting([], "objectionVerification"),
      };
    },
  }),
  withdraw: command({
    summary: "take the objection back before it is concluded",
    body: WithdrawObjection,
    from: ["raised", "verifying"],
    to: ["withdrawn"],
    by: by("objector", "user"),
    ends: ["objectionVerification"],
    apply(decision) {
      const { current } = decision;
      const deadlines = decision.ending(current.deadlines, "objectionVerification");
      return { ...current, status: "withdrawn", deadlines };
    },
  }),
  confirm: command({
    summary: "confirm the outcome, disputed or not, which closes the objection",
    body: ConfirmOutcome,
    from: ["corrected", "answered", "disputed"],
    to: ["closed"],
    by: by("objector", "user"),
    ends: ["objectionConfirmation", "disputeSettlement"],
    apply(decision) {
      const { current } = decision;
      const deadlines = decision.ending(current.deadlines, "objectionConfirmation", "disputeSettlement");
      return { ...current, status: "closed", deadlines };
    },
  }),
  dispute: command({
    summary: "dispute the outcome or its correction: the bureau settles it",
    body: DisputeOutcome,
    from: ["corrected", "answered"],
    to: ["disputed"],
    by: by("objector", "user"),
    starts: ["disputeSettlement"],
    ends: ["objectionConfirmation"],
    when({ current }) {
      ensure(current.times.disputes < MAX_DISPUTES, "LIMIT_REACHED", "it was settled twice; confirm it");
    },
    apply(decision) {
      const { current } = decision;
      const disputes = current.times.disputes + 1;
      const ended = decision.ending(current.deadlines, "objectionConfirmation");
      const deadlines = decision.starting(ended, "disputeSettlement");
      return { ...current, status: "disputed", deadlines, times: { ...current.times, disputes } };
    },
  }),
  notReceived: command({
    summary: "record that the text of the conclusion did not come: then it did not stop the clock",
    body: ConclusionNotReceived,
    from: ["answered", "correcting"],
    to: ["verifying"],
    by: by("objector", "user"),
    when: ({ current, time, policy }) => checkNotReceived(current.answer, current.times.notReceived, { time, policy }),
    apply({ body, current }) {
      const { answer, outcome: _outcome, ...rest } = current;
      checkNamed(body.act, answer);
      const notReceived = current.times.notReceived + 1;
      const deadlines = current.deadlines
        .filter(({ kind }) => kind === "objectionVerification")
        .map(({ ended: _ended, ...deadline }) => deadline);
      return { ...rest, status: "verifying", deadlines, times: { ...current.times, notReceived } };
    },
  }),
};
