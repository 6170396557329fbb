import { useMutation, useQuery } from "@tanstack/react-query";
import { denseTimeText } from "@wanlian/words/index.js";
import { Button, Card, Empty, Segmented, Table, Tag } from "antd";
import { lazy, Suspense, useState } from "react";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { Failure } from "../parts/failure.tsx";
import { itemsOf, More, useList } from "../parts/more.tsx";
import { CaseLink, Department } from "../parts/names.tsx";
import { saveAs } from "../session/access.ts";
import { callRoute } from "../session/api.ts";
import { type Page, useDatasetNames } from "../session/ledger.ts";
import { useOfficer } from "../session/session.tsx";

const DayChart = lazy(() => import("../parts/day-chart.tsx"));

interface Row {
  readonly position: number;
  readonly id: string;
  readonly time: string;
  readonly consumer: string;
  readonly officer: string;
  /** An auditor's question is about logs, not about a dataset. */
  readonly dataset?: string;
  readonly purpose: string;
  readonly kind: string;
  readonly way?: string;
  readonly result?: string;
  readonly reason?: string;
  readonly row_count?: number;
}

export interface Count {
  readonly day: string;
  readonly purpose: string;
  readonly result: string;
  readonly accesses: number;
  readonly rows: number;
}

type Side = "provider" | "consumer";

const RESULT_COLOURS: Readonly<Record<string, string>> = { served: "green", opened: "blue", refused: "red" };

/** Who used the department's data, and what the department used, from the node's own log. */
export function Use() {
  const { t } = useWords();
  const { department } = useOfficer();
  const [side, setSide] = useState<Side>("provider");
  return (
    <>
      <h1>{t("use.title")}</h1>
      <div className="stack">
        <div className="no-print">
          <Segmented<Side>
            value={side}
            onChange={setSide}
            options={[
              { value: "provider", label: t("use.asProvider") },
              { value: "consumer", label: t("use.asConsumer") },
            ]}
          />
        </div>
        <Counts filter={`${side}=${department}`} />
        <Records side={side} department={department} />
      </div>
    </>
  );
}

function Counts({ filter }: { readonly filter: string }) {
  const { t } = useWords();
  const counts = useQuery({
    queryKey: ["access-counts", filter],
    queryFn: () => callRoute<Page<Count>>("GET", `/accesses/counts?${filter}`),
    retry: false,
  });
  return (
    <Card title={<h2 className="card-title">{t("use.byDay")}</h2>}>
      <Asked query={counts}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("use.none")} />
          ) : (
            <Suspense>
              <DayChart counts={items} />
            </Suspense>
          )
        }
      </Asked>
    </Card>
  );
}

function Records({ side, department }: { readonly side: Side; readonly department: string }) {
  const { t, words } = useWords();
  const names = useDatasetNames();
  const list = useList<Row>("/accesses", { [side]: department });
  const evidence = useMutation({
    mutationFn: async (id: string) => {
      const file = await callRoute<unknown>("GET", `/accesses/${id}/evidence`);
      saveAs(new Blob([JSON.stringify(file)], { type: "application/json" }), `evidence-${id.slice(0, 12)}.json`);
    },
  });
  return (
    <Card title={<h2 className="card-title">{t("use.records")}</h2>}>
      <div className="stack">
        {evidence.error === null ? null : <Failure error={evidence.error} />}
        <Asked query={list}>
          {(data) => (
            <Table<Row>
              rowKey={(row) => String(row.position)}
              dataSource={itemsOf(data)}
              pagination={false}
              size="small"
              scroll={{ x: "max-content" }}
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("use.none")} /> }}
              columns={[
                { title: t("use.time"), key: "time", render: (_text, row) => denseTimeText(row.time) },
                {
                  title: t("use.who"),
                  key: "who",
                  render: (_text, row) => (
                    <>
                      <Department id={row.consumer} /> {row.officer}
                    </>
                  ),
                },
                {
                  title: words.noun("dataset"),
                  key: "dataset",
                  render: (_text, { dataset }) =>
                    dataset === undefined ? (
                      "—"
                    ) : (
                      <CaseLink noun="dataset" id={dataset}>
                        {names.get(dataset) ?? dataset}
                      </CaseLink>
                    ),
                },
                {
                  title: words.member("purpose"),
                  key: "purpose",
                  render: (_text, row) => words.value("purpose", row.purpose),
                },
                { title: t("data.way"), key: "way", render: (_text, row) => words.way(row.way ?? row.kind) },
                {
                  title: t("use.result"),
                  key: "result",
                  render: (_text, { result = "", reason }) => (
                    <>
                      <Tag color={RESULT_COLOURS[result] ?? "default"}>{words.result(result)}</Tag>
                      {reason === undefined ? null : <span className="quiet">{words.reason(reason)}</span>}
                    </>
                  ),
                },
                { title: t("use.rows"), key: "rows", align: "right", render: (_text, row) => row.row_count ?? 0 },
                {
                  title: t("use.evidence"),
                  key: "evidence",
                  render: (_text, row) => (
                    <Button size="small" loading={evidence.isPending} onClick={() => evidence.mutate(row.id)}>
                      {t("do.save")}
                    </Button>
                  ),
                },
              ]}
            />
          )}
        </Asked>
        <More list={list} />
      </div>
    </Card>
  );
}
