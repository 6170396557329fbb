import { NodeError } from "./node-error.js";

/**
 * What the API itself can refuse, before anything behind it is asked:
 * - `BAD_REQUEST`: a path, query, header or body that the document does not allow; details say where.
 * - `BODY_TOO_LARGE`, `UNSUPPORTED_MEDIA_TYPE`: what came is not looked at.
 * - `NO_SUCH_ROUTE`, `METHOD_NOT_ALLOWED`: nothing is there, or not with this method.
 * - `NO_SUCH_CASE`, `NO_SUCH_ENTRY`: the address is well formed, but nothing of that name is on the ledger.
 * - `NOT_LOGGED_IN`: no session, or one that ended.
 * - `CROSS_SITE`: a page of another origin sent it with the officer's cookie.
 * - `IDEMPOTENCY_KEY_MISSING`: a filing without a key could be made twice.
 * - `ROLE_MISSING`: the officer's certificate lacks the role that the node's own duty asks for.
 * - `NOT_A_DEMO`: only a demo channel's clock is moved by hand.
 * - `FAULT`: the node's own mistake; the log has it under the request's id.
 */
export type ApiErrorCode =
  | "BAD_REQUEST"
  | "BODY_TOO_LARGE"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "NO_SUCH_ROUTE"
  | "METHOD_NOT_ALLOWED"
  | "NO_SUCH_CASE"
  | "NO_SUCH_ENTRY"
  | "NOT_LOGGED_IN"
  | "CROSS_SITE"
  | "IDEMPOTENCY_KEY_MISSING"
  | "ROLE_MISSING"
  | "NOT_A_DEMO"
  | "FAULT";

/** Raised in `api/`. */
export class ApiError extends NodeError<ApiErrorCode> {
  override readonly name = "ApiError";
}
