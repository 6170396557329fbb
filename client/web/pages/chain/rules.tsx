import { useQuery } from "@tanstack/react-query";
import type { Day, Instant } from "@wanlian/model/identifiers.js";
import { versionsOf } from "@wanlian/model/in-force.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { PolicyRead } from "@wanlian/model/reading.js";
import { dayOf } from "@wanlian/model/time/instant.js";
import { type Calendar, isWorkingDay, latestCalendar } from "@wanlian/model/time/working-days.js";
import { dayText, timeText } from "@wanlian/words/index.js";
import { Alert, Descriptions, Table } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { Heading } from "../../parts/heading.tsx";
import { LinkButton } from "../../parts/link-button.tsx";
import { Department } from "../../parts/names.tsx";
import { type CaseDetail, callRoute } from "../../session/api.ts";
import { type LegalBasis, useDepartments, useLegalBases, useReading, useStatus } from "../../session/ledger.ts";
import { LedgerPlaces } from "./places.tsx";

/** The policy in force and the calendar, as people read them. */
export function Rules() {
  const { t } = useWords();
  const now = useStatus().data?.ledgerTime;
  const reading = useReading();
  const policy = useQuery({
    queryKey: ["case", "policy", "policy"],
    queryFn: () => callRoute<CaseDetail>("GET", "/policy"),
  });
  return (
    <>
      <Heading title={t("ledger.rules")} />
      <div className="stack">
        <LedgerPlaces />
        <Asked query={policy}>
          {(detail) => {
            const state = detail.case.state as CaseState;
            const inForce = reading?.policy(state, now as Instant | undefined);
            if (inForce === undefined) return null;
            const today = now === undefined ? undefined : dayOf(now as Instant);
            return (
              <>
                <Later state={state} inForce={inForce} />
                <InForce policy={inForce} />
                <Actions actions={detail.actions} />
                <Deadlines policy={inForce} />
                <Bases />
                <Years calendar={latestCalendar(inForce.calendar)} today={today} />
              </>
            );
          }}
        </Asked>
      </div>
    </>
  );
}

function Actions({ actions }: { readonly actions: readonly string[] }) {
  const { words } = useWords();
  if (actions.length === 0) return null;
  return (
    <div className="row no-print">
      {actions.map((type) => (
        <LinkButton key={type} to="/file/$noun/$type/$" params={{ noun: "policy", type, _splat: "policy" }}>
          {words.command("policy", type)}
        </LinkButton>
      ))}
    </div>
  );
}

/** What was decided and is not in force yet. */
function Later({ state, inForce }: { readonly state: CaseState; readonly inForce: PolicyRead }) {
  const { t, language } = useWords();
  return versionsOf(state)
    .filter(({ from }) => from > inForce.from)
    .map(({ from }) => (
      <Alert key={from} type="info" showIcon title={t("ledger.policyLater", { time: timeText(from, language) })} />
    ));
}

function InForce({ policy }: { readonly policy: PolicyRead }) {
  const { t, words, language } = useWords();
  const members = useDepartments().size;
  const k = useReading()?.requiredEndorsers(policy, members) ?? 0;
  const join = language === "zh" ? "、" : ", ";
  return (
    <Card title={<h2 className="card-title">{t("ledger.policy")}</h2>}>
      <Descriptions
        column={1}
        size="small"
        bordered
        items={[
          {
            key: "from",
            label: t("list.state"),
            children: t("ledger.policyFrom", { time: timeText(policy.from, language), act: policy.act }),
          },
          { key: "profile", label: words.member("profile"), children: policy.profile },
          { key: "model", label: words.member("model"), children: policy.model },
          { key: "bureau", label: words.member("bureau"), children: <Department id={policy.bureau} /> },
          {
            key: "endorsers",
            label: words.member("endorsers"),
            children: `${policy.endorsers === "majority" ? words.value("endorsers", "majority") : policy.endorsers} · ${t(
              "ledger.endorsersNow",
              { count: k },
            )}`,
          },
          {
            key: "purposes",
            label: words.member("purposes"),
            children: policy.purposes.map((purpose) => words.value("purpose", purpose)).join(join),
          },
          {
            key: "emergency",
            label: words.member("emergency"),
            children: t("ledger.calendarDays", { count: policy.emergency.maxCalendarDays }),
          },
          {
            key: "laterNotices",
            label: words.member("laterNotices"),
            children: words.value("laterNotices", policy.laterNotices),
          },
        ]}
      />
    </Card>
  );
}

function Deadlines({ policy }: { readonly policy: PolicyRead }) {
  const { t, words } = useWords();
  return (
    <Card title={<h2 className="card-title">{t("case.deadlines")}</h2>}>
      <Table
        rowKey="kind"
        dataSource={[...policy.deadlines]}
        pagination={false}
        size="small"
        columns={[
          { title: t("ledger.deadline"), key: "kind", render: (_text, { kind }) => words.deadline(kind) },
          {
            title: words.member("workingDays"),
            key: "days",
            render: (_text, { workingDays }) => t("ledger.days", { count: workingDays }),
          },
        ]}
      />
    </Card>
  );
}

function Bases() {
  const { t, words } = useWords();
  const bases = useLegalBases();
  return (
    <Card title={<h2 className="card-title">{words.member("legalBases")}</h2>}>
      <Table<LegalBasis>
        rowKey="id"
        dataSource={[...bases]}
        pagination={false}
        size="small"
        scroll={{ x: "max-content" }}
        locale={{ emptyText: t("ledger.none") }}
        columns={[
          { title: words.member("id"), dataIndex: "id" },
          {
            title: words.member("title"),
            key: "title",
            render: (_text, { title }) => <span className="plain">{title}</span>,
          },
          {
            title: words.member("article"),
            key: "article",
            render: (_text, { article }) => <span className="plain">{article}</span>,
          },
        ]}
      />
    </Card>
  );
}

function Years({ calendar, today }: { readonly calendar: Calendar; readonly today: Day | undefined }) {
  const { t } = useWords();
  return calendar.map(({ year }) => (
    <Card key={year} title={<h2 className="card-title">{t("ledger.calendarOf", { year })}</h2>}>
      <div className="months">
        {Array.from({ length: 12 }, (_, month) => (
          <Month key={String(month)} year={year} month={month + 1} calendar={calendar} today={today} />
        ))}
      </div>
    </Card>
  ));
}

const WEEK = 7;

interface MonthProps {
  readonly year: number;
  readonly month: number;
  readonly calendar: Calendar;
  readonly today: Day | undefined;
}

/** A month as wall calendars have it, Monday first; days that depart from the plain week say so. */
function Month({ year, month, calendar, today }: MonthProps) {
  const { language } = useWords();
  const first = new Date(Date.UTC(year, month - 1, 1));
  const blanks = (first.getUTCDay() + WEEK - 1) % WEEK;
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const days = Array.from({ length }, (_, at) => `${year}-${pad(month)}-${pad(at + 1)}` as Day);
  const cells: (Day | undefined)[] = [...Array<undefined>(blanks).fill(undefined), ...days];
  const weeks = Array.from({ length: Math.ceil(cells.length / WEEK) }, (_, at) =>
    cells.slice(at * WEEK, (at + 1) * WEEK),
  );
  const name = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { month: "long", timeZone: "UTC" });
  return (
    <table className="month">
      <caption>{name.format(first)}</caption>
      <tbody>
        {weeks.map((week) => (
          <tr key={week.find((day) => day !== undefined)}>
            {week.map((day, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a place in the week stays where it is
              <DayCell key={at} day={day} calendar={calendar} isToday={day !== undefined && day === today} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const pad = (part: number): string => String(part).padStart(2, "0");

function DayCell({
  day,
  calendar,
  isToday,
}: {
  readonly day: Day | undefined;
  readonly calendar: Calendar;
  readonly isToday: boolean;
}) {
  const { t, language } = useWords();
  if (day === undefined) return <td />;
  const works = isWorkingDay(calendar, day);
  const isWeekend = [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
  const departs = works === isWeekend;
  const word = works === true ? t("ledger.on") : t("ledger.off");
  return (
    <td
      className={[works === true ? "works" : "rests", ...(isToday ? ["today"] : [])].join(" ")}
      title={`${dayText(day, language)} ${word}${isToday ? ` ${t("ledger.today")}` : ""}`}
    >
      {Number(day.slice(-2))}
      {departs ? <small>{word}</small> : null}
    </td>
  );
}
