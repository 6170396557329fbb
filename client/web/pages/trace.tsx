import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Alert, Empty, Input, Upload } from "antd";
import { type ReactNode, useState } from "react";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { Card } from "../parts/card.tsx";
import { Relations } from "../parts/case/relations.tsx";
import { Subject } from "../parts/case/subject.tsx";
import { Acts } from "../parts/case/timeline.tsx";
import { Heading } from "../parts/heading.tsx";
import { LinkButton } from "../parts/link-button.tsx";
import { itemsOf, More, useList } from "../parts/more.tsx";
import { shortId } from "../parts/names.tsx";
import { CellSearch } from "../parts/proof/cell-search.tsx";
import { FileFound } from "../parts/proof/file-found.tsx";
import { FoundRecord, foundOr } from "../parts/proof/found-record.tsx";
import { KeptCells } from "../parts/proof/kept-cells.tsx";
import { type AskedQuestion, TakeHome } from "../parts/proof/take-home.tsx";
import { answered, api, type CaseSummary, callRoute, type FoldedAct } from "../session/api.ts";
import type { CaseName } from "../session/graph.ts";
import { caseAddress, type Page, useDatasetNames, useDepartments, useModel } from "../session/ledger.ts";
import { useOfficer } from "../session/session.tsx";

const HEX = /^[0-9a-f]{64}$/i;
const BEGINNING = /^[0-9a-f]{6,63}$/i;
/** Whoever finds more has to type more. */
const MOST_BEGINNINGS = 5;
const DATASET = /^([A-Za-z0-9.-]+)\/([A-Za-z0-9-]+)$/;
const OFFICER_NUMBER = /^[A-Za-z0-9._@-]+$/;

/** One search box for everything that happened, and any file found by its digest or checked as evidence, here. */
export function Trace() {
  const { t } = useWords();
  const navigate = useNavigate();
  const search: { readonly what?: unknown } = useSearch({ strict: false });
  const sought = typeof search.what === "string" ? search.what : "";
  const [file, setFile] = useState<File>();
  return (
    <>
      <Heading title={sought === "" ? t("trace.title") : `${t("trace.title")} ${sought}`}>{t("trace.title")}</Heading>
      <div className="stack">
        <Input.Search
          key={sought}
          allowClear
          size="large"
          defaultValue={sought}
          aria-label={t("trace.what")}
          placeholder={t("trace.what")}
          onSearch={(text) => void navigate({ to: "/trace", search: { what: text.trim() } as never })}
        />
        <div className="row no-print">
          <LinkButton to="/trace/as-of">{t("past.asOf")}</LinkButton>
          <LinkButton to="/trace/changes">{t("past.changes")}</LinkButton>
        </div>
        {sought === "" ? null : <Found key={`found ${sought}`} sought={sought} />}
        <Card title={<h2 className="card-title">{t("trace.file")}</h2>}>
          <div className="stack">
            <Upload.Dragger
              maxCount={1}
              showUploadList={false}
              beforeUpload={(chosen) => {
                setFile(chosen);
                return Upload.LIST_IGNORE;
              }}
            >
              <p>{t("trace.file.drop")}</p>
            </Upload.Dragger>
            {file === undefined ? null : (
              <FileFound key={`${file.name} ${file.lastModified} ${file.size}`} file={file} />
            )}
          </div>
        </Card>
        <Card title={<h2 className="card-title">{t("trace.kept")}</h2>}>
          <KeptCells digest={HEX.test(sought) ? sought.toLowerCase() : undefined} />
        </Card>
      </div>
    </>
  );
}

/** What the words can mean, the most exact first. */
function Found({ sought }: { readonly sought: string }) {
  const { department: own } = useOfficer();
  const departments = useDepartments();
  const datasets = useDatasetNames();
  const model = useModel();
  const [noun = "", ...rest] = sought.split("/");
  if (HEX.test(sought)) return <Numbered id={sought.toLowerCase()} />;
  if (BEGINNING.test(sought))
    return <Beginning typed={sought.toLowerCase()} other={<Officer of={own} number={sought} />} />;
  if (model.data?.has(noun) === true && rest.length > 0) return <OfCase name={{ noun, case: rest.join("/") }} />;
  const dataset = [...datasets].find(([id, name]) => id === sought || name === sought)?.[0];
  if (dataset !== undefined || DATASET.test(sought)) return <OfDataset id={dataset ?? sought} />;
  const named = (words: string) => [...departments].find(([id, name]) => id === words || name === words)?.[0];
  const department = named(sought);
  if (department !== undefined)
    return <Timeline path={`/trace/departments/${department}`} question={{ kind: "author", department }} />;
  const [, first = "", officer = ""] = /^(.+?)\s+(\S+)$/.exec(sought) ?? [];
  const of = first === "" ? own : (named(first) ?? first);
  const number = officer || sought;
  if (!OFFICER_NUMBER.test(number)) return <Nothing />;
  return <Officer of={of} number={number} />;
}

function Officer({ of, number }: { readonly of: string; readonly number: string }) {
  const path = `/trace/departments/${encodeURIComponent(of)}/officers/${encodeURIComponent(number)}`;
  return <Timeline path={path} question={{ kind: "author", department: of, officer: number }} />;
}

/** What was typed of an id can begin more than one, and an officer's number can look like it. */
function Beginning({ typed, other }: { readonly typed: string; readonly other: ReactNode }) {
  const { t } = useWords();
  const model = useModel().data;
  const found = useQuery({
    queryKey: ["begins", typed],
    enabled: model !== undefined,
    queryFn: async () => {
      const nouns = [...(model?.values() ?? [])].filter(({ identity }) => identity === "transaction");
      const pages = await Promise.all(
        nouns.map(({ collection }) =>
          callRoute<Page<CaseSummary>>("GET", `${collection}?begins=${typed}&limit=${MOST_BEGINNINGS}`),
        ),
      );
      return pages.flatMap(({ items }) => items);
    },
  });
  return (
    <Asked query={found}>
      {(cases) => {
        const [only] = cases;
        if (only === undefined) return other;
        if (cases.length === 1) return <OfCase name={only} />;
        return (
          <Card title={<h2 className="card-title">{t("trace.beginning")}</h2>}>
            {cases.map((one) => (
              <div className="item" key={one.case}>
                <Subject noun={one.noun} id={one.case} state={one.state} />
                <code>{shortId(one.case)}</code>
              </div>
            ))}
          </Card>
        );
      }}
    </Asked>
  );
}

function OfDataset({ id }: { readonly id: string }) {
  const [provider = "", code = ""] = id.split("/").map(encodeURIComponent);
  return (
    <>
      <Timeline
        path={`/trace/datasets/${provider}/${code}`}
        question={{ kind: "history", noun: "dataset", case: id }}
      />
      <Relations root={{ noun: "dataset", case: id }} />
    </>
  );
}

function OfCase({ name }: { readonly name: CaseName }) {
  const table = useModel().data?.get(name.noun);
  if (table === undefined) return <Nothing />;
  if (name.noun === "dataset") return <OfDataset id={name.case} />;
  return (
    <>
      <Timeline path={`${caseAddress(table, name.case)}/acts`} question={{ kind: "history", ...name }} />
      <Relations root={name} />
    </>
  );
}

/** A number can be a transaction, the case that began with it, a digest that acts state, or an access record. */
function Numbered({ id }: { readonly id: string }) {
  const { t } = useWords();
  const acts = useQuery({
    queryKey: ["number", id],
    retry: false,
    queryFn: async () => {
      const [transaction, stating] = await Promise.all([
        foundOr(answered(api.GET("/transactions/{id}", { params: { path: { id } } }))),
        callRoute<Page<FoldedAct>>("GET", `/trace/digests/${id}?limit=${MOST_STATING}`),
      ]);
      return { appearances: transaction?.appearances ?? [], stating };
    },
  });
  return (
    <Asked query={acts}>
      {({ appearances, stating }) => {
        const own = appearances.flatMap((one) => one.acts ?? []);
        const begun = own.find((act) => act.case === id && act.counted);
        return (
          <>
            {appearances.map(({ block, transaction, acts: made = [] }) => (
              <Card
                key={`${block}.${transaction}`}
                title={<h2 className="card-title">{t("trace.transaction", { block })}</h2>}
              >
                {made.length === 0 ? <p>{t("trace.transaction.noAct")}</p> : <Acts acts={made} withCase="withCase" />}
              </Card>
            ))}
            {stating.items.length === 0 ? null : (
              <Card
                title={<h2 className="card-title">{t("trace.stating")}</h2>}
                extra={<TakeHome question={{ kind: "digest", digest: id }} />}
              >
                <Acts acts={stating.items} withCase="withCase" />
                {stating.next === undefined ? null : (
                  <Alert type="info" showIcon title={t("trace.stating.more", { count: stating.items.length })} />
                )}
              </Card>
            )}
            <FoundRecord id={id} otherwise={own.length + stating.items.length > 0 ? null : <Nothing />} />
            {own.length > 0 ? null : <CellSearch digest={id} />}
            {begun === undefined ? null : <Relations root={begun} />}
          </>
        );
      }}
    </Asked>
  );
}

/** Acts that state one number; a legal basis can be stated by any number of them. */
const MOST_STATING = 100;

/** Acts, and the button that takes the same home: of a case with all that refers to it. */
function Timeline({ path, question }: { readonly path: string; readonly question: AskedQuestion }) {
  const { t } = useWords();
  const list = useList<FoldedAct>(path);
  return (
    <Card title={<h2 className="card-title">{t("trace.timeline")}</h2>} extra={<TakeHome question={question} />}>
      <Asked query={list}>
        {(data) => (itemsOf(data).length === 0 ? <Nothing /> : <Acts acts={itemsOf(data)} withCase="withCase" />)}
      </Asked>
      <More list={list} />
    </Card>
  );
}

function Nothing() {
  const { t } = useWords();
  return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("trace.none")} />;
}
