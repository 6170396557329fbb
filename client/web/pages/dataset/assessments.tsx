import { dayText } from "@wanlian/words/index.js";
import { Empty, Progress, Table, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { itemsOf, More, useList } from "../../parts/more.tsx";
import { CaseLink, Department } from "../../parts/names.tsx";
import type { CaseSummary } from "../../session/api.ts";

interface AssessmentState {
  readonly kind: string;
  readonly author: string;
  readonly release?: string;
  readonly passed: boolean;
  readonly total?: number;
}

const PER_CENT = 100;

/** What checks of the dataset came to, by whom and of which release, the last first. */
export function Assessments({ id }: { readonly id: string }) {
  const { t, words, language } = useWords();
  const assessments = useList<CaseSummary>("/assessments", { about: `dataset/${id}` });
  return (
    <Card title={<h2 className="card-title">{t("catalogue.assessments")}</h2>}>
      <div className="stack">
        <Asked query={assessments}>
          {(data) => (
            <Table<CaseSummary>
              rowKey={(row) => row.case}
              dataSource={[...itemsOf(data)]}
              size="small"
              pagination={false}
              scroll={{ x: "max-content" }}
              locale={{
                emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("catalogue.assessments.none")} />,
              }}
              columns={[
                {
                  title: words.noun("assessment"),
                  key: "case",
                  render: (_text, row) => <CaseLink noun="assessment" id={row.case} />,
                },
                {
                  title: t("catalogue.registered"),
                  key: "opened",
                  render: (_text, row) => dayText(row.opened.time, language),
                },
                {
                  title: words.member("kind"),
                  key: "kind",
                  render: (_text, row) => words.value("kind", stateOf(row).kind),
                },
                {
                  title: words.member("author"),
                  key: "author",
                  render: (_text, row) => <Department id={stateOf(row).author} />,
                },
                {
                  title: words.noun("release"),
                  key: "release",
                  render: (_text, row) => {
                    const { release } = stateOf(row);
                    return release === undefined ? "—" : <CaseLink noun="release" id={release} />;
                  },
                },
                {
                  title: words.member("passed"),
                  key: "passed",
                  render: (_text, row) => <Outcome row={row} />,
                },
                {
                  title: words.member("total"),
                  key: "total",
                  render: (_text, row) => <Score row={row} />,
                },
              ]}
            />
          )}
        </Asked>
        <More list={assessments} />
      </div>
    </Card>
  );
}

/** One that was taken back says so, whatever it came to. */
function Outcome({ row }: { readonly row: CaseSummary }) {
  const { t, words } = useWords();
  if (row.status === "withdrawn") return <Tag>{words.state("assessment", row.status)}</Tag>;
  const { passed } = stateOf(row);
  return <Tag color={passed ? "green" : "red"}>{t(passed ? "catalogue.passed" : "catalogue.notPassed")}</Tag>;
}

function Score({ row }: { readonly row: CaseSummary }) {
  const { words } = useWords();
  const { total } = stateOf(row);
  if (total === undefined) return "—";
  return (
    <Progress
      percent={total / PER_CENT}
      size="small"
      status="normal"
      style={{ minWidth: "10em" }}
      format={(percent) => `${percent}%`}
      aria-label={words.member("total")}
    />
  );
}

const stateOf = ({ state }: CaseSummary) => state as AssessmentState;
