import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input, Table, Upload } from "antd";
import { useState } from "react";
import { useWords } from "../../app/language.ts";
import { recordInName } from "../../session/access.ts";
import { callRoute } from "../../session/api.ts";
import { Failure } from "../failure.tsx";
import { CaseLink } from "../names.tsx";

interface Cell {
  readonly release: string;
  readonly row: number;
  readonly field: string;
  readonly digest: string;
  /** Absent where it was not granted; null where the cell is empty. */
  readonly value?: string | null;
}

interface Asked {
  readonly record: string;
  readonly answer: unknown;
}

/** A consumer's side of a search for a cell: in an answer that its officer kept, which no node keeps. */
export function KeptCells({ digest }: { readonly digest: string | undefined }) {
  const { t } = useWords();
  const [file, setFile] = useState<File>();
  const [record, setRecord] = useState("");
  const listing = useMutation({
    mutationFn: (asked: Asked) =>
      callRoute<{ readonly items: readonly Cell[] }>("POST", "/cells", {
        ...asked,
        ...(digest === undefined ? {} : { digest }),
      }),
  });
  const reading = useMutation({
    mutationFn: async (chosen: File): Promise<unknown> => JSON.parse(await chosen.text()),
    onSuccess: (answer) => listing.mutate({ record: record.trim().toLowerCase(), answer }),
  });
  return (
    <div className="stack">
      <p className="quiet">{t("trace.kept.what")}</p>
      <div className="row">
        <Upload
          maxCount={1}
          showUploadList={false}
          beforeUpload={(chosen) => {
            setFile(chosen);
            setRecord(recordInName(chosen.name) ?? "");
            listing.reset();
            return Upload.LIST_IGNORE;
          }}
        >
          <Button>{t("trace.kept.choose")}</Button>
        </Upload>
        {file === undefined ? null : <span className="plain">{file.name}</span>}
      </div>
      {file === undefined ? null : (
        <>
          <Form layout="vertical">
            <Form.Item label={t("trace.kept.record")} htmlFor="kept-record">
              <Input id="kept-record" value={record} onChange={({ target }) => setRecord(target.value)} />
            </Form.Item>
          </Form>
          <div>
            <Button loading={reading.isPending || listing.isPending} onClick={() => reading.mutate(file)}>
              {t("trace.kept.look")}
            </Button>
          </div>
        </>
      )}
      {reading.error === null ? null : <p role="alert">{t("trace.kept.notJson")}</p>}
      {listing.error === null ? null : <Failure error={listing.error} />}
      {listing.data === undefined ? null : <Cells cells={listing.data.items} />}
    </div>
  );
}

function Cells({ cells }: { readonly cells: readonly Cell[] }) {
  const { t, words } = useWords();
  return (
    <Table<Cell>
      rowKey={({ row, field }) => `${row} ${field}`}
      dataSource={[...cells]}
      size="small"
      pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: t("trace.kept.none") }}
      columns={[
        {
          title: words.noun("release"),
          key: "release",
          render: (_text, { release }) => <CaseLink noun="release" id={release} />,
        },
        { title: t("trace.kept.row"), key: "row", align: "right", render: (_text, { row }) => row + 1 },
        {
          title: words.member("field"),
          key: "field",
          render: (_text, { field }) => <span className="plain">{field}</span>,
        },
        {
          title: t("trace.kept.value"),
          key: "value",
          render: (_text, { value }) => (
            <span className="plain">{value === undefined ? t("trace.kept.hidden") : (value ?? "—")}</span>
          ),
        },
        { title: words.member("digest"), key: "digest", render: (_text, { digest }) => <code>{digest}</code> },
      ]}
    />
  );
}
