import { useQuery } from "@tanstack/react-query";
import { Alert, Card, Table } from "antd";
import { lazy, Suspense } from "react";
import { useWords } from "../../app/language.ts";
import { type CaseGraph, type CaseName, casesAround, type GraphLink, nameOf } from "../../session/graph.ts";
import { useModel } from "../../session/ledger.ts";
import { Asked } from "../asked.tsx";
import { State } from "../names.tsx";
import { Subject } from "./subject.tsx";

const CaseGraphPicture = lazy(() => import("./case-graph.tsx"));

/** What refers to what around a case: a picture, and the same as a table. */
export function Relations({ root }: { readonly root: CaseName }) {
  const { t } = useWords();
  const model = useModel().data;
  const graph = useQuery({
    queryKey: ["graph", nameOf(root)],
    enabled: model !== undefined,
    queryFn: () => casesAround(root, model ?? new Map()),
  });
  return (
    <Card title={<h2 className="card-title">{t("trace.graph")}</h2>}>
      <Asked query={graph}>
        {(found) => (
          <div className="stack">
            {found.isCut ? <Alert type="info" showIcon title={t("trace.graph.cut")} /> : null}
            {found.links.length === 0 ? null : (
              <Suspense>
                <CaseGraphPicture graph={found} root={nameOf(root)} />
              </Suspense>
            )}
            <Links graph={found} />
          </div>
        )}
      </Asked>
    </Card>
  );
}

function Links({ graph }: { readonly graph: CaseGraph }) {
  const { t } = useWords();
  return (
    <Table<GraphLink>
      rowKey={({ from, to }) => `${from} ${to}`}
      dataSource={[...graph.links]}
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: t("trace.graph.none") }}
      columns={[
        { title: t("trace.graph.from"), key: "from", render: (_text, { from }) => <End graph={graph} name={from} /> },
        { title: t("trace.graph.to"), key: "to", render: (_text, { to }) => <End graph={graph} name={to} /> },
      ]}
    />
  );
}

function End({ graph, name }: { readonly graph: CaseGraph; readonly name: string }) {
  const found = graph.cases.get(name);
  if (found === undefined) return null;
  return (
    <span className="row">
      <Subject noun={found.noun} id={found.case} state={found.state} />
      <State noun={found.noun} status={found.status} />
    </span>
  );
}
