import { countText, denseTimeText } from "@wanlian/words/index.js";
import { Empty, Segmented, Table, type TableColumnsType, Tag } from "antd";
import { useState } from "react";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { Card } from "../parts/card.tsx";
import { Heading } from "../parts/heading.tsx";
import { itemsOf, More, useList } from "../parts/more.tsx";
import { Dataset, Department } from "../parts/names.tsx";
import type { Schemas } from "../session/api.ts";

/** A call over another road, as the node's own log has it. */
type Call = Schemas["Call"];
type Lacking = Schemas["LackingCall"];
type Note = Schemas["CallNote"];

const PICKS = ["all", "withoutGrant", "lacks", "differs", "open"] as const;
type Picked = (typeof PICKS)[number];

const COLOURS: Readonly<Record<string, string>> = { agrees: "green", differs: "red", lacks: "orange" };
const LEAF = { pageSize: 50, hideOnSinglePage: true, showSizeChanger: false } as const;

/** Calls over the exchange platform or by files: what the ledger says of each, and the other side. */
export function Calls() {
  const { t } = useWords();
  const [pick, setPick] = useState<Picked>("all");
  return (
    <>
      <Heading title={t("calls.title")} />
      <div className="stack">
        <p className="quiet">{t("calls.about")}</p>
        <div className="row no-print">
          <Segmented<Picked>
            value={pick}
            onChange={setPick}
            aria-label={t("calls.pick")}
            options={PICKS.map((value) => ({ value, label: t(`calls.pick.${value}`) }))}
          />
        </div>
        <List pick={pick} />
        <LackingCalls />
        <Notes />
      </div>
    </>
  );
}

interface Listing<Row extends object> {
  readonly title: string;
  readonly route: string;
  readonly query?: Parameters<typeof useList>[1];
  readonly rowKey: (row: Row) => React.Key;
  readonly columns: TableColumnsType<Row>;
}

/** A list of the node's, a page at a time. */
function Listed<Row extends object>({ title, route, query, rowKey, columns }: Listing<Row>) {
  const list = useList<Row>(route, query);
  return (
    <Card title={<h2 className="card-title">{title}</h2>}>
      <Asked query={list}>
        {(data) => (
          <Table<Row>
            rowKey={rowKey}
            dataSource={itemsOf(data)}
            size="small"
            pagination={LEAF}
            scroll={{ x: "max-content" }}
            locale={{ emptyText: <None /> }}
            columns={columns}
          />
        )}
      </Asked>
      <div className="card-more">
        <More list={list} />
      </div>
    </Card>
  );
}

function List({ pick }: { readonly pick: Picked }) {
  const { t, words } = useWords();
  return (
    <Listed<Call>
      title={t("calls.list")}
      route="/platform-calls"
      query={{ pick }}
      rowKey={({ record }) => record}
      columns={[
        { title: t("use.time"), key: "time", render: (_text, { time }) => denseTimeText(time) },
        { title: t("calls.road"), key: "road", render: (_text, { road }) => words.road(road) },
        { title: t("calls.number"), key: "call", render: (_text, { call }) => <Plain text={call} /> },
        {
          title: words.relation("provider"),
          key: "provider",
          render: (_text, { provider }) => <Department id={provider} />,
        },
        {
          title: words.relation("consumer"),
          key: "consumer",
          render: (_text, { consumer }) => <Department id={consumer} />,
        },
        { title: words.noun("dataset"), key: "dataset", render: (_text, { dataset }) => <Dataset id={dataset} /> },
        { title: t("use.rows"), key: "rows", align: "right", render: (_text, { rows }) => countText(rows) },
        { title: t("calls.ledger"), key: "reason", render: (_text, { reason }) => <Granted reason={reason} /> },
        {
          title: t("calls.otherSide"),
          key: "otherSide",
          render: (_text, { otherSide }) => (
            <Tag color={COLOURS[otherSide] ?? "default"}>{words.otherSide(otherSide)}</Tag>
          ),
        },
      ]}
    />
  );
}

function Granted({ reason }: Pick<Call, "reason">) {
  const { t, words } = useWords();
  if (reason === undefined) return <Tag color="green">{t("calls.granted")}</Tag>;
  return (
    <>
      <Tag color="red">{t("calls.pick.withoutGrant")}</Tag> <span className="quiet">{words.reason(reason)}</span>
    </>
  );
}

function LackingCalls() {
  const { t, words } = useWords();
  return (
    <Listed<Lacking>
      title={t("calls.lacking")}
      route="/platform-calls/lacking"
      rowKey={({ key, department }) => `${key} ${department}`}
      columns={[
        { title: t("use.time"), key: "time", render: (_text, { facts }) => denseTimeText(facts.time) },
        { title: t("calls.number"), key: "call", render: (_text, { facts }) => <Plain text={facts.call} /> },
        {
          title: t("calls.toldBy"),
          key: "department",
          render: (_text, { department }) => <Department id={department} />,
        },
        {
          title: words.noun("dataset"),
          key: "dataset",
          render: (_text, { facts }) => <Dataset id={facts.dataset} />,
        },
        { title: t("use.rows"), key: "rows", align: "right", render: (_text, { facts }) => countText(facts.rows) },
      ]}
    />
  );
}

function Notes() {
  const { t, language } = useWords();
  return (
    <Listed<Note>
      title={t("calls.notes")}
      route="/platform-calls/notes"
      rowKey={({ number }) => number}
      columns={[
        { title: t("use.time"), key: "time", render: (_text, { time }) => denseTimeText(time) },
        { title: t("calls.source"), key: "source", render: (_text, { source }) => <Plain text={source} /> },
        { title: t("calls.number"), key: "call", render: (_text, { call }) => <Plain text={call} /> },
        { title: t("calls.what"), key: "what", render: (_text, { message }) => message[language] },
      ]}
    />
  );
}

function None() {
  const { t } = useWords();
  return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("calls.none")} />;
}

const Plain = ({ text }: { readonly text: string }) => <span className="plain">{text === "" ? "—" : text}</span>;
