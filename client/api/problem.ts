import { randomUUID } from "node:crypto";
import type { Language } from "@wanlian/protocol/language.js";
import { wordsIn } from "@wanlian/words/index.js";
import { isCode, messages } from "../api-document/index.js";
import { type ErrorCode, NodeError } from "../core/index.js";

/** RFC 9457, with the stable code beside its human text. */
export interface Problem {
  /** Where the code is explained. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Of this occurrence: the log has it under the same id. */
  readonly instance: string;
  readonly code: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What is told of an error, in the caller's language. Of what was not foreseen nothing is told but that it happened. */
export function problemOf(error: unknown, language: Language): Problem {
  const { code, detail, details } = known(error) ?? { code: "FAULT" as const, detail: undefined, details: {} };
  const message = messages[code];
  return {
    type: `/api/v1/problems/${code}`,
    title: message[language],
    status: message.status,
    detail: reasonIn(details, language) ?? detail ?? message[language],
    instance: `urn:uuid:${randomUUID()}`,
    code,
    ...(Object.keys(details).length > 0 ? { details } : {}),
  };
}

/** Why an access came to nothing has words; other particulars are in English (decision 102). */
function reasonIn({ reason }: Readonly<Record<string, unknown>>, language: Language): string | undefined {
  if (typeof reason !== "string") return undefined;
  const words = wordsIn(language).reason(reason);
  return words === reason ? undefined : `${words}${language === "zh" ? `（${reason}）` : ` (${reason})`}`;
}

interface Known {
  code: ErrorCode;
  detail: string | undefined;
  details: Readonly<Record<string, unknown>>;
}

function known(error: unknown): Known | undefined {
  const http = httpError(error);
  if (http !== undefined) return { code: http, detail: undefined, details: {} };
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  if (!isCode(error.code) || !(error instanceof NodeError || error.name === "LedgerError")) return undefined;
  const details = "details" in error && isRecord(error.details) ? error.details : {};
  return { code: error.code, detail: error.message, details };
}

/** What Express and its body parser throw. */
function httpError(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error) || !("status" in error)) return undefined;
  switch (error.status) {
    case 413:
      return "BODY_TOO_LARGE";
    case 415:
      return "UNSUPPORTED_MEDIA_TYPE";
    case 400:
      return "BAD_REQUEST";
    default:
      return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
