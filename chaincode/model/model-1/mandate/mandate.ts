import { type Static, Type } from "typebox";
import { ensure } from "../../errors.js";
import { DatasetId, Instant, MspId, OfficerNumber } from "../../identifiers.js";
import { closed, MAX_SENTENCE, Text, text } from "../limits.js";
import { checkPeriod } from "../period.js";
import { Purpose } from "../policy/policy-schema.js";
import { by, commandsOf, defineNoun, NONE, named, standing } from "../table.js";

/** A scope names single datasets, or departments whose datasets it covers. */
const MAX_SCOPE = 200;
const datasets = Type.Array(DatasetId, { maxItems: MAX_SCOPE, uniqueItems: true });
const departments = Type.Array(MspId, { maxItems: MAX_SCOPE, uniqueItems: true });

/** 审计授权: an officer of any department may trace what the scope covers, in the period. */
export const AppointAuditor = closed({
  department: MspId,
  officer: OfficerNumber,
  scope: closed({ datasets, departments }),
  from: Instant,
  to: Instant,
  reason: text(MAX_SENTENCE),
});

/** 代理: another department may apply and use data on the principal's behalf. */
export const DelegateProxy = closed({
  agent: MspId,
  datasets: Type.Array(DatasetId, { minItems: 1, maxItems: MAX_SCOPE, uniqueItems: true }),
  purposes: Type.Array(Purpose, { minItems: 1, maxItems: 4, uniqueItems: true }),
  from: Instant,
  to: Instant,
  reason: text(MAX_SENTENCE),
});

export const RevokeMandate = closed({ reasons: Type.Optional(Text) });

export const MandateState = closed({
  status: Type.Enum(["inForce", "revoked"]),
  kind: Type.Enum(["audit", "proxy"]),
  principal: MspId,
  department: MspId,
  officer: Type.Optional(OfficerNumber),
  datasets,
  departments,
  purposes: Type.Array(Purpose),
  from: Instant,
  to: Instant,
  revoked: Type.Optional(Instant),
});
export type MandateState = Static<typeof MandateState>;

/** Whether a mandate holds at an instant. It expires by date, without anybody's act. */
export const mandateHolds = (mandate: MandateState, at: Instant): boolean =>
  mandate.status === "inForce" && mandate.from <= at && at < mandate.to;

/** Whether a mandate's scope covers a dataset: by name, or as its provider's. */
export const mandateCovers = (mandate: MandateState, dataset: DatasetId): boolean =>
  mandate.datasets.includes(dataset) || mandate.departments.some((department) => dataset.startsWith(`${department}/`));

const command = commandsOf<MandateState>();

/** 授权委托: reach beyond one's own department: the auditor's, by the bureau; the agent's, by its principal. */
export const mandate = defineNoun<MandateState>({
  name: "mandate",
  title: { zh: "委托", en: "mandate" },
  identity: "transaction",
  statuses: ["inForce", "revoked"],
  state: MandateState,
  fixed: ["kind", "principal", "department", "officer", "datasets", "departments", "purposes", "from", "to"],
  commands: {
    appoint: command({
      summary: "appoint an auditor: department, officer, scope, period",
      body: AppointAuditor,
      from: [NONE],
      to: ["inForce"],
      by: by("bureau", "administrator"),
      refers: (body) => [standing("member", body.department)],
      apply(decision) {
        const { body, actor } = decision;
        const { department, officer, scope, from, to } = body;
        checkPeriod("the mandate", { from, to }, decision.time);
        ensure(scope.datasets.length + scope.departments.length > 0, "INVALID_INPUT", "the scope is empty");
        const status = decision.get("member", department).status;
        ensure(status === "active", "NOT_A_MEMBER", `${department} is no active member`);
        const principal = actor.department;
        return { status: "inForce", kind: "audit", principal, department, officer, ...scope, purposes: [], from, to };
      },
    }),
    delegate: command({
      summary: "let another department apply and use data on one's behalf",
      body: DelegateProxy,
      from: [NONE],
      to: ["inForce"],
      by: by("member", "steward"),
      refers: (body) => [standing("member", body.agent)],
      apply(decision) {
        const { body, actor } = decision;
        const { agent, datasets, purposes, from, to } = body;
        checkPeriod("the mandate", { from, to }, decision.time);
        ensure(agent !== actor.department, "INVALID_INPUT", "a department needs no mandate from itself");
        const status = decision.get("member", agent).status;
        ensure(status === "active", "NOT_A_MEMBER", `${agent} is no active member`);
        const parties = { principal: actor.department, department: agent };
        return { status: "inForce", kind: "proxy", ...parties, datasets, departments: [], purposes, from, to };
      },
    }),
    revoke: command({
      summary: "take the mandate back at once, with all that was derived from it",
      body: RevokeMandate,
      from: ["inForce"],
      to: ["revoked"],
      // The bureau ends what a principal that has left could not.
      by: [...by("principal", "administrator", "steward"), ...by("bureau", "administrator", "steward")],
      apply: ({ current, time }) => ({ ...current, status: "revoked", revoked: time }),
    }),
  },
  relations: named("principal"),
  describe: (_ref, state) => ({
    status: state.status,
    parties: [
      { department: state.principal, relation: "principal" },
      { department: state.department, relation: "self" },
    ],
    deadlines: [],
    references: state.datasets.map((dataset) => ({ noun: "dataset", case: dataset })),
    expires: state.to,
  }),
});
