import type { Instant } from "../../identifiers.js";
import type { GrantRefusal, Use } from "../../reading.js";
import { companyOf } from "./people.js";
import type { MemberState } from "./people-schema.js";

/**
 * Whether those who use data may: people and machines of an operator company within what its engagement says, and nobody who
 * is restrained. An engagement that names nobody holds for whoever cites it, as in version 1.
 */
export function refusalOfPeople(use: Use, member: MemberState, at: Instant): GrantRefusal | undefined {
  const company = companyOf(member, use.officer, at);
  const cited = member.operators.find(({ code, name }) => code === use.operator || name === use.operator);
  if (company?.works === false) return "OPERATOR_NOT_ENGAGED";
  if (company !== undefined && cited?.code !== company.engaged.code) return "OPERATOR_NOT_NAMED";
  if (company === undefined && cited?.officers !== undefined) return "OPERATOR_NOT_ENGAGED";
  if (company?.engaged.scope.includes(use.dataset) === false) return "OPERATOR_OUT_OF_SCOPE";
  const stopping = (member.restraints ?? []).filter(({ reach, author }) => reach === "all" || author === use.provider);
  if (stopping.some(({ officer }) => officer !== undefined && officer === use.officer)) return "OFFICER_RESTRAINED";
  return cited !== undefined && stopping.some((restraint) => restraint.company === cited.code)
    ? "OPERATOR_RESTRAINED"
    : undefined;
}
