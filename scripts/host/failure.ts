import { NetworkError } from "@wanlian/network/error.js";

/** Ends the command: with one clear sentence where the error is one that was foreseen, with everything where it is a defect. */
export function reportAndExit(error: unknown): never {
  process.stderr.write(`${sentence(error)}\n`);
  process.exit(1);
}

function sentence(error: unknown): string {
  if (error instanceof NetworkError) return error.message;
  if (error instanceof Error && "code" in error && error.code === "ENOSPC")
    return `The disk is full: ${error.message}. Free some space and run the command again; nothing is damaged.`;
  if (error instanceof Error && "code" in error && (error.code === "EACCES" || error.code === "EPERM"))
    return `Permission is missing: ${error.message}.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
