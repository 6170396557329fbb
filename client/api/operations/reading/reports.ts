import { TransactionId } from "@wanlian/model/identifiers.js";
import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import type { Db } from "../../../read/index.js";
import {
  type AskForReport,
  keepReport,
  MAX_REPORT_BYTES,
  reportOf,
  type StatedReport,
  statedReport,
} from "../../../texts/index.js";
import { QualityReport } from "../../answers/quality.js";
import { type Operation, operation } from "../../operation.js";

const closed = { additionalProperties: false } as const;
const path = Type.Object({ case: TransactionId }, closed);
const route = "/assessments/{case}/report";

/** @param ask fetches what this node lacks from the department that stated it; undefined where it has no exchange */
export function reportOperations(ask: AskForReport | undefined): Operation[] {
  return [
    operation({
      id: "showReport",
      tag: "assessment",
      method: "get",
      route,
      summary: {
        zh: "质量评估的报告；本节点没有的，向作出评估的部门索取并核对摘要",
        en: "An assessment's report; what this node lacks is asked of its author's node and checked against the digest",
      },
      path,
      answers: { 200: QualityReport },
      handle: async ({ db, services, path: { case: id } }) => {
        const stated = await existing(db, id);
        const { author, digest } = stated;
        const content = await reportOf(db, stated, author === services.department ? undefined : ask);
        if (content === undefined) throw new ApiError("NO_SUCH_ENTRY", `The report of ${id} is not at this node.`);
        return { status: 200, body: { author, digest, report: JSON.parse(content) } };
      },
    }),
    operation({
      id: "keepReport",
      tag: "assessment",
      method: "post",
      route,
      effect: "mark",
      summary: {
        zh: "收存质量评估的报告，并核对与账本上的摘要一致",
        en: "Keep an assessment's report, checked against its digest on the ledger",
      },
      path,
      body: Type.Object({ report: Type.Object({}) }, closed),
      maxBodyBytes: MAX_REPORT_BYTES,
      answers: { 204: Type.Object({}) },
      handle: async ({ db, path: { case: id }, body: { report } }) => {
        const { digest } = await existing(db, id);
        try {
          await keepReport(db, digest, report);
        } catch (cause) {
          if (!(cause instanceof RangeError)) throw cause;
          throw new ApiError("BAD_REQUEST", `body/report: ${cause.message}`, { cause });
        }
        return { status: 204 };
      },
    }),
  ];
}

async function existing(db: Db, id: string): Promise<StatedReport> {
  const stated = await statedReport(db, id);
  if (stated === undefined) throw new ApiError("NO_SUCH_CASE", `There is no assessment ${id}.`);
  return stated;
}
