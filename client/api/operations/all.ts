import type { Model } from "@wanlian/model/kernel/model.js";
import type { Sessions } from "../../keys/officers/index.js";
import type { AskForReport, AskForText } from "../../texts/index.js";
import type { Operation } from "../operation.js";
import { clockOperations } from "./filing/clock.js";
import { filingOperations, submissionOperations } from "./filing/filings.js";
import { modelOperations } from "./filing/model.js";
import { signingOperations } from "./filing/signing.js";
import { agreementOperation } from "./ledger/agreement.js";
import { ledgerOperations } from "./ledger/ledger.js";
import { nodeOperations } from "./node.js";
import { asOfOperations } from "./reading/as-of.js";
import { caseOperations } from "./reading/cases.js";
import { catalogueOperations } from "./reading/catalogue.js";
import { dutyOperations } from "./reading/duties.js";
import { eventOperations } from "./reading/events.js";
import { lineageOperations } from "./reading/lineage.js";
import { lineageReport } from "./reading/lineage-report.js";
import { matchOperations } from "./reading/matches.js";
import { noticeOperations } from "./reading/notices.js";
import { provenanceOperations } from "./reading/provenance.js";
import { qualityOperations } from "./reading/quality.js";
import { reportOperations } from "./reading/reports.js";
import { textOperations } from "./reading/texts.js";
import { traceOperations } from "./reading/trace.js";
import { warningOperations } from "./reading/warnings.js";
import { sessionOperations } from "./session.js";
import { supervisionOperations } from "./supervision/evaluations.js";

/** How what this node lacks is asked of other departments' nodes; a node without an exchange asks nobody. */
export interface AskedOfDepartments {
  readonly askForText?: AskForText | undefined;
  readonly askForReport?: AskForReport | undefined;
}

/** Everything the API offers while a version of the model is in force. */
export function allOperations(model: Model, sessions: Sessions, asked: AskedOfDepartments = {}): Operation[] {
  return [
    ...sessionOperations(sessions),
    ...nodeOperations,
    agreementOperation(),
    ...dutyOperations,
    ...noticeOperations,
    ...warningOperations,
    ...catalogueOperations,
    ...matchOperations,
    ...qualityOperations,
    ...filingOperations(model),
    ...clockOperations,
    ...submissionOperations,
    ...caseOperations(model),
    ...traceOperations,
    ...asOfOperations,
    ...lineageOperations,
    lineageReport,
    ...provenanceOperations,
    ...textOperations(asked.askForText),
    ...("assessment" in model.nouns ? reportOperations(asked.askForReport) : []),
    ...supervisionOperations(model),
    ...ledgerOperations,
    ...modelOperations(model),
    ...eventOperations,
    ...signingOperations(sessions),
  ];
}
