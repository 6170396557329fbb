import { dayText, denseTimeText, monthText } from "@wanlian/words/index.js";
import { Table, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { itemsOf, More, useList } from "../../parts/more.tsx";
import { CaseLink, Department } from "../../parts/names.tsx";
import type { CaseSummary } from "../../session/api.ts";
import { useDepartments, useModel } from "../../session/ledger.ts";

interface Row {
  readonly department: string;
  readonly case?: CaseSummary;
}

/** Which departments have stated the month, and since when. */
export function Stated({ month }: { readonly month: string }) {
  const { t } = useWords();
  const departments = useDepartments();
  const collection = useModel().data?.get("usage")?.collection;
  const list = useList<CaseSummary>(collection, { text: month, limit: "200" });
  return (
    <Card title={<h2 className="card-title">{t("usage.stated")}</h2>}>
      <Asked query={list}>
        {(data) => {
          const stated = new Map(itemsOf(data).map((one) => [one.case.split("/")[0] ?? "", one]));
          const rows = [...new Set([...departments.keys(), ...stated.keys()])].map((department): Row => {
            const own = stated.get(department);
            return { department, ...(own === undefined ? {} : { case: own }) };
          });
          return <Departments rows={rows} month={month} />;
        }}
      </Asked>
      <More list={list} />
    </Card>
  );
}

function Departments({ rows, month }: { readonly rows: readonly Row[]; readonly month: string }) {
  const { t, language } = useWords();
  return (
    <Table<Row>
      rowKey="department"
      dataSource={[...rows]}
      size="small"
      pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: "max-content" }}
      columns={[
        {
          title: t("supervision.department"),
          key: "department",
          render: (_text, { department }) => <Department id={department} />,
        },
        {
          title: t("usage.stated.state"),
          key: "state",
          render: (_text, { case: own }) => (
            <Tag color={own === undefined ? "orange" : "green"}>
              {t(own === undefined ? "usage.stated.no" : "usage.stated.yes")}
            </Tag>
          ),
        },
        {
          title: t("usage.stated.first"),
          key: "first",
          render: (_text, { case: own }) => {
            const first: unknown = Reflect.get(Object(own?.state), "first");
            return typeof first === "string"
              ? denseTimeText(first)
              : t("usage.stated.due", { day: dayText(dueOf(month), language) });
          },
        },
        {
          title: t("usage.stated.case"),
          key: "case",
          render: (_text, { case: own }) =>
            own === undefined ? (
              "—"
            ) : (
              <CaseLink noun="usage" id={own.case}>
                {monthText(month, language)}
              </CaseLink>
            ),
        },
      ]}
    />
  );
}

/** A month is stated in time within fifteen days of its end, as the indicator has it. */
function dueOf(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, STATEMENT_DAYS)).toISOString().slice(0, 10);
}

const STATEMENT_DAYS = 15;
