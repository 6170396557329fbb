import { useQueries } from "@tanstack/react-query";
import { countText, dayText, ratioText } from "@wanlian/words/index.js";
import { Empty, Table, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { itemsOf, More, useList } from "../../parts/more.tsx";
import { CaseLink, State } from "../../parts/names.tsx";
import { type CaseSummary, callRoute } from "../../session/api.ts";
import type { Page } from "../../session/ledger.ts";
import type { Standard } from "./entry.ts";

interface ReleaseBody {
  readonly rows: number;
  readonly period?: { readonly from: string; readonly to: string };
  readonly selfCheck?: readonly { readonly dimension: string; readonly ratio: number }[];
}

/** So many are asked for in full; older ones are a click away. */
const SHOWN_RELEASES = 10;

export function Releases({ id, standard }: { readonly id: string; readonly standard: readonly Standard[] }) {
  const { t } = useWords();
  const releases = useList<CaseSummary>("/releases", { about: `dataset/${id}` });
  return (
    <Card title={<h2 className="card-title">{t("catalogue.releases")}</h2>}>
      <div className="stack">
        {standard.length === 0 ? null : <StandardTable standard={standard} />}
        <Asked query={releases}>{(data) => <ReleaseTable releases={itemsOf(data)} standard={standard} />}</Asked>
        <More list={releases} />
      </div>
    </Card>
  );
}

function StandardTable({ standard }: { readonly standard: readonly Standard[] }) {
  const { words } = useWords();
  return (
    <Table<Standard>
      rowKey={({ dimension, rule }) => `${dimension} ${rule}`}
      dataSource={[...standard]}
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      title={() => words.member("quality")}
      columns={[
        {
          title: words.member("dimension"),
          key: "dimension",
          render: (_text, { dimension }) => words.value("dimension", dimension),
        },
        {
          title: words.member("atLeast"),
          key: "atLeast",
          align: "right",
          render: (_text, { atLeast }) => ratioText(atLeast),
        },
        {
          title: words.member("rule"),
          key: "rule",
          render: (_text, { rule }) => <span className="plain">{rule}</span>,
        },
      ]}
    />
  );
}

interface ReleasesProps {
  readonly releases: readonly CaseSummary[];
  readonly standard: readonly Standard[];
}

function ReleaseTable({ releases, standard }: ReleasesProps) {
  const { t, words, language } = useWords();
  const bodies = useQueries({
    queries: releases.slice(0, SHOWN_RELEASES).map(({ case: id }) => ({
      queryKey: ["release-body", id],
      staleTime: Infinity,
      queryFn: async () => {
        const { items } = await callRoute<Page<{ body: ReleaseBody }>>("GET", `/releases/${id}/acts?limit=1`);
        return items[0]?.body;
      },
    })),
  });
  const bodyOf = (at: number) => bodies[at]?.data;
  return (
    <Table<CaseSummary>
      rowKey={(row) => row.case}
      dataSource={[...releases]}
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("catalogue.noRelease")} /> }}
      columns={[
        {
          title: words.noun("release"),
          key: "release",
          render: (_t, row) => <CaseLink noun="release" id={row.case} />,
        },
        {
          title: t("catalogue.registered"),
          key: "opened",
          render: (_text, row) => dayText(row.opened.time, language),
        },
        {
          title: words.member("period"),
          key: "period",
          render: (_text, _row, at) => {
            const period = bodyOf(at)?.period;
            return period === undefined ? "—" : `${dayText(period.from, language)} – ${dayText(period.to, language)}`;
          },
        },
        {
          title: t("use.rows"),
          key: "rows",
          align: "right",
          render: (_text, row) => countText(Number(Reflect.get(Object(row.state), "rows"))),
        },
        {
          title: words.member("selfCheck"),
          key: "selfCheck",
          render: (_text, _row, at) => (
            <span className="row">
              {(bodyOf(at)?.selfCheck ?? []).map(({ dimension, ratio }) => (
                <Tag key={dimension} color={reaches(standard, dimension, ratio) ? "green" : "orange"}>
                  {words.value("dimension", dimension)} {ratioText(ratio)}
                </Tag>
              ))}
            </span>
          ),
        },
        { title: t("list.state"), key: "state", render: (_t, row) => <State noun="release" status={row.status} /> },
      ]}
    />
  );
}

const reaches = (standard: readonly Standard[], dimension: string, ratio: number): boolean =>
  standard.every((one) => one.dimension !== dimension || ratio >= one.atLeast);
