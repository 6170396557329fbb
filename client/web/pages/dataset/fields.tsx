import { Input, Table, Tag } from "antd";
import { useState } from "react";
import { useWords } from "../../app/language.ts";
import { Card } from "../../parts/card.tsx";
import type { Field } from "./entry.ts";

/** From this grade on a field is marked. */
const SENSITIVE = 3;

export function FieldsCard({ fields }: { readonly fields: readonly Field[] }) {
  const { t, words } = useWords();
  const [text, setText] = useState("");
  const shown = fields.filter(({ name, meaning }) => `${name} ${meaning}`.includes(text));
  return (
    <Card title={<h2 className="card-title">{t("catalogue.fieldCount", { count: fields.length })}</h2>}>
      <div className="stack">
        {fields.length > MANY_FIELDS ? (
          <Input.Search
            className="search no-print"
            allowClear
            aria-label={t("catalogue.findField")}
            placeholder={t("catalogue.findField")}
            onSearch={setText}
          />
        ) : null}
        <Table<Field>
          rowKey="name"
          dataSource={shown}
          size="small"
          pagination={{ pageSize: 50, hideOnSinglePage: true }}
          scroll={{ x: "max-content" }}
          columns={[
            {
              title: t("catalogue.field"),
              key: "name",
              render: (_text, { name }) => <strong className="plain">{name}</strong>,
            },
            {
              title: words.member("type"),
              key: "type",
              render: (_text, { type }) => <span className="plain">{type}</span>,
            },
            {
              title: words.member("meaning"),
              key: "meaning",
              render: (_text, { meaning }) => <span className="plain">{meaning}</span>,
            },
            {
              title: words.member("sensitivity"),
              key: "sensitivity",
              render: (_text, { sensitivity }) => (
                <Tag color={sensitivity >= SENSITIVE ? "orange" : "default"}>
                  {t("catalogue.grade", { grade: sensitivity })}
                </Tag>
              ),
            },
          ]}
        />
      </div>
    </Card>
  );
}

/** More are not seen at once. */
const MANY_FIELDS = 15;
