import { useQuery } from "@tanstack/react-query";
import type { ConsortiumState } from "@wanlian/model/model-1/consortium/consortium.js";
import type { MemberState } from "@wanlian/model/model-1/member/member.js";
import { timeText } from "@wanlian/words/index.js";
import { Alert, Empty, Table, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { Acts } from "../../parts/case/timeline.tsx";
import { Heading } from "../../parts/heading.tsx";
import { LinkButton } from "../../parts/link-button.tsx";
import { itemsOf, More, useList } from "../../parts/more.tsx";
import { CaseLink, Department, State } from "../../parts/names.tsx";
import { useBeginnings } from "../../session/actions.ts";
import { type CaseDetail, type CaseSummary, callRoute, type FoldedAct, Refusal } from "../../session/api.ts";
import { useReading } from "../../session/ledger.ts";
import { LedgerPlaces } from "./places.tsx";

/** Who belongs, what is being voted on, and how it came to be so. */
export function Consortium() {
  const { t } = useWords();
  const consortium = useQuery({ queryKey: ["case", "consortium", "consortium"], queryFn: consortiumIfAny });
  const acts = useList<FoldedAct>(consortium.data ? "/consortium/acts" : undefined);
  return (
    <>
      <Heading title={t("ledger.consortium")} />
      <div className="stack">
        <LedgerPlaces />
        <Asked query={consortium}>{(found) => <Motions detail={found ?? undefined} />}</Asked>
        <Members />
        <Card title={<h2 className="card-title">{t("case.history")}</h2>}>
          {consortium.data === null ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("ledger.none")} />
          ) : (
            <Asked query={acts}>{(data) => <Acts acts={itemsOf(data)} />}</Asked>
          )}
          <More list={acts} />
        </Card>
      </div>
    </>
  );
}

/** Before the first motion there is no such case. */
async function consortiumIfAny(): Promise<CaseDetail | null> {
  try {
    return await callRoute<CaseDetail>("GET", "/consortium");
  } catch (error) {
    if (error instanceof Refusal && error.code === "NO_SUCH_CASE") return null;
    throw error;
  }
}

function Motions({ detail }: { readonly detail: CaseDetail | undefined }) {
  const { t, words, language } = useWords();
  const beginnings = useBeginnings("consortium");
  const state = detail?.case.state as ConsortiumState | undefined;
  const reading = useReading();
  const motions = (state !== undefined && reading?.motions(state)) || [];
  const actions = [...new Set([...(detail?.actions ?? []), ...(detail === undefined ? beginnings : [])])];
  return (
    <Card title={<h2 className="card-title">{t("ledger.motions")}</h2>}>
      <div className="stack">
        {state !== undefined && reading === undefined ? null : motions.length === 0 ? (
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("ledger.noMotions")} />
        ) : (
          motions.map((motion) => (
            <div className="item" key={motion.number}>
              <div>
                <div className="row">
                  <strong>
                    {t("ledger.motion", {
                      number: motion.number,
                      kind: words.value("kind", motion.kind),
                      subject: motion.subject,
                    })}
                  </strong>
                </div>
                <div className="quiet">
                  <Department id={motion.mover} /> {timeText(motion.moved, language)} ·{" "}
                  {t("ledger.votesNeeded", { count: state?.roster.length ?? 0 })}
                </div>
                <Votes word={words.value("vote", "inFavour")} colour="green" by={motion.inFavour} />
                <Votes word={words.value("vote", "against")} colour="red" by={motion.against} />
              </div>
            </div>
          ))
        )}
        {(state?.awaited ?? []).map(({ department, admitted }) => (
          <Alert
            key={department}
            type="info"
            showIcon
            title={
              <>
                {t("ledger.awaited")} <Department id={department} /> {timeText(admitted, language)}
              </>
            }
          />
        ))}
        <div className="row no-print">
          {actions.map((type) => (
            <LinkButton
              key={type}
              to="/file/$noun/$type/$"
              params={{ noun: "consortium", type, _splat: detail === undefined ? "" : "consortium" }}
            >
              {words.command("consortium", type)}
            </LinkButton>
          ))}
        </div>
      </div>
    </Card>
  );
}

function Votes({
  word,
  colour,
  by,
}: {
  readonly word: string;
  readonly colour: string;
  readonly by: readonly string[];
}) {
  if (by.length === 0) return null;
  return (
    <div className="row">
      <Tag color={colour}>
        {word} {by.length}
      </Tag>
      {by.map((id) => (
        <Department key={id} id={id} />
      ))}
    </div>
  );
}

function Members() {
  const { t, words } = useWords();
  const members = useList<CaseSummary>("/members");
  const held = ({ state }: CaseSummary) => state as MemberState;
  return (
    <Card title={<h2 className="card-title">{t("ledger.members")}</h2>}>
      <Asked query={members}>
        {(data) => (
          <Table<CaseSummary>
            rowKey={(row) => row.case}
            dataSource={itemsOf(data)}
            pagination={false}
            size="small"
            scroll={{ x: "max-content" }}
            columns={[
              {
                title: words.noun("member"),
                key: "member",
                render: (_text, row) => (
                  <CaseLink noun="member" id={row.case}>
                    <Department id={row.case} />
                  </CaseLink>
                ),
              },
              {
                title: words.member("level"),
                key: "level",
                render: (_text, row) => words.value("level", held(row).level),
              },
              {
                title: t("list.state"),
                key: "state",
                render: (_text, row) => <State noun="member" status={row.status} />,
              },
              { title: words.member("head"), key: "head", render: (_text, row) => held(row).head },
              { title: words.member("deputy"), key: "deputy", render: (_text, row) => held(row).deputy },
              {
                title: words.member("stewards"),
                key: "stewards",
                render: (_text, row) => held(row).stewards.join(" "),
              },
            ]}
          />
        )}
      </Asked>
      <More list={members} />
    </Card>
  );
}
