import type { Model } from "@wanlian/model/kernel/model.js";
import type { Sessions } from "../../keys/officers/index.js";
import type { AskForText } from "../../texts/index.js";
import type { Operation } from "../operation.js";
import { agreementOperation } from "./agreement.js";
import { caseOperations } from "./cases.js";
import { catalogueOperations } from "./catalogue.js";
import { clockOperations } from "./clock.js";
import { dutyOperations } from "./duties.js";
import { eventOperations } from "./events.js";
import { filingOperations, submissionOperations } from "./filings.js";
import { ledgerOperations } from "./ledger.js";
import { modelOperations } from "./model.js";
import { nodeOperations } from "./node.js";
import { noticeOperations } from "./notices.js";
import { sessionOperations } from "./session.js";
import { signingOperations } from "./signing.js";
import { textOperations } from "./texts.js";
import { traceOperations } from "./trace.js";

/** Everything the API offers while a version of the model is in force. */
export function allOperations(model: Model, sessions: Sessions, ask?: AskForText): Operation[] {
  return [
    ...sessionOperations(sessions),
    ...nodeOperations,
    agreementOperation(),
    ...dutyOperations,
    ...noticeOperations,
    ...catalogueOperations,
    ...filingOperations(model),
    ...clockOperations,
    ...submissionOperations,
    ...caseOperations(model),
    ...traceOperations,
    ...textOperations(ask),
    ...ledgerOperations,
    ...modelOperations(model),
    ...eventOperations,
    ...signingOperations(sessions),
  ];
}
