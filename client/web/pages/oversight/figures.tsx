import { dayText } from "@wanlian/words/index.js";
import { Empty, Table } from "antd";
import { useWords } from "../../app/language.ts";
import { KnownCase } from "../../parts/case/known-case.tsx";
import { Department } from "../../parts/names.tsx";
import type { CityFigure, Figure, SupervisionReport } from "../../session/supervision.ts";

type Counted = Pick<Figure, "met" | "total">;

/** How many of how many; nothing to count is no nought. */
export const figureText = ({ met, total }: Counted): string => (total === 0 ? "—" : `${met}/${total}`);

/** In whole tenths of a percent, never rounded up: 100% is all of them. */
const shareText = ({ met, total }: Counted): string =>
  total === 0 ? "—" : `${Math.floor((met * 1000) / total) / 10}%`;

/** Rows that stand on a page at once. */
const LEAF = { pageSize: 20, hideOnSinglePage: true, showSizeChanger: false } as const;

/** Each indicator, its figure, and how it is counted; a department's beside the city's. */
export function Indicators({ report }: { readonly report: SupervisionReport }) {
  const { t, words } = useWords();
  const isCity = report.department === undefined;
  const city = new Map(report.city.map((one) => [one.indicator, one]));
  const shown: readonly CityFigure[] = isCity ? report.city : report.figures;
  const cityText = (indicator: string) => {
    const whole = city.get(indicator);
    return whole === undefined || whole.total === 0 ? "—" : `${figureText(whole)} ${shareText(whole)}`;
  };
  return (
    <Table
      rowKey="indicator"
      dataSource={[...shown]}
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      columns={[
        {
          title: t("supervision.indicator"),
          key: "indicator",
          render: (_text, { indicator }) => words.value("indicator", indicator),
        },
        { title: t("supervision.figure"), key: "figure", align: "right", render: (_text, one) => figureText(one) },
        { title: t("supervision.share"), key: "share", align: "right", render: (_text, one) => shareText(one) },
        ...(isCity
          ? []
          : [
              {
                title: t("supervision.cityFigure"),
                key: "city",
                align: "right" as const,
                render: (_text: unknown, { indicator }: { readonly indicator: string }) => cityText(indicator),
              },
            ]),
        {
          title: t("supervision.how"),
          key: "how",
          render: (_text, { indicator }) => <div className="reason quiet">{words.howCounted(indicator)}</div>,
        },
      ]}
    />
  );
}

/** A row a department, a column an indicator. */
export function ByDepartment({ report }: { readonly report: SupervisionReport }) {
  const { t, words } = useWords();
  const figures = new Map(report.figures.map((one) => [`${one.department} ${one.indicator}`, one]));
  return (
    <Table
      rowKey="department"
      dataSource={[...report.departments]}
      size="small"
      pagination={LEAF}
      scroll={{ x: "max-content" }}
      columns={[
        {
          title: t("supervision.department"),
          key: "department",
          render: (_text, { department }) => <Department id={department} />,
        },
        ...report.indicators.map((indicator) => ({
          title: words.value("indicator", indicator),
          key: indicator,
          align: "right" as const,
          render: (_text: unknown, { department }: { readonly department: string }) => {
            const own = figures.get(`${department} ${indicator}`);
            return own === undefined ? "—" : figureText(own);
          },
        })),
      ]}
    />
  );
}

/** Dates that had passed at the period's end without what was due. */
export function Overdue({ report }: { readonly report: SupervisionReport }) {
  const { t, words, language } = useWords();
  return (
    <Table
      rowKey={({ noun, case: id, kind }) => `${noun} ${id} ${kind}`}
      dataSource={[...report.overdue]}
      size="small"
      pagination={LEAF}
      scroll={{ x: "max-content" }}
      locale={{
        emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("supervision.overdue.none")} />,
      }}
      columns={[
        { title: t("supervision.due"), key: "due", render: (_text, { due }) => dayText(due, language) },
        {
          title: t("supervision.department"),
          key: "department",
          render: (_text, { department }) => <Department id={department} />,
        },
        { title: t("supervision.deadline"), key: "kind", render: (_text, { kind }) => words.deadline(kind) },
        {
          title: t("supervision.matter"),
          key: "matter",
          render: (_text, { noun, case: id }) => <KnownCase noun={noun} id={id} />,
        },
      ]}
    />
  );
}
