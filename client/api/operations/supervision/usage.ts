import type { MspId } from "@wanlian/model/identifiers.js";
import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import { usageDraft, usageStatementsIn } from "../../../supervision/index.js";
import { UsageDraft } from "../../answers/supervision.js";
import { type Operation, operation } from "../../operation.js";
import type { ExchangeSource } from "../access/asked-of-grant.js";

/** `2026-10`. */
export const MONTH = "^20[0-9]{2}-(?:0[1-9]|1[0-2])$";

/** A month of use as the node's own log has it, so that nobody types figures. */
export function draftUsage(exchange: ExchangeSource): Operation {
  return operation({
    id: "draftUsage",
    tag: "usage",
    method: "get",
    route: "/usage-draft",
    summary: {
      zh: "按本节点日志算出的月度用数，与已填报的对照，及可直接填报的内容",
      en: "A month of use by this node's own log, beside what was stated of it, and what is to be filed",
    },
    query: Type.Object({ month: Type.String({ pattern: MONTH }) }, { additionalProperties: false }),
    answers: { 200: UsageDraft },
    handle: async ({ db, services, query: { month } }) => {
      if (services.model().nouns.usage === undefined)
        throw new ApiError("NO_SUCH_ENTRY", "The rules in force know no statements of use.");
      const { index, catchUp } = exchange();
      await catchUp();
      const department = services.department as MspId;
      const stated = await usageStatementsIn(db, `${department}/${month}`);
      return { status: 200, body: { ...(await usageDraft(index, department, month, stated)) } };
    },
  });
}
