import { useQuery } from "@tanstack/react-query";
import type { GrantState } from "./access.ts";
import { type CaseSummary, callRoute, type Schemas } from "./api.ts";
import { everyItem, type Page } from "./ledger.ts";
import { useOfficer } from "./session.tsx";

export interface OwnGrant extends CaseSummary {
  readonly state: GrantState;
}

/** Grants of the own department. */
export function useOwnGrants() {
  const { department } = useOfficer();
  return useQuery({
    queryKey: ["own-grants", department],
    queryFn: async () => ({
      items: await everyItem<OwnGrant>("/applications", { status: "granted", relation: "consumer", party: department }),
    }),
  });
}

/** The release of a dataset that was registered last; null: it has none. */
export function useNewestRelease(dataset: string | undefined) {
  return useQuery({
    queryKey: ["newest-release", dataset],
    enabled: dataset !== undefined,
    queryFn: async () => (await newestRelease(dataset ?? "")) ?? null,
  });
}

/** @throws Refusal */
export async function newestRelease(dataset: string): Promise<string | undefined> {
  const about = encodeURIComponent(`dataset/${dataset}`);
  const { items } = await callRoute<Page<CaseSummary>>("GET", `/releases?status=registered&limit=1&about=${about}`);
  return items[0]?.case;
}

/** The datasets that a grant for a class covers now; of another grant there is nothing to ask. */
export function useCovered(grant: OwnGrant | undefined) {
  const id = grant?.case ?? "";
  return useQuery({
    queryKey: ["covered", id],
    enabled: grant?.state.grant?.ofClass !== undefined,
    queryFn: async () =>
      (await callRoute<Page<Schemas["CoveredDataset"]>>("GET", `/applications/${id}/datasets`)).items,
  });
}

/** A grant as it is for one of the datasets that it covers. */
export function grantOn(state: GrantState, covered: Schemas["CoveredDataset"] | undefined): GrantState {
  if (covered === undefined) return state;
  return { ...state, dataset: covered.dataset, grant: { ...state.grant, fields: covered.fields } };
}
