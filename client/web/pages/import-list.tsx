import { useQuery } from "@tanstack/react-query";
import { type CellFault, listTemplate } from "@wanlian/client/sheets/index.js";
import { Alert, Button, Form, Input, Progress, Table, Tag, Upload } from "antd";
import { useState } from "react";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { Card } from "../parts/card.tsx";
import { Failure } from "../parts/failure.tsx";
import { Heading } from "../parts/heading.tsx";
import { CaseLink } from "../parts/names.tsx";
import { saveAs } from "../session/access.ts";
import { type NounTable, useLegalBases, useModel } from "../session/ledger.ts";
import { type DryRun, dryRun, fileStep, type Work, wouldCount } from "../session/lists.ts";
import { useOfficer } from "../session/session.tsx";

/** What became of one dataset of the list so far. */
type Outcome =
  | { readonly $case: "allowed" }
  | { readonly $case: "refused"; readonly error: unknown }
  | { readonly $case: "filed"; readonly block: number };

/** A department's responsibility list: read here, tried against the rules, and filed only once all of it is good. */
export function ImportList() {
  const { t } = useWords();
  const model = useModel();
  const [chosen, setChosen] = useState<File>();
  const [changes, setChanges] = useState(() => t("list.import.changesDefault"));
  return (
    <>
      <Heading title={t("list.import")} />
      <div className="stack">
        <Card>
          <div className="stack">
            <Upload.Dragger
              accept=".csv,.xlsx"
              maxCount={1}
              showUploadList={false}
              beforeUpload={(file) => {
                setChosen(file);
                return Upload.LIST_IGNORE;
              }}
            >
              <p>{t("list.import.drop")}</p>
            </Upload.Dragger>
            <Form layout="vertical">
              <Form.Item label={t("list.import.changes")} htmlFor="changes">
                <Input
                  id="changes"
                  maxLength={300}
                  value={changes}
                  onChange={({ target }) => setChanges(target.value)}
                />
              </Form.Item>
            </Form>
            <div>
              <Button
                onClick={() => saveAs(new Blob([listTemplate()], { type: "text/csv" }), "responsibility-list.csv")}
              >
                {t("list.import.template")}
              </Button>
            </div>
          </div>
        </Card>
        {chosen === undefined ? null : (
          <Asked query={model}>
            {(nouns) => {
              const table = nouns.get("dataset");
              return table === undefined ? null : <Tried file={chosen} table={table} changes={changes} />;
            }}
          </Asked>
        )}
      </div>
    </>
  );
}

interface Wanted {
  readonly file: File;
  readonly table: NounTable;
  readonly changes: string;
}

function Tried({ file, table, changes }: Wanted) {
  const { department } = useOfficer();
  const bases = useLegalBases();
  const name = [file.name, file.size, file.lastModified, changes, bases.length].join("/");
  const tried = useQuery({
    queryKey: ["import", name],
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
    queryFn: async () => dryRun(new Uint8Array(await file.arrayBuffer()), { table, department, bases, changes }),
  });
  return (
    <Asked query={tried}>
      {(found) => (found.faults.length > 0 ? <Faults faults={found.faults} /> : <Plan key={name} found={found} />)}
    </Asked>
  );
}

function Faults({ faults }: { readonly faults: readonly CellFault[] }) {
  const { t, language } = useWords();
  return (
    <Card>
      <div className="stack">
        <Alert type="error" showIcon role="alert" title={t("list.import.faults", { count: faults.length })} />
        <Table<CellFault>
          rowKey={({ cell, reason }) => `${cell} ${reason.en}`}
          dataSource={[...faults]}
          size="small"
          pagination={{ pageSize: 50, hideOnSinglePage: true }}
          scroll={{ x: "max-content" }}
          columns={[
            { title: t("list.import.cell"), key: "cell", render: (_text, { cell }) => <strong>{cell}</strong> },
            {
              title: t("list.import.value"),
              key: "value",
              render: (_text, { value }) => <span className="plain">{value === "" ? "—" : value}</span>,
            },
            { title: t("list.import.reason"), key: "reason", render: (_text, { reason }) => reason[language] },
          ]}
        />
      </div>
    </Card>
  );
}

function Plan({ found }: { readonly found: DryRun }) {
  const { t } = useWords();
  const officer = useOfficer();
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [isFiling, setFiling] = useState(false);
  const [stoppedAt, setStoppedAt] = useState<number>();
  const settle = (code: string, outcome: Outcome) => setOutcomes((known) => new Map(known).set(code, outcome));
  const toDo = found.work.filter(({ decision }) => decision !== undefined);
  const tried = useQuery({
    queryKey: ["import-tried", found],
    staleTime: Infinity,
    gcTime: 0,
    queryFn: async () => {
      const verdicts = await Promise.all(toDo.map((work) => tryStep(work, settle)));
      return verdicts.every((isAllowed) => isAllowed);
    },
  });
  const isFiled = ({ step }: Work) => outcomes.get(step.listed.code)?.$case === "filed";
  const left = toDo.filter((work) => !isFiled(work));
  const fileAll = async () => {
    setFiling(true);
    setStoppedAt(undefined);
    for (const work of left) {
      if (await fileOne(work, officer.key, settle)) continue;
      setStoppedAt(found.work.indexOf(work) + 1);
      break;
    }
    setFiling(false);
  };
  if (toDo.length === 0) return <Alert type="success" showIcon title={t("list.import.nothing")} />;
  const filed = toDo.length - left.length;
  return (
    <Card title={<h2 className="card-title">{t("list.import.plan")}</h2>}>
      <div className="stack">
        <Steps work={found.work} outcomes={outcomes} />
        {filed === 0 ? null : (
          <Progress percent={Math.round((filed / toDo.length) * 100)} aria-label={t("list.import.outcome")} />
        )}
        {stoppedAt === undefined ? null : (
          <Alert type="error" showIcon role="alert" title={t("list.import.stopped", { at: stoppedAt })} />
        )}
        {left.length === 0 ? (
          <Alert type="success" showIcon role="status" title={t("list.import.done")} />
        ) : (
          <>
            <Alert type="warning" showIcon title={t("file.final")} />
            <div>
              <Button type="primary" disabled={tried.data !== true} loading={isFiling} onClick={() => void fileAll()}>
                {filed === 0
                  ? t("list.import.file", { count: left.length })
                  : t("list.import.goOn", { count: left.length })}
              </Button>
            </div>
          </>
        )}
      </div>
    </Card>
  );
}

type Settle = (code: string, outcome: Outcome) => void;

async function tryStep({ step, decision }: Work, settle: Settle): Promise<boolean> {
  if (decision === undefined) return true;
  try {
    await wouldCount(decision);
    settle(step.listed.code, { $case: "allowed" });
    return true;
  } catch (error) {
    settle(step.listed.code, { $case: "refused", error });
    return false;
  }
}

/** One after the other, so that what went through is known wherever it stops. */
async function fileOne({ step, decision }: Work, holder: "node" | "browser", settle: Settle): Promise<boolean> {
  if (decision === undefined) return true;
  try {
    const { act } = await fileStep(decision, holder);
    if (act === undefined) return false;
    settle(step.listed.code, { $case: "filed", block: act.block });
    return true;
  } catch (error) {
    settle(step.listed.code, { $case: "refused", error });
    return false;
  }
}

const KIND_COLOURS = { register: "green", revise: "blue", unchanged: "default" } as const;

function Steps({
  work,
  outcomes,
}: {
  readonly work: readonly Work[];
  readonly outcomes: ReadonlyMap<string, Outcome>;
}) {
  const { t, words } = useWords();
  const { department } = useOfficer();
  return (
    <Table<Work>
      rowKey={({ step }) => step.listed.code}
      dataSource={[...work]}
      size="small"
      pagination={{ pageSize: 50, hideOnSinglePage: true }}
      scroll={{ x: "max-content" }}
      columns={[
        { title: words.member("code"), key: "code", render: (_text, { step }) => step.listed.code },
        {
          title: words.member("name"),
          key: "name",
          render: (_text, { step }) => <span className="plain">{step.listed.name}</span>,
        },
        {
          title: words.member("fields"),
          key: "fields",
          align: "right",
          render: (_text, { step }) => step.listed.entry.fields.length,
        },
        {
          title: words.member("share"),
          key: "share",
          render: (_text, { step }) => words.value("share", step.listed.entry.share.class),
        },
        {
          title: t("list.import.what"),
          key: "what",
          render: (_text, { step }) => <Tag color={KIND_COLOURS[step.$case]}>{t(`list.import.${step.$case}`)}</Tag>,
        },
        {
          title: t("list.import.outcome"),
          key: "outcome",
          render: (_text, { step, decision }) =>
            decision === undefined ? (
              "—"
            ) : (
              <Reached outcome={outcomes.get(step.listed.code)} id={`${department}/${step.listed.code}`} />
            ),
        },
      ]}
    />
  );
}

function Reached({ outcome, id }: { readonly outcome: Outcome | undefined; readonly id: string }) {
  const { t } = useWords();
  switch (outcome?.$case) {
    case undefined:
      return <span className="quiet">{t("list.import.checking")}</span>;
    case "allowed":
      return <>{t("list.import.allowed")}</>;
    case "refused":
      return <Failure error={outcome.error} />;
    case "filed":
      return (
        <CaseLink noun="dataset" id={id}>
          {t("file.done", { block: outcome.block })}
        </CaseLink>
      );
  }
}
