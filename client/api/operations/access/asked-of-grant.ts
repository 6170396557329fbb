import { DatasetId, TransactionId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import { text } from "@wanlian/model/kernel/schema.js";
import { FieldNames, MAX_NAME } from "@wanlian/model/model-1/limits.js";
import { Purpose } from "@wanlian/model/model-1/policy/policy-schema.js";
import type { ApplicationRead } from "@wanlian/model/reading.js";
import { type Static, Type } from "typebox";
import { ApiError, type NodeServices } from "../../../core/index.js";
import type { Ask } from "../../../exchange/index.js";
import type { OfficersExchange } from "../../officers-exchange.js";
import type { Request } from "../../operation.js";
import { newestRelease } from "../../reading/catalogue.js";
import { fieldsGranted } from "../../reading/covered.js";

/**
 * What the grant says already may be left out: fields, purpose, scenario, principal and mandate, and the dataset, unless it
 * is another of the class that the grant covers.
 */
export const wanted = {
  grant: TransactionId,
  dataset: Type.Optional(DatasetId),
  release: Type.Optional(TransactionId),
  fields: Type.Optional(FieldNames),
  purpose: Type.Optional(Purpose),
  scenario: Type.Optional(text(MAX_NAME)),
  operator: Type.Optional(text(MAX_NAME)),
};
export const Wanted = Type.Object(wanted, { additionalProperties: false });
export type Wanted = Static<typeof Wanted>;

/** The exchange may begin after the API: it is asked for at each call. @throws what keeps it from being there */
export type ExchangeSource = () => OfficersExchange;

/** What the officer asks for, completed from the grant and, for the release, from the dataset's newest. */
export async function askOf(
  { services, db }: Pick<Request, "services" | "db">,
  given: Wanted,
): Promise<Omit<Ask, "way" | "road" | "subject">> {
  const head = await services.head({ noun: "application", case: given.grant });
  if (head.state === undefined) throw new ApiError("NO_SUCH_CASE", `There is no application ${given.grant}.`);
  const state = services.model().reading.application(head.state as CaseState);
  const { purpose, scenario, principal, mandate } = state;
  const { dataset = state.dataset } = given;
  const release = given.release ?? ((await newestRelease(db, dataset)) as TransactionId | undefined);
  if (release === undefined) throw new ApiError("NO_SUCH_CASE", `${dataset} has no release.`);
  const fields = given.fields ?? (await fieldsOf(services, state, dataset));
  return {
    ...{ dataset, purpose: purpose as Ask["purpose"], scenario, fields },
    ...(principal === undefined ? {} : { principal }),
    ...(mandate === undefined ? {} : { mandate }),
    ...given,
    release,
  };
}

/** Those that were granted; of another dataset of the class, those of its own that the grant covers. */
async function fieldsOf(
  services: Pick<NodeServices, "head">,
  application: ApplicationRead,
  dataset: DatasetId,
): Promise<string[]> {
  const { state } = await services.head({ noun: "dataset", case: dataset });
  const { fields = [] } = (state ?? {}) as { readonly fields?: readonly string[] };
  return fieldsGranted(application, dataset, fields);
}
