import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Table } from "antd";
import { lazy, Suspense } from "react";
import { useWords } from "../../app/language.ts";
import { type CaseGraph, type CaseName, casesAround, type GraphLink, nameOf } from "../../session/graph.ts";
import { useModel } from "../../session/ledger.ts";
import { Asked } from "../asked.tsx";
import { Card } from "../card.tsx";
import { CaseLink, Department, State } from "../names.tsx";
import { useSubject } from "./subject.tsx";

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
    <Card
      title={<h2 className="card-title">{t("trace.graph")}</h2>}
      extra={
        <Button size="small" className="no-print" onClick={() => print()}>
          {t("case.print")}
        </Button>
      }
    >
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
  const { words } = useWords();
  const subject = useSubject();
  const found = graph.cases.get(name);
  if (found === undefined) return null;
  const { noun, case: id, status, state, department } = found;
  return (
    <span className="row">
      <CaseLink noun={noun} id={id}>
        {words.noun(noun)} {subject(noun, id, state)}
      </CaseLink>
      <span className="quiet">
        <Department id={department} />
      </span>
      <State noun={noun} status={status} />
    </span>
  );
}
