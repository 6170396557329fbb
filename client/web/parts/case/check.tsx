import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Descriptions, Result } from "antd";
import { useWords } from "../../app/language.ts";
import type { Submission } from "../../session/api.ts";
import { renewLedger } from "../../session/events.ts";
import { type Decision, file, preview, readable } from "../../session/filing.ts";
import { useOfficer } from "../../session/session.tsx";
import { Asked } from "../asked.tsx";
import { Card } from "../card.tsx";
import { Failure } from "../failure.tsx";
import { CaseLink, Department, State } from "../names.tsx";
import { SigningWaits } from "../signing-waits.tsx";
import { Value } from "../value.tsx";

/** What will stand on the ledger, before it is signed: it cannot be taken back. */
export function Check({
  decision,
  back,
  done,
}: {
  readonly decision: Decision;
  readonly back: (() => void) | undefined;
  readonly done: () => void;
}) {
  const { t, words } = useWords();
  const queries = useQueryClient();
  const officer = useOfficer();
  const { table, command } = decision;
  const shown = useQuery({
    queryKey: ["preview", table.name, command.type, decision.id, decision.key],
    queryFn: () => preview(decision),
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  });
  const filing = useMutation({
    mutationFn: () => file(decision, officer.key),
    onSuccess: (submission) => {
      if (submission.status === "counted") done();
      // Nobody waits for the rest of the page to hear that it counts.
      renewLedger(queries);
    },
  });
  if (filing.data !== undefined) return <Outcome submission={filing.data} again={() => filing.mutate()} />;
  return (
    <Card title={<h2 className="card-title">{t("file.check")}</h2>}>
      <div className="stack">
        <Asked query={shown}>
          {(act) => (
            <>
              <Descriptions
                bordered
                size="small"
                column={1}
                items={[
                  {
                    key: "act",
                    label: words.noun(table.name),
                    children: <strong>{words.done(table.name, act.type)}</strong>,
                  },
                  {
                    key: "by",
                    label: t("file.author"),
                    children: (
                      <>
                        <Department id={officer.department} /> {officer.officer}
                      </>
                    ),
                  },
                  {
                    key: "after",
                    label: t("file.after"),
                    children: <State noun={table.name} status={act.state.status} />,
                  },
                ]}
              />
              <Value member="" value={readable(command.body, decision.body)} />
              <Alert type="warning" showIcon title={t("file.final")} />
            </>
          )}
        </Asked>
        {filing.isPending ? <SigningWaits /> : null}
        {filing.error === null ? null : <Failure error={filing.error} />}
        <div className="row">
          <Button
            type="primary"
            disabled={shown.data === undefined}
            loading={filing.isPending}
            onClick={() => filing.mutate()}
          >
            {t("do.file")}
          </Button>
          {back === undefined ? null : (
            <Button onClick={back} disabled={filing.isPending}>
              {t("do.change")}
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}

function Outcome({ submission, again }: { readonly submission: Submission; readonly again: () => void }) {
  const { t } = useWords();
  const { act } = submission;
  if (act === undefined) {
    return <Result status="info" title={t("file.pending")} extra={<Button onClick={again}>{t("do.retry")}</Button>} />;
  }
  return (
    <Result
      status="success"
      title={t("file.done", { block: act.block })}
      extra={<CaseLink noun={act.noun} id={act.case} />}
    />
  );
}
