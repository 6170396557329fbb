import type { CaseState } from "@wanlian/model/kernel/act.js";
import { Alert } from "antd";
import { useEffect } from "react";
import { useWords } from "../../app/language.ts";
import { Failure } from "../../parts/failure.tsx";
import { itemsOf, useList } from "../../parts/more.tsx";
import { CaseLink, State } from "../../parts/names.tsx";
import type { CaseSummary } from "../../session/api.ts";
import { useReading } from "../../session/ledger.ts";

/** A label that nobody overlooks, while the data carries an objection that is open. */
export function OpenObjections({ id }: { readonly id: string }) {
  const { t } = useWords();
  const reading = useReading();
  const objections = useList<CaseSummary>("/objections", { about: `dataset/${id}` });
  const { hasNextPage, fetchNextPage, isFetchingNextPage } = objections;
  // An open one may be behind any number of ended ones.
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const all = objections.data === undefined ? [] : itemsOf(objections.data);
  const open = all.filter(({ state }) => reading?.openOn(state as CaseState) !== undefined);
  // Silence would say that there is none.
  if (objections.error !== null && open.length === 0) return <Failure error={objections.error} />;
  if (open.length === 0) return null;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t("catalogue.objections", { count: open.length })}
      description={
        <div className="row">
          {open.map(({ case: objection, status }) => (
            <span key={objection}>
              <CaseLink noun="objection" id={objection} /> <State noun="objection" status={status} />
            </span>
          ))}
        </div>
      }
    />
  );
}
