import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { timeText } from "@wanlian/words/index.js";
import { Descriptions, Table, Tag, Typography } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { Heading } from "../../parts/heading.tsx";
import { Department } from "../../parts/names.tsx";
import { answered, api } from "../../session/api.ts";
import { useStatus } from "../../session/ledger.ts";
import { LedgerPlaces } from "./places.tsx";
import { type LedgerTransaction, TransactionLink } from "./transaction.tsx";

const HASHES = ["hash", "previousHash", "dataHash", "commitHash"] as const;

/** One block: what chains it to the others, and its transactions with what became of them. */
export function Block() {
  const { number: asked = "" } = useParams({ strict: false });
  const number = Number(asked);
  const { t, language } = useWords();
  const height = useStatus().data?.height ?? 0;
  const block = useQuery({
    queryKey: ["block", number],
    staleTime: Infinity,
    queryFn: () => answered(api.GET("/blocks/{number}", { params: { path: { number: Number(asked) } } })),
  });
  return (
    <>
      <Heading title={t("ledger.block", { number: asked })} />
      <div className="stack">
        <LedgerPlaces />
        <div className="row no-print">
          {number > 0 ? (
            <Link to="/ledger/blocks/$number" params={{ number: String(number - 1) }}>
              {t("ledger.older")}
            </Link>
          ) : null}
          {number + 1 < height ? (
            <Link to="/ledger/blocks/$number" params={{ number: String(number + 1) }}>
              {t("ledger.newer")}
            </Link>
          ) : null}
        </div>
        <Asked query={block}>
          {(found) => (
            <>
              <Card>
                <Descriptions
                  column={1}
                  size="small"
                  bordered
                  items={[
                    {
                      key: "time",
                      label: t("use.time"),
                      children: found.time === "" ? "—" : timeText(found.time, language),
                    },
                    ...HASHES.map((hash) => ({
                      key: hash,
                      label: t(hash === "hash" ? "ledger.blockHash" : `ledger.${hash}`),
                      children:
                        found[hash] === "" ? (
                          "—"
                        ) : (
                          <Typography.Text code copyable className="plain">
                            {found[hash]}
                          </Typography.Text>
                        ),
                    })),
                  ]}
                />
              </Card>
              <Transactions items={found.transactions} />
            </>
          )}
        </Asked>
      </div>
    </>
  );
}

function Transactions({ items }: { readonly items: readonly LedgerTransaction[] }) {
  const { t, words } = useWords();
  return (
    <Card title={<h2 className="card-title">{t("ledger.transactions")}</h2>}>
      <Table<LedgerTransaction>
        rowKey={({ transaction }) => String(transaction)}
        dataSource={[...items]}
        pagination={false}
        size="small"
        scroll={{ x: "max-content" }}
        columns={[
          { title: t("ledger.transaction"), key: "id", render: (_text, { id }) => <TransactionLink id={id} /> },
          {
            title: t("ledger.transactionKind"),
            key: "type",
            render: (_text, { type }) => words.transactionKind(type),
          },
          {
            title: words.member("department"),
            key: "department",
            render: (_text, { department }) => (department === "" ? "—" : <Department id={department} />),
          },
          {
            title: t("ledger.outcome"),
            key: "code",
            render: (_text, { code }) => (
              <Tag color={code === 0 ? "green" : "red"}>
                {words.validation(code)} ({code})
              </Tag>
            ),
          },
        ]}
      />
    </Card>
  );
}
