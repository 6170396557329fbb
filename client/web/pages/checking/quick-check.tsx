import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Form, Input, Select, Upload } from "antd";
import { useState } from "react";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { Failure } from "../../parts/failure.tsx";
import { Heading } from "../../parts/heading.tsx";
import { type Checked, quickCheck } from "../../session/checking/quick-check.ts";
import { textOf } from "../../session/files.ts";
import { type OwnGrant, useOwnGrants } from "../../session/grants.ts";
import { useDatasetNames } from "../../session/ledger.ts";
import { useOfficer } from "../../session/session.tsx";
import { CheckedRecord } from "./checked-record.tsx";

/** 快速校核: one record, or a cell of it, by rules and by other departments' releases, in one call. */
export function QuickCheck() {
  const { t } = useWords();
  const grants = useOwnGrants();
  return (
    <>
      <Heading title={t("quick.title")} />
      <div className="stack">
        <p>{t("quick.what")}</p>
        <Asked query={grants}>{({ items }) => <Checking grants={items} />}</Asked>
      </div>
    </>
  );
}

/** As many sources, and columns of a record, as one check takes. */
const MOST_SOURCES = 5;
const MOST_COLUMNS = 20;

/** A cell as it is typed; null: the value is missing. */
type Cells = Readonly<Record<string, string | null>>;

function Checking({ grants }: { readonly grants: readonly OwnGrant[] }) {
  const { t } = useWords();
  const officer = useOfficer();
  const [cells, setCells] = useState<Cells>({});
  const [rules, setRules] = useState<File>();
  const [sources, setSources] = useState<Readonly<Record<string, readonly string[]>>>({});
  const checking = useMutation<Checked, Error>({
    mutationFn: async () =>
      quickCheck(
        {
          record: cells,
          ...(rules === undefined ? {} : { rules: await textOf(rules) }),
          sources: grants.flatMap((grant) =>
            (sources[grant.case] ?? []).length > 0 ? [{ grant, by: sources[grant.case] ?? [] }] : [],
          ),
        },
        officer,
      ),
  });
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      checking.reset();
    };
  const withoutKey = Object.values(sources).some((by) => by.length === 0);
  const isNothing = rules === undefined && Object.keys(sources).length === 0;
  return (
    <>
      <Card title={<h2 className="card-title">{t("quick.by")}</h2>}>
        <Form layout="vertical">
          <Form.Item label={t("quick.rules")}>
            <div className="row">
              <Upload
                accept=".yaml,.yml,.json"
                maxCount={1}
                showUploadList={false}
                beforeUpload={(one) => {
                  change(setRules)(one);
                  return Upload.LIST_IGNORE;
                }}
              >
                <Button>{t("quick.chooseRules")}</Button>
              </Upload>
              {rules === undefined ? null : (
                <>
                  <span className="plain">{rules.name}</span>
                  <Button size="small" onClick={() => change(setRules)(undefined)}>
                    {t("quick.noRules")}
                  </Button>
                </>
              )}
            </div>
          </Form.Item>
          {officer.key === "node" ? null : <Alert type="info" showIcon title={t("quick.ownKey")} />}
          <Sources grants={grants} sources={sources} change={change(setSources)} addCells={setCells} cells={cells} />
        </Form>
      </Card>
      <Record cells={cells} change={change(setCells)} />
      <div>
        <Button
          type="primary"
          loading={checking.isPending}
          disabled={isNothing || withoutKey || Object.keys(cells).length === 0}
          onClick={() => checking.mutate()}
        >
          {t("quick.check")}
        </Button>
      </div>
      {checking.error === null ? null : <Failure error={checking.error} />}
      {checking.data === undefined ? null : <CheckedRecord checked={checking.data} grants={grants} />}
    </>
  );
}

interface SourcesProps {
  readonly grants: readonly OwnGrant[];
  /** Grants, each with the columns that name the row. */
  readonly sources: Readonly<Record<string, readonly string[]>>;
  readonly change: (sources: Readonly<Record<string, readonly string[]>>) => void;
  readonly cells: Cells;
  readonly addCells: (cells: Cells) => void;
}

function Sources({ grants, sources, change, cells, addCells }: SourcesProps) {
  const { t } = useWords();
  const names = useDatasetNames();
  const nameOf = ({ state: { dataset, scenario } }: OwnGrant) => `${names.get(dataset) ?? dataset} · ${scenario}`;
  const choose = (ids: readonly string[]) => {
    change(Object.fromEntries(ids.map((id) => [id, sources[id] ?? []])));
    const fields = ids.flatMap((id) => grants.find((grant) => grant.case === id)?.state.grant?.fields ?? []);
    const added = fields.filter((field) => !(field in cells)).slice(0, MOST_COLUMNS - Object.keys(cells).length);
    addCells({ ...cells, ...Object.fromEntries(added.map((field) => [field, ""])) });
  };
  return (
    <>
      <Form.Item label={t("quick.sources")} htmlFor="sources">
        <Select
          id="sources"
          mode="multiple"
          maxCount={MOST_SOURCES}
          value={Object.keys(sources)}
          onChange={choose}
          notFoundContent={t("data.grant.none")}
          options={grants.map((grant) => ({ value: grant.case, label: nameOf(grant) }))}
        />
      </Form.Item>
      {grants
        .filter(({ case: id }) => id in sources)
        .map((grant) => (
          <Form.Item
            key={grant.case}
            label={t("quick.key", { source: nameOf(grant) })}
            htmlFor={`key-${grant.case}`}
            required
          >
            <Select
              id={`key-${grant.case}`}
              mode="multiple"
              value={[...(sources[grant.case] ?? [])]}
              onChange={(by) => change({ ...sources, [grant.case]: by })}
              options={(grant.state.grant?.fields ?? []).map((value) => ({ value, label: value }))}
            />
          </Form.Item>
        ))}
    </>
  );
}

interface RecordProps {
  readonly cells: Cells;
  readonly change: (cells: Cells) => void;
}

/** The record, column by column: a value, an empty text, or none. */
function Record({ cells, change }: RecordProps) {
  const { t } = useWords();
  const [name, setName] = useState("");
  const isNew = name.trim() !== "" && !(name.trim() in cells) && Object.keys(cells).length < MOST_COLUMNS;
  const add = () => {
    if (!isNew) return;
    change({ ...cells, [name.trim()]: "" });
    setName("");
  };
  return (
    <Card title={<h2 className="card-title">{t("quick.record")}</h2>}>
      <Form layout="vertical">
        {Object.entries(cells).map(([column, value]) => (
          <Form.Item key={column} label={<span className="plain">{column}</span>} htmlFor={`cell-${column}`}>
            <div className="row">
              <Input
                className="pick"
                id={`cell-${column}`}
                value={value ?? ""}
                disabled={value === null}
                onChange={({ target }) => change({ ...cells, [column]: target.value })}
              />
              <Checkbox
                checked={value === null}
                onChange={({ target }) => change({ ...cells, [column]: target.checked ? null : "" })}
                aria-label={t("quick.missingOf", { column })}
              >
                {t("quick.missing")}
              </Checkbox>
              <Button
                size="small"
                aria-label={t("quick.removeOf", { column })}
                onClick={() => change(Object.fromEntries(Object.entries(cells).filter(([other]) => other !== column)))}
              >
                {t("quick.remove")}
              </Button>
            </div>
          </Form.Item>
        ))}
        <Form.Item label={t("quick.column")} htmlFor="column">
          <div className="row">
            <Input
              className="pick"
              id="column"
              value={name}
              onChange={({ target }) => setName(target.value)}
              onPressEnter={add}
            />
            <Button disabled={!isNew} onClick={add}>
              {t("quick.add")}
            </Button>
          </div>
        </Form.Item>
      </Form>
    </Card>
  );
}
