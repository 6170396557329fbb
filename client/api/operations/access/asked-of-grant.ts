import { TransactionId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import { text } from "@wanlian/model/kernel/schema.js";
import { FieldNames, MAX_NAME } from "@wanlian/model/model-1/limits.js";
import { Purpose } from "@wanlian/model/model-1/policy/policy-schema.js";
import { type Static, Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import type { Ask } from "../../../exchange/index.js";
import type { OfficersExchange } from "../../officers-exchange.js";
import type { Request } from "../../operation.js";
import { newestRelease } from "../../reading/catalogue.js";

/** What the grant says already may be left out: dataset, fields, purpose, scenario, principal and mandate. */
export const wanted = {
  grant: TransactionId,
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
  const release = given.release ?? ((await newestRelease(db, state.dataset)) as TransactionId | undefined);
  if (release === undefined) throw new ApiError("NO_SUCH_CASE", `${state.dataset} has no release.`);
  const { dataset, purpose, scenario, principal, mandate, grant, wish } = state;
  return {
    ...{ dataset, purpose: purpose as Ask["purpose"], scenario, fields: grant?.fields ?? wish.fields },
    ...(principal === undefined ? {} : { principal }),
    ...(mandate === undefined ? {} : { mandate }),
    ...given,
    release,
  };
}
