/** The ground: errors with stable codes, signers, pausing, and the node's services as types. Knows nothing of the node's. */

export { ApiError, type ApiErrorCode } from "./api-error.js";
export { ExchangeError, type ExchangeErrorCode } from "./exchange-error.js";
export { NodeError, type NodeErrorCode, SubmissionError } from "./node-error.js";
export { pause } from "./pause.js";
export { QualityError, type QualityErrorCode } from "./quality-error.js";
export type {
  CaseName,
  Command,
  Condition,
  EventOptions,
  FoldedAct,
  Head,
  NodeEvent,
  NodeServices,
  NodeStatus,
  Position,
  Signer,
  Submission,
  SubmitOptions,
} from "./services.js";
