import { countText, type Dictionary, denseTimeText } from "@wanlian/words/index.js";
import { Empty, Skeleton, Table, Tag } from "antd";
import { useDeferredValue, useState } from "react";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { More, useList } from "../../parts/more.tsx";
import { Dataset, Department, Who } from "../../parts/names.tsx";
import { EvidenceButton } from "../../parts/proof/evidence-button.tsx";
import { TakeHome } from "../../parts/proof/take-home.tsx";
import type { Schemas } from "../../session/api.ts";
import type { Page } from "../../session/ledger.ts";
import { type Filter, given, noneWord } from "./filter.ts";

type Row = Schemas["AccessRow"];

const RESULT_COLOURS: Readonly<Record<string, string>> = { served: "green", opened: "blue", refused: "red" };

/** Rows that are asked for at once, and rows that stand on the page at once, however many there are. */
const LOADED_AT_A_TIME = 500;
const ROWS_ON_A_LEAF = 20;
const LEAVES = { pageSize: ROWS_ON_A_LEAF, showSizeChanger: false, hideOnSinglePage: true } as const;

type Pages = readonly Page<Row>[];

const countOf = (pages: Pages): number => pages.reduce((sum, { items }) => sum + items.length, 0);

/** A leaf lies within what was loaded at once: the rest of a long list is not touched. */
function leafOf(pages: Pages, leaf: number): Row[] {
  const from = (leaf - 1) * ROWS_ON_A_LEAF;
  const items = pages[Math.floor(from / LOADED_AT_A_TIME)]?.items ?? [];
  const start = from % LOADED_AT_A_TIME;
  return items.slice(start, start + ROWS_ON_A_LEAF);
}

/** What was filed, in words. */
function filedIn(filing: string, words: Dictionary): string {
  const [name = "", id = ""] = filing.split(" ");
  const [noun = "", type = ""] = name.split(".");
  return `${words.noun(noun)} ${words.command(noun, type)} ${id}`.trim();
}

/** The log's records, the last first. */
export function Records({ filter }: { readonly filter: Filter }) {
  const { t } = useWords();
  const list = useList<Row>("/accesses", { ...filter, limit: String(LOADED_AT_A_TIME) });
  return (
    <Card
      title={<h2 className="card-title">{t("use.records")}</h2>}
      extra={<TakeHome question={{ kind: "accesses", filter: Object.fromEntries(given(filter)) }} />}
    >
      <div className="stack">
        <Asked query={list}>{({ pages }) => <Leaves pages={pages} none={t(noneWord(filter))} />}</Asked>
        <div className="card-more">
          <More list={list} />
        </div>
      </div>
    </Card>
  );
}

/** Nothing of what came is drawn yet. */
const NOT_YET: Pages = [];

/** Rows are drawn piece by piece behind what the officer does: no click waits until all of them stand. */
function Leaves({ pages, none }: { readonly pages: Pages; readonly none: string }) {
  const { t, words } = useWords();
  const [chosen, setLeaf] = useState(1);
  const shown = useDeferredValue(pages, NOT_YET);
  const leaf = useDeferredValue(chosen);
  if (shown === NOT_YET) return <Skeleton active aria-busy="true" />;
  return (
    <Table<Row>
      data-loaded={countOf(shown)}
      rowKey={(row) => String(row.position)}
      dataSource={leafOf(shown, leaf)}
      pagination={{ ...LEAVES, current: chosen, total: countOf(shown), onChange: setLeaf }}
      size="small"
      scroll={{ x: "max-content" }}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={none} /> }}
      columns={[
        { title: t("use.time"), key: "time", render: (_text, row) => denseTimeText(row.time) },
        {
          title: t("use.who"),
          key: "who",
          render: (_text, row) => (
            <>
              <Department id={row.consumer ?? ""} /> <Who officer={row.officer ?? ""} machine={row.machine} />
            </>
          ),
        },
        {
          title: words.noun("dataset"),
          key: "dataset",
          render: (_text, { dataset }) => (dataset === undefined ? "—" : <Dataset id={dataset} />),
        },
        {
          title: words.member("purpose"),
          key: "purpose",
          render: (_text, row) => (row.purpose ? words.value("purpose", row.purpose) : "—"),
        },
        {
          title: t("data.way"),
          key: "way",
          render: (_text, { way, kind, filing }) => (
            <>
              {words.way(way ?? kind)}
              {filing === undefined ? null : (
                <span className="quiet"> {kind === "call" ? filing : filedIn(filing, words)}</span>
              )}
            </>
          ),
        },
        {
          title: t("use.result"),
          key: "result",
          render: (_text, { kind, result, reason, message }) => (
            <>
              {result ? (
                <Tag color={RESULT_COLOURS[result] ?? "default"}>
                  {kind === "opening" ? words.way(kind) : words.result(result)}
                </Tag>
              ) : (
                "—"
              )}{" "}
              {reason === undefined ? null : (
                <span className="quiet">{message?.[words.language] ?? words.reason(reason)}</span>
              )}
            </>
          ),
        },
        {
          title: t("use.rows"),
          key: "rows",
          align: "right",
          render: (_text, row) => countText(row.row_count ?? 0),
        },
        {
          title: t("use.evidence"),
          key: "evidence",
          render: (_text, { id, kind }) =>
            ["audit", "filing", "call"].includes(kind) ? "—" : <EvidenceButton record={id} />,
        },
      ]}
    />
  );
}
