import { failureText } from "@wanlian/network/failure.js";
import type { Language } from "@wanlian/protocol/language.js";

/** Ends the command: with one clear sentence where the error is one that was foreseen, with everything where it is a defect. */
export function reportAndExit(error: unknown, language: Language): never {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${failureText(error, language, "sentence") ?? stack}\n`);
  process.exit(1);
}
