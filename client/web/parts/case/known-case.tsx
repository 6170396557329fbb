import { useQuery } from "@tanstack/react-query";
import { type CaseDetail, callRoute } from "../../session/api.ts";
import { caseAddress, useModel } from "../../session/ledger.ts";
import { CaseLink } from "../names.tsx";
import { Subject } from "./subject.tsx";

/** A case by what it is about, once that is known: nobody knows cases by their numbers. */
export function KnownCase({ noun, id }: { readonly noun: string; readonly id: string }) {
  const table = useModel().data?.get(noun);
  const found = useQuery({
    queryKey: ["case", noun, id],
    enabled: table !== undefined,
    queryFn: () => callRoute<CaseDetail>("GET", table === undefined ? "" : caseAddress(table, id)),
  });
  if (found.data === undefined) return <CaseLink noun={noun} id={id} />;
  return <Subject noun={noun} id={id} state={found.data.case.state} />;
}
