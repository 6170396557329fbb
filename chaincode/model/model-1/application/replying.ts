import { ensure } from "../../errors.js";
import { periodOf } from "../period.js";
import { checkLegalBasis } from "../policy/legal-basis.js";
import { by, commandsOf, standing } from "../table.js";
import { type ApplicationState, GrantAccess, Refuse, RequestMore, Revoke } from "./application-schema.js";
import { checkFields, isWithin } from "./wish.js";

const command = commandsOf<ApplicationState>();

const MAX_QUESTIONS = 1; // 一次性告知: what is missing is said once

/** The provider's answers. */
export const replying = {
  grant: command({
    summary: "grant fields for a period, within what was applied for",
    body: GrantAccess,
    from: ["applied"],
    to: ["granted"],
    by: by("provider", "steward"),
    ends: ["applicationReply", "derivedAuthorization"],
    refers: ({ dataset }) => [standing("dataset", dataset)],
    when({ current: { wish }, time }) {
      ensure(time <= wish.to, "TOO_LATE", `applied for was a time to ${wish.to}; refuse it, or end it`);
    },
    apply(decision) {
      const { body, current, time, number } = decision;
      const { dataset, fields, frequency } = body;
      ensure(dataset === current.dataset, "MISMATCH", `the application is for ${current.dataset}, not ${dataset}`);
      checkFields(decision.get("dataset", dataset), dataset, fields);
      const beyond = fields.find((name) => !current.wish.fields.includes(name));
      ensure(beyond === undefined, "OUT_OF_SCOPE", `"${beyond}" was not applied for`);
      const period = periodOf(body.from, body.to, time);
      const within = period.from >= current.wish.from && period.to <= current.wish.to;
      ensure(within, "OUT_OF_SCOPE", `applied for were ${current.wish.from} to ${current.wish.to}`);
      ensure(isWithin(frequency, current.wish.frequency), "OUT_OF_SCOPE", "more calls than were applied for");
      const deadlines = decision.ending(current.deadlines, "applicationReply", "derivedAuthorization");
      return { ...current, status: "granted", grant: { fields, ...period, frequency, act: number }, deadlines };
    },
  }),
  refuse: command({
    summary: "refuse with reasons and their basis in the register",
    body: Refuse,
    from: ["applied"],
    to: ["refused"],
    by: by("provider", "steward"),
    ends: ["applicationReply", "derivedAuthorization"],
    refers: ({ dataset }) => [standing("dataset", dataset)],
    apply(decision) {
      const { body, current, time, number } = decision;
      const { dataset } = body;
      ensure(dataset === current.dataset, "MISMATCH", `the application is for ${current.dataset}, not ${dataset}`);
      const basis = checkLegalBasis(decision.policy, body.basis);
      const declared = decision.get("dataset", dataset).share.basis === basis;
      const deadlines = decision.ending(current.deadlines, "applicationReply", "derivedAuthorization");
      const answer = { act: number, at: time };
      return { ...current, status: "refused", refusal: { basis, declared }, answer, deadlines };
    },
  }),
  requestMore: command({
    summary: "say once what is missing; the time to reply stands still until it comes",
    body: RequestMore,
    from: ["applied"],
    to: ["incomplete"],
    by: by("provider", "steward"),
    starts: ["supplement"],
    ends: ["applicationReply", "derivedAuthorization"],
    when({ current }) {
      ensure(current.times.questions < MAX_QUESTIONS, "LIMIT_REACHED", "what is missing is said once");
    },
    apply(decision) {
      const { current, time, number } = decision;
      const questions = current.times.questions + 1;
      const ended = decision.ending(current.deadlines, "applicationReply", "derivedAuthorization");
      const deadlines = decision.starting(ended, "supplement");
      const answer = { act: number, at: time };
      return { ...current, status: "incomplete", answer, deadlines, times: { ...current.times, questions } };
    },
  }),
  revoke: command({
    summary: "end a grant at once, with reasons and their basis in the register",
    body: Revoke,
    from: ["granted", "suspended"],
    to: ["revoked"],
    by: [...by("provider", "steward"), ...by("bureau", "steward", "administrator")],
    ends: ["renewalReply"],
    apply(decision) {
      const { body, current } = decision;
      const basis = checkLegalBasis(decision.policy, body.basis);
      const { renewal: _renewal, ...rest } = current;
      const deadlines = decision.ending(current.deadlines, "renewalReply");
      return { ...rest, status: "revoked", refusal: { basis }, deadlines };
    },
  }),
};
