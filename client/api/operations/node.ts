import { Type } from "typebox";
import { conditionTitles, isCode, messages } from "../../api-document/index.js";
import { ApiError, type ErrorCode, type StandingAlarm } from "../../core/index.js";
import { digestProjection } from "../../projection/index.js";
import { pageParameters } from "../../read/index.js";
import { alarmWords } from "../alarm-words.js";
import { ListedAlarm, NodeStatus, ProjectionDigest } from "../answers/node.js";
import { type Operation, operation } from "../operation.js";
import { listAlarms } from "../reading/ledger.js";
import { listOf } from "../schemas.js";
import { standingText } from "../standing-alarms.js";

export const nodeOperations: readonly Operation[] = [
  operation({
    id: "showStatus",
    tag: "node",
    method: "get",
    route: "/status",
    access: "public",
    summary: { zh: "节点状态", en: "The node's condition" },
    answers: { 200: NodeStatus },
    handle: async ({ services, language }) => {
      const { height, demo, standing, conditions, pending, ...status } = services.status();
      const titled = conditions.map((one) => ({ ...one, title: conditionTitles[one.code][language] }));
      const told = standing.map((alarm) => ({ ...alarm, message: standingText(alarm)[language] }));
      const said = { conditions: titled, standing: told, pending: pending.map((words) => words[language]) };
      return { status: 200, body: { ...status, ...said, height: Number(height), demo: demo ?? null } };
    },
  }),
  operation({
    id: "listAlarms",
    tag: "node",
    method: "get",
    route: "/alarms",
    summary: {
      zh: "告警：账本上不应有的情况及其责任部门",
      en: "What the ledger should not hold, and who made it possible",
    },
    query: Type.Object({ ...pageParameters }, { additionalProperties: false }),
    answers: { 200: listOf(ListedAlarm, "Alarms, the last first") },
    handle: async ({ services, db, query, language }) => {
      const page = await listAlarms(db, query);
      // What stands beside the ledger's own alarms comes first, and belongs to no block.
      const standing = query.cursor === undefined ? services.status().standing : [];
      const first = standing.map(({ kind, department, ...detail }, at) => {
        const message = standingText(standing[at] as StandingAlarm)[language];
        return { block: null, kind, message, departments: [department], detail };
      });
      const items = page.items.map((alarm) => ({ ...alarm, message: alarmWords(alarm)[language] }));
      return { status: 200, body: { ...page, items: [...first, ...items] } };
    },
  }),
  operation({
    id: "digestProjection",
    tag: "node",
    method: "get",
    route: "/projection/digest",
    summary: {
      zh: "本节点全部派生数据的摘要：各节点应当相同，重建后应当不变",
      en: "One digest over all derived rows: equal on every node, and after a rebuild",
    },
    answers: { 200: ProjectionDigest },
    handle: async ({ db }) => ({ status: 200, body: { ...(await digestProjection(db)) } }),
  }),
  operation({
    id: "explainProblem",
    tag: "node",
    method: "get",
    route: "/problems/{code}",
    access: "public",
    summary: { zh: "错误代码说明", en: "What an error code means" },
    path: Type.Object({ code: Type.String({ pattern: "^[A-Z_]{2,40}$" }) }, { additionalProperties: false }),
    answers: {
      200: Type.Object({ code: Type.String(), status: Type.Integer(), zh: Type.String(), en: Type.String() }),
    },
    handle: async ({ path }) => {
      if (!isCode(path.code)) throw new ApiError("NO_SUCH_ENTRY", `There is no code ${path.code}.`);
      const code: ErrorCode = path.code;
      return { status: 200, body: { code, ...messages[code] } };
    },
  }),
];
