import type { Words } from "@wanlian/protocol/language.js";
import type { ErrorContext } from "../core/index.js";

/**
 * What ends a command:
 * - `USAGE`: the command line itself is wrong.
 * - `UNREACHABLE`: no node answers at the address.
 * - `REFUSED`: the node's problem document, in `details`.
 * - `NOT_IN_FORCE`: what is asked for is not in the rules in force.
 * - `NOT_THE_RELEASE`: a file is not what its release registered.
 * - `NO_ROW_TREE`: the tree over a release's rows is not beside its data.
 * - `FOUND`: an audit has findings, or evidence does not hold.
 * - `NOT_PROVEN`: evidence shows part of what it has to.
 * - `OUTCOME_OPEN`: sent, and not known yet what became of it.
 */
export type CliErrorCode =
  | "USAGE"
  | "UNREACHABLE"
  | "REFUSED"
  | "NOT_IN_FORCE"
  | "NOT_THE_RELEASE"
  | "NO_ROW_TREE"
  | "FOUND"
  | "NOT_PROVEN"
  | "OUTCOME_OPEN";

/** Its text is shown in the reader's language; the message is the English one. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    readonly code: CliErrorCode,
    readonly text: Words,
    { details = {}, ...options }: ErrorContext = {},
  ) {
    super(text.en, options);
    this.details = details;
  }

  /** The code of the node's problem document, where it refused. */
  get problemCode(): string | undefined {
    const { problem } = this.details;
    const code: unknown = typeof problem === "object" && problem !== null ? Reflect.get(problem, "code") : undefined;
    return typeof code === "string" ? code : undefined;
  }
}
