import { dayText } from "@wanlian/words/index.js";
import { Empty, Table, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { itemsOf, More, useList } from "../../parts/more.tsx";
import { CaseLink, Department, State } from "../../parts/names.tsx";
import { Value } from "../../parts/value.tsx";
import type { Schemas } from "../../session/api.ts";

type Granted = Schemas["GrantItem"];

export function Grants({ id }: { readonly id: string }) {
  const { t, words, language } = useWords();
  const list = useList<Granted>(`/datasets/${id.split("/").map(encodeURIComponent).join("/")}/grants`);
  const granted = ({ state }: Granted) => (state as { grant?: { from: string; to: string; fields: string[] } }).grant;
  return (
    <Card title={<h2 className="card-title">{t("catalogue.grants")}</h2>}>
      <Asked query={list}>
        {(data) => (
          <Table<Granted>
            rowKey={(row) => row.case}
            dataSource={itemsOf(data)}
            pagination={false}
            size="small"
            scroll={{ x: "max-content" }}
            locale={{
              emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("catalogue.grants.none")} />,
            }}
            columns={[
              {
                title: words.member("consumer"),
                key: "consumer",
                render: (_text, row) => (
                  <CaseLink noun="application" id={row.case}>
                    <Department id={String(Reflect.get(Object(row.state), "consumer"))} />
                  </CaseLink>
                ),
              },
              {
                title: words.member("purpose"),
                key: "purpose",
                render: (_text, row) => <Value member="purpose" value={Reflect.get(Object(row.state), "purpose")} />,
              },
              {
                title: words.member("fields"),
                key: "fields",
                render: (_text, row) => <Value member="fields" value={granted(row)?.fields} />,
              },
              {
                title: t("catalogue.period"),
                key: "period",
                render: (_text, row) => {
                  const grant = granted(row);
                  return grant === undefined
                    ? "—"
                    : `${dayText(grant.from, language)} – ${dayText(grant.to, language)}`;
                },
              },
              {
                title: t("list.state"),
                key: "state",
                render: (_text, row) => (
                  <>
                    <State noun="application" status={row.status} />
                    <Tag color={row.inForce ? "green" : "default"}>
                      {t(row.inForce ? "catalogue.inForce" : "catalogue.notInForce")}
                    </Tag>
                  </>
                ),
              },
            ]}
          />
        )}
      </Asked>
      <More list={list} />
    </Card>
  );
}
