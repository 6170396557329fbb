import { useQuery } from "@tanstack/react-query";
import { countText } from "@wanlian/words/index.js";
import { Empty, Segmented, Table } from "antd";
import { lazy, Suspense, useState } from "react";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { Heading } from "../../parts/heading.tsx";
import { callRoute, type Schemas } from "../../session/api.ts";
import { type Page, useDatasetNames, useDepartments } from "../../session/ledger.ts";

const DayChart = lazy(() => import("../../parts/charts/day-chart.tsx"));

const BY = ["dataset", "provider", "consumer", "call", "purpose", "scenario"] as const;
type By = (typeof BY)[number];

type Figures = Schemas["CityUse"];

/** 全市用数: what departments state of their use, added up, and its trend. No record of anybody's is behind it. */
export function CityUse() {
  const { t, words } = useWords();
  const [by, setBy] = useState<By>("dataset");
  const nameOf = useNames(by);
  const found = useQuery({
    queryKey: ["city-use", by],
    queryFn: () => callRoute<Page<Figures>>("GET", `/city-use?${new URLSearchParams({ by })}`),
    retry: false,
  });
  return (
    <>
      <Heading title={t("cityUse.title")} />
      <div className="stack">
        <p className="quiet">{t("cityUse.about")}</p>
        <Segmented<By>
          className="no-print"
          value={by}
          onChange={setBy}
          aria-label={t("use.by")}
          options={BY.map((value) => ({ value, label: words.member(value) }))}
        />
        <Card title={<h2 className="card-title">{t("cityUse.trend")}</h2>}>
          <Asked query={found}>
            {({ items }) =>
              items.length === 0 ? (
                <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("cityUse.none")} />
              ) : (
                <>
                  <Suspense>
                    <DayChart
                      label={t("cityUse.trend")}
                      counts={items.map(({ month, of, served }) => ({
                        at: month,
                        series: nameOf(of),
                        accesses: served,
                      }))}
                    />
                  </Suspense>
                  <Totals items={items} by={by} nameOf={nameOf} />
                </>
              )
            }
          </Asked>
        </Card>
      </div>
    </>
  );
}

function useNames(by: By): (of: string) => string {
  const { words } = useWords();
  const departments = useDepartments();
  const datasets = useDatasetNames();
  return (of) => {
    switch (by) {
      case "dataset":
        return datasets.get(of) ?? of;
      case "provider":
      case "consumer":
        return departments.get(of) ?? of;
      case "call":
      case "purpose":
        return words.value(by, of);
      case "scenario":
        return of;
    }
  };
}

/** Rows that stand on a page at once. */
const LEAF = { pageSize: 20, hideOnSinglePage: true, showSizeChanger: false } as const;

function Totals({
  items,
  by,
  nameOf,
}: {
  readonly items: readonly Figures[];
  readonly by: By;
  readonly nameOf: (of: string) => string;
}) {
  const { t, words } = useWords();
  const figure = (member: "served" | "refused" | "rows" | "unconfirmed", title: string) => ({
    ...{ title, key: member, align: "right" as const },
    render: (_text: unknown, row: Figures) => countText(row[member]),
  });
  return (
    <Table<Figures>
      rowKey={({ month, of }) => `${month} ${of}`}
      dataSource={[...items]}
      size="small"
      pagination={LEAF}
      scroll={{ x: "max-content" }}
      columns={[
        { title: t("usage.month"), key: "month", render: (_text, { month }) => month },
        { title: words.member(by), key: "of", render: (_text, { of }) => <span className="plain">{nameOf(of)}</span> },
        figure("served", words.member("served")),
        figure("refused", words.member("refused")),
        figure("rows", t("use.rows")),
        figure("unconfirmed", t("cityUse.unconfirmed")),
      ]}
    />
  );
}
