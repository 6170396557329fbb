import type { ErrorCode, FilingErrorCode } from "./error-code.js";

/** What goes with an error beside its code and its sentence: particulars in plain JSON, and what brought it about. */
export interface ErrorContext extends ErrorOptions {
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Base of all errors that a node throws on purpose. Its code is one that people are told of in words: what is not in
 * {@link ErrorCode}, and so in the messages of `api-document/`, does not compile.
 */
export class NodeError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name: string = "NodeError";
  readonly code: Code;
  readonly details: Readonly<Record<string, unknown>>;

  /** @param message what, which, and what now, in English */
  constructor(code: Code, message: string, { details = {}, ...options }: ErrorContext = {}) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** A filing that came to nothing: for one of the node's reasons or, where a contract refused, for the contract's own. */
export class SubmissionError extends NodeError<FilingErrorCode> {
  override readonly name = "SubmissionError";
}
