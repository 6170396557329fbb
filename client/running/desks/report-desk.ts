import { LedgerError } from "@wanlian/model/errors.js";
import { type MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { checkSchema, closed } from "@wanlian/model/kernel/schema.js";
import type { Static } from "typebox";
import { ExchangeError, type NodeServices } from "../../core/index.js";
import type { Db } from "../../read/index.js";
import { type AskForReport, findReport, MAX_REPORT_BYTES, mayHave, statedReport } from "../../texts/index.js";
import { type DepartmentConnections, type Handler, readJson, sendJson } from "../../transport/index.js";

const REPORTS_PATH = "/reports/v1/read";
/** What JSON adds around a report. */
const ENVELOPE_BYTES = 1024;

const ReportRequest = closed({ assessment: TransactionId });

/** What the desk asks of the node's ledger side. */
export type RulesNow = Pick<NodeServices, "model" | "now">;

/** Hands the reports of this department's assessments to those whom the rules name, and to nobody else. */
export function reportRoutes(db: Db, own: MspId, rules: RulesNow): [string, Handler][] {
  return [
    [
      `POST ${REPORTS_PATH}`,
      async ({ from, request, response }) => {
        const asked = await readJson(request);
        checkSchema(ReportRequest, asked);
        const { assessment } = asked as Static<typeof ReportRequest>;
        const stated = await statedReport(db, assessment);
        const content = stated?.author === own ? await findReport(db, stated.digest) : undefined;
        if (stated === undefined || content === undefined) {
          throw new LedgerError("NOT_FOUND", `there is no report of ${assessment} here`);
        }
        if (!(await mayHave(db, stated, content, { department: from, model: rules.model(), time: rules.now() }))) {
          throw new LedgerError("NOT_PERMITTED", `the report of ${assessment} is not for ${from}`);
        }
        sendJson(response, 200, { report: JSON.parse(content) });
      },
    ],
  ];
}

/** Asks over the exchange's mutual TLS. What the other side refuses is a refusal, not a bad answer. */
export function askForReports(connections: DepartmentConnections): AskForReport {
  return async (department, assessment) => {
    const most = MAX_REPORT_BYTES + ENVELOPE_BYTES;
    try {
      const answer = await connections.json(department, REPORTS_PATH, { assessment }, { most });
      return typeof answer === "object" && answer !== null && "report" in answer ? answer.report : null;
    } catch (error) {
      const code = error instanceof ExchangeError ? error.details.code : undefined;
      if (code === "NOT_FOUND") return undefined;
      if (code !== "NOT_PERMITTED") throw error;
      throw new LedgerError("NOT_PERMITTED", `the report of ${assessment} is not for this department`);
    }
  };
}
