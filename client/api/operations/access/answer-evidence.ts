import type { Digest, TransactionId } from "@wanlian/model/identifiers.js";
import { fits } from "@wanlian/model/kernel/schema.js";
import { MAX_RECORDS, Question } from "@wanlian/verify";
import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import type { Answered } from "../../../evidence/index.js";
import { decodeCursor, findAct, pageOf } from "../../../read/index.js";
import { AnswerFile } from "../../answers/evidence.js";
import { type Operation, operation, type Request } from "../../operation.js";
import { answeredBy } from "../../reading/answered.js";
import { callerOf } from "../session.js";
import type { ExchangeSource } from "./asked-of-grant.js";
import { ownReleases } from "./cells.js";
import type { EvidenceDesk } from "./evidence-desk.js";

const closed = { additionalProperties: false } as const;

/** An answer to take home: what the node says, signed, with what proves it without the node. */
export function answerEvidence(evidence: EvidenceDesk, exchange: ExchangeSource): Operation {
  return operation({
    id: "answerEvidence",
    tag: "trace",
    method: "post",
    route: "/evidence",
    summary: {
      zh: "把一个问题的答复作为证据取走：经过、来源去向、某一时刻、变化、调用、单元格；可离线验证",
      en: "The answer to a question as evidence: what happened, where from and to, as of a time, changes, accesses, a cell; checked offline",
    },
    body: Type.Object(
      {
        question: Type.Object(
          {
            kind: Type.String({
              description: "history, author, operator, digest, lineage, asOf, changes, accesses, cell",
            }),
          },
          { additionalProperties: true, description: "docs/formats/answer.md" },
        ),
      },
      closed,
    ),
    answers: { 200: AnswerFile },
    handle: async (request) => {
      const { question } = request.body;
      if (!fits(Question, question)) {
        throw new ApiError("BAD_REQUEST", "body/question: is none of those that docs/formats/answer.md lists");
      }
      const answered = await answeredTo(question as Question, request, evidence, exchange);
      return { status: 200, body: { ...(await evidence.ofAnswer(callerOf(request.caller).signer, answered)) } };
    },
  });
}

async function answeredTo(
  question: Question,
  { db, services, signal }: Pick<Request, "db" | "services" | "signal">,
  evidence: EvidenceDesk,
  exchange: ExchangeSource,
): Promise<Answered> {
  const { reading } = services.model();
  switch (question.kind) {
    case "accesses": {
      const { filter, limit = MAX_RECORDS, cursor } = question;
      const [before] = decodeCursor(cursor, [0] as [number]) ?? [];
      const { index, catchUp } = exchange();
      await catchUp();
      const most = Math.min(limit, MAX_RECORDS);
      const rows = await index.find(filter, { limit: most + 1, ...(before === undefined ? {} : { before }) });
      // What was refused before it was a request of an access has no evidence of one.
      const kinds: ReadonlySet<string> = new Set(["access", "opening", "closing"]);
      const page = pageOf(
        rows,
        most,
        ({ position }) => [position],
        (row) => row,
      );
      const records = page.items.filter(({ kind }) => kinds.has(kind)).map(({ id }) => id as Digest);
      return { question, acts: [], standings: [], records, more: page.next !== undefined };
    }
    case "cell": {
      const { release, digest } = question;
      const releases = await ownReleases(db, services.department, reading, release);
      const { found } = await exchange().cells.find(digest, releases, signal);
      const act = await findAct(db, { noun: "release", case: release }, 1);
      if (found === undefined || act === undefined) {
        throw new ApiError("NO_SUCH_ENTRY", `Release ${release} has no cell of this digest.`);
      }
      const cell = { release: release as TransactionId, field: found.field, digest, proof: found.proof };
      return { question, acts: [act], standings: [], cell, records: [], more: false };
    }
    default:
      return await answeredBy(question, { db, models: services.models, reading, vouched: await evidence.vouched() });
  }
}
