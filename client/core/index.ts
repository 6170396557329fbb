/** The ground: errors with stable codes, signers, pausing, and the node's services as types. Knows nothing of the node's. */

export { ApiError } from "./api-error.js";
export { allowServing, CONDITIONS, type Condition, type ConditionCode, hinderFiling } from "./condition.js";
export type {
  ApiErrorCode,
  ErrorCode,
  ExchangeErrorCode,
  FilingErrorCode,
  KeyErrorCode,
  LogErrorCode,
  NodeErrorCode,
  QualityErrorCode,
} from "./error-code.js";
export { ExchangeError } from "./exchange-error.js";
export { gathered } from "./gathered.js";
export { KeyError } from "./key-error.js";
export { LogError } from "./log-error.js";
export { type ErrorContext, NodeError, SubmissionError } from "./node-error.js";
export { pause } from "./pause.js";
export { QualityError } from "./quality-error.js";
export { Recent } from "./recent.js";
export type {
  CaseName,
  CatchUp,
  Command,
  DifferenceDetail,
  EventOptions,
  FoldedAct,
  Head,
  NodeEvent,
  NodeServices,
  NodeStatus,
  Position,
  Signer,
  StandingAlarm,
  Submission,
  SubmitOptions,
  UseWarning,
  VoidDetail,
} from "./services.js";
export { JsonFault, parseStrictJson } from "./strict-json.js";
