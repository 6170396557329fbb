import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import {
  type CellCorrection,
  type ColumnMatch,
  type HeldTable,
  holdTable,
  matchColumns,
  writeClaim,
} from "@wanlian/client/sheets/index.js";
import type { FieldDigest } from "@wanlian/model/release/release-root.js";
import { Alert, Button, Form, Input, Select, Table, Tag, Upload } from "antd";
import { useState } from "react";
import { useWords } from "../app/language.ts";
import { keepDraft } from "../forms/draft.ts";
import { Asked } from "../parts/asked.tsx";
import { Card } from "../parts/card.tsx";
import { Cells } from "../parts/cells.tsx";
import { CsvDrop } from "../parts/csv-drop.tsx";
import { Heading } from "../parts/heading.tsx";
import { shortId } from "../parts/names.tsx";
import { saveAs } from "../session/access.ts";
import { type CaseSummary, callRoute, type FoldedAct } from "../session/api.ts";
import { chunksOf, digestsOf } from "../session/files.ts";
import { everyItem, type Page, useDatasetNames } from "../session/ledger.ts";

/** An objection from rows of a file: which cells are wrong is shown, and held against the release, before it is raised. */
export function RaiseObjection() {
  const { t } = useWords();
  const names = useDatasetNames();
  const search: { readonly dataset?: unknown } = useSearch({ strict: false });
  const [dataset, setDataset] = useState(typeof search.dataset === "string" ? search.dataset : undefined);
  const [chosen, setChosen] = useState<string>();
  const releases = useQuery({
    queryKey: ["releases-of", dataset, "registered"],
    enabled: dataset !== undefined,
    queryFn: () => everyItem<CaseSummary>("/releases", { status: "registered", about: `dataset/${dataset ?? ""}` }),
  });
  const release = chosen ?? releases.data?.[0]?.case;
  const [file, setFile] = useState<File>();
  return (
    <>
      <Heading title={t("object.title")} />
      <div className="stack">
        <Card>
          <p className="quiet">{t("object.how")}</p>
          <Form layout="vertical">
            <Form.Item label={t("object.dataset")} htmlFor="dataset">
              <Select
                id="dataset"
                value={dataset}
                onChange={(id) => {
                  setDataset(id);
                  setChosen(undefined);
                }}
                showSearch={{ optionFilterProp: "label" }}
                options={[...names].map(([value, label]) => ({ value, label }))}
              />
            </Form.Item>
            {releases.data === undefined ? null : (
              <Form.Item label={t("object.release")} htmlFor="release">
                <Select
                  id="release"
                  value={release}
                  onChange={setChosen}
                  options={releases.data.map(({ case: id, opened }) => ({
                    value: id,
                    label: `${shortId(id)} · ${opened.time.slice(0, DAY)}`,
                  }))}
                />
              </Form.Item>
            )}
          </Form>
          {release === undefined ? null : <CsvDrop words={t("object.drop")} onFile={setFile} />}
        </Card>
        {dataset === undefined || release === undefined || file === undefined ? null : (
          <Opened
            key={`${release} ${file.name} ${file.lastModified}`}
            dataset={dataset}
            release={release}
            file={file}
          />
        )}
      </div>
    </>
  );
}

/** Of an instant, its day. */
const DAY = 10;

interface Wanted {
  readonly dataset: string;
  readonly release: string;
  readonly file: File;
}

function Opened({ dataset, release, file }: Wanted) {
  const opened = useQuery({
    queryKey: ["object", release, file.name, file.size, file.lastModified],
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
    queryFn: async () => {
      const { items } = await callRoute<Page<FoldedAct>>("GET", `/releases/${release}/acts?limit=1`);
      const registered = Reflect.get(Object(items[0]?.body), "fields") as readonly FieldDigest[];
      const table = await holdTable(() => chunksOf(file));
      return { table, matches: matchColumns(table, registered) };
    },
  });
  return (
    <Asked query={opened}>
      {({ table, matches }) => <Marking dataset={dataset} release={release} table={table} matches={matches} />}
    </Asked>
  );
}

interface Marked {
  readonly dataset: string;
  readonly release: string;
  readonly table: HeldTable;
  readonly matches: readonly ColumnMatch[];
}

const MATCH_COLOURS = { same: "green", differs: "red", unknown: "default" } as const;

/** The columns against their digests, the rows to mark, and what is wrong in them. */
function Marking({ dataset, release, table, matches }: Marked) {
  const { t } = useWords();
  const [rows, setRows] = useState<readonly number[]>([]);
  const [cells, setCells] = useState<ReadonlyMap<string, CellCorrection>>(new Map());
  const good = table.fields.filter((_field, at) => matches[at] === "same");
  return (
    <>
      <Card title={<h2 className="card-title">{t("object.checked")}</h2>}>
        <div className="stack">
          <div className="row">
            {table.fields.map((field, at) => (
              <Tag key={field} color={MATCH_COLOURS[matches[at] ?? "unknown"]}>
                <span className="plain">{field}</span> {t(`object.column.${matches[at] ?? "unknown"}`)}
              </Tag>
            ))}
          </div>
          {good.length === 0 ? (
            <Alert type="error" showIcon role="alert" title={t("object.otherFile")} />
          ) : good.length < table.fields.length ? (
            <Alert type="warning" showIcon title={t("object.someColumns")} />
          ) : null}
        </div>
      </Card>
      {good.length === 0 ? null : (
        <>
          <RowTable table={table} fields={good} chosen={rows} choose={setRows} />
          {rows.length === 0 ? null : (
            <Corrections table={table} fields={good} rows={rows} cells={cells} change={setCells} />
          )}
          {cells.size === 0 ? null : (
            <Claiming dataset={dataset} release={release} cells={[...cells.values()].sort(byPlace)} />
          )}
        </>
      )}
    </>
  );
}

const byPlace = (a: CellCorrection, b: CellCorrection): number => a.row - b.row || a.field.localeCompare(b.field);

const valueAt = (table: HeldTable, field: string, row: number): string | null =>
  table.columns[table.fields.indexOf(field)]?.[row] ?? null;

interface RowsProps {
  readonly table: HeldTable;
  readonly fields: readonly string[];
  readonly chosen: readonly number[];
  readonly choose: (rows: readonly number[]) => void;
}

/** Rows by their place in the release, which is the file's own: its columns match. */
function RowTable({ table, fields, chosen, choose }: RowsProps) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const found = Array.from({ length: table.rows }, (_, row) => row).filter(
    (row) => text === "" || fields.some((field) => valueAt(table, field, row)?.includes(text) === true),
  );
  return (
    <Card title={<h2 className="card-title">{t("object.rows", { count: table.rows })}</h2>}>
      <div className="stack">
        <Input.Search
          className="search"
          allowClear
          aria-label={t("object.find")}
          placeholder={t("object.find")}
          onSearch={setText}
        />
        <Table<{ readonly row: number }>
          rowKey={({ row }) => row}
          dataSource={found.map((row) => ({ row }))}
          size="small"
          pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
          scroll={{ x: "max-content" }}
          rowSelection={{
            selectedRowKeys: [...chosen],
            preserveSelectedRowKeys: true,
            hideSelectAll: true,
            onChange: (keys) => choose(keys.map(Number).sort((a, b) => a - b)),
            getCheckboxProps: ({ row }) => ({ "aria-label": t("object.row", { row: row + 1 }) }) as object,
          }}
          columns={[
            { title: t("object.place"), key: "row", align: "right", render: (_text, { row }) => row + 1 },
            ...fields.map((field) => ({
              title: <span className="plain">{field}</span>,
              key: field,
              render: (_text: unknown, { row }: { readonly row: number }) => (
                <span className="plain">{valueAt(table, field, row) ?? "—"}</span>
              ),
            })),
          ]}
        />
      </div>
    </Card>
  );
}

interface CorrectionsProps {
  readonly table: HeldTable;
  readonly fields: readonly string[];
  readonly rows: readonly number[];
  readonly cells: ReadonlyMap<string, CellCorrection>;
  readonly change: (cells: ReadonlyMap<string, CellCorrection>) => void;
}

const cellKey = (row: number, field: string): string => `${row}\t${field}`;

function Corrections({ table, fields, rows, cells, change }: CorrectionsProps) {
  const { t } = useWords();
  const [field, setField] = useState(fields[0] ?? "");
  const put = (row: number, should: string) => {
    const next = new Map(cells);
    const stands = valueAt(table, field, row);
    if (should === "") next.delete(cellKey(row, field));
    else next.set(cellKey(row, field), { row, field, stands, should });
    change(next);
  };
  const doubt = (row: number) =>
    change(
      new Map(cells).set(cellKey(row, field), { row, field, stands: valueAt(table, field, row), should: undefined }),
    );
  return (
    <Card title={<h2 className="card-title">{t("object.cells")}</h2>}>
      <div className="stack">
        <Select
          className="pick"
          aria-label={t("object.field")}
          value={field}
          onChange={setField}
          options={fields.map((value) => ({ value, label: value }))}
        />
        <Table<number>
          rowKey={(row) => row}
          dataSource={[...rows]}
          size="small"
          pagination={{ pageSize: 20, hideOnSinglePage: true }}
          columns={[
            { title: t("object.place"), key: "row", width: 80, align: "right", render: (row: number) => row + 1 },
            {
              title: t("object.stands"),
              key: "stands",
              render: (row: number) => <span className="plain">{valueAt(table, field, row) ?? "—"}</span>,
            },
            {
              title: t("object.should"),
              key: "should",
              render: (row: number) => {
                const cell = cells.get(cellKey(row, field));
                return (
                  <div className="row">
                    <Input
                      className="pick"
                      aria-label={t("object.shouldOf", { row: row + 1 })}
                      value={cell?.should ?? ""}
                      onChange={({ target }) => put(row, target.value)}
                    />
                    <Button
                      size="small"
                      type={cell !== undefined && cell.should === undefined ? "primary" : "default"}
                      onClick={() => doubt(row)}
                    >
                      {t("object.unknown")}
                    </Button>
                  </div>
                );
              },
            },
          ]}
        />
      </div>
    </Card>
  );
}

interface ClaimingProps {
  readonly dataset: string;
  readonly release: string;
  readonly cells: readonly CellCorrection[];
}

/** What is claimed, with the evidence: a file of the officer's own, else the cells as they were marked. */
function Claiming({ dataset, release, cells }: ClaimingProps) {
  const { t } = useWords();
  const navigate = useNavigate();
  const [words, setWords] = useState("");
  const [evidence, setEvidence] = useState<File>();
  const claim = writeClaim({ words, cells });
  const goOn = async () => {
    const file = evidence ?? new File([claim], "evidence.txt", { type: "text/plain" });
    if (evidence === undefined) saveAs(file, `objection-${release.slice(0, NAME_DIGITS)}.txt`);
    const rows = [...new Set(cells.map(({ row }) => row))];
    keepDraft("objection/raise/", {
      key: crypto.randomUUID(),
      values: {
        dataset,
        release,
        fields: [...new Set(cells.map(({ field }) => field))],
        rowCount: rows.length,
        rows: rows.slice(0, MOST_LISTED),
        evidence: (await digestsOf(file)).file,
        claim: { text: claim },
      },
    });
    await navigate({ to: "/file/$noun/$type", params: { noun: "objection", type: "raise" } });
  };
  const isTooLong = claim.length > MOST_CHARACTERS;
  return (
    <Card title={<h2 className="card-title">{t("object.claim")}</h2>}>
      <div className="stack">
        <Cells cells={cells} />
        <Form layout="vertical">
          <Form.Item label={t("object.words")} htmlFor="words">
            <Input.TextArea id="words" rows={3} value={words} onChange={({ target }) => setWords(target.value)} />
          </Form.Item>
        </Form>
        <div className="row">
          <Upload
            maxCount={1}
            showUploadList={false}
            beforeUpload={(one) => {
              setEvidence(one);
              return Upload.LIST_IGNORE;
            }}
          >
            <Button>{t("object.attach")}</Button>
          </Upload>
          <span className="quiet plain">{evidence === undefined ? t("object.ownEvidence") : evidence.name}</span>
        </div>
        {isTooLong ? <Alert type="warning" showIcon role="alert" title={t("object.tooLong")} /> : null}
        <div>
          <Button type="primary" disabled={words.trim() === "" || isTooLong} onClick={() => void goOn()}>
            {t("object.next")}
          </Button>
        </div>
      </div>
    </Card>
  );
}

/** Digits of a release's number in a file's name. */
const NAME_DIGITS = 12;
/** As the ledger's schema has it: more rows are counted, and stand in the evidence. */
const MOST_LISTED = 1000;
/** Of a text that goes from node to node; longer ones go as a file. */
const MOST_CHARACTERS = 4000;
