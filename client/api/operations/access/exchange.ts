import { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { FieldNames } from "@wanlian/model/model-1/limits.js";
import type { Words } from "@wanlian/protocol/language.js";
import { Type } from "typebox";
import { AuditFilter, ComparedRows, type FiledRecord, Road, reasonOf, Subject } from "../../../access/index.js";
import { isCode, messages } from "../../../api-document/index.js";
import type { AuditEvent, AuditedFiling, LogProgress } from "../../../audit/index.js";
import { ExchangeError } from "../../../core/index.js";
import {
  type Accessed,
  type Ask,
  comparedColumns,
  compareWithRelease,
  downloadRelease,
} from "../../../exchange/index.js";
import { type Db, DEFAULT_PAGE, decodeCursor, pageOf, pageParameters } from "../../../read/index.js";
import { AccessAnswer, AccessRow } from "../../answers/access.js";
import { text } from "../../answers/answer.js";
import { csvLines } from "../../csv-lines.js";
import { findingText } from "../../findings.js";
import type { OfficersExchange } from "../../officers-exchange.js";
import { type Operation, operation } from "../../operation.js";
import { listOf } from "../../schemas.js";
import { callerOf } from "../session.js";
import { draftUsage } from "../supervision/usage.js";
import { askOf, type ExchangeSource, Wanted, wanted } from "./asked-of-grant.js";
import { cellOperations } from "./cells.js";
import { countOperations } from "./counts.js";
import { describeCall } from "./described-call.js";
import { quickCheckOperation } from "./quick-check.js";

const closed = { additionalProperties: false } as const;

/** The digests of the most rows, and what every request has. */
const MAX_COMPARISON_BYTES = 3 * 1024 * 1024;

export function exchangeOperations(exchange: ExchangeSource): Operation[] {
  return [
    access(exchange),
    download(exchange),
    compare(exchange),
    quickCheckOperation(exchange),
    listAccesses(exchange),
    ...countOperations(exchange),
    draftUsage(exchange),
    ...cellOperations(exchange),
    audit(exchange),
  ];
}

function access(exchange: ExchangeSource): Operation {
  return operation({
    id: "access",
    tag: "exchange",
    method: "post",
    route: "/accesses",
    effect: "access",
    summary: {
      zh: "在授权内查询或核验数据；双方节点留有签名的调用记录",
      en: "Look up or verify data within a grant; both nodes keep the signed record",
    },
    body: Type.Object(
      {
        ...wanted,
        way: Type.Enum(["lookup", "verification"]),
        road: Type.Optional(Road),
        subject: Type.Optional(Subject),
      },
      closed,
    ),
    answers: { 200: AccessAnswer },
    handle: async ({ db, services, caller, body }) => {
      const { way, road = "gateway", subject, ...rest } = body;
      const ask: Ask = {
        ...(await askOf({ services, db }, rest)),
        way,
        road,
        ...(subject === undefined ? {} : { subject }),
      };
      const accessed = await exchange().consumer.access(callerOf(caller).signer, ask);
      expectServed(accessed.filed);
      return {
        status: 200,
        body: { ...describeRecord(accessed.filed), payload: accessed.payload ?? null, proofs: accessed.proofs ?? null },
      };
    },
  });
}

function download(exchange: ExchangeSource): Operation {
  return operation({
    id: "download",
    tag: "exchange",
    method: "post",
    route: "/downloads",
    effect: "access",
    media: "text/csv",
    summary: {
      zh: "下载批次中获授权的字段（CSV）；各列与账本摘要不符时连接中断",
      en: "Download a release's granted fields as CSV; the connection breaks if a column is not the registered one",
    },
    body: Wanted,
    answers: { 200: text("CSV, complete only if the answer ends by itself") },
    handle: async ({ db, services, caller, body }) => {
      const ask: Ask = { ...(await askOf({ services, db }, body)), way: "download", road: "gateway" };
      const parts = downloadRelease(exchange().consumer, callerOf(caller).signer, ask);
      // A refusal comes before any data: then it is a problem document still.
      const first = await parts.next();
      if (first.done !== true && first.value.$case === "end") expectServed(first.value.filed);
      return { status: 200, stream: csvLines(ask.fields, first, parts, expectServed) };
    },
  });
}

function compare(exchange: ExchangeSource): Operation {
  return operation({
    id: "compare",
    tag: "exchange",
    method: "post",
    route: "/comparisons",
    effect: "access",
    media: "text/csv",
    summary: {
      zh: "凭授权与对方比对已有的行：往来的是带密钥的摘要，不是数据；双方节点留有签名的调用记录",
      en: "Compare rows that one has with a release within a grant: keyed digests go both ways, no data; both nodes keep the signed record",
    },
    body: Type.Object({ ...wanted, by: FieldNames, compared: ComparedRows }, closed),
    maxBodyBytes: MAX_COMPARISON_BYTES,
    answers: {
      200: text("CSV of keyed digests: the row's, then those of its cells; complete only if it ends by itself"),
    },
    handle: async ({ db, services, caller, body }) => {
      const { by, compared, ...rest } = body;
      const ask = { ...(await askOf({ services, db }, rest)), by, compared };
      const parts = compareWithRelease(exchange().consumer, callerOf(caller).signer, ask);
      const first = await parts.next();
      if (first.done !== true && first.value.$case === "end") expectServed(first.value.filed);
      return { status: 200, stream: csvLines(comparedColumns(ask), first, parts, expectServed) };
    },
  });
}

function listAccesses(exchange: ExchangeSource): Operation {
  return operation({
    id: "listAccesses",
    tag: "exchange",
    method: "get",
    route: "/accesses",
    summary: { zh: "本节点日志中的调用记录", en: "Access records in this node's log" },
    query: Type.Object(
      {
        ...pageParameters,
        ...AuditFilter.properties,
        record: Type.Optional(Type.Unsafe<Digest>({ ...Digest, description: "This one alone, by its id" })),
      },
      closed,
    ),
    answers: { 200: listOf(AccessRow, "The last first") },
    handle: async ({ query }) => {
      const { limit = DEFAULT_PAGE, cursor, record, ...filter } = query;
      const [before] = decodeCursor(cursor, [0] as [number]) ?? [];
      const { index, catchUp } = exchange();
      await catchUp();
      if (record !== undefined) return { status: 200, body: { items: await recordOf(index, record) } };
      const rows = await index.find(filter, { limit: limit + 1, ...(before === undefined ? {} : { before }) });
      return { status: 200, body: { ...pageOf(rows, limit, ({ position }) => [position], describeRow) } };
    },
  });
}

async function recordOf(index: OfficersExchange["index"], record: Digest): Promise<Record<string, unknown>[]> {
  const position = await index.positionOf(record);
  const rows = position === undefined ? [] : await index.find({}, { before: position + 1, limit: 1 });
  return rows.map(describeRow);
}

function audit(exchange: ExchangeSource): Operation {
  return operation({
    id: "audit",
    tag: "exchange",
    method: "post",
    route: "/audits",
    effect: "access",
    media: "application/x-ndjson",
    summary: {
      zh: "凭审计委托逐条核对各部门日志并相互比对；提问本身也记入日志",
      en: "Go through departments' logs under a mandate and compare them; the questions are themselves on record",
    },
    body: Type.Object(
      {
        mandate: TransactionId,
        departments: Type.Optional(Type.Array(MspId, { minItems: 1, maxItems: 200, uniqueItems: true })),
        filter: Type.Optional(AuditFilter),
        show: Type.Optional(Type.Enum(["findings", "records"], { description: "Default: findings" })),
        resume: Type.Optional(Type.String({ pattern: "^[0-9a-f]{16}$", description: "An audit that broke off" })),
      },
      closed,
    ),
    answers: {
      200: text(
        "A line of JSON an event: begun, progress, record, call, filing, finding; complete only if the last is end",
      ),
    },
    handle: async ({ db, caller, body }) => {
      const { mandate, filter = {}, show = "findings", resume } = body;
      const departments = body.departments ?? (await departmentsToAudit(db));
      const events = exchange().audit(callerOf(caller).signer, { mandate, departments, filter, show }, resume);
      // What keeps it from beginning comes before any event: then it is a problem document still.
      const first = await events.next();
      return { status: 200, stream: lines(first, events) };
    },
  });
}

async function* lines(
  first: IteratorResult<AuditEvent, void>,
  events: AsyncGenerator<AuditEvent, void>,
): AsyncGenerator<string> {
  try {
    for (let next = first; next.done !== true; next = await events.next())
      yield `${JSON.stringify(lineOf(next.value))}\n`;
  } finally {
    await events.return();
  }
}

function lineOf(event: AuditEvent): Record<string, unknown> {
  switch (event.kind) {
    case "finding":
      return { event: "finding", ...event.finding, message: findingText(event.finding) };
    case "record":
      return { event: "record", department: event.department, ...describeRecord(event.record) };
    case "filing":
      return { event: "filing", department: event.department, ...describeFiling(event.filing) };
    case "call":
      return { event: "call", department: event.department, ...describeCall(event.call) };
    case "begun":
      return { event: "begun", audit: event.audit };
    case "progress":
      return { event: "progress", logs: event.logs.map(logOf) };
    case "end":
      return { event: "end", logs: event.logs.map(logOf), found: event.found };
  }
}

function logOf({ note: _, ...log }: LogProgress): Record<string, unknown> {
  return log;
}

/** Whoever is a member, and whoever was one and has a log. */
async function departmentsToAudit(db: Db): Promise<MspId[]> {
  const rows = await db
    .selectFrom("cases")
    .select("case_id")
    .distinct()
    .where(({ or, and, eb }) =>
      or([eb("noun", "=", "log"), and([eb("noun", "=", "member"), eb("status", "=", "active")])]),
    )
    .orderBy("case_id")
    .execute();
  return rows.map(({ case_id }) => case_id as MspId);
}
/** @throws ExchangeError REFUSED, BROKEN_OFF, with the record that says why */
function expectServed(filed: FiledRecord): void {
  const { result } = filed.signed.record;
  const reason = reasonOf(filed.signed.record);
  if (result === "served") return;
  const details = { result, reason: reason ?? "", record: filed.id, position: filed.position };
  if (result === "refused") throw new ExchangeError("REFUSED", `The provider refuses: ${reason}.`, { details });
  throw new ExchangeError("BROKEN_OFF", `The provider's record says "${result}": ${reason ?? "no reason"}.`, {
    details,
  });
}

function describeRecord({ id, position, signed }: Accessed["filed"]): Record<string, unknown> {
  const { kind, request, checked, result, rows, objections } = signed.record;
  const reason = reasonOf(signed.record);
  const { provider, consumer, officer, dataset, release, grant, fields, purpose, scenario, way, road } = request;
  return {
    ...{ record: id, position, kind, provider, consumer, officer, dataset, release, grant, fields },
    ...{ purpose, scenario, way, road, result, rows, objections, checked },
    ...(reason === undefined ? {} : { reason }),
    ...(request.machine ? { machine: true } : {}),
  };
}

/** A filing that was refused, as the department's log has it. */
function describeFiling({ id, position, filing }: AuditedFiling): Record<string, unknown> {
  const { officer, noun, case: name, command, code, reason, transaction, body, ledger } = filing;
  const said = { officer, noun, case: name, command, body, result: "refused", code, ledger };
  return {
    ...{ record: id, position, kind: "filing", ...said, ...whyRefused(code) },
    ...(reason === undefined ? {} : { reason }),
    ...(transaction === undefined ? {} : { transaction }),
  };
}

interface DescribedRow {
  readonly kind: string;
  readonly reason: string;
  readonly machine: 0 | 1;
}

/** Rows have empty texts where a record says nothing. A filing's reason is an error's code, with words of its own. */
function describeRow({ machine, ...row }: DescribedRow): Record<string, unknown> {
  const said = {
    ...Object.fromEntries(Object.entries(row).filter(([, value]) => value !== "")),
    ...(machine === 1 ? { machine: true } : {}),
  };
  return row.kind === "filing" ? { ...said, ...whyRefused(row.reason) } : said;
}

function whyRefused(code: string): { readonly message?: Words } {
  return isCode(code) ? { message: { zh: messages[code].zh, en: messages[code].en } } : {};
}
