import { DatasetId, Digest, Instant, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { count, text } from "@wanlian/model/kernel/schema.js";
import { FieldNames, MAX_NAME } from "@wanlian/model/model-1/limits.js";
import { wordsIn } from "@wanlian/words/index.js";
import { Type } from "typebox";
import type { CallDetails, CallFacts } from "../../../access/index.js";
import { CALL_NOTES, CALL_PICKS, type ListedCall, type ListedNote, MOST_PUSHED } from "../../../calls/index.js";
import { ApiError, NodeError } from "../../../core/index.js";
import { DEFAULT_PAGE, decodeCursor, pageOf, pageParameters } from "../../../read/index.js";
import { Call, CallNote, LackingCall, TakenCalls } from "../../answers/calls.js";
import type { OfficersCalls } from "../../officers-calls.js";
import { type Operation, operation } from "../../operation.js";
import { listOf } from "../../schemas.js";
import { callerOf } from "../session.js";
import { describeCall } from "./described-call.js";

const closed = { additionalProperties: false } as const;

/** A thousand records of the usual length; longer ones come in fewer. */
const MAX_PUSH_BYTES = 2 * 1024 * 1024;
const STATING_ROLES: readonly string[] = ["steward", "user"];

/** Where calls over other roads come from. Throws what keeps the exchange from being there. */
export type CallSource = () => OfficersCalls;

/** Calls over other roads: brought by the platform, stated by officers, shown with what the other side says. */
export function callOperations(calls: CallSource): Operation[] {
  return [push(calls), handOver(calls), list(calls), lacking(calls), notes(calls)];
}

function push(calls: CallSource): Operation {
  return operation({
    id: "pushCalls",
    tag: "exchange",
    method: "post",
    route: "/platform-calls",
    access: "public",
    effect: "access",
    summary: {
      zh: "共享平台推送调用记录（凭平台口令）；逐条核对授权并记入日志",
      en: "The exchange platform pushes its calls, with its secret as bearer token; each is held against the ledger and logged",
    },
    body: Type.Object(
      { records: Type.Array(Type.Unknown(), { minItems: 1, maxItems: MOST_PUSHED, description: "By the mapping" }) },
      closed,
    ),
    maxBodyBytes: MAX_PUSH_BYTES,
    admit: (header) => {
      const [, secret] = /^Bearer (.+)$/.exec(header("authorization") ?? "") ?? [];
      if (secret === undefined || !calls().desk.isPlatform(secret)) {
        throw new ApiError("NOT_LOGGED_IN", "Calls are pushed with the platform's secret as bearer token.");
      }
    },
    answers: { 200: TakenCalls },
    handle: async ({ body }) => ({ status: 200, body: { ...(await calls().desk.push(body.records)) } }),
  });
}

function handOver(calls: CallSource): Operation {
  return operation({
    id: "stateHandover",
    tag: "exchange",
    method: "post",
    route: "/handovers",
    effect: "access",
    summary: {
      zh: "登记线下交付或收到的文件（按摘要）；核对授权、记入日志并请对方核对",
      en: "State a file that was handed over or received, by its digest; held against the ledger, logged, confirmed by the other side",
    },
    body: Type.Object(
      {
        dataset: DatasetId,
        provider: MspId,
        consumer: MspId,
        digest: Digest,
        rows: count(),
        time: Type.Optional(Type.Unsafe<Instant>({ ...Instant, description: "Default: now, by the ledger" })),
        grant: Type.Optional(TransactionId),
        release: Type.Optional(TransactionId),
        fields: Type.Optional(FieldNames),
        purpose: Type.Optional(text(MAX_NAME)),
        scenario: Type.Optional(text(MAX_NAME)),
      },
      closed,
    ),
    answers: { 200: TakenCalls },
    handle: async ({ body, caller, services }) => {
      const { officer, roles } = callerOf(caller).session.officer;
      if (!roles.some((role) => STATING_ROLES.includes(role))) {
        throw new ApiError("ROLE_MISSING", `A file that was handed over is stated by: ${STATING_ROLES.join(", ")}.`);
      }
      const time = body.time ?? (services.now() as Instant | undefined);
      if (time === undefined) throw new NodeError("NOT_READY", "the ledger's clock has not begun");
      const { dataset, provider, consumer, digest, rows, ...details } = body;
      const { time: _, ...said } = { ...details, time };
      const facts: CallFacts = {
        ...{ road: "file", platform: "file", call: digest, time, provider, consumer, dataset },
        ...{ way: "download", result: "served", rows, digest },
      };
      const taken = await calls().desk.handOver(officer, facts, said as CallDetails);
      return { status: 200, body: { ...taken } };
    },
  });
}

function list(calls: CallSource): Operation {
  return operation({
    id: "listCalls",
    tag: "exchange",
    method: "get",
    route: "/platform-calls",
    summary: {
      zh: "经平台或文件的调用：授权核对结论和对方的核对结论",
      en: "Calls over the platform or by files: what the ledger says of each, and what the other side says",
    },
    query: Type.Object(
      {
        ...pageParameters,
        pick: Type.Optional(Type.Enum([...CALL_PICKS], { description: "Default: all" })),
        dataset: Type.Optional(DatasetId),
        provider: Type.Optional(MspId),
        consumer: Type.Optional(MspId),
        since: Type.Optional(Instant),
        until: Type.Optional(Instant),
      },
      closed,
    ),
    answers: { 200: listOf(Call, "The last first") },
    handle: async ({ query }) => {
      const { limit = DEFAULT_PAGE, cursor, pick = "all", ...filter } = query;
      const [before] = decodeCursor(cursor, [0] as [number]) ?? [];
      const { list: find, catchUp } = calls();
      await catchUp();
      const rows = await find(filter, pick, { limit: limit + 1, ...(before === undefined ? {} : { before }) });
      return { status: 200, body: { ...pageOf(rows, limit, ({ position }) => [position], describeListed) } };
    },
  });
}

function lacking(calls: CallSource): Operation {
  return operation({
    id: "listLackingCalls",
    tag: "exchange",
    method: "get",
    route: "/platform-calls/lacking",
    summary: {
      zh: "对方部门有记录而本部门没有的调用",
      en: "Calls with this department that the other side has and this log lacks",
    },
    query: Type.Object({ ...pageParameters }, closed),
    answers: { 200: listOf(LackingCall, "In the order of what names them") },
    handle: async ({ query }) => {
      const { limit = DEFAULT_PAGE, cursor } = query;
      const after = decodeCursor(cursor, ["", ""] as [string, string]);
      const rows = await calls().lacking(limit + 1, after);
      return {
        status: 200,
        body: {
          ...pageOf(
            rows,
            limit,
            ({ key, department }) => [key, department],
            (row) => ({ ...row }),
          ),
        },
      };
    },
  });
}

function notes(calls: CallSource): Operation {
  return operation({
    id: "listCallNotes",
    tag: "exchange",
    method: "get",
    route: "/platform-calls/notes",
    summary: {
      zh: "平台来的漏报、重复、迟报、改动和未收的记录",
      en: "What of the platform's was missing, came twice, late or altered, or was not taken",
    },
    query: Type.Object({ ...pageParameters, code: Type.Optional(Type.Enum([...CALL_NOTES])) }, closed),
    answers: { 200: listOf(CallNote, "The last first") },
    handle: async ({ query }) => {
      const { limit = DEFAULT_PAGE, cursor, code } = query;
      const [before] = decodeCursor(cursor, [0] as [number]) ?? [];
      const rows = await calls().notes(limit + 1, code, before);
      return { status: 200, body: { ...pageOf(rows, limit, ({ number }) => [number], describeNote) } };
    },
  });
}

function describeListed({ otherSide, ...call }: ListedCall): Record<string, unknown> {
  return { ...describeCall(call), otherSide };
}

function describeNote({ code, ...rest }: ListedNote): Record<string, unknown> {
  return { ...rest, code, message: { zh: wordsIn("zh").callNote(code), en: wordsIn("en").callNote(code) } };
}
