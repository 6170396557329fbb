import { ensure } from "../../errors.js";
import { begunAs, by, commandsOf } from "../../model-1/table.js";
import {
  Lift,
  MAX_OF_BUREAU,
  MAX_OF_ONE,
  MAX_OF_PROVIDERS,
  type MemberState,
  Restrain,
  type Restraint,
} from "./people-schema.js";

const command = commandsOf<MemberState>();

/**
 * 控制: what stops an officer, a machine or a company at once. It stands in the member case of the department that uses data,
 * which every access is checked against at every gateway, by every auditor and in every piece of evidence.
 */
export const restraining = {
  restrain: command({
    summary:
      "stop an officer, a machine or an operator company at once: from a provider's own data, or, by the bureau, from all",
    body: Restrain,
    from: ["active"],
    to: ["active"],
    by: [...by("bureau", "steward", "administrator"), ...by("member", "steward", "administrator")],
    refers: ({ incident, grant }) => [
      begunAs("incident", incident),
      ...(grant === undefined ? [] : [begunAs("application", grant)]),
    ],
    apply(decision) {
      const { body, current, actor, time, policy } = decision;
      const { department, incident, grant } = body;
      checkNamed(decision.ref.case, body);
      decision.origin("incident", incident);
      const isBureau = actor.department === policy.bureau;
      if (!isBureau) {
        ensure(grant !== undefined, "NOT_OWNER", "a provider names a grant that it has given");
        const { provider, consumer } = decision.origin("application", grant);
        const isIts = provider === actor.department && consumer === department;
        ensure(isIts, "NOT_OWNER", `grant ${grant} is not ${actor.department}'s to ${department}`);
      }
      const restraints = current.restraints ?? [];
      const made: Restraint = {
        author: actor.department,
        reach: isBureau ? "all" : "own",
        incident,
        ...subjectOf(body),
        from: time,
      };
      const stands = restraints.some(
        (one) => one.author === made.author && one.reach === made.reach && isOf(one, body),
      );
      ensure(!stands, "ALREADY_EXISTS", `${made.officer ?? made.company} is restrained already`);
      const alike = restraints.filter((one) => one.reach === made.reach);
      ensure(
        alike.length < (isBureau ? MAX_OF_BUREAU : MAX_OF_PROVIDERS),
        "LIMIT_REACHED",
        "suspend the grants instead",
      );
      const own = restraints.filter((one) => one.author === made.author);
      ensure(isBureau || own.length < MAX_OF_ONE, "LIMIT_REACHED", "suspend the grants instead");
      return { ...current, restraints: [...restraints, made] };
    },
  }),
  lift: command({
    summary: "let whom one has restrained use data again; the bureau lifts any restraint",
    body: Lift,
    from: ["active", "departed"],
    to: ["active", "departed"],
    by: [...by("bureau", "steward", "administrator"), ...by("member", "steward", "administrator")],
    when: ({ current }) => ensure(current.restraints !== undefined, "NOT_FOUND", "nobody is restrained"),
    apply(decision) {
      const { body, current, actor, policy } = decision;
      checkNamed(decision.ref.case, body);
      const { restraints = [], ...rest } = current;
      const isBureau = actor.department === policy.bureau;
      const lifted = restraints.filter(
        (one) => one.incident === body.incident && isOf(one, body) && (isBureau || one.author === actor.department),
      );
      ensure(lifted.length > 0, "NOT_FOUND", `${actor.department} has made no such restraint`);
      const left = restraints.filter((one) => !lifted.includes(one));
      return left.length === 0 ? rest : { ...rest, restraints: left };
    },
  }),
};

interface Named {
  readonly department: string;
  readonly officer?: string;
  readonly company?: string;
}

/** Of whom it is, in its case; and one of the two. @throws LedgerError MISMATCH, INVALID_INPUT */
function checkNamed(id: string, { department, officer, company }: Named): void {
  ensure(department === id, "MISMATCH", `the case is ${id}'s, the body names ${department}`);
  ensure((officer === undefined) !== (company === undefined), "INVALID_INPUT", "name an officer or an operator");
}

const isOf = (restraint: Restraint, { officer, company }: Omit<Named, "department">): boolean =>
  restraint.officer === officer && restraint.company === company;

const subjectOf = ({
  officer,
  company,
}: Pick<Restrain, "officer" | "company">): Pick<Restraint, "officer" | "company"> =>
  officer === undefined ? { ...(company === undefined ? {} : { company }) } : { officer };
