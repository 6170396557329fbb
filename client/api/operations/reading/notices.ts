import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import { findCase, pageParameters } from "../../../read/index.js";
import { type Operation, operation } from "../../operation.js";
import { listNotices, markRead } from "../../reading/notices.js";
import { FoldedAct, listOf } from "../../schemas.js";
import { callerOf } from "../session.js";

export const noticeOperations: readonly Operation[] = [
  operation({
    id: "listNotices",
    tag: "duties",
    method: "get",
    route: "/notices",
    summary: { zh: "与本部门有关的通知", en: "What others did that concerns the department" },
    query: Type.Object(
      { ...pageParameters, shown: Type.Optional(Type.Enum(["unread", "all"], { description: "Default unread." })) },
      { additionalProperties: false },
    ),
    answers: { 200: listOf(FoldedAct, "Notices, the last first; opened says by whom") },
    handle: async ({ db, services, query }) => ({
      status: 200,
      body: { ...(await listNotices(db, services.department, query.shown ?? "unread", query)) },
    }),
  }),
  operation({
    id: "markNoticesRead",
    tag: "duties",
    method: "post",
    route: "/notices/read",
    effect: "mark",
    summary: { zh: "标记为已读（至某一行为为止）", en: "Mark a case's notices as read, up to an act" },
    body: Type.Object(
      {
        noun: Type.String({ maxLength: 32 }),
        case: Type.String({ maxLength: 160 }),
        number: Type.Integer({ minimum: 1 }),
      },
      { additionalProperties: false },
    ),
    answers: { 204: Type.Object({}) },
    handle: async ({ db, services, body, caller }) => {
      const { officer } = callerOf(caller).session.officer;
      const found = await findCase(db, body);
      if (found === undefined) throw new ApiError("NO_SUCH_CASE", `There is no ${body.noun} ${body.case}.`);
      const time = services.now() ?? found.changed.time;
      await markRead(db, { ...body, number: Math.min(body.number, found.next - 1), officer, time });
      return { status: 204 };
    },
  }),
];
