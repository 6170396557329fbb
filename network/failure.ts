import { isSystemError } from "@wanlian/protocol/errors.js";
import type { Language, Words } from "@wanlian/protocol/language.js";
import { NetworkError } from "./error.js";

/** A failure as it is shown: to people the text, to programs all of it. */
interface Failure {
  readonly code: string;
  readonly text: Words;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * What is shown of a failure that was foreseen, or that the operating system reports: one sentence in the reader's language, or
 * for programs JSON with the code and both languages. Undefined for a defect, which wants its stack.
 */
export function failureText(error: unknown, language: Language, form: "sentence" | "json"): string | undefined {
  const failure = failureOf(error);
  return failure && (form === "json" ? JSON.stringify(failure, null, 2) : failure.text[language]);
}

function failureOf(error: unknown): Failure | undefined {
  if (error instanceof NetworkError) return { code: error.code, text: error.text, details: error.details };
  if (!isSystemError(error)) return undefined;
  const { code = "SYSTEM", message, path } = error;
  return { code, text: systemText(code, message), details: path === undefined ? {} : { path } };
}

/** The system's message names what it is about, in English. */
function systemText(code: string, message: string): Words {
  switch (code) {
    case "ENOSPC":
      return {
        zh: `磁盘已满：${message}。请腾出空间后重新运行该命令；没有任何损坏。`,
        en: `The disk is full: ${message}. Free some space and run the command again; nothing is damaged.`,
      };
    case "EACCES":
    case "EPERM":
      return { zh: `没有权限：${message}。`, en: `Permission is missing: ${message}.` };
    default:
      return { zh: `操作系统报告：${message}。`, en: `The system reports: ${message}.` };
  }
}
