import { useQuery } from "@tanstack/react-query";
import { countText, dayText } from "@wanlian/words/index.js";
import { Alert, Empty, Table } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { Department } from "../../parts/names.tsx";
import { callRoute, Refusal, type Schemas } from "../../session/api.ts";
import type { Page } from "../../session/ledger.ts";
import { useOfficer } from "../../session/session.tsx";

type UseCount = Schemas["AccessCount"];

interface UseSum {
  readonly consumer: string;
  readonly last: string;
  readonly accesses: number;
  readonly rows: number;
}

/** What a node says that has no log to ask: without an exchange, or before it has begun. It is no sign that nobody used it. */
const WITHOUT_LOG: ReadonlySet<string> = new Set(["NO_SUCH_ROUTE", "NOT_READY"]);

/** Who used it, by this node's own log: its provider's has all, a consumer's its own. */
export function Users({ id }: { readonly id: string }) {
  const { t, words, language } = useWords();
  const { department } = useOfficer();
  const isOthers = !id.startsWith(`${department}/`);
  const counts = useQuery({
    queryKey: ["dataset-use", id],
    retry: false,
    queryFn: async () => {
      try {
        const query = new URLSearchParams({ dataset: id, by: "consumer" });
        return (await callRoute<Page<UseCount>>("GET", `/accesses/counts?${query}`)).items;
      } catch (error) {
        if (error instanceof Refusal && WITHOUT_LOG.has(error.code)) return null;
        throw error;
      }
    },
  });
  return (
    <Card title={<h2 className="card-title">{t("catalogue.users")}</h2>}>
      <Asked query={counts}>
        {(items) =>
          items === null ? (
            <Alert type="info" showIcon title={t("use.cannotTell")} />
          ) : (
            <Table<UseSum>
              rowKey="consumer"
              dataSource={sumsOf(items)}
              size="small"
              pagination={false}
              scroll={{ x: "max-content" }}
              {...(isOthers ? { footer: () => <span className="quiet">{t("use.ownOnly")}</span> } : {})}
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("use.none")} /> }}
              columns={[
                {
                  title: words.member("consumer"),
                  key: "consumer",
                  render: (_text, { consumer }) => <Department id={consumer} />,
                },
                {
                  title: t("use.accesses"),
                  key: "accesses",
                  align: "right",
                  render: (_text, { accesses }) => countText(accesses),
                },
                { title: t("use.rows"), key: "rows", align: "right", render: (_text, { rows }) => countText(rows) },
                { title: t("catalogue.lastUse"), key: "last", render: (_text, { last }) => dayText(last, language) },
              ]}
            />
          )
        }
      </Asked>
    </Card>
  );
}

function sumsOf(counts: readonly UseCount[]): UseSum[] {
  const sums = new Map<string, UseSum>();
  for (const { consumer = "", day = "", accesses, rows } of counts) {
    const before = sums.get(consumer) ?? { consumer, last: day, accesses: 0, rows: 0 };
    sums.set(consumer, {
      consumer,
      // They come by day.
      last: day,
      accesses: before.accesses + accesses,
      rows: before.rows + rows,
    });
  }
  return [...sums.values()].sort((a, b) => b.accesses - a.accesses);
}
