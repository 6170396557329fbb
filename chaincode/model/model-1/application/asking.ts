import { ensure } from "../../errors.js";
import { addDays, dayOf } from "../../time/instant.js";
import { mandateCovers, mandateHolds } from "../mandate/mandate.js";
import { checkNamed, checkNotReceived } from "../not-received.js";
import { by, commandsOf, NONE, standing } from "../table.js";
import {
  type ApplicationState,
  Apply,
  Claim,
  DeclareEmergency,
  NotReceived,
  owesReview,
  Supplement,
  Withdraw,
} from "./application-schema.js";
import { begin } from "./wish.js";

const command = commandsOf<ApplicationState>();

const datasetCase = ({ dataset }: { readonly dataset: string }) => [standing("dataset", dataset)];

/** The consumer's side before and during the reply. */
export const asking = {
  apply: command({
    summary: "apply for fields of a dataset that is shared on conditions",
    body: Apply,
    from: [NONE],
    to: ["applied"],
    by: by("member", "user"),
    starts: ["applicationReply", "derivedAuthorization"],
    refers: (body) => [
      ...datasetCase(body),
      ...(body.mandate === undefined ? [] : [standing("mandate", body.mandate)]),
    ],
    apply(decision) {
      const { body, actor, time } = decision;
      const { kind, mandate: id, ...wish } = body;
      ensure((kind === "proxy") === (id !== undefined), "MISMATCH", "a proxy, and only a proxy, cites its mandate");
      const deadline = kind === "ordinary" ? "applicationReply" : "derivedAuthorization";
      const deadlines = decision.starting([], deadline);
      const begun = begin(decision, kind, "conditional");
      if (id === undefined) return { ...begun, status: "applied", deadlines };
      const mandate = decision.get("mandate", id);
      const mine = mandate.kind === "proxy" && mandate.department === actor.department;
      ensure(mine, "NOT_OWNER", `mandate ${id} gives ${actor.department} nothing to apply for`);
      ensure(mandateHolds(mandate, time), "TOO_LATE", `mandate ${id} is not in force at ${time}`);
      const covered = mandateCovers(mandate, wish.dataset) && mandate.purposes.includes(wish.purpose);
      ensure(covered, "OUT_OF_SCOPE", `mandate ${id} does not cover ${wish.dataset} for ${wish.purpose}`);
      return { ...begun, status: "applied", deadlines, principal: mandate.principal, mandate: id };
    },
  }),
  claim: command({
    summary: "take a grant on a dataset that is shared unconditionally",
    body: Claim,
    from: [NONE],
    to: ["granted"],
    by: by("member", "user"),
    refers: datasetCase,
    apply(decision) {
      const begun = begin(decision, "unconditional", "unconditional");
      return { ...begun, status: "granted", grant: { ...begun.wish, act: decision.number } };
    },
  }),
  declareEmergency: command({
    summary: "take a short grant in an emergency, to be reviewed afterwards",
    body: DeclareEmergency,
    from: [NONE],
    to: ["granted"],
    by: by("member", "user"),
    starts: ["emergencyReview"],
    refers: datasetCase,
    apply(decision) {
      const { body, policy, time, number } = decision;
      const begun = begin(decision, "emergency", "conditional");
      const longest = addDays(dayOf(time), policy.emergency.maxCalendarDays);
      ensure(body.to <= longest, "LIMIT_REACHED", `an emergency grant reaches to ${longest} at most`);
      const deadlines = decision.starting([], "emergencyReview");
      return { ...begun, status: "granted", grant: { ...begun.wish, act: number }, deadlines };
    },
  }),
  supplement: command({
    summary: "hand in what the provider asked for; the time to reply begins anew",
    body: Supplement,
    from: ["incomplete"],
    to: ["applied"],
    by: by("consumer", "user"),
    starts: ["applicationReply", "derivedAuthorization"],
    ends: ["supplement"],
    apply(decision) {
      const { current } = decision;
      const kind = current.kind === "ordinary" ? "applicationReply" : "derivedAuthorization";
      const deadlines = decision.starting(decision.ending(current.deadlines, "supplement"), kind);
      return { ...current, status: "applied", deadlines };
    },
  }),
  notReceived: command({
    summary: "record that the text of an answer did not come: then it did not stop the clock",
    body: NotReceived,
    from: ["incomplete", "refused"],
    to: ["applied"],
    by: by("consumer", "user"),
    when: ({ current, time, policy }) => checkNotReceived(current.answer, current.times.notReceived, { time, policy }),
    apply({ body, current }) {
      const { answer, refusal: _refusal, ...rest } = current;
      checkNamed(body.act, answer);
      const notReceived = current.times.notReceived + 1;
      const deadlines = current.deadlines
        .filter(({ kind }) => kind !== "supplement")
        .map(({ ended, ...deadline }) =>
          ended === answer?.at || ended === undefined ? deadline : { ...deadline, ended },
        );
      // A question that did not come was not asked.
      const questions = current.status === "incomplete" ? current.times.questions - 1 : current.times.questions;
      return { ...rest, status: "applied", deadlines, times: { ...current.times, questions, notReceived } };
    },
  }),
  withdraw: command({
    summary: "take the application back, or give the grant back",
    body: Withdraw,
    from: ["applied", "incomplete", "granted", "suspended"],
    to: ["withdrawn"],
    by: by("consumer", "user"),
    ends: ["applicationReply", "derivedAuthorization", "supplement", "renewalReply"],
    when({ current }) {
      ensure(
        !owesReview(current),
        "WRONG_STATE",
        "an emergency grant stays until it is reviewed; it expires by itself",
      );
    },
    apply(decision) {
      const { current } = decision;
      const { renewal: _renewal, ...rest } = current;
      const kinds = ["applicationReply", "derivedAuthorization", "supplement", "renewalReply"] as const;
      return { ...rest, status: "withdrawn", deadlines: decision.ending(current.deadlines, ...kinds) };
    },
  }),
};
