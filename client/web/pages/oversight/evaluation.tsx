import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { periodText, timeText } from "@wanlian/words/index.js";
import { Button, Select } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { Failure } from "../../parts/failure.tsx";
import { Heading } from "../../parts/heading.tsx";
import { Department } from "../../parts/names.tsx";
import { saveAs } from "../../session/access.ts";
import { fetchSheet } from "../../session/api.ts";
import { useDepartments, useStatus } from "../../session/ledger.ts";
import { type Period, reportQuery, type SupervisionReport, usePeriods, useReport } from "../../session/supervision.ts";
import { ByDepartment, Indicators, Overdue } from "./figures.tsx";
import { Publications } from "./publications.tsx";
import { Publish } from "./publish.tsx";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** 督查评价: what a period comes to by this node's own ledger, what was published of it, and what each department says. */
export function Evaluation() {
  const asked = useAsked();
  const report = useReport(asked);
  const title = useTitle();
  return (
    <>
      <Heading title={title} />
      <div className="stack">
        {asked === undefined ? null : <Choices asked={asked} />}
        <Asked query={report}>{(found) => <Report report={found} />}</Asked>
      </div>
    </>
  );
}

/** Which report the address names, so that tabs and history tell them apart. */
function useTitle(): string {
  const { t, language } = useWords();
  const departments = useDepartments();
  const { from, to, department } = useSearch({ strict: false }) as Readonly<Record<string, unknown>>;
  const whose = typeof department === "string" ? (departments.get(department) ?? department) : undefined;
  const period = from === undefined || to === undefined ? undefined : periodText(String(from), String(to), language);
  return [t("supervision.title"), whose, period].filter((part) => part !== undefined).join(" ");
}

interface AskedReport extends Period {
  readonly department?: string | undefined;
}

/** What the address names, else what is shown usually. */
function useAsked(): AskedReport | undefined {
  const { from, to, department } = useSearch({ strict: false }) as Readonly<Record<string, unknown>>;
  const usual = usePeriods()?.usual;
  const named = DAY.test(String(from)) && DAY.test(String(to)) ? { from: String(from), to: String(to) } : usual;
  return named && { ...named, ...(typeof department === "string" ? { department } : {}) };
}

function Choices({ asked }: { readonly asked: AskedReport }) {
  const { t, language } = useWords();
  const navigate = useNavigate();
  const departments = useDepartments();
  const past = usePeriods()?.choices ?? [];
  const nameOf = ({ from, to }: Period) => `${from} ${to}`;
  const periods = past.some((one) => nameOf(one) === nameOf(asked)) ? past : [asked, ...past];
  const go = (next: AskedReport) => void navigate({ to: "/supervision", search: { ...next } as never });
  const printed = useMutation({
    mutationFn: async () => saveAs(await fetchSheet(`/supervision-report/pdf?${reportQuery(asked)}`), fileOf(asked)),
  });
  return (
    <div className="row no-print">
      <Select
        className="pick"
        aria-label={t("supervision.period")}
        value={nameOf(asked)}
        onChange={(name: string) => {
          const chosen = periods.find((one) => nameOf(one) === name);
          if (chosen !== undefined) go({ ...asked, from: chosen.from, to: chosen.to });
        }}
        options={periods.map((one) => ({
          value: nameOf(one),
          label: periodText(one.from, one.to, language),
        }))}
      />
      <Select
        className="pick"
        aria-label={t("supervision.department")}
        value={asked.department ?? ""}
        onChange={(department: string) =>
          go({ from: asked.from, to: asked.to, ...(department === "" ? {} : { department }) })
        }
        options={[
          { value: "", label: t("supervision.city") },
          ...[...departments].map(([value, label]) => ({ value, label })),
        ]}
      />
      <Button onClick={() => printed.mutate()} loading={printed.isPending}>
        {t("supervision.pdf")}
      </Button>
      {printed.error === null ? null : <Failure error={printed.error} />}
    </div>
  );
}

const fileOf = ({ from, to, department }: AskedReport): string =>
  `supervision-${from}-${to}${department === undefined ? "" : `-${department}`}.pdf`;

function Report({ report }: { readonly report: SupervisionReport }) {
  const { t, language } = useWords();
  const status = useStatus().data;
  const departments = useDepartments();
  const node = status?.department ?? "";
  const time = status?.ledgerTime;
  return (
    <>
      <p className="quiet">
        {t("supervision.about", {
          node: departments.get(node) ?? node,
          time: time === undefined ? "—" : timeText(time, language),
        })}
      </p>
      <Card
        title={
          <h2 className="card-title">
            {t("supervision.figures")}{" "}
            {report.department === undefined ? t("supervision.city") : <Department id={report.department} />}
          </h2>
        }
      >
        <Indicators report={report} />
      </Card>
      {report.department === undefined ? (
        <Card title={<h2 className="card-title">{t("supervision.byDepartment")}</h2>}>
          <ByDepartment report={report} />
        </Card>
      ) : null}
      <Card title={<h2 className="card-title">{t("supervision.overdue")}</h2>}>
        <Overdue report={report} />
      </Card>
      <Publications report={report} />
      <Publish period={{ from: report.from, to: report.to }} />
    </>
  );
}
