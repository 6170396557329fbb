import { useQuery } from "@tanstack/react-query";
import { denseTimeText, timeText } from "@wanlian/words/index.js";
import { Descriptions, Empty, Table, Tag, Typography } from "antd";
import { useWords } from "../../app/language.ts";
import { Card } from "../../parts/card.tsx";
import { KnownCase } from "../../parts/case/known-case.tsx";
import { LinkButton } from "../../parts/link-button.tsx";
import { Department, State, shortId } from "../../parts/names.tsx";
import { type CaseDetail, callRoute } from "../../session/api.ts";
import { caseAddress, useModel } from "../../session/ledger.ts";
import type { Publication, SupervisionReport, WordOnFigures } from "../../session/supervision.ts";

/** What was published of the period, each beside what this node computes. */
export function Publications({ report }: { readonly report: SupervisionReport }) {
  const { t } = useWords();
  if (report.publications.length === 0)
    return (
      <Card title={<h2 className="card-title">{t("supervision.published")}</h2>}>
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("supervision.published.none")} />
      </Card>
    );
  return report.publications.map((one) => <Published key={one.case} publication={one} own={report.digest} />);
}

function Published({ publication, own }: { readonly publication: Publication; readonly own: string }) {
  const { t, language } = useWords();
  const { case: id, status, time, digest, same, overdue, differences } = publication;
  const hex = (value: string) => <Typography.Text copyable={{ text: value }}>{shortId(value)}</Typography.Text>;
  return (
    <Card title={<h2 className="card-title">{t("supervision.published")}</h2>}>
      <div className="stack">
        <div className="row">
          <KnownCase noun="evaluation" id={id} />
          <State noun="evaluation" status={status} />
          <Tag color={same ? "green" : "red"}>
            {t("supervision.verdict")} {t(same ? "supervision.same" : "supervision.different")}
          </Tag>
          <span className="quiet">{timeText(time, language)}</span>
        </div>
        <Answering publication={publication} own={own} />
        <Descriptions
          size="small"
          column={1}
          items={[
            { key: "digest", label: t("supervision.digest"), children: hex(digest) },
            { key: "own", label: t("supervision.ownDigest"), children: hex(own) },
            { key: "overdue", label: t("supervision.overdueCount"), children: overdue },
          ]}
        />
        {differences.length === 0 ? null : <Differences publication={publication} />}
        <Words publication={publication} />
      </div>
    </Card>
  );
}

/** What the officer may say of it, with what the node has found filled in. */
function Answering({ publication, own }: { readonly publication: Publication; readonly own: string }) {
  const { words } = useWords();
  const { case: id, same, differences } = publication;
  const table = useModel().data?.get("evaluation");
  const found = useQuery({
    queryKey: ["case", "evaluation", id],
    enabled: table !== undefined,
    queryFn: () => callRoute<CaseDetail>("GET", table === undefined ? "" : caseAddress(table, id)),
  });
  const [first] = differences;
  const [met, total] = first?.computed ?? [];
  const figure = first && { department: first.department, indicator: first.indicator, met, total };
  // Nobody is offered to confirm what the own node has found otherwise, nor to contest what it has found the same.
  const offered = (found.data?.actions ?? []).filter((type) => type !== (same ? "contest" : "confirm"));
  return (
    <div className="row no-print">
      {offered.map((type) => (
        <LinkButton
          key={type}
          to="/file/$noun/$type/$"
          params={{ noun: "evaluation", type, _splat: id }}
          search={(type === "withdraw" ? {} : { digest: own, ...(type === "contest" ? figure : {}) }) as never}
        >
          {words.command("evaluation", type)}
        </LinkButton>
      ))}
    </div>
  );
}

function Differences({ publication }: { readonly publication: Publication }) {
  const { t, words } = useWords();
  const pair = (one: readonly number[] | undefined) => (one === undefined ? "—" : `${one[0]}/${one[1]}`);
  return (
    <div>
      <h3 className="card-title">{t("supervision.differences")}</h3>
      <Table
        rowKey={({ department, indicator }) => `${department} ${indicator}`}
        dataSource={[...publication.differences]}
        size="small"
        pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: "max-content" }}
        columns={[
          {
            title: t("supervision.department"),
            key: "department",
            render: (_text, { department }) => <Department id={department} />,
          },
          {
            title: t("supervision.indicator"),
            key: "indicator",
            render: (_text, { indicator }) => words.value("indicator", indicator),
          },
          {
            title: t("supervision.publishedFigure"),
            key: "published",
            align: "right",
            render: (_text, { published }) => pair(published),
          },
          {
            title: t("supervision.computedFigure"),
            key: "computed",
            align: "right",
            render: (_text, { computed }) => pair(computed),
          },
        ]}
      />
    </div>
  );
}

const COLOURS = { confirmed: "green", contested: "red", nothing: "default" } as const;

function Words({ publication }: { readonly publication: Publication }) {
  const { t, words } = useWords();
  const named = ({ figure }: WordOnFigures) =>
    figure === undefined ? (
      "—"
    ) : (
      <>
        {figure.department === undefined ? null : <Department id={figure.department} />}{" "}
        {figure.indicator === undefined ? null : words.value("indicator", figure.indicator)}{" "}
        {figure.met === undefined ? null : `${figure.met}/${figure.total ?? "—"}`}
      </>
    );
  return (
    <Table
      rowKey="department"
      dataSource={[...publication.words]}
      size="small"
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: "max-content" }}
      columns={[
        {
          title: t("supervision.department"),
          key: "department",
          render: (_text, { department }) => <Department id={department} />,
        },
        {
          title: t("supervision.said"),
          key: "said",
          render: (_text, { said }) => <Tag color={COLOURS[said]}>{t(`supervision.${said}`)}</Tag>,
        },
        {
          title: t("supervision.saidAt"),
          key: "time",
          render: (_text, { time }) => (time === undefined ? "—" : denseTimeText(time)),
        },
        { title: t("supervision.itsFigure"), key: "figure", render: (_text, word) => named(word) },
      ]}
    />
  );
}
