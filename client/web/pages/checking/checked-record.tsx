import { Alert, Table, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { Card } from "../../parts/card.tsx";
import { CaseLink } from "../../parts/names.tsx";
import type { Checked, RuleOutcome, SourceOutcome } from "../../session/checking/quick-check.ts";
import type { OwnGrant } from "../../session/grants.ts";
import { useDatasetNames } from "../../session/ledger.ts";

const RULE_COLOURS = {
  passed: "green",
  failed: "red",
  missing: "default",
  needsColumns: "default",
  needsTable: "default",
};
const SOURCE_COLOURS = { agrees: "green", differs: "red", absent: "orange", refused: "red", noAnswer: "orange" };

/** What each rule and each source says of the record. */
export function CheckedRecord({
  checked,
  grants,
}: {
  readonly checked: Checked;
  readonly grants: readonly OwnGrant[];
}) {
  const { t } = useWords();
  const { passed, rules, sources } = checked;
  return (
    <Card title={<h2 className="card-title">{t("quick.result")}</h2>}>
      <div className="stack" role="status">
        <Alert
          type={passed ? "success" : "error"}
          showIcon
          title={t(passed ? "quick.nothingFound" : "quick.somethingFound")}
        />
        {rules.length === 0 ? null : <Rules rules={rules} />}
        {sources.length === 0 ? null : <Sources sources={sources} grants={grants} />}
      </div>
    </Card>
  );
}

function Rules({ rules }: { readonly rules: readonly RuleOutcome[] }) {
  const { t, words, language } = useWords();
  return (
    <Table<RuleOutcome>
      rowKey="rule"
      dataSource={[...rules]}
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      columns={[
        { title: t("report.rule"), key: "rule", render: (_text, { rule }) => <span className="plain">{rule}</span> },
        {
          title: t("report.outcome"),
          key: "outcome",
          render: (_text, { outcome }) => <Tag color={RULE_COLOURS[outcome]}>{t(`quick.rule.${outcome}`)}</Tag>,
        },
        {
          title: t("quick.says"),
          key: "says",
          render: (_text, { message }) => <span className="plain">{message[language]}</span>,
        },
        {
          title: words.member("dimension"),
          key: "dimension",
          render: (_text, { dimension }) => words.value("dimension", dimension),
        },
        {
          title: t("report.severity"),
          key: "severity",
          render: (_text, { severity }) => t(`report.severity.${severity}`),
        },
      ]}
    />
  );
}

interface SourcesProps {
  readonly sources: readonly SourceOutcome[];
  readonly grants: readonly OwnGrant[];
}

function Sources({ sources, grants }: SourcesProps) {
  const { t, words } = useWords();
  const names = useDatasetNames();
  const datasetOf = (id: string) => grants.find((grant) => grant.case === id)?.state.dataset ?? "";
  return (
    <Table<SourceOutcome>
      rowKey="grant"
      dataSource={[...sources]}
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      columns={[
        {
          title: words.noun("dataset"),
          key: "dataset",
          render: (_text, { grant }) => names.get(datasetOf(grant)) ?? datasetOf(grant),
        },
        {
          title: words.noun("application"),
          key: "grant",
          render: (_text, { grant }) => <CaseLink noun="application" id={grant} />,
        },
        {
          title: t("report.outcome"),
          key: "outcome",
          render: (_text, { outcome }) => <Tag color={SOURCE_COLOURS[outcome]}>{t(`quick.source.${outcome}`)}</Tag>,
        },
        {
          title: t("quick.differing"),
          key: "differing",
          render: (_text, { differing = [], reason, code }) => (
            <span className="plain">
              {[...differing, ...(reason === undefined ? [] : [words.reason(reason)]), code ?? ""].join(" ").trim() ||
                "—"}
            </span>
          ),
        },
        {
          title: t("quick.records"),
          key: "records",
          align: "right",
          render: (_text, { records = [] }) => records.length,
        },
      ]}
    />
  );
}
