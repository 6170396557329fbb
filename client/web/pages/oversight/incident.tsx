import { useQuery } from "@tanstack/react-query";
import { timeText } from "@wanlian/words/index.js";
import { Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { Card } from "../../parts/card.tsx";
import { LinkButton } from "../../parts/link-button.tsx";
import { CaseLink, Department, State } from "../../parts/names.tsx";
import { type CaseDetail, callRoute } from "../../session/api.ts";
import { caseAddress, useModel } from "../../session/ledger.ts";

/** What of an incident is looked at here. */
interface Incident {
  readonly author: string;
  readonly concerned?: string;
  readonly provider?: string;
  readonly responsible?: string;
  readonly grant?: string;
}

interface Restraint {
  readonly author: string;
  readonly reach: "own" | "all";
  readonly incident: string;
  readonly officer?: string;
  readonly company?: string;
  readonly from: string;
}

/** Whom it concerns, what stops the use at once, and what of that stands. */
export function IncidentParts({ id, state }: { readonly id: string; readonly state: unknown }) {
  const { t } = useWords();
  const incident = Object(state) as Incident;
  const grant = useCase("application", incident.grant);
  const { provider, consumer } = Object(grant?.case.state);
  const concerned = incident.concerned ?? (typeof consumer === "string" ? consumer : undefined);
  return (
    <>
      <Card title={<h2 className="card-title">{t("incident.concerned")}</h2>}>
        <div className="row">
          <Party word="incident.reporter" id={incident.author} />
          <Party word="incident.about" id={concerned} />
          <Party word="incident.provider" id={incident.provider ?? provider} />
          <Party word="incident.responsible" id={incident.responsible} />
        </div>
      </Card>
      <Card title={<h2 className="card-title">{t("incident.contain")}</h2>}>
        <p className="quiet">{t("incident.contain.about")}</p>
        {grant === undefined ? null : <Grant incident={id} grant={grant} />}
        {concerned === undefined ? (
          <span className="quiet">{t("incident.nobody")}</span>
        ) : (
          <People incident={id} department={concerned} grant={incident.grant} />
        )}
      </Card>
    </>
  );
}

type PartyWord = "incident.reporter" | "incident.about" | "incident.provider" | "incident.responsible";

function Party({ word, id }: { readonly word: PartyWord; readonly id: unknown }) {
  const { t } = useWords();
  if (typeof id !== "string") return null;
  return (
    <span>
      <span className="quiet">{t(word)}</span> <Department id={id} />
    </span>
  );
}

/** A case with what the officer may do about it now; undefined until it is here, or where none is named. */
function useCase(noun: string, id: string | undefined): CaseDetail | undefined {
  const table = useModel().data?.get(noun);
  const found = useQuery({
    queryKey: ["case", noun, id],
    enabled: table !== undefined && id !== undefined,
    queryFn: () => callRoute<CaseDetail>("GET", caseAddress(table ?? NO_TABLE, id ?? "")),
  });
  return found.data;
}

const NO_TABLE = { name: "", identity: "single", statuses: [], collection: "", route: "", commands: [] } as const;

function Grant({ incident, grant }: { readonly incident: string; readonly grant: CaseDetail }) {
  const { words } = useWords();
  const { case: id, status } = grant.case;
  const offered = grant.actions.filter((type) => ["suspend", "resume", "revoke"].includes(type));
  return (
    <div className="item">
      <div className="row">
        <CaseLink noun="application" id={id} />
        <State noun="application" status={status} />
      </div>
      <div className="row no-print">
        {offered.map((type) => (
          <LinkButton
            key={type}
            to="/file/$noun/$type/$"
            params={{ noun: "application", type, _splat: id }}
            search={(type === "suspend" ? { incident } : {}) as never}
          >
            {words.command("application", type)}
          </LinkButton>
        ))}
      </div>
    </div>
  );
}

/** Officers, machines and operator companies of the department that are restrained for it. */
function People({
  incident,
  department,
  grant,
}: {
  readonly incident: string;
  readonly department: string;
  readonly grant: string | undefined;
}) {
  const { t, words, language } = useWords();
  const member = useCase("member", department);
  if (member === undefined) return null;
  const all: unknown = Reflect.get(Object(member.case.state), "restraints");
  const restraints = (Array.isArray(all) ? (all as readonly Restraint[]) : []).filter(
    (one) => one.incident === incident,
  );
  const link = (type: "restrain" | "lift", more: object) =>
    member.actions.includes(type) ? (
      <LinkButton
        to="/file/$noun/$type/$"
        params={{ noun: "member", type, _splat: department }}
        search={{ department, incident, ...more } as never}
      >
        {words.command("member", type)}
      </LinkButton>
    ) : null;
  return (
    <>
      {restraints.map(({ author, reach, officer, company, from }) => (
        <div className="item" key={`${author} ${officer ?? company}`}>
          <div className="row">
            <Tag color="red">{words.value("reach", reach)}</Tag>
            <strong>{officer ?? company}</strong>
            <span className="quiet">
              <Department id={author} /> {timeText(from, language)}
            </span>
          </div>
          <div className="row no-print">{link("lift", officer === undefined ? { company } : { officer })}</div>
        </div>
      ))}
      <div className="item">
        <div className="row">
          <Department id={department} />
          {restraints.length === 0 ? <span className="quiet">{t("incident.nobodyRestrained")}</span> : null}
        </div>
        <div className="row no-print">{link("restrain", grant === undefined ? {} : { grant })}</div>
      </div>
    </>
  );
}
