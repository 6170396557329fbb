import { type InfiniteData, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { beginning, timeText } from "@wanlian/words/index.js";
import { Alert, Button, Tag } from "antd";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { Card } from "../parts/card.tsx";
import { Actions } from "../parts/case/actions.tsx";
import { Due } from "../parts/case/due.tsx";
import { KnownCase } from "../parts/case/known-case.tsx";
import { inReadingOrder } from "../parts/case/reading-order.ts";
import { QualityReport } from "../parts/case/report.tsx";
import { Subject, useSubject } from "../parts/case/subject.tsx";
import { Texts } from "../parts/case/texts.tsx";
import { Acts } from "../parts/case/timeline.tsx";
import { Heading } from "../parts/heading.tsx";
import { LinkButton } from "../parts/link-button.tsx";
import { itemsOf, More, useList } from "../parts/more.tsx";
import { CaseLink, Department, State } from "../parts/names.tsx";
import { Value } from "../parts/value.tsx";
import { useBeginnings } from "../session/actions.ts";
import { type CaseDetail, callRoute, type FoldedAct } from "../session/api.ts";
import { caseAddress, type NounTable, type Page, useModel } from "../session/ledger.ts";
import { CaseList } from "./case-list.tsx";
import { DatasetParts } from "./dataset/dataset.tsx";
import { Matches } from "./matching/matches.tsx";
import { IncidentParts } from "./oversight/incident.tsx";

/** One case: where it stands, what is due, what may be done, and everything that happened. */
export function Case() {
  const { noun = "", _splat: id = "" } = useParams({ strict: false });
  const model = useModel();
  if (id === "") return <CaseList />;
  return (
    <Asked query={model}>
      {(nouns) => {
        const table = nouns.get(noun);
        return table === undefined ? null : <Known table={table} id={id} />;
      }}
    </Asked>
  );
}

function Known({ table, id }: { readonly table: NounTable; readonly id: string }) {
  const address = caseAddress(table, id);
  const found = useQuery({
    queryKey: ["case", table.name, id],
    queryFn: () => callRoute<CaseDetail>("GET", address),
  });
  return <Asked query={found}>{(detail) => <Shown detail={detail} table={table} address={address} />}</Asked>;
}

function Shown({
  detail,
  table,
  address,
}: {
  readonly detail: CaseDetail;
  readonly table: NounTable;
  readonly address: string;
}) {
  const { t, words } = useWords();
  const subject = useSubject();
  const { noun, case: id, status, state } = detail.case;
  // What later acts can say anew, the first one does not tell.
  const canRevise = table.identity !== "transaction";
  const history = useList<FoldedAct>(`${address}/acts`);
  const content = Object.fromEntries(
    inReadingOrder(Object.entries({ ...(canRevise ? {} : saidInWords(history.data, state)), ...contentOf(state) })),
  );
  return (
    <>
      <Heading className="row" title={`${beginning(words.noun(noun))} ${subject(noun, id, state)}`}>
        <Subject noun={noun} id={id} state={state} /> <State noun={noun} status={status} />
      </Heading>
      <div className="stack">
        <div className="row no-print">
          {detail.actions.length === 0 ? (
            <span className="quiet">{t("case.mayNothing")}</span>
          ) : (
            <Actions noun={noun} id={id} actions={detail.actions} />
          )}
          <Correcting detail={detail} />
          <LinkButton to="/trace" search={{ what: `${noun}/${id}` } as never}>
            {t("case.trace")}
          </LinkButton>
          <LinkButton to="/trace/as-of" search={{ noun, case: id } as never}>
            {t("past.asOf")}
          </LinkButton>
          {noun === "release" || noun === "product" ? (
            <LinkButton to="/lineage/$release" params={{ release: id }}>
              {t("lineage.title")}
            </LinkButton>
          ) : null}
          <Button onClick={() => print()}>{t("case.print")}</Button>
        </div>
        {detail.deadlines.length === 0 ? null : <Deadlines detail={detail} />}
        {noun === "dataset" ? <DatasetParts id={id} entry={Reflect.get(detail, "entry")} /> : null}
        {noun === "dataset" ? null : (
          <Card title={<h2 className="card-title">{t("case.content")}</h2>}>
            <Value member="" value={content} />
          </Card>
        )}
        {noun === "demand" ? (
          <Matches id={id} state={state} published={history.data?.pages[0]?.items[0]} actions={detail.actions} />
        ) : null}
        {noun === "assessment" ? <QualityReport id={id} /> : null}
        {noun === "incident" ? <IncidentParts id={id} state={state} /> : null}
        {table.identity === "single" ? null : <Texts noun={noun} id={id} />}
        <References detail={detail} />
        <Card title={<h2 className="card-title">{t("case.history")}</h2>}>
          <Asked query={history}>{(data) => <Acts acts={itemsOf(data)} />}</Asked>
          <More list={history} />
        </Card>
      </div>
    </>
  );
}

/** What was found wrong is corrected by a new release, which says so: one click from the objection. */
function Correcting({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useWords();
  const beginnings = useBeginnings("release");
  const { noun, case: id } = detail.case;
  if (noun !== "objection" || !detail.actions.includes("correct") || !beginnings.includes("register")) return null;
  const { dataset, release } = Object(detail.case.state);
  return (
    <LinkButton
      to="/file/$noun/$type"
      params={{ noun: "release", type: "register" }}
      search={{ dataset, revises: release, objection: id } as never}
    >
      {t("case.correcting")}
    </LinkButton>
  );
}

/** What stands above already is not told again, nor what only the rules count by. */
function contentOf(state: unknown): object {
  const { deadlines: _above, recent: _lately, times, ...content } = Object(state);
  const taken = Object.entries(Object(times)).filter(([, count]) => count !== 0);
  return { ...content, ...(taken.length === 0 ? {} : { times: Object.fromEntries(taken) }) };
}

/** What its first act says and the rules do not keep: an objection's rows and fields, the duty behind an application. */
function saidInWords(history: InfiniteData<Page<FoldedAct>> | undefined, state: unknown): object {
  const [first] = history?.pages[0]?.items ?? [];
  const kept = { ...Object(state), ...Object(Reflect.get(Object(state), "wish")) };
  // A text is shown as such, with the mark that it matches its digest.
  const isText = (value: unknown) =>
    typeof value === "object" && value !== null && "digest" in value && Object.keys(value).length === 1;
  return Object.fromEntries(
    Object.entries(Object(first?.body)).filter(([member, value]) => !(member in kept) && !isText(value)),
  );
}

function Deadlines({ detail }: { readonly detail: CaseDetail }) {
  const { t, words, language } = useWords();
  return (
    <Card title={<h2 className="card-title">{t("case.deadlines")}</h2>}>
      {detail.deadlines.map((deadline) => (
        <div className="item" key={deadline.kind}>
          <div className="row">
            <strong>{beginning(words.deadline(deadline.kind))}</strong>
            <Department id={deadline.owner} />
          </div>
          {deadline.ended === undefined ? (
            <Due deadline={deadline} />
          ) : (
            <span>
              <Tag color={deadline.ended <= deadline.due ? "green" : "red"}>
                {t(deadline.ended <= deadline.due ? "case.metInTime" : "case.metLate")}
              </Tag>
              <span className="quiet">{timeText(deadline.ended, language)}</span>
            </span>
          )}
        </div>
      ))}
    </Card>
  );
}

/** So many cases are named as people know them; a case that thousands refer to has a page that tells of them. */
const MOST_NAMED = 20;

function References({ detail }: { readonly detail: CaseDetail }) {
  const { t } = useWords();
  const groups = [
    { title: t("case.references"), cases: detail.references, isCut: false },
    { title: t("case.referredToBy"), cases: detail.referredToBy, isCut: detail.moreReferring },
  ].filter(({ cases }) => cases.length > 0);
  return groups.map(({ title, cases, isCut }) => (
    <Card key={title} title={<h2 className="card-title">{title}</h2>}>
      {isCut ? <Alert type="info" showIcon title={t("case.moreReferring", { count: cases.length })} /> : null}
      <div className="row">
        {cases.map(({ noun, case: id }, at) =>
          at < MOST_NAMED ? (
            <KnownCase key={`${noun}/${id}`} noun={noun} id={id} />
          ) : (
            <CaseLink key={`${noun}/${id}`} noun={noun} id={id} />
          ),
        )}
      </div>
    </Card>
  ));
}
