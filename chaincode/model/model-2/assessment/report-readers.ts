import type { CaseState } from "../../kernel/act.js";
import { type ApplicationState, grantHolds } from "../../model-1/application/application-schema.js";
import type { ReportReader } from "../../reading.js";
import { coversClass } from "../application/of-class.js";
import type { AssessmentState } from "./assessment-schema.js";

/**
 * Who may be handed the report of an assessment. Whoever states it has it, and whoever provides the data may see what is
 * said of it. A report that shows rows shows data: without an access on record it goes to nobody else. One that shows
 * none concerns who holds a grant on the dataset, and the bureau, as long as it stands.
 */
export function mayHaveReport(state: CaseState, reader: ReportReader): boolean {
  const { author, provider, dataset, status } = state as AssessmentState;
  const { department, isBureau, applications, entry, showsRows, time } = reader;
  if (department === author || department === provider) return true;
  if (showsRows || status !== "stated") return false;
  const isOn = (application: ApplicationState) => application.dataset === dataset || coversClass(application, entry);
  const holds = (application: ApplicationState) =>
    application.consumer === department && isOn(application) && grantHolds(application, time);
  return isBureau || applications.some((application) => holds(application as ApplicationState));
}
