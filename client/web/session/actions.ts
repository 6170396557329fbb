import { useQuery } from "@tanstack/react-query";
import { type CaseSummary, callRoute } from "./api.ts";
import { type NounTable, type Page, useModel, usePolicy } from "./ledger.ts";
import { useOfficer } from "./session.tsx";

const NONE = "none";

/** What the tables let the officer begin: commands without a case before them, by the officer's roles and department. */
export function useBeginnings(noun: string): string[] {
  const table = useModel().data?.get(noun);
  const { roles } = useOfficer();
  const stands = useStanding();
  const isBegun = useOwnCaseExists(table);
  if (table === undefined || isBegun) return [];
  return table.commands
    .filter(
      ({ from, route, by }) =>
        from.includes(NONE) &&
        route !== null &&
        by.some(({ relation, role }) => roles.includes(role) && stands(relation)),
    )
    .map(({ type }) => type);
}

/**
 * Whether the officer's department stands in a relation to a case that does not exist yet. Who would be its provider,
 * objector or principal is whoever begins it; who is a member, a founder or the bureau, the ledger says.
 */
function useStanding(): (relation: string) => boolean {
  const { department } = useOfficer();
  const policy = usePolicy();
  const own = useQuery({
    queryKey: ["own-membership", department],
    queryFn: async () => {
      const page = await callRoute<Page<CaseSummary>>("GET", `/members?party=${department}&status=active&limit=1`);
      return page.items.length > 0;
    },
  });
  return (relation) => {
    switch (relation) {
      case "bureau":
        return policy?.bureau === department;
      case "founder":
        return policy?.founders.some((founder) => founder === department) === true;
      case "member":
        return own.data === true;
      default:
        return true;
    }
  };
}

/** A department has one case of its own: what begins it is over once it is there. */
function useOwnCaseExists(table: NounTable | undefined): boolean {
  const { department } = useOfficer();
  const isOwn = table?.identity === "department";
  const own = useQuery({
    queryKey: ["own-case", table?.name, department],
    enabled: isOwn,
    queryFn: async () => {
      const page = await callRoute<Page<CaseSummary>>("GET", `${table?.collection ?? ""}?party=${department}&limit=1`);
      return page.items.length > 0;
    },
  });
  return isOwn && own.data === true;
}
