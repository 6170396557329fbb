import type { Instant, OfficerNumber } from "../../identifiers.js";
import type { Engage, MemberState } from "./people-schema.js";

/** What a department says of an officer's company. */
export type Company =
  | { readonly works: true; readonly engaged: Engage }
  /** Its engagement has ended, or left the officer out. */
  | { readonly works: false; readonly code: string };

/** The company that an officer or machine of a department belongs to; undefined: it is the department's own. */
export function companyOf(member: MemberState, officer: OfficerNumber | undefined, at: Instant): Company | undefined {
  if (officer === undefined) return undefined;
  const engaged = member.operators.find(({ officers = [] }) => officers.includes(officer));
  if (engaged !== undefined) {
    return engaged.from <= at && at < engaged.to ? { works: true, engaged } : { works: false, code: engaged.code };
  }
  const former = member.formerOperators?.find(({ officers }) => officers.includes(officer));
  return former && { works: false, code: former.code };
}

/** All companies that work for a department, or have. */
export const codesOf = ({ operators, formerOperators = [] }: MemberState): string[] => [
  ...new Set([...operators, ...formerOperators].map(({ code }) => code)),
];
