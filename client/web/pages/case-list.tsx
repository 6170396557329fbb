import { useParams } from "@tanstack/react-router";
import { denseTimeText } from "@wanlian/words/index.js";
import { Empty, Input, Segmented, Select, Table } from "antd";
import { useState } from "react";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { Subject } from "../parts/case/subject.tsx";
import { Heading } from "../parts/heading.tsx";
import { LinkButton } from "../parts/link-button.tsx";
import { itemsOf, More, useList } from "../parts/more.tsx";
import { State } from "../parts/names.tsx";
import { useBeginnings } from "../session/actions.ts";
import type { CaseSummary } from "../session/api.ts";
import { useModel } from "../session/ledger.ts";
import { useOfficer } from "../session/session.tsx";

type Shown = "ours" | "overdue" | "all";

/** The cases of a noun, those that changed last first. */
export function CaseList() {
  const { noun = "" } = useParams({ strict: false });
  const { t, words } = useWords();
  const table = useModel().data?.get(noun);
  const { department } = useOfficer();
  const beginnings = useBeginnings(noun);
  const [shown, setShown] = useState<Shown>("ours");
  const [status, setStatus] = useState<string>();
  const [text, setText] = useState("");
  const list = useList<CaseSummary>(table?.collection, {
    status,
    text,
    ...(shown === "ours" ? { party: department } : {}),
    ...(shown === "overdue" ? { overdue: "true" } : {}),
  });
  return (
    <>
      <Heading title={words.noun(noun)} />
      <div className="stack">
        <div className="row no-print">
          <Segmented<Shown>
            value={shown}
            onChange={setShown}
            options={[
              { value: "ours", label: t("list.ours") },
              { value: "overdue", label: t("list.overdue") },
              { value: "all", label: t("list.all") },
            ]}
          />
          <Select
            allowClear
            className="pick"
            aria-label={t("list.state")}
            placeholder={t("list.state")}
            value={status}
            onChange={setStatus}
            options={(table?.statuses ?? []).map((value) => ({ value, label: words.state(noun, value) }))}
          />
          <Input.Search
            className="pick"
            allowClear
            aria-label={t("list.text")}
            placeholder={t("list.text")}
            onSearch={setText}
          />
          {noun === "objection" && beginnings.includes("raise") ? (
            <LinkButton to="/object">{t("object.fromFile")}</LinkButton>
          ) : null}
          {beginnings.map((type) => (
            <LinkButton key={type} color="primary" variant="solid" to="/file/$noun/$type" params={{ noun, type }}>
              {words.command(noun, type)}
            </LinkButton>
          ))}
        </div>
        <Asked query={list}>
          {(data) => (
            <Table<CaseSummary>
              rowKey={(row) => row.case}
              dataSource={itemsOf(data)}
              pagination={false}
              size="middle"
              scroll={{ x: "max-content" }}
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("list.none")} /> }}
              columns={[
                {
                  title: t("list.what"),
                  key: "what",
                  render: (_text, row) => <Subject noun={row.noun} id={row.case} state={row.state} />,
                },
                {
                  title: t("list.state"),
                  key: "state",
                  render: (_text, row) => <State noun={row.noun} status={row.status} />,
                },
                {
                  title: t("list.changed"),
                  key: "changed",
                  render: (_text, row) => denseTimeText(row.changed.time),
                },
              ]}
            />
          )}
        </Asked>
        <More list={list} />
      </div>
    </>
  );
}
