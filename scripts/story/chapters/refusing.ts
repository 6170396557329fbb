import type { ApplicationState } from "@wanlian/model/model-1/application/application-schema.js";
import type { Filed } from "../../host/desk.js";
import type { Stage } from "../stage.js";
import { LEGAL_BASES } from "./catalogue.js";
import { wish } from "./granting.js";

/** A department applies; the provider refuses: without a legal basis that is not accepted, with one it is. */
export async function refuseWithBasis(
  stage: Stage,
  dataset: string,
  fields: readonly string[],
): Promise<Filed<ApplicationState>> {
  const { dishonest, refuser } = stage.cast;
  const application = await dishonest.user.file("applications", {
    ...wish(dataset, fields, "常住人口抽样"),
    kind: "ordinary",
  });
  stage.narrator.step(dishonest.name, { zh: `申请 ${dataset}`, en: `applies for ${dataset}` }, application);
  const refusal = { dataset, reasons: { text: "申请字段超出履职所需。" } };
  const code = await refuser.steward.refusal(`applications/${application.case}/refuse`, refusal);
  stage.narrator.refused(refuser.name, { zh: "拒绝，但不写依据", en: "refuses without naming a legal basis" }, code);
  const refused = await refuser.steward.file<ApplicationState>(`applications/${application.case}/refuse`, {
    ...refusal,
    basis: LEGAL_BASES.regulation,
  });
  stage.narrator.step(
    refuser.name,
    { zh: "写明理由与依据后拒绝", en: "refuses with reasons and their basis" },
    refused,
  );
  return refused;
}
