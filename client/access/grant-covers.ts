import type { DatasetId } from "@wanlian/model/identifiers.js";
import { grantHolds } from "@wanlian/model/model-1/application/application-schema.js";
import type { GrantAt } from "../read/index.js";
import type { AccessRequest } from "./access-request.js";

/** Whether a grant, as it stood, covered a request. */
export function covers({ state, time }: GrantAt, request: AccessRequest): boolean {
  const { grant } = state;
  return (
    grantHolds(state, time) &&
    grant !== undefined &&
    state.consumer === request.consumer &&
    state.provider === request.provider &&
    state.dataset === (request.dataset as DatasetId) &&
    state.purpose === request.purpose &&
    state.scenario === request.scenario &&
    request.fields.every((field) => grant.fields.includes(field))
  );
}
