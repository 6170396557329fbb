import { Digest, TransactionId } from "@wanlian/model/identifiers.js";
import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import { DEFAULT_DEPTH, lineageOf, printedLineage } from "../../../lineage/index.js";
import { writePdf } from "../../../pdf/index.js";
import type { Db } from "../../../read/index.js";
import { file } from "../../answers/answer.js";
import { type Operation, operation } from "../../operation.js";
import { lineageQuery } from "./lineage.js";

const closed = { additionalProperties: false } as const;

/** Of a ledger whose clock has not begun. */
const NO_TIME = "1970-01-01T00:00:00Z";

/** 溯源审计报告: what was found, as one file to hand on and to file. */
export const lineageReport: Operation = operation({
  id: "lineageAsPdf",
  tag: "trace",
  method: "get",
  route: "/releases/{case}/lineage/pdf",
  media: "application/pdf",
  summary: {
    zh: "溯源审计报告（PDF）：来源与去向的图示和表格，注明证据文件的摘要",
    en: "The audit report as PDF: the lineage as picture and tables, with the digest of its evidence",
  },
  path: Type.Object({ case: TransactionId }, closed),
  query: Type.Object(
    {
      ...lineageQuery.properties,
      evidence: Type.Optional(
        Type.Unsafe<Digest>({ ...Digest, description: "SHA-256 of the file of evidence that is handed on beside it" }),
      ),
    },
    closed,
  ),
  answers: { 200: file("A PDF file") },
  handle: async ({ db, services, path, query, language }) => {
    const { evidence, ...asked } = query;
    const found = await lineageOf(db, services.model().reading, { release: path.case, ...asked });
    if (found === undefined) throw new ApiError("NO_SUCH_CASE", `There is no release ${path.case}.`);
    const printing = {
      ...{ node: services.department, time: services.now() ?? NO_TIME, height: await heightOf(db), language },
      ...{ depth: asked.depth ?? DEFAULT_DEPTH, names: await namesOf(db) },
      ...(evidence === undefined ? {} : { evidence }),
    };
    return {
      status: 200,
      headers: { "Content-Disposition": `attachment; filename="lineage-${path.case.slice(0, 12)}.pdf"` },
      bytes: await writePdf(printedLineage(found, printing)),
    };
  },
});

async function heightOf(db: Db): Promise<number> {
  const row = await db.selectFrom("checkpoint").select("height").executeTakeFirst();
  return Number(row?.height ?? 0);
}

/** Departments' names, by MSP id. */
async function namesOf(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom("cases").select(["case_id", "state"]).where("noun", "=", "member").execute();
  return new Map(
    rows.map(({ case_id, state }) => {
      const name: unknown = Reflect.get(Object(JSON.parse(state)), "name");
      return [case_id, typeof name === "string" ? name : case_id];
    }),
  );
}
