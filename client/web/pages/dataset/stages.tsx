import { useQuery } from "@tanstack/react-query";
import { ratioText } from "@wanlian/words/index.js";
import { Empty, Table, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { CaseLink, Department } from "../../parts/names.tsx";
import { answered, api, type Schemas } from "../../session/api.ts";
import { datasetPath } from "../../session/ledger.ts";

type Stage = Schemas["StageQuality"];

/** Quality by stage (全生命周期): who is responsible and by which standard, and how the newest release passed. */
export function Stages({ id }: { readonly id: string }) {
  const { t } = useWords();
  const stages = useQuery({
    queryKey: ["stages", id],
    queryFn: () => answered(api.GET("/datasets/{provider}/{code}/stages", { params: { path: datasetPath(id) } })),
  });
  return (
    <Card title={<h2 className="card-title">{t("stages.title")}</h2>}>
      <Asked query={stages}>
        {({ items, release }) =>
          items.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("stages.none")} />
          ) : (
            <StageTable stages={items} release={release} />
          )
        }
      </Asked>
    </Card>
  );
}

interface Shown {
  readonly stages: readonly Stage[];
  readonly release: string | undefined;
}

function StageTable({ stages, release }: Shown) {
  const { t, words } = useWords();
  return (
    <Table<Stage>
      rowKey={({ stage }) => stage}
      dataSource={[...stages]}
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      title={() =>
        release === undefined ? (
          <span className="quiet">{t("catalogue.noRelease")}</span>
        ) : (
          <CaseLink noun="release" id={release} />
        )
      }
      columns={[
        { title: words.member("stage"), key: "stage", render: (_text, { stage }) => words.value("stage", stage) },
        {
          title: words.member("responsible"),
          key: "responsible",
          render: (_text, { responsible, unit }) =>
            responsible === undefined ? (
              "—"
            ) : (
              <span className="row">
                <Department id={responsible} />
                {unit === undefined ? null : <span className="quiet plain">{unit}</span>}
              </span>
            ),
        },
        {
          title: words.member("standard"),
          key: "standard",
          render: (_text, { standard }) => <span className="plain">{standard ?? "—"}</span>,
        },
        {
          title: t("stages.passedBy"),
          key: "passedBy",
          render: (_text, { passedBy }) => (passedBy === undefined ? "—" : <Department id={passedBy} />),
        },
        {
          title: words.noun("assessment"),
          key: "assessment",
          render: (_text, stage) => <Check stage={stage} />,
        },
      ]}
    />
  );
}

/** What the check there came to; one that was taken back says so. */
function Check({ stage: { assessment } }: { readonly stage: Stage }) {
  const { t, words } = useWords();
  if (assessment === undefined) return "—";
  const { case: id, status, passed, total } = assessment;
  return (
    <span className="row">
      <CaseLink noun="assessment" id={id} />
      {status === "withdrawn" ? (
        <Tag>{words.state("assessment", status)}</Tag>
      ) : (
        <Tag color={passed ? "green" : "red"}>{t(passed ? "catalogue.passed" : "catalogue.notPassed")}</Tag>
      )}
      {total === undefined ? null : ratioText(total)}
    </span>
  );
}
