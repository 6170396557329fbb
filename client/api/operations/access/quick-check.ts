import { TransactionId } from "@wanlian/model/identifiers.js";
import { text } from "@wanlian/model/kernel/schema.js";
import { FieldName, MAX_NAME } from "@wanlian/model/model-1/limits.js";
import { type Static, Type } from "typebox";
import { ApiError, ExchangeError } from "../../../core/index.js";
import { type ComparedRecord, compareRecord } from "../../../exchange/index.js";
import { QuickCheckAnswer } from "../../answers/quality.js";
import { type Operation, operation, type Request } from "../../operation.js";
import { callerOf } from "../session.js";
import { askOf, type ExchangeSource } from "./asked-of-grant.js";

const closed = { additionalProperties: false } as const;
/** A verification takes as many. */
const MAX_COLUMNS = 20;
const MAX_SOURCES = 5;

const Source = Type.Object(
  {
    grant: TransactionId,
    release: Type.Optional(TransactionId),
    operator: Type.Optional(text(MAX_NAME)),
    by: Type.Array(FieldName, { minItems: 1, maxItems: MAX_COLUMNS, uniqueItems: true }),
  },
  closed,
);
type Source = Static<typeof Source>;

/** Rules as text stay within what a request takes. */
const MAX_RULES_TEXT = 60_000;

const Body = Type.Object(
  {
    record: Type.Record(FieldName, Type.Union([Type.String({ maxLength: 1000 }), Type.Null()]), {
      minProperties: 1,
      maxProperties: MAX_COLUMNS,
      additionalProperties: false,
      description: "By column; null: the value is missing",
    }),
    rules: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_RULES_TEXT, description: "YAML or JSON" })),
    sources: Type.Optional(Type.Array(Source, { maxItems: MAX_SOURCES })),
  },
  closed,
);

/** What a source says; one that gives no answer does not keep the others from it. */
type SourceOutcome = (ComparedRecord | { readonly outcome: "noAnswer"; readonly code: string }) & {
  readonly grant: string;
};

/** 快速校核: one record, or a cell of it, against rules and other departments' releases. */
export function quickCheckOperation(exchange: ExchangeSource): Operation {
  return operation({
    id: "quickCheck",
    tag: "exchange",
    method: "post",
    route: "/quick-checks",
    effect: "access",
    summary: {
      zh: "快速校核一条记录或一个单元格：按规则检查，并凭授权向其他部门核验；每次核验留有签名的调用记录",
      en: "Check one record or cell at once: by rules, and by verifications under grants, each with its signed record",
    },
    body: Body,
    answers: { 200: QuickCheckAnswer },
    handle: async ({ db, services, caller, body }) => {
      const { record, rules, sources = [] } = body;
      if (rules === undefined && sources.length === 0) {
        throw new ApiError("BAD_REQUEST", "body: there is neither a rule nor a source to check by");
      }
      const checked = rules === undefined ? [] : await byRules(record, rules);
      const asked: SourceOutcome[] = [];
      for (const source of sources) {
        asked.push({ grant: source.grant, ...(await bySource(exchange, { db, services, caller }, record, source)) });
      }
      const fails =
        checked.some(({ outcome, severity }) => outcome === "failed" && severity === "error") ||
        asked.some(({ outcome }) => outcome !== "agrees");
      return { status: 200, body: { passed: !fails, rules: checked, sources: asked } };
    },
  });
}

async function byRules(record: Static<typeof Body>["record"], rules: string) {
  // Loaded when it is first asked for: the engine is a native library.
  const { parseRules, quickCheck } = await import("../../../quality/quick/index.js");
  return await quickCheck(record, parseRules(Buffer.from(rules, "utf8")));
}

async function bySource(
  exchange: ExchangeSource,
  { db, services, caller }: Pick<Request, "db" | "services" | "caller">,
  record: Static<typeof Body>["record"],
  { by, ...given }: Source,
): Promise<ComparedRecord | { readonly outcome: "noAnswer"; readonly code: string }> {
  const { fields: granted, ...ask } = await askOf({ services, db }, given);
  const values = Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, string] => {
      const [field, value] = entry;
      return value !== null && granted.some((name) => name === field);
    }),
  );
  const missing = by.find((field) => values[field] === undefined);
  if (missing !== undefined) {
    throw new ApiError("BAD_REQUEST", `body/sources: the record has no value of "${missing}", or it is not granted`);
  }
  try {
    return await compareRecord(exchange().consumer, callerOf(caller).signer, ask, by, values);
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error;
    return { outcome: "noAnswer", code: error.code };
  }
}
