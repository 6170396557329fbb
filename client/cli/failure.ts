import { formatLedgerError, LedgerError } from "@wanlian/model/errors.js";
import { isSystemError } from "@wanlian/protocol/errors.js";
import type { Words } from "@wanlian/protocol/language.js";
import { isCode, messages } from "../api-document/index.js";
import { NodeError } from "../core/index.js";
import { CliError } from "./errors.js";

/** What is shown of a failure that was foreseen, or that the operating system reports. Undefined for a defect. */
export function failureText(error: unknown): Words | undefined {
  if (error instanceof CliError) return error.text;
  if (error instanceof LedgerError) return { zh: titled(error), en: formatLedgerError(error) };
  if (error instanceof NodeError) return { zh: titled(error), en: error.message };
  if (isSystemError(error)) return { zh: `操作系统报告：${error.message}`, en: error.message };
  return undefined;
}

/** The code and what it means, as a node's refusals have it; the particulars are in English. */
function titled({ code, message }: NodeError | LedgerError): string {
  return isCode(code) ? `${code}: ${messages[code].zh} (${message})` : message;
}
