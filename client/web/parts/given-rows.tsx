import { Alert, Table } from "antd";
import { useWords } from "../app/language.ts";
import type { Given } from "../session/access.ts";

/** What a provider gave: whether the row is in its data, or the rows themselves, as they are written there. */
export function GivenRows({ given }: { readonly given: Given }) {
  const { t } = useWords();
  if ("match" in given)
    return <Alert type={given.match ? "success" : "warning"} showIcon title={t(`data.match.${given.match}`)} />;
  const { fields, rows, more } = given;
  return (
    <>
      <p>{t("data.rows", { count: rows.length })}</p>
      {more ? <Alert type="info" showIcon title={t("data.more")} /> : null}
      <Table<{ readonly at: number; readonly row: readonly (string | null)[] }>
        rowKey={({ at }) => at}
        dataSource={rows.map((row, at) => ({ at, row }))}
        size="small"
        pagination={{ pageSize: PAGE_ROWS, hideOnSinglePage: true, showSizeChanger: false }}
        scroll={{ x: "max-content" }}
        columns={fields.map((field, at) => ({
          title: <span className="plain">{field}</span>,
          key: field,
          render: (_text: unknown, { row }) => <span className="plain">{row[at] ?? "—"}</span>,
        }))}
      />
    </>
  );
}

const PAGE_ROWS = 20;
