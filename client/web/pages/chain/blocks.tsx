import { Link } from "@tanstack/react-router";
import { countText, denseTimeText } from "@wanlian/words/index.js";
import { Table, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { Heading } from "../../parts/heading.tsx";
import { itemsOf, More, useList } from "../../parts/more.tsx";
import { Department, shortId } from "../../parts/names.tsx";
import type { Schemas } from "../../session/api.ts";
import { LedgerPlaces } from "./places.tsx";
import { type LedgerTransaction, TransactionLink } from "./transaction.tsx";

type BlockLine = Schemas["BlockLine"];

/** The blocks, the last first, and what validation refused. */
export function Blocks() {
  const { t } = useWords();
  const list = useList<BlockLine>("/blocks");
  return (
    <>
      <Heading title={t("ledger.blocks")} />
      <div className="stack">
        <LedgerPlaces />
        <Card>
          <Asked query={list}>
            {(data) => (
              <Table<BlockLine>
                rowKey={({ number }) => String(number)}
                dataSource={itemsOf(data)}
                pagination={false}
                size="small"
                scroll={{ x: "max-content" }}
                locale={{ emptyText: t("ledger.none") }}
                columns={[
                  {
                    title: t("ledger.blocks"),
                    key: "number",
                    render: (_text, { number }) => (
                      <Link to="/ledger/blocks/$number" params={{ number: String(number) }}>
                        {t("ledger.block", { number })}
                      </Link>
                    ),
                  },
                  {
                    title: t("use.time"),
                    key: "time",
                    render: (_text, { time }) => (time === "" ? "—" : denseTimeText(time)),
                  },
                  {
                    title: t("ledger.count"),
                    key: "transactions",
                    align: "right",
                    render: (_text, { transactions }) => countText(transactions),
                  },
                  {
                    title: t("ledger.refusedCount"),
                    key: "refused",
                    align: "right",
                    render: (_text, { refused }) => (refused === 0 ? "—" : <Tag color="red">{countText(refused)}</Tag>),
                  },
                  {
                    title: t("ledger.blockHash"),
                    key: "hash",
                    render: (_text, { hash }) => <code title={hash}>{shortId(hash)}</code>,
                  },
                ]}
              />
            )}
          </Asked>
          <More list={list} />
        </Card>
        <Refused />
      </div>
    </>
  );
}

function Refused() {
  const { t, words } = useWords();
  const list = useList<LedgerTransaction>("/transactions");
  return (
    <Card title={<h2 className="card-title">{t("ledger.refusedOnes")}</h2>}>
      <Asked query={list}>
        {(data) => (
          <Table<LedgerTransaction>
            rowKey={({ block, transaction }) => `${block}.${transaction}`}
            dataSource={itemsOf(data)}
            pagination={false}
            size="small"
            scroll={{ x: "max-content" }}
            locale={{ emptyText: t("ledger.refusedOnes.none") }}
            columns={[
              {
                title: t("ledger.blocks"),
                key: "block",
                render: (_text, { block }) => (
                  <Link to="/ledger/blocks/$number" params={{ number: String(block) }}>
                    {t("ledger.block", { number: block })}
                  </Link>
                ),
              },
              { title: t("ledger.transaction"), key: "id", render: (_text, { id }) => <TransactionLink id={id} /> },
              {
                title: words.member("department"),
                key: "department",
                render: (_text, { department }) => (department === "" ? "—" : <Department id={department} />),
              },
              {
                title: t("ledger.outcome"),
                key: "code",
                render: (_text, { code }) => `${words.validation(code)} (${code})`,
              },
            ]}
          />
        )}
      </Asked>
      <More list={list} />
    </Card>
  );
}
