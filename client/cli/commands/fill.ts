import { dayOf, parseInstant } from "@wanlian/model/time/instant.js";
import type { Json } from "../json.js";
import type { NodeClient } from "../node-client.js";

type Body = Record<string, unknown>;
type Fill = (client: NodeClient, body: Body, caseId: string | undefined) => Promise<Body>;

/**
 * What a command needs that the ledger knows already, where the officer left it out: a grant repeats what was applied
 * for, an objection names the dataset of its release. What was given stands.
 */
const FILLS: Readonly<Record<string, Fill>> = {
  "objection.raise": async (client, body) => {
    if (typeof body.release !== "string") return body;
    const release = await client.get(`/releases/${body.release}`);
    return { dataset: release.at("case.state.dataset").value, rows: [], ...body };
  },
  "application.grant": async (client, body, id) => {
    const state = await applicationState(client, id);
    const wish = state.at("wish");
    return {
      dataset: state.at("dataset").value,
      fields: wish.at("fields").value,
      from: dayOfInstant(wish.at("from")),
      to: dayOfInstant(wish.at("to")),
      frequency: wish.at("frequency").value,
      ...body,
    };
  },
  "application.refuse": async (client, body, id) => ({
    dataset: (await applicationState(client, id)).at("dataset").value,
    ...body,
  }),
  "application.renew": async (client, body, id) => {
    const state = await applicationState(client, id);
    const { dataset, renewal } = { dataset: state.at("dataset").value, renewal: state.at("renewal") };
    return { dataset, to: dayOfInstant(renewal.at("to")), frequency: renewal.at("frequency").value, ...body };
  },
  "application.notReceived": answered("applications"),
  "objection.notReceived": answered("objections"),
  "member.depart": ofTheCase,
  "member.restrain": ofTheCase,
  "member.lift": ofTheCase,
};

/** Members that a command needs and its officer need not give: {@link fillIn} takes them from the ledger, or they begin empty. */
export const FILLED: Readonly<Record<string, readonly string[]>> = {
  "objection.raise": ["dataset", "rows"],
  "application.grant": ["dataset", "fields", "from", "to", "frequency"],
  "application.refuse": ["dataset"],
  "application.renew": ["dataset", "to", "frequency"],
  "application.notReceived": ["act"],
  "objection.notReceived": ["act"],
  "member.depart": ["department"],
  "member.restrain": ["department"],
  "member.lift": ["department"],
  "release.register": ["derivedFrom", "selfCheck"],
  "assessment.state": [...["kind", "dataset", "root", "rows", "rules", "report", "engine", "outcomes", "scores"]],
};

export function fillIn(name: string, client: NodeClient, body: Body, caseId: string | undefined): Promise<Body> {
  return FILLS[name]?.(client, body, caseId) ?? Promise.resolve(body);
}

async function applicationState(client: NodeClient, id: string | undefined): Promise<Json> {
  return (await client.get(`/applications/${id}`)).at("case.state");
}

async function ofTheCase(_client: NodeClient, body: Body, department: string | undefined): Promise<Body> {
  return { department, ...body };
}

function answered(collection: string): Fill {
  return async (client, body, id) => ({
    act: (await client.get(`/${collection}/${id}`)).at("case.state.answer.act").value,
    ...body,
  });
}

const dayOfInstant = (instant: Json): string | undefined =>
  instant.string === undefined ? undefined : dayOf(parseInstant(instant.string));
