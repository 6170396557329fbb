import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { countText, monthText } from "@wanlian/words/index.js";
import { Alert, Empty, Select, Table } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { Heading } from "../../parts/heading.tsx";
import { Dataset, Department } from "../../parts/names.tsx";
import { answered, api, type Schemas } from "../../session/api.ts";

import { type UsageCount as Count, type UsageLine as Line, usePastMonths } from "../../session/supervision.ts";
import { Stated } from "./stated.tsx";
import { Stating } from "./stating.tsx";

const MONTH = /^20\d{2}-(0[1-9]|1[0-2])$/;

/** 用数填报: what a month's use comes to by the node's own log, what departments state of it, and where two sides differ. */
export function Usage() {
  const { t, language } = useWords();
  const navigate = useNavigate();
  const past = usePastMonths();
  const named: unknown = Reflect.get(Object(useSearch({ strict: false })), "month");
  const month = MONTH.test(String(named)) ? String(named) : past?.[0];
  const months = month === undefined || past?.includes(month) ? (past ?? []) : [month, ...(past ?? [])];
  return (
    <>
      <Heading
        title={
          MONTH.test(String(named)) ? `${t("usage.title")} ${monthText(String(named), language)}` : t("usage.title")
        }
      />
      <div className="stack">
        <p className="quiet">{t("usage.about")}</p>
        {month === undefined ? null : (
          <>
            <div className="row no-print">
              <Select
                className="pick"
                aria-label={t("usage.month")}
                value={month}
                onChange={(chosen: string) => void navigate({ to: "/usage", search: { month: chosen } as never })}
                options={months.map((value) => ({ value, label: monthText(value, language) }))}
              />
            </div>
            <Own month={month} />
            <Differing month={month} />
            <Stated month={month} />
          </>
        )}
      </div>
    </>
  );
}

/** The department's own month, by its log; what has not been stated of it is filed from here. */
function Own({ month }: { readonly month: string }) {
  const { t } = useWords();
  const draft = useQuery({
    queryKey: ["usage-draft", month],
    queryFn: () => answered(api.GET("/usage-draft", { params: { query: { month } } })),
    retry: false,
  });
  return (
    <Card title={<h2 className="card-title">{t("usage.own")}</h2>}>
      <Asked query={draft}>
        {(found) => (
          <div className="stack">
            <Alert
              showIcon
              type={found.bodies.length === 0 ? "success" : "warning"}
              title={t(found.bodies.length === 0 ? "usage.allStated" : "usage.notStated", {
                lines: found.open.length,
              })}
            />
            {found.leftOut === 0 ? null : (
              <Alert showIcon type="info" title={t("usage.leftOut", { count: found.leftOut })} />
            )}
            <Lines lines={found.lines} />
            <Stating draft={found} />
          </div>
        )}
      </Asked>
    </Card>
  );
}

type Row = Omit<Line, "counts"> & Count;

/** Rows that stand on a page at once. */
const LEAF = { pageSize: 20, hideOnSinglePage: true, showSizeChanger: false } as const;

function Lines({ lines }: { readonly lines: readonly Line[] }) {
  const { t, words } = useWords();
  const rows = lines.flatMap(({ counts, ...line }): Row[] => counts.map((count) => ({ ...line, ...count })));
  return (
    <Table<Row>
      rowKey={({ side, dataset, counterpart, call, purpose, scenario }) =>
        [side, dataset, counterpart, call, purpose, scenario].join("\n")
      }
      dataSource={rows}
      size="small"
      pagination={LEAF}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("usage.none")} /> }}
      columns={[
        { title: words.member("side"), key: "side", render: (_text, { side }) => words.value("side", side) },
        {
          title: words.noun("dataset"),
          key: "dataset",
          render: (_text, { dataset }) => <Dataset id={dataset} />,
        },
        {
          title: words.member("counterpart"),
          key: "counterpart",
          render: (_text, { counterpart }) => <Department id={counterpart} />,
        },
        { title: t("usage.what"), key: "what", render: (_text, row) => <What of={row} /> },
        {
          title: words.member("served"),
          key: "served",
          align: "right",
          render: (_text, { served }) => countText(served),
        },
        {
          title: words.member("refused"),
          key: "refused",
          align: "right",
          render: (_text, { refused }) => countText(refused),
        },
        { title: t("use.rows"), key: "rows", align: "right", render: (_text, row) => countText(row.rows) },
      ]}
    />
  );
}

function What({ of }: { readonly of: { readonly call: string; readonly purpose: string; readonly scenario: string } }) {
  const { words } = useWords();
  return (
    <span className="plain">
      {[words.value("call", of.call), words.value("purpose", of.purpose), of.scenario].join(" · ")}
    </span>
  );
}

type Difference = Schemas["UsageDifference"];

/** Where provider and consumer state different figures, as every node can tell. */
function Differing({ month }: { readonly month: string }) {
  const { t } = useWords();
  const found = useQuery({
    queryKey: ["usage-differences", month],
    queryFn: () => answered(api.GET("/usage-differences", { params: { query: { month } } })),
    retry: false,
  });
  const figures = ({ served, rows }: Difference["used"]) => `${countText(served)} / ${countText(rows)}`;
  return (
    <Card title={<h2 className="card-title">{t("usage.differences")}</h2>}>
      <Asked query={found}>
        {({ items }) => (
          <Table<Difference>
            rowKey={({ dataset, consumer, call, purpose, scenario }) =>
              [dataset, consumer, call, purpose, scenario].join("\n")
            }
            dataSource={[...items]}
            size="small"
            pagination={LEAF}
            scroll={{ x: "max-content" }}
            locale={{
              emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("usage.differences.none")} />,
            }}
            columns={[
              {
                title: t("usage.provider"),
                key: "provider",
                render: (_text, { provider }) => <Department id={provider} />,
              },
              {
                title: t("usage.consumer"),
                key: "consumer",
                render: (_text, { consumer }) => <Department id={consumer} />,
              },
              {
                title: t("usage.what"),
                key: "what",
                render: (_text, row) => (
                  <>
                    <Dataset id={row.dataset} /> <What of={row} />
                  </>
                ),
              },
              {
                title: t("usage.provided"),
                key: "provided",
                align: "right",
                render: (_text, { provided }) => figures(provided),
              },
              { title: t("usage.used"), key: "used", align: "right", render: (_text, { used }) => figures(used) },
            ]}
          />
        )}
      </Asked>
    </Card>
  );
}
