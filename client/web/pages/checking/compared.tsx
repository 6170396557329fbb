import { comparisonCsv, type KeyedComparison } from "@wanlian/client/sheets/index.js";
import { countText } from "@wanlian/words/index.js";
import { Alert, Button, Segmented, Table, Tag } from "antd";
import { useMemo, useState } from "react";
import { useWords } from "../../app/language.ts";
import { Card } from "../../parts/card.tsx";
import { saveAs } from "../../session/access.ts";

type Value = string | null;

/** What is said of a row of one's own; only of `different` there is a field. */
interface Finding {
  readonly kind: (typeof KINDS)[number];
  readonly row: number;
  readonly key: readonly Value[];
  readonly field?: string;
  readonly value?: Value;
}

const KINDS = ["different", "absent", "several"] as const;
const COLOURS = { different: "red", absent: "orange", several: "blue" } as const;

interface ComparedProps {
  /** What rows are known by. */
  readonly by: readonly string[];
  readonly found: KeyedComparison;
}

/** What a comparison came to, named by rows of one's own: what the other side has instead did not come. */
export function Compared({ by, found }: ComparedProps) {
  const { t } = useWords();
  const findings = useMemo(() => findingsOf(found), [found]);
  return (
    <>
      <Card title={<h2 className="card-title">{t("compare.result")}</h2>}>
        <div className="stack">
          {findings.length === 0 && found.found > 0 ? (
            <Alert type="success" showIcon title={t("compare.allSame", { count: countText(found.found) })} />
          ) : null}
          <Table<readonly [string, number]>
            rowKey={([label]) => label}
            dataSource={[
              [t("compare.rows"), found.rows],
              [t("compare.found"), found.found],
              [t("compare.absent"), found.absent.length],
              [t("compare.several"), found.several.length],
              [t("compare.unnamed"), found.unnamed],
            ]}
            size="small"
            pagination={false}
            showHeader={false}
            columns={[
              { key: "label", render: (_text, [label]) => label },
              { key: "count", align: "right", render: (_text, [, count]) => countText(count) },
            ]}
          />
          <Table<KeyedComparison["fields"][number]>
            rowKey="field"
            dataSource={[...found.fields]}
            size="small"
            pagination={false}
            scroll={{ x: "max-content" }}
            columns={[
              {
                title: t("compare.field"),
                key: "field",
                render: (_text, { field }) => <span className="plain">{field}</span>,
              },
              {
                title: t("compare.same"),
                key: "same",
                align: "right",
                render: (_text, { same }) => countText(same),
              },
              {
                title: t("compare.different"),
                key: "different",
                align: "right",
                render: (_text, { different }) => countText(different),
              },
            ]}
          />
        </div>
      </Card>
      {findings.length === 0 ? null : <Rows by={by} found={found} findings={findings} />}
    </>
  );
}

const findingsOf = ({ differences, absent, several }: KeyedComparison): Finding[] => [
  ...differences.map((one): Finding => ({ kind: "different", ...one })),
  ...absent.map((one): Finding => ({ kind: "absent", ...one })),
  ...several.map((one): Finding => ({ kind: "several", ...one })),
];

interface RowsProps extends ComparedProps {
  readonly findings: readonly Finding[];
}

function Rows({ by, found, findings }: RowsProps) {
  const { t } = useWords();
  const [kind, setKind] = useState<Finding["kind"] | "all">("all");
  const counts = { all: findings.length, different: found.differences.length } as const;
  const countOf = (one: Finding["kind"] | "all") =>
    one === "all" || one === "different" ? counts[one] : found[one].length;
  return (
    <Card title={<h2 className="card-title">{t("compare.ownRows")}</h2>}>
      <div className="stack">
        <div className="row no-print">
          <Segmented
            value={kind}
            onChange={setKind}
            aria-label={t("compare.show")}
            options={(["all", ...KINDS] as const).map((value) => ({
              value,
              label: `${t(`compare.kind.${value}`)} ${countText(countOf(value))}`,
            }))}
          />
          <Button onClick={() => saveAs(new Blob([comparisonCsv(by, found)], { type: "text/csv" }), "comparison.csv")}>
            {t("compare.save")}
          </Button>
        </div>
        <Table<Finding>
          rowKey={({ row, field }) => `${row} ${field ?? ""}`}
          dataSource={findings.filter((one) => kind === "all" || one.kind === kind)}
          size="small"
          pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
          scroll={{ x: "max-content" }}
          columns={[
            { title: t("compare.row"), key: "row", align: "right", render: (_text, { row }) => row + 1 },
            ...by.map((field, at) => ({
              title: <span className="plain">{field}</span>,
              key: `by ${field}`,
              render: (_text: unknown, { key }: Finding) => <span className="plain">{key[at] ?? "—"}</span>,
            })),
            {
              title: t("compare.finding"),
              key: "finding",
              render: (_text, one) => <Tag color={COLOURS[one.kind]}>{t(`compare.kind.${one.kind}`)}</Tag>,
            },
            {
              title: t("compare.field"),
              key: "field",
              render: (_text, { field }) => <span className="plain">{field ?? "—"}</span>,
            },
            {
              title: t("compare.own"),
              key: "own",
              render: (_text, { value }) => <span className="plain">{value ?? "—"}</span>,
            },
          ]}
        />
      </div>
    </Card>
  );
}
