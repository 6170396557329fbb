import { useParams } from "@tanstack/react-router";
import { beginning, dayText, denseTimeText, type PageWord } from "@wanlian/words/index.js";
import { Empty, Input, Segmented, Select, Table, Tag } from "antd";
import { useState } from "react";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { Subject } from "../parts/case/subject.tsx";
import { Heading } from "../parts/heading.tsx";
import { LinkButton } from "../parts/link-button.tsx";
import { itemsOf, More, useList } from "../parts/more.tsx";
import { State, typedId } from "../parts/names.tsx";
import { useBeginnings } from "../session/actions.ts";
import type { CaseSummary } from "../session/api.ts";
import { useModel, useStatus } from "../session/ledger.ts";
import { useOfficer } from "../session/session.tsx";

/** Of a transaction's id, as people read it off a list and type it. */
const BEGINNING = /^[0-9a-f]{6,64}$/i;

/** Lists that have a place in the menu are called as there. */
const TITLES: Readonly<Record<string, PageWord>> = {
  application: "nav.applications",
  objection: "nav.objections",
  demand: "nav.demands",
  incident: "nav.incidents",
};

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
    ...(BEGINNING.test(text.trim()) ? { begins: text.trim().toLowerCase() } : { text }),
    ...(shown === "ours" ? { party: department } : {}),
    ...(shown === "overdue" ? { overdue: "true" } : {}),
  });
  return (
    <>
      <Heading title={TITLES[noun] === undefined ? beginning(words.noun(noun)) : t(TITLES[noun])} />
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
            className="search"
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
                ...(table?.identity === "transaction"
                  ? [
                      {
                        title: words.member("id"),
                        key: "id",
                        render: (_text: unknown, row: CaseSummary) => <code>{typedId(row.case)}</code>,
                      },
                    ]
                  : []),
                {
                  title: t("list.what"),
                  key: "what",
                  render: (_text, row) => (
                    <>
                      <Subject noun={row.noun} id={row.case} state={row.state} />
                      <Purpose of={row.state} />
                    </>
                  ),
                },
                {
                  title: t("list.state"),
                  key: "state",
                  render: (_text, row) => <State noun={row.noun} status={row.status} />,
                },
                {
                  title: t("case.deadlines"),
                  key: "due",
                  render: (_text, row) => <NextDue of={row.state} />,
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

/** What data is wanted for, where a case says so: several of one department's may be about one dataset. */
function Purpose({ of: state }: { readonly of: unknown }) {
  const { words } = useWords();
  const { purpose, scenario, outcome } = Object(state) as Readonly<Record<string, string | undefined>>;
  const parts = [
    purpose === undefined ? undefined : words.value("purpose", purpose),
    scenario,
    outcome === undefined ? undefined : words.value("outcome", outcome),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? null : <div className="quiet plain">{parts.join(" · ")}</div>;
}

/** The first deadline that still runs. */
function NextDue({ of: state }: { readonly of: unknown }) {
  const { language } = useWords();
  const now = useStatus().data?.ledgerTime;
  const deadlines = (Reflect.get(Object(state), "deadlines") ?? []) as readonly { due: string; ended?: string }[];
  const [first] = deadlines.filter(({ ended }) => ended === undefined).sort((a, b) => a.due.localeCompare(b.due));
  if (first === undefined) return "—";
  const isLate = now !== undefined && first.due < now;
  return isLate ? <Tag color="red">{dayText(first.due, language)}</Tag> : dayText(first.due, language);
}
