import { useMutation, useQueryClient } from "@tanstack/react-query";
import { dayText, denseTimeText } from "@wanlian/words/index.js";
import { Button, Empty, Form, Input, Modal, Segmented, Table, Tag } from "antd";
import { useState } from "react";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { Card } from "../parts/card.tsx";
import { Failure } from "../parts/failure.tsx";
import { Heading } from "../parts/heading.tsx";
import { LinkButton } from "../parts/link-button.tsx";
import { itemsOf, More, useList } from "../parts/more.tsx";
import { Dataset, Department, Who } from "../parts/names.tsx";
import { useBeginnings } from "../session/actions.ts";
import { callRoute, type Schemas } from "../session/api.ts";

type Warning = Schemas["Warning"];
type Shown = "open" | "all";

/** Characters of a note: a word says nothing to whoever reads it next year. */
const FEWEST_NOTE = 4;
const MOST_NOTE = 1000;

/** 预警: use that is unusual, with why, the records behind it, and what came of it. */
export function Warnings() {
  const { t } = useWords();
  const [shown, setShown] = useState<Shown>("open");
  const [marked, setMarked] = useState<Warning>();
  const list = useList<Warning>("/warnings", { shown });
  return (
    <>
      <Heading title={t("warnings.title")} />
      <div className="stack">
        <p className="quiet">{t("warnings.about")}</p>
        <div className="row no-print">
          <Segmented<Shown>
            value={shown}
            onChange={setShown}
            aria-label={t("warnings.shown")}
            options={[
              { value: "open", label: t("warnings.open") },
              { value: "all", label: t("warnings.all") },
            ]}
          />
        </div>
        <Card>
          <Asked query={list}>{(data) => <List warnings={itemsOf(data)} onMark={setMarked} />}</Asked>
          <div className="card-more">
            <More list={list} />
          </div>
        </Card>
      </div>
      {marked === undefined ? null : <MarkForm warning={marked} onDone={() => setMarked(undefined)} />}
    </>
  );
}

function List({
  warnings,
  onMark,
}: {
  readonly warnings: readonly Warning[];
  readonly onMark: (warning: Warning) => void;
}) {
  const { t, words, language } = useWords();
  const mayReport = useBeginnings("incident").includes("report");
  return (
    <Table<Warning>
      rowKey="id"
      dataSource={[...warnings]}
      size="small"
      pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("warnings.none")} /> }}
      columns={[
        { title: t("use.day"), key: "day", render: (_text, { day }) => dayText(day, language) },
        {
          title: t("warnings.what"),
          key: "what",
          render: (_text, { title, message }) => (
            <>
              <Tag color="orange">{title[language]}</Tag>
              <div className="reason">{message[language]}</div>
            </>
          ),
        },
        {
          title: t("warnings.by"),
          key: "by",
          render: (_text, { consumer, officer, machine }) => (
            <>
              <Department id={consumer} /> {officer === undefined ? null : <Who officer={officer} machine={machine} />}
            </>
          ),
        },
        {
          title: words.noun("dataset"),
          key: "dataset",
          render: (_text, { dataset }) => (dataset === undefined ? "—" : <Dataset id={dataset} />),
        },
        {
          title: t("warnings.marks"),
          key: "marks",
          render: (_text, warning) => (
            <>
              {(warning.marks ?? []).map(({ officer, time, note }) => (
                <div className="reason" key={`${officer} ${time}`}>
                  {note} <span className="quiet">{`${officer} ${denseTimeText(time)}`}</span>
                </div>
              ))}
              <div className="choices">
                <a href={`/use?${new URLSearchParams(warning.records)}`}>{t("warnings.records")}</a>
                <Button size="small" onClick={() => onMark(warning)}>
                  {t("warnings.lookInto")}
                </Button>
                {mayReport ? <ReportIncident warning={warning} /> : null}
              </div>
            </>
          ),
        },
      ]}
    />
  );
}

/** What the warning says of it already stands in the report. */
function ReportIncident({ warning: { kind, consumer, dataset, grant, raised } }: { readonly warning: Warning }) {
  const { t } = useWords();
  const known = {
    kind: kind === "SCANNING" ? "probing" : "overreach",
    concerned: consumer,
    dataset,
    grant,
    noticed: raised,
  };
  return (
    <LinkButton
      size="small"
      to="/file/$noun/$type"
      params={{ noun: "incident", type: "report" }}
      search={known as never}
    >
      {t("incident.fromWarning")}
    </LinkButton>
  );
}

function MarkForm({ warning, onDone }: { readonly warning: Warning; readonly onDone: () => void }) {
  const { t, language } = useWords();
  const queries = useQueryClient();
  const marking = useMutation({
    mutationFn: ({ note }: { note: string }) => callRoute<unknown>("POST", `/warnings/${warning.id}/marks`, { note }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["list", "/warnings"] });
      onDone();
    },
  });
  return (
    <Modal open title={warning.title[language]} footer={null} onCancel={onDone} destroyOnHidden>
      <p>{warning.message[language]}</p>
      <Form<{ note: string }> layout="vertical" onFinish={(values) => marking.mutate(values)}>
        <Form.Item
          name="note"
          label={t("warnings.note")}
          rules={[{ required: true, min: FEWEST_NOTE, whitespace: true }]}
        >
          <Input.TextArea autoSize={{ minRows: 2 }} maxLength={MOST_NOTE} />
        </Form.Item>
        {marking.error === null ? null : <Failure error={marking.error} />}
        <Button type="primary" htmlType="submit" loading={marking.isPending}>
          {t("warnings.lookInto")}
        </Button>
      </Form>
    </Modal>
  );
}
