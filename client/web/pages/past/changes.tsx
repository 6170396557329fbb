import { beginning } from "@wanlian/words/index.js";
import { Empty, Table } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { Subject } from "../../parts/case/subject.tsx";
import { Heading } from "../../parts/heading.tsx";
import { itemsOf, More, useList } from "../../parts/more.tsx";
import { State } from "../../parts/names.tsx";
import { TakeHome } from "../../parts/proof/take-home.tsx";
import { Value } from "../../parts/value.tsx";
import type { Schemas } from "../../session/api.ts";
import { PastForm, useAskedPast } from "./asked-past.tsx";

type CaseChange = Schemas["CaseChange"];

/** What changed between two times, case by case: what it became, and which members of it are not what they were. */
export function Changes() {
  const { t } = useWords();
  const { at: _one, ...asked } = useAskedPast();
  const list = useList<CaseChange>("/changes", asked);
  const period = [asked.from ?? t("past.beginning"), asked.to ?? t("past.now")].join(" – ");
  return (
    <>
      <Heading title={`${t("past.changes")} ${period}`}>{t("past.changes")}</Heading>
      <div className="stack">
        <PastForm to="/trace/changes" asked={asked} times={["from", "to"]} withoutNoun={t("past.every")} />
        <Card
          title={<h2 className="card-title">{beginning(period)}</h2>}
          extra={<TakeHome question={{ kind: "changes", ...asked }} />}
        >
          <Asked query={list}>{(data) => <ChangeTable changes={itemsOf(data)} />}</Asked>
          <More list={list} />
        </Card>
      </div>
    </>
  );
}

/** Rows that stand on a page at once. */
const LEAF = { pageSize: 20, hideOnSinglePage: true, showSizeChanger: false } as const;

function ChangeTable({ changes }: { readonly changes: readonly CaseChange[] }) {
  const { t, words } = useWords();
  return (
    <Table<CaseChange>
      rowKey={({ noun, case: id }) => `${noun}/${id}`}
      dataSource={[...changes]}
      size="small"
      pagination={LEAF}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("past.changes.none")} /> }}
      expandable={{
        rowExpandable: ({ members }) => members.length > 0,
        expandedRowRender: ({ members }) => <Members members={members} />,
      }}
      columns={[
        {
          title: t("past.case"),
          key: "case",
          render: (_text, { noun, case: id }) => <Subject noun={noun} id={id} state={undefined} />,
        },
        {
          title: t("past.before"),
          key: "before",
          render: (_text, { noun, before }) =>
            before === undefined ? t("past.notYet") : <State noun={noun} status={before.status} />,
        },
        {
          title: t("past.after"),
          key: "after",
          render: (_text, { noun, after }) => <State noun={noun} status={after.status} />,
        },
        {
          title: t("past.members.changed"),
          key: "members",
          render: (_text, { members }) =>
            members.map(({ member }) => words.member(member)).join(words.language === "zh" ? "、" : ", ") || "—",
        },
      ]}
    />
  );
}

function Members({ members }: { readonly members: CaseChange["members"] }) {
  const { t, words } = useWords();
  return (
    <Table<CaseChange["members"][number]>
      rowKey="member"
      dataSource={[...members]}
      size="small"
      pagination={false}
      columns={[
        { title: t("past.member"), key: "member", render: (_text, { member }) => words.member(member) },
        {
          title: t("past.before"),
          key: "before",
          render: (_text, { member, before }) => <Value member={member} value={before} />,
        },
        {
          title: t("past.after"),
          key: "after",
          render: (_text, { member, after }) => <Value member={member} value={after} />,
        },
      ]}
    />
  );
}
