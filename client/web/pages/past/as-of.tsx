import { useQuery } from "@tanstack/react-query";
import { beginning, timeText } from "@wanlian/words/index.js";
import { Alert, Descriptions, Empty, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { Subject, useSubject } from "../../parts/case/subject.tsx";
import { Acts } from "../../parts/case/timeline.tsx";
import { Heading } from "../../parts/heading.tsx";
import { LinkButton } from "../../parts/link-button.tsx";
import { itemsOf, More, useList } from "../../parts/more.tsx";
import { CaseLink, Department, State } from "../../parts/names.tsx";
import { type AskedQuestion, TakeHome } from "../../parts/proof/take-home.tsx";
import { Value } from "../../parts/value.tsx";
import { callRoute, type FoldedAct, type Schemas } from "../../session/api.ts";
import { type AskedPast, PastForm, useAskedPast } from "./asked-past.tsx";

type CaseAt = Schemas["CaseAt"];

interface Reached {
  readonly block: number;
  readonly time: string;
}

/** What was known and in force at a time: the rules and members, the cases of a noun, or one case. */
export function AsOf() {
  const { t, words } = useWords();
  const asked = useAskedPast();
  const { at, noun, case: id } = asked;
  const subject = useSubject();
  const about = noun === undefined || id === undefined ? id : subject(noun, id, undefined);
  const title = [t("past.asOf"), at, noun === undefined ? undefined : words.noun(noun), about]
    .filter(Boolean)
    .join(" ");
  return (
    <>
      <Heading title={title} />
      <div className="stack">
        <PastForm to="/trace/as-of" asked={asked} times={["at"]} withoutNoun={t("past.channel")} />
        {noun === undefined ? (
          <Channel at={at} />
        ) : id === undefined ? (
          <Cases at={at} noun={noun} />
        ) : (
          <OneCase at={at} noun={noun} id={id} />
        )}
      </div>
    </>
  );
}

const queryOf = (asked: AskedPast): string =>
  String(new URLSearchParams(Object.entries(asked).filter((entry): entry is [string, string] => Boolean(entry[1]))));

const questionOf = (asked: AskedPast): AskedQuestion => ({
  kind: "asOf",
  ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value)),
});

function Reached({ at }: { readonly at: Reached }) {
  const { t, language } = useWords();
  const time = at.time === "" ? "—" : timeText(at.time, language);
  return <Alert type="info" showIcon title={t("past.reached", { block: at.block, time })} />;
}

function Channel({ at }: { readonly at: string | undefined }) {
  const { t, words, language } = useWords();
  const found = useQuery({
    queryKey: ["as-of", at],
    queryFn: () =>
      callRoute<{ readonly at: Reached; readonly policy: Record<string, unknown>; readonly members: string[] }>(
        "GET",
        `/as-of?${queryOf({ ...(at && { at }) })}`,
      ),
  });
  return (
    <Asked query={found}>
      {({ at: reached, policy, members }) => (
        <>
          <Reached at={reached} />
          <Card
            title={<h2 className="card-title">{t("past.channel")}</h2>}
            extra={<TakeHome question={questionOf({ ...(at && { at }), noun: "policy", case: "policy" })} />}
          >
            <Descriptions
              column={1}
              size="small"
              items={[
                { key: "policy", label: t("past.policy"), children: t("past.act", { number: Number(policy.act) }) },
                { key: "since", label: t("past.since"), children: timeText(String(policy.from), language) },
                { key: "bureau", label: words.member("bureau"), children: <Department id={String(policy.bureau)} /> },
                {
                  key: "purposes",
                  label: words.member("purposes"),
                  children: <Value member="purposes" value={policy.purposes} />,
                },
                {
                  key: "deadlines",
                  label: words.member("deadlines"),
                  children: <Value member="deadlines" value={policy.deadlines} />,
                },
                {
                  key: "members",
                  label: t("past.members", { count: members.length }),
                  children: <Value member="departments" value={members} />,
                },
              ]}
            />
          </Card>
        </>
      )}
    </Asked>
  );
}

function Cases({ at, noun }: { readonly at: string | undefined; readonly noun: string }) {
  const { t, words } = useWords();
  const list = useList<CaseAt>("/as-of/cases", { at, noun });
  return (
    <Card title={<h2 className="card-title">{beginning(words.noun(noun))}</h2>}>
      <Asked query={list}>
        {(data) => {
          const cases = itemsOf(data);
          if (cases.length === 0) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("past.none")} />;
          return cases.map(({ case: id, status, state }) => (
            <div className="item" key={id}>
              <Subject noun={noun} id={id} state={state} />
              <span className="row">
                <State noun={noun} status={status} />
                <LinkButton
                  size="small"
                  to="/trace/as-of"
                  search={{ ...(at && { at }), noun, case: id } as never}
                  aria-label={`${t("past.show")} ${id}`}
                >
                  {t("past.show")}
                </LinkButton>
              </span>
            </div>
          ));
        }}
      </Asked>
      <More list={list} />
    </Card>
  );
}

interface CaseThen {
  readonly at: Reached;
  readonly case: CaseAt;
  readonly lastAct: FoldedAct;
  readonly entry?: unknown;
  readonly inForce?: boolean;
  readonly openObjections?: readonly string[];
}

function OneCase({ at, noun, id }: { readonly at: string | undefined; readonly noun: string; readonly id: string }) {
  const { t } = useWords();
  const asked = { ...(at && { at }), noun, case: id };
  const found = useQuery({
    queryKey: ["as-of", at, noun, id],
    retry: false,
    queryFn: () => callRoute<CaseThen>("GET", `/as-of/case?${queryOf(asked)}`),
  });
  return (
    <Asked query={found}>
      {({ at: reached, case: then, lastAct, entry, inForce, openObjections }) => (
        <>
          <Reached at={reached} />
          <Card
            title={
              <h2 className="card-title row">
                <Subject noun={noun} id={id} state={then.state} /> <State noun={noun} status={then.status} />
                {inForce === undefined ? null : (
                  <Tag color={inForce ? "green" : "default"}>{t(inForce ? "past.inForce" : "past.notInForce")}</Tag>
                )}
              </h2>
            }
            extra={<TakeHome question={questionOf(asked)} />}
          >
            <div className="stack">
              {openObjections === undefined ? null : openObjections.length === 0 ? (
                <p>{t("past.openObjections.none")}</p>
              ) : (
                <div className="row">
                  {t("past.openObjections")}
                  {openObjections.map((one) => (
                    <CaseLink key={one} noun="objection" id={one} />
                  ))}
                </div>
              )}
              <Value member="" value={entry ?? contentOf(then.state)} />
            </div>
          </Card>
          <Card title={<h2 className="card-title">{t("past.lastAct")}</h2>}>
            <Acts acts={[lastAct]} />
          </Card>
        </>
      )}
    </Asked>
  );
}

/** Without what only the rules count by. */
function contentOf(state: unknown): object {
  const { recent: _lately, times: _taken, ...content } = Object(state);
  return content;
}
