import type { CellCorrection } from "@wanlian/client/sheets/index.js";
import { Table } from "antd";
import { useWords } from "../app/language.ts";

/** Wrong and corrected cells side by side, rows as people count them. */
export function Cells({ cells }: { readonly cells: readonly CellCorrection[] }) {
  const { t } = useWords();
  const shown = (value: string | null | undefined) => {
    if (value === undefined) return <span className="quiet">{t("object.notKnown")}</span>;
    return value === null || value === "" ? <span className="quiet">{t("object.nothing")}</span> : value;
  };
  return (
    <Table<CellCorrection>
      rowKey={({ row, field }) => `${row} ${field}`}
      dataSource={[...cells]}
      size="small"
      pagination={{ pageSize: 20, hideOnSinglePage: true }}
      scroll={{ x: "max-content" }}
      columns={[
        { title: t("object.place"), key: "row", align: "right", render: (_text, { row }) => row + 1 },
        {
          title: t("object.field"),
          key: "field",
          render: (_text, { field }) => <span className="plain">{field}</span>,
        },
        {
          title: t("object.stands"),
          key: "stands",
          render: (_text, { stands }) => <del className="plain">{shown(stands)}</del>,
        },
        {
          title: t("object.should"),
          key: "should",
          render: (_text, { should }) => <ins className="plain">{shown(should)}</ins>,
        },
      ]}
    />
  );
}
