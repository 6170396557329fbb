import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Instant } from "@wanlian/model/identifiers.js";
import { addDays, dayOf } from "@wanlian/model/time/instant.js";
import { countText, type PageWord } from "@wanlian/words/index.js";
import { Alert, Button, Empty, Segmented, Table } from "antd";
import { lazy, Suspense, useState } from "react";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { Card } from "../parts/card.tsx";
import { Failure } from "../parts/failure.tsx";
import { Heading } from "../parts/heading.tsx";
import { LinkButton } from "../parts/link-button.tsx";
import { saveAs } from "../session/access.ts";
import { callRoute, fetchSheet } from "../session/api.ts";
import { type Page, useDatasetNames, useDepartments, useStatus } from "../session/ledger.ts";
import { useOfficer } from "../session/session.tsx";
import { type Filter, given, noneWord } from "./using/filter.ts";
import { Records } from "./using/records.tsx";

const DayChart = lazy(() => import("../parts/charts/day-chart.tsx"));

/** What accesses are counted by. An outcome is one of each count, whatever else it is counted by. */
const DIMENSIONS = ["purpose", "scenario", "department", "officer", "dataset", "way", "result"] as const;
type Dimension = (typeof DIMENSIONS)[number];

type Count = { readonly [Member in Dimension | Side | Per]?: string } & {
  readonly result: string;
  readonly machine?: boolean;
  readonly accesses: number;
  readonly rows: number;
  readonly empty?: number;
};

/** When it was: day by day, or at which hour of whatever day. */
const PER = ["day", "hourOfDay"] as const;
type Per = (typeof PER)[number];

type Side = "provider" | "consumer";

/** How far back is looked: a month and a year by the ledger's clock, else everything. */
const PERIODS = { month: 30, year: 365, all: undefined } as const;
type Period = keyof typeof PERIODS;

/** Who used the department's data, and what the department used, from the node's own log. */
export function Use() {
  const { t } = useWords();
  const { department } = useOfficer();
  const [side, setSide] = useState<Side>("provider");
  const [period, setPeriod] = useState<Period>("month");
  const since = useSince(PERIODS[period]);
  const navigate = useNavigate();
  const narrowed = narrowedBy(useSearch({ strict: false }));
  const filter = narrowed ?? { [side]: department, since };
  return (
    <>
      <Heading title={t("use.title")} />
      <div className="stack">
        {narrowed === undefined ? null : (
          <Alert
            type="info"
            showIcon
            title={t("use.narrowed")}
            action={<Button onClick={() => navigate({ to: "/use", search: {} })}>{t("use.wide")}</Button>}
          />
        )}
        <div className="row no-print">
          <Segmented<Side>
            value={side}
            onChange={setSide}
            options={[
              { value: "provider", label: t("use.asProvider") },
              { value: "consumer", label: t("use.asConsumer") },
            ]}
          />
          <Segmented<Period>
            value={period}
            onChange={setPeriod}
            options={(["month", "year", "all"] as const).map((value) => ({ value, label: t(`use.period.${value}`) }))}
          />
          <LinkButton to="/use/calls">{t("calls.title")}</LinkButton>
        </div>
        <Counts filter={filter} side={side} />
        <Records key={JSON.stringify(filter)} filter={filter} />
      </div>
    </>
  );
}

/** What narrows a question about accesses down: a warning's link names some of it. */
const NARROWING = ["provider", "consumer", "dataset", "officer", "grant", "since", "until"] as const;

function narrowedBy(asked: Readonly<Record<string, unknown>>): Filter | undefined {
  const filter: Record<string, string> = {};
  for (const name of NARROWING) {
    const value = asked[name];
    if (value !== undefined) filter[name] = String(value);
  }
  return Object.keys(filter).length === 0 ? undefined : filter;
}

/** The beginning of the day so many days before the ledger's. */
function useSince(days: number | undefined): string | undefined {
  const now = useStatus().data?.ledgerTime;
  if (days === undefined || now === undefined) return undefined;
  return `${addDays(dayOf(now as Instant), -days)}T00:00:00Z`;
}

function Counts({ filter, side }: { readonly filter: Filter; readonly side: Side }) {
  const { t, words } = useWords();
  const departments = useDepartments();
  const datasets = useDatasetNames();
  const [dimension, setDimension] = useState<Dimension>("purpose");
  const [per, setPer] = useState<Per>("day");
  const other = side === "provider" ? "consumer" : "provider";
  const member = dimension === "department" ? other : dimension;
  const query = new URLSearchParams(given({ ...filter, by: dimension === "result" ? "purpose" : member, per }));
  const counts = useQuery({
    queryKey: ["access-counts", String(query)],
    queryFn: () => callRoute<Page<Count>>("GET", `/accesses/counts?${query}`),
    retry: false,
  });
  const nameOf = (value: string): string => {
    switch (dimension) {
      case "department":
        return departments.get(value) ?? value;
      case "dataset":
        return datasets.get(value) ?? value;
      case "result":
        return words.result(value);
      case "purpose":
        return words.value("purpose", value);
      case "way":
        return words.way(value);
      case "officer":
      case "scenario":
        return value;
    }
  };
  const seriesOf = (count: Count): string => {
    const name = nameOf(count[member] ?? "");
    return count.machine === true ? `${name} ${words.role("machine")}` : name;
  };
  return (
    <Card title={<h2 className="card-title">{t("use.byDay")}</h2>}>
      <div className="stack">
        <div className="row no-print">
          <Segmented<Dimension>
            value={dimension}
            onChange={setDimension}
            aria-label={t("use.by")}
            options={DIMENSIONS.map((value) => ({ value, label: t(`use.by.${value}`) }))}
          />
          <Segmented<Per>
            value={per}
            onChange={setPer}
            aria-label={t("use.per")}
            options={PER.map((value) => ({ value, label: t(`use.per.${value}`) }))}
          />
          <Sheet filter={filter} />
        </div>
        <Asked query={counts}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t(noneWord(filter))} />
            ) : (
              <>
                <Suspense>
                  <DayChart
                    counts={items.map((count) => ({ ...count, at: count[per] ?? "", series: seriesOf(count) }))}
                    axis={per === "hourOfDay" ? HOURS : undefined}
                  />
                </Suspense>
                <Sums title={t(`use.by.${dimension}`)} counts={items} seriesOf={seriesOf} />
              </>
            )
          }
        </Asked>
      </div>
    </Card>
  );
}

/** Hours in which nothing happened are seen, too. */
const HOURS: readonly string[] = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));

/** Everything that is counted, by the hour, for a spreadsheet. */
function Sheet({ filter }: { readonly filter: Filter }) {
  const { t } = useWords();
  const asking = useMutation({
    mutationFn: async () => {
      saveAs(await fetchSheet(`/accesses/counts/csv?${new URLSearchParams(given(filter))}`), "accesses.csv");
    },
  });
  return (
    <>
      <Button onClick={() => asking.mutate()} loading={asking.isPending}>
        {t("use.sheet")}
      </Button>
      {asking.error === null ? null : <Failure error={asking.error} />}
    </>
  );
}

interface Sum {
  readonly name: string;
  readonly accesses: number;
  readonly refused: number;
  readonly rows: number;
  readonly empty: number;
}

/** The same as the chart, without its days: what it comes to. */
function Sums({
  title,
  counts,
  seriesOf,
}: {
  readonly title: string;
  readonly counts: readonly Count[];
  readonly seriesOf: (count: Count) => string;
}) {
  const { t } = useWords();
  const sums = new Map<string, Sum>();
  for (const count of counts) {
    const name = seriesOf(count);
    const before = sums.get(name) ?? { name, accesses: 0, refused: 0, rows: 0, empty: 0 };
    sums.set(name, {
      name,
      accesses: before.accesses + count.accesses,
      refused: before.refused + (count.result === "refused" ? count.accesses : 0),
      rows: before.rows + count.rows,
      empty: before.empty + (count.empty ?? 0),
    });
  }
  const figure = (member: Exclude<keyof Sum, "name">, word: PageWord) => ({
    title: t(word),
    key: member,
    align: "right" as const,
    sorter: (a: Sum, b: Sum) => a[member] - b[member],
    render: (_text: unknown, sum: Sum) => countText(sum[member]),
  });
  return (
    <Table<Sum>
      rowKey="name"
      dataSource={[...sums.values()].sort((a, b) => b.accesses - a.accesses)}
      size="small"
      pagination={{ pageSize: 20, hideOnSinglePage: true }}
      scroll={{ x: "max-content" }}
      columns={[
        { title, key: "name", render: (_text, { name }) => <span className="plain">{name}</span> },
        figure("accesses", "use.accesses"),
        figure("refused", "use.refused"),
        figure("rows", "use.rows"),
        figure("empty", "use.empty"),
      ]}
    />
  );
}
