import { Type } from "typebox";
import { affectedOf, MOST_OWN } from "../../../lineage/index.js";
import { findCase, pageParameters } from "../../../read/index.js";
import { type Operation, operation } from "../../operation.js";
import { listDuties, listPartyCases } from "../../reading/duties.js";
import { listOf, Overdue, Possibility, Task } from "../../schemas.js";
import { callerOf } from "../session.js";
import { actionsOn, policyInForce } from "./cases.js";

const closed = { additionalProperties: false } as const;

const AffectedItem = Type.Object(
  {
    noun: Type.String(),
    case: Type.String(),
    name: Type.String(),
    status: Type.String(),
    state: Type.Optional(Type.Unknown()),
    restsOn: Type.Array(Type.String(), { description: "Of its sources, those that are wrong or affected." }),
    causes: Type.Array(Type.String(), {
      description: "Objections that were upheld and withdrawn releases behind it: an explanation names one.",
    }),
    actions: Type.Array(Type.String(), { description: "What the caller may do about it now." }),
  },
  { additionalProperties: true, title: "AffectedItem" },
);

export const dutyOperations: readonly Operation[] = [
  operation({
    id: "listTasks",
    tag: "duties",
    method: "get",
    route: "/tasks",
    summary: {
      zh: "本部门须在期限内办理的事项，以及本人现在可以进行的操作；主管机构另见各部门逾期事项",
      en: "What the department has to do and until when, with what the caller may do about it now; the bureau's has what is overdue anywhere",
    },
    query: Type.Object({ ...pageParameters }, closed),
    answers: { 200: listOf(Task, "The most pressing first") },
    handle: async ({ db, services, caller, query }) => {
      const officer = callerOf(caller);
      const now = services.now();
      const isBureau = (await policyInForce({ services, db }))?.bureau === services.department;
      const escalated = isBureau && now !== undefined ? { escalatedAt: now } : {};
      const duties = await listDuties(db, { ...query, owner: services.department, ...escalated }, now);
      const items = [];
      for (const duty of duties.items) {
        const found = await findCase(db, duty);
        const actions = found === undefined ? [] : await actionsOn({ services, db }, found, officer);
        items.push({ ...duty, actions, ...(found === undefined ? {} : { found }) });
      }
      return { status: 200, body: { ...duties, items } };
    },
  }),
  operation({
    id: "listPossibilities",
    tag: "duties",
    method: "get",
    route: "/tasks/possible",
    summary: {
      zh: "本部门参与的事项中本人现在可以进行的操作（不论期限）",
      en: "What the caller may do now in cases that the department is party to, due or not",
    },
    query: Type.Object({ ...pageParameters }, closed),
    answers: { 200: listOf(Possibility, "Those that changed last first") },
    handle: async ({ db, services, caller, query }) => {
      const officer = callerOf(caller);
      const cases = await listPartyCases(db, services.department, query);
      const items = [];
      for (const found of cases.items) {
        const actions = await actionsOn({ services, db }, found, officer);
        if (actions.length > 0) items.push({ ...found, actions });
      }
      return { status: 200, body: { ...cases, items } };
    },
  }),
  operation({
    id: "listAffected",
    tag: "duties",
    method: "get",
    route: "/tasks/affected",
    summary: {
      zh: "本部门据有误数据形成、尚未重做也未说明的批次和数据产品",
      en: "The department's releases and products that rest on wrong data and were neither made anew nor explained",
    },
    query: Type.Object({}, closed),
    answers: {
      200: Type.Object(
        { items: Type.Array(AffectedItem), looked: Type.Integer({ description: "The newest so many are looked at." }) },
        { additionalProperties: true },
      ),
    },
    handle: async ({ db, services, caller }) => {
      const officer = callerOf(caller);
      const affected = await affectedOf(db, services.model().reading, services.department);
      const items = [];
      for (const { noun, release, name, status, restsOn, causes } of affected) {
        const found = await findCase(db, { noun, case: release });
        const actions = found === undefined ? [] : await actionsOn({ services, db }, found, officer);
        const state = found === undefined ? {} : { state: found.state };
        items.push({ noun, case: release, name, status, restsOn, causes, actions, ...state });
      }
      return { status: 200, body: { items, looked: MOST_OWN } };
    },
  }),
  operation({
    id: "listOverdue",
    tag: "duties",
    method: "get",
    route: "/overdue",
    summary: { zh: "逾期事项（全部部门，公开）", en: "What is overdue, of all departments" },
    query: Type.Object(
      {
        ...pageParameters,
        owner: Type.Optional(Type.String({ maxLength: 64, description: "Department that has to act" })),
      },
      closed,
    ),
    answers: { 200: listOf(Overdue, "The longest overdue first") },
    handle: async ({ db, services, query }) => {
      const now = services.now();
      const page = now === undefined ? { items: [] } : await listDuties(db, { ...query, overdueAt: now }, now);
      return { status: 200, body: { ...page } };
    },
  }),
];
