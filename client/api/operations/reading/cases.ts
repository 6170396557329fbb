import type { MspId, OfficerNumber } from "@wanlian/model/identifiers.js";
import type { Actor, CaseState } from "@wanlian/model/kernel/act.js";
import { NO_ACTS } from "@wanlian/model/kernel/heads.js";
import type { Model } from "@wanlian/model/kernel/model.js";
import type { NounDefinition } from "@wanlian/model/kernel/noun.js";
import { allowedActions } from "@wanlian/model/kernel/permission.js";
import type { PolicyRead } from "@wanlian/model/reading.js";
import { ROLES } from "@wanlian/model/roles.js";
import { instantOf, parseInstant } from "@wanlian/model/time/instant.js";
import { Type } from "typebox";
import { caseIdOf, caseParameters, caseRoute, collectionOf } from "../../../api-document/index.js";
import { ApiError, type NodeServices } from "../../../core/index.js";
import {
  type CaseName,
  type CaseSummary,
  contextOf,
  type Db,
  findAct,
  findCase,
  listActs,
  listCases,
  pageParameters,
} from "../../../read/index.js";
import { type Caller, type Operation, operation, type Request } from "../../operation.js";
import { CaseDetail, CaseSummary as CaseSummarySchema, FoldedAct, listOf } from "../../schemas.js";
import { callerOf } from "../session.js";

const closed = { additionalProperties: false } as const;

/** Lists, single cases and histories of every noun. */
export function caseOperations(model: Model): Operation[] {
  return Object.values(model.nouns).flatMap((noun: NounDefinition) => [
    ...(noun.identity === "single" ? [] : [list(noun)]),
    show(noun),
    history(noun),
  ]);
}

function list(noun: NounDefinition): Operation {
  const query = Type.Object(
    {
      ...pageParameters,
      status: Type.Optional(Type.Unsafe<string>(Type.Enum([...noun.statuses]))),
      party: Type.Optional(Type.String({ maxLength: 64, description: "A department that is party to it" })),
      relation: Type.Optional(Type.String({ maxLength: 32, description: "Of that party" })),
      text: Type.Optional(Type.String({ maxLength: 200, description: "Words that its text holds" })),
      about: Type.Optional(
        Type.String({
          maxLength: 200,
          pattern: "^[a-z]+/.+$",
          description: "A case it refers to: `dataset/MSPID/code`",
        }),
      ),
      begins: Type.Optional(
        Type.String({ pattern: "^[0-9a-f]{6,64}$", description: "What its id begins with, six digits at least" }),
      ),
      overdue: Type.Optional(Type.Boolean({ description: "Only those with a deadline that has passed" })),
    },
    closed,
  );
  return operation({
    id: `${noun.name}.list`,
    tag: noun.name,
    method: "get",
    route: collectionOf(noun),
    summary: { zh: `${noun.title.zh}列表`, en: `List: ${noun.title.en}` },
    query,
    answers: { 200: listOf(CaseSummarySchema, "Those that changed last first") },
    handle: async ({ db, services, query }) => {
      const { about, overdue, ...filter } = query;
      const now = services.now();
      const page = await listCases(db, noun.name, {
        ...filter,
        ...(about === undefined ? {} : { about: parseCaseName(about) }),
        ...(overdue === true && now !== undefined ? { overdueAt: now } : {}),
      });
      return { status: 200, body: { ...page } };
    },
  });
}

function show(noun: NounDefinition): Operation {
  return operation({
    id: `${noun.name}.show`,
    tag: noun.name,
    method: "get",
    route: caseRoute(noun),
    summary: { zh: noun.title.zh, en: `Show: ${noun.title.en}` },
    path: caseParameters(noun),
    answers: { 200: CaseDetail },
    handle: async ({ db, services, path, caller }) => {
      const name = { noun: noun.name, case: caseIdOf(noun, path) };
      const found = await existing(db, name);
      const context = await contextOf(db, name, services.now());
      const lastAct = await findAct(db, name, found.act);
      const entry = await entryOf(db, found);
      const actions = await actionsOn({ services, db }, found, callerOf(caller));
      return {
        status: 200,
        body: { case: found, ...context, actions, ...(lastAct === undefined ? {} : { lastAct }), ...entry },
      };
    },
  });
}

function history(noun: NounDefinition): Operation {
  return operation({
    id: `${noun.name}.history`,
    tag: noun.name,
    method: "get",
    route: `${caseRoute(noun)}/acts`,
    summary: { zh: `${noun.title.zh}的全部行为`, en: `Every act: ${noun.title.en}` },
    path: caseParameters(noun),
    query: Type.Object({ ...pageParameters }, closed),
    answers: { 200: listOf(FoldedAct, "In ledger order, void acts included and marked") },
    handle: async ({ db, path, query }) => {
      const name = { noun: noun.name, case: caseIdOf(noun, path) };
      const page = await listActs(db, name, query);
      if (page.items.length === 0) await existing(db, name);
      return { status: 200, body: { ...page } };
    },
  });
}

async function existing(db: Db, name: CaseName): Promise<CaseSummary> {
  const found = await findCase(db, name);
  if (found === undefined) throw new ApiError("NO_SUCH_CASE", `There is no ${name.noun} ${name.case}.`);
  return found;
}

/** A dataset's catalogue entry: the body of the act that made its current version. */
async function entryOf(db: Db, { noun, case: id, state }: CaseSummary): Promise<{ entry?: unknown }> {
  if (noun !== "dataset" || typeof state !== "object" || state === null || !("version" in state)) return {};
  const act = await findAct(db, { noun, case: id }, Number(state.version));
  return act === undefined ? {} : { entry: act.body };
}

/** A node, as far as a question to it needs. */
type Asked = Pick<Request, "services" | "db">;

/** What the tables and rules let the caller do to a case as it stands. */
export async function actionsOn({ services, db }: Asked, found: CaseSummary, caller: Caller): Promise<string[]> {
  const policy = await policyInForce({ services, db });
  if (policy === undefined) return [];
  const now = services.now();
  const consortium = await findCase(db, CONSORTIUM);
  return allowedActions(services.model(), {
    ref: { noun: found.noun, case: found.case },
    state: found.state as CaseState,
    actor: actorOf(services, caller),
    policy,
    time: now === undefined ? policy.opened : parseInstant(now),
    heads: (ref) => {
      if (ref.noun !== CONSORTIUM.noun) throw new RangeError(`what stands in ${ref.noun} ${ref.case} is not at hand`);
      return { ...NO_ACTS, state: consortium?.state as CaseState | undefined };
    },
  });
}

/** Who belongs: what rules on members' cases and on the bureau read beside them. */
const CONSORTIUM = { noun: "consortium", case: "consortium" };

/** The caller as the model's tables see an author. Names in certificates are what the model calls them. */
function actorOf(services: NodeServices, { session }: Caller): Actor {
  const { officer, roles, notAfter } = session.officer;
  return {
    department: services.department as MspId,
    officer: officer as OfficerNumber,
    roles: ROLES.filter((role) => roles.includes(role)),
    certificateExpires: instantOf(notAfter.getTime()),
  };
}

/** The rules that apply by the ledger's clock; undefined before policy 1. */
export async function policyInForce({ services, db }: Asked): Promise<PolicyRead | undefined> {
  const policy = await findCase(db, { noun: "policy", case: "policy" });
  const now = services.now();
  if (policy === undefined) return undefined;
  return services.model().reading.policy(policy.state as CaseState, now === undefined ? now : parseInstant(now));
}

function parseCaseName(text: string): CaseName {
  const slash = text.indexOf("/");
  return { noun: text.slice(0, slash), case: text.slice(slash + 1) };
}
