import { useQuery } from "@tanstack/react-query";
import { Alert, Descriptions, Progress, Table, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { answered, api, type Schemas } from "../../session/api.ts";
import { Asked } from "../asked.tsx";
import { Card } from "../card.tsx";

type RuleResult = Required<Schemas["RuleResult"]>;
type Report = Required<Omit<Schemas["Report"], "results">> & { results: RuleResult[] };

interface Given {
  readonly digest: string;
  readonly report: Report;
}

const OF_REPORT = ["engine", "rules", "table", "asOf", "verdict", "scores", "results"] as const;
const OF_RESULT = [
  "id",
  "dimension",
  "severity",
  "weight",
  "checked",
  "failing",
  "rate",
  "passed",
  "sample",
  "sampleColumns",
] as const;

/** A node keeps whatever gives the digest that its author put on the ledger: it need not be a report. */
const isReport = (stated: Schemas["Report"]): stated is Report =>
  OF_REPORT.every((member) => stated[member] !== undefined) &&
  stated.results?.every((result) => OF_RESULT.every((member) => result[member] !== undefined)) === true;

const PER_CENT = 100;

/** The report of a quality check: what each rule came to, and how the scores come about. It prints with the page. */
export function QualityReport({ id }: { readonly id: string }) {
  const { t } = useWords();
  const given = useQuery({
    queryKey: ["report", id],
    retry: false,
    queryFn: () => answered(api.GET("/assessments/{case}/report", { params: { path: { case: id } } })),
  });
  return (
    <Card title={<h2 className="card-title">{t("report.title")}</h2>}>
      <Asked query={given}>
        {({ digest, report }) =>
          isReport(report) ? (
            <Shown digest={digest} report={report} />
          ) : (
            <Alert type="warning" showIcon title={t("report.malformed")} />
          )
        }
      </Asked>
    </Card>
  );
}

function Shown({ digest, report }: Given) {
  const { t, words } = useWords();
  const { engine, rules, table, asOf, scores, results, verdict } = report;
  const dimensions = Object.entries(scores.dimensions);
  const score = (value: number | null) => (value === null ? "—" : `${(value / PER_CENT).toFixed(2)}%`);
  return (
    <div className="stack">
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2 }}
        items={[
          { key: "verdict", label: words.member("passed"), children: <Passed passed={verdict === "passed"} /> },
          { key: "total", label: words.member("total"), children: score(scores.total) },
          { key: "rows", label: t("report.rows"), children: table.rows.toLocaleString("en") },
          { key: "asOf", label: t("report.asOf"), children: asOf },
          { key: "rules", label: t("report.rules"), children: `${rules.id} · ${rules.revision}` },
          { key: "engine", label: words.member("engine"), children: engine },
          {
            key: "rulesDigest",
            label: t("report.rulesDigest"),
            children: <code className="wrap">{rules.digest}</code>,
          },
          { key: "digest", label: words.member("report"), children: <code className="wrap">{digest}</code> },
        ]}
      />
      <Descriptions
        size="small"
        column={{ xs: 1, md: 2 }}
        items={dimensions.map(([dimension, value]) => ({
          key: dimension,
          label: words.value("dimension", dimension),
          children: (
            <Progress
              percent={value / PER_CENT}
              size="small"
              status="normal"
              format={() => score(value)}
              aria-label={words.value("dimension", dimension)}
            />
          ),
        }))}
      />
      <p className="quiet">{t("report.formula")}</p>
      <Table<RuleResult>
        rowKey="id"
        dataSource={[...results]}
        size="small"
        pagination={false}
        scroll={{ x: "max-content" }}
        columns={[
          { title: t("report.outcome"), key: "passed", render: (_text, row) => <Passed passed={row.passed} /> },
          { title: t("report.rule"), dataIndex: "id" },
          {
            title: words.member("dimension"),
            key: "dimension",
            render: (_text, row) => words.value("dimension", row.dimension),
          },
          {
            title: t("report.severity"),
            key: "severity",
            render: (_text, row) => t(`report.severity.${row.severity}`),
          },
          { title: t("report.weight"), dataIndex: "weight", align: "right" },
          {
            title: t("report.failing"),
            key: "failing",
            align: "right",
            render: (_text, { failing, checked }) =>
              `${failing.toLocaleString("en")} / ${checked.toLocaleString("en")}`,
          },
          { title: t("report.rate"), key: "rate", align: "right", render: (_text, row) => score(row.rate) },
        ]}
      />
      {results
        .filter(({ sample }) => sample.length > 0)
        .map((result) => (
          <Sample key={result.id} result={result} />
        ))}
    </div>
  );
}

function Passed({ passed }: { readonly passed: boolean }) {
  const { t } = useWords();
  return <Tag color={passed ? "green" : "red"}>{t(passed ? "catalogue.passed" : "catalogue.notPassed")}</Tag>;
}

/** Rows that fail a rule, a few of them: their keys and what was looked at. */
function Sample({ result: { id, sample, sampleColumns } }: { readonly result: RuleResult }) {
  const { t } = useWords();
  const rows = sample.map((values, at) => ({ at, values }));
  return (
    <div>
      <h3 className="card-title">{t("report.sample", { rule: id })}</h3>
      <Table
        rowKey="at"
        dataSource={rows}
        size="small"
        pagination={false}
        scroll={{ x: "max-content" }}
        columns={sampleColumns.map((title, column) => ({
          title,
          key: `${column} ${title}`,
          render: (_text: unknown, { values }: (typeof rows)[number]) => values[column] ?? "∅",
        }))}
      />
    </div>
  );
}
