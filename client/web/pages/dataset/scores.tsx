import { useQuery } from "@tanstack/react-query";
import { chinaDay, ratioText } from "@wanlian/words/index.js";
import { Alert, Empty, Segmented, Table, Tag } from "antd";
import { lazy, Suspense, useMemo, useState } from "react";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import type { TrendPoint } from "../../parts/charts/trend-chart.tsx";
import { CaseLink, Department, shortId } from "../../parts/names.tsx";
import { answered, api, type Schemas } from "../../session/api.ts";
import { datasetPath, useDepartments } from "../../session/ledger.ts";

const TrendChart = lazy(() => import("../../parts/charts/trend-chart.tsx"));

type Check = Schemas["StatedScore"];
type ReleaseScores = Schemas["ReleaseScores"];

/** How a dataset's scores went over its releases: the provider's own and its consumers', in total or dimension by dimension. */
export function Scores({ id }: { readonly id: string }) {
  const { t } = useWords();
  const scores = useQuery({
    queryKey: ["scores", id],
    queryFn: () => answered(api.GET("/datasets/{provider}/{code}/scores", { params: { path: datasetPath(id) } })),
  });
  return (
    <Card title={<h2 className="card-title">{t("scores.title")}</h2>}>
      <Asked query={scores}>
        {({ items }) =>
          items.some(({ checks }) => checks.length > 0) ? (
            <Trend releases={items} />
          ) : (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("scores.none")} />
          )
        }
      </Asked>
    </Card>
  );
}

const VIEWS = ["total", "dimension"] as const;
type View = (typeof VIEWS)[number];

/** Fewer make no line. */
const A_TREND = 2;

const placeOf = ({ registered, release }: ReleaseScores): string => `${chinaDay(registered)} ${shortId(release)}`;

function Trend({ releases }: { readonly releases: readonly ReleaseScores[] }) {
  const { t, words } = useWords();
  const departments = useDepartments();
  const [view, setView] = useState<View>("total");
  const axis = useMemo(() => releases.map(placeOf), [releases]);
  const points = useMemo(
    () =>
      releases.flatMap((release) =>
        release.checks.flatMap((check) => {
          const named = `${words.value("kind", check.kind)} ${departments.get(check.author) ?? check.author}`;
          return figuresOf(check, view).map(
            ([dimension, ratio]): TrendPoint => ({
              at: placeOf(release),
              series: dimension === undefined ? named : `${words.value("dimension", dimension)} · ${named}`,
              score: ratio / A_HUNDREDTH,
            }),
          );
        }),
      ),
    [releases, view, words, departments],
  );
  return (
    <div className="stack">
      {releases.length < A_TREND ? (
        <Alert type="info" showIcon title={t("scores.one")} />
      ) : (
        <>
          <Segmented<View>
            className="no-print"
            value={view}
            onChange={setView}
            aria-label={t("scores.view")}
            options={VIEWS.map((value) => ({ value, label: t(`scores.view.${value}`) }))}
          />
          <Suspense>
            <TrendChart points={points} axis={axis} label={t("scores.title")} />
          </Suspense>
        </>
      )}
      <ScoreTable releases={releases} />
    </div>
  );
}

/** Of ten thousand, as it is stated. */
const A_HUNDREDTH = 100;

function figuresOf({ total, scores }: Check, view: View): (readonly [string | undefined, number])[] {
  if (view === "dimension") return scores.map(({ dimension, ratio }) => [dimension, ratio] as const);
  return total === undefined ? [] : [[undefined, total] as const];
}

interface Row {
  readonly release: ReleaseScores;
  readonly check: Check | undefined;
}

const rowsOf = (release: ReleaseScores): Row[] =>
  release.checks.length === 0
    ? [{ release, check: undefined }]
    : release.checks.map((check): Row => ({ release, check }));

/** What the chart says, and what it leaves out: which check, passed or not, every dimension; the newest first. */
function ScoreTable({ releases }: { readonly releases: readonly ReleaseScores[] }) {
  const { t, words } = useWords();
  return (
    <Table<Row>
      rowKey={({ release, check }) => `${release.release} ${check?.assessment ?? ""}`}
      dataSource={releases.flatMap(rowsOf).reverse()}
      size="small"
      pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: "max-content" }}
      columns={[
        {
          title: words.noun("release"),
          key: "release",
          render: (_text, { release }) => <CaseLink noun="release" id={release.release} />,
        },
        {
          title: t("catalogue.registered"),
          key: "registered",
          render: (_text, { release }) => chinaDay(release.registered),
        },
        {
          title: words.noun("assessment"),
          key: "check",
          render: (_text, { check }) =>
            check === undefined ? (
              <span className="quiet">{t("scores.unchecked")}</span>
            ) : (
              <CaseLink noun="assessment" id={check.assessment}>
                {words.value("kind", check.kind)}
              </CaseLink>
            ),
        },
        {
          title: words.member("author"),
          key: "author",
          render: (_text, { check }) => (check === undefined ? "—" : <Department id={check.author} />),
        },
        {
          title: words.member("passed"),
          key: "passed",
          render: (_text, { check }) =>
            check === undefined ? (
              "—"
            ) : (
              <Tag color={check.passed ? "green" : "red"}>
                {t(check.passed ? "catalogue.passed" : "catalogue.notPassed")}
              </Tag>
            ),
        },
        {
          title: words.member("total"),
          key: "total",
          align: "right",
          render: (_text, { check }) => (check?.total === undefined ? "—" : ratioText(check.total)),
        },
        {
          title: words.member("scores"),
          key: "scores",
          render: (_text, { check }) => (
            <span className="row">
              {(check?.scores ?? []).map(({ dimension, ratio }) => (
                <span key={dimension}>
                  {words.value("dimension", dimension)} {ratioText(ratio)}
                </span>
              ))}
            </span>
          ),
        },
      ]}
    />
  );
}
