import { Digest, TransactionId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { Reading } from "@wanlian/model/reading.js";
import { parseShownAnswer } from "@wanlian/verify";
import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import type { OwnRelease } from "../../../exchange/index.js";
import type { Db } from "../../../read/index.js";
import { AnswerCell, FoundCell } from "../../answers/access.js";
import { type Operation, operation } from "../../operation.js";
import { callerOf } from "../session.js";
import type { ExchangeSource } from "./asked-of-grant.js";

const closed = { additionalProperties: false } as const;

/** Releases looked through for one question that names none, the newest first. */
const MOST_RELEASES = 1000;

/** An answer of a thousand rows with their proofs. */
const MAX_KEPT_BYTES = 8 * 1024 * 1024;

/** A single cell, found by its digest: what can be found is decided by who asks. */
export function cellOperations(exchange: ExchangeSource): readonly Operation[] {
  return [
    operation({
      id: "findCell",
      tag: "trace",
      method: "get",
      route: "/cells/{digest}",
      summary: {
        zh: "按摘要在本部门登记的批次中查找一个单元格；证明其属于该批次，不出示内容",
        en: "A cell of this department's own releases by its digest: proven to be the release's, its value not shown",
      },
      path: Type.Object({ digest: Digest }, closed),
      query: Type.Object(
        { release: Type.Optional(Type.Unsafe<TransactionId>({ ...TransactionId, description: "This one alone" })) },
        closed,
      ),
      answers: {
        200: Type.Object(
          {
            found: Type.Optional(FoundCell),
            searched: Type.Array(Type.String(), { description: "Releases that were looked through whole." }),
            notSearched: Type.Array(Type.Object({ release: Type.String(), reason: Type.String() }), {
              description: "TOO_LARGE: ask for it by itself. Else why its data could not be read.",
            }),
          },
          { additionalProperties: true, title: "CellSearch" },
        ),
      },
      handle: async ({ db, services, path, query, signal }) => {
        const { cells } = exchange();
        const releases = await ownReleases(db, services.department, services.model().reading, query.release);
        return { status: 200, body: { ...(await cells.find(path.digest, releases, signal)) } };
      },
    }),
    operation({
      id: "showAnswerCells",
      tag: "trace",
      method: "post",
      route: "/cells",
      summary: {
        zh: "本部门查得并留存的答复中各单元格的摘要，或按摘要查找其中一个；先与调用记录和账本核对",
        en: "The cells of an answer that this department was given and kept, each with its digest, or the one of a digest; held against record and ledger first",
      },
      body: Type.Object(
        {
          digest: Type.Optional(Digest),
          record: Digest,
          answer: Type.Object({}, { additionalProperties: true, description: "As `access lookup --keep` wrote it" }),
        },
        closed,
      ),
      maxBodyBytes: MAX_KEPT_BYTES,
      answers: {
        200: Type.Object(
          {
            items: Type.Array(AnswerCell),
          },
          { additionalProperties: true, title: "AnswerCells" },
        ),
      },
      handle: async ({ body: { digest, record, answer }, caller }) => {
        const kept = { record, answer: parseShownAnswer(answer) };
        const cells = await exchange().shownCells(callerOf(caller).signer, kept);
        const items = digest === undefined ? cells : cells.filter((cell) => cell.digest === digest);
        return { status: 200, body: { items } };
      },
    }),
  ];
}

/** The releases that a department registered, the newest first, or the one that is named. @throws ApiError NO_SUCH_CASE */
export async function ownReleases(
  db: Db,
  department: string,
  reading: Reading,
  only: TransactionId | undefined,
): Promise<OwnRelease[]> {
  let query = db
    .selectFrom("cases as c")
    .innerJoin("parties as p", (join) => join.onRef("p.noun", "=", "c.noun").onRef("p.case_id", "=", "c.case_id"))
    .select(["c.case_id", "c.state"])
    .where("c.noun", "=", "release")
    .where("p.department", "=", department)
    .where("p.relation", "=", "provider");
  if (only !== undefined) query = query.where("c.case_id", "=", only);
  const rows = await query.orderBy("c.opened_block", "desc").orderBy("c.case_id").limit(MOST_RELEASES).execute();
  if (only !== undefined && rows.length === 0) {
    throw new ApiError("NO_SUCH_CASE", `${department} has registered no release ${only}: only its provider can look.`);
  }
  return rows.map(({ case_id, state }) => ({
    release: case_id as TransactionId,
    registered: reading.release(JSON.parse(state) as CaseState),
  }));
}
