import type { LedgerErrorCode } from "@wanlian/model/errors.js";

/**
 * What the node itself adds to the contracts' codes:
 * - `KEY_REUSED`: the idempotency key stands for another command.
 * - `NO_ENDORSEMENT`: too few departments can or will endorse; nothing was sent.
 * - `ENDORSEMENT_FORGED`: an endorsement's signature or what it endorses is not what was asked for; nothing was sent.
 * - `LEDGER_UNAVAILABLE`: nobody to endorse or order could be reached; nothing was sent.
 * - `REFUSED_BY_ORDERER`: the orderer will not take it; nothing counts.
 * - `CONFLICT`: others' acts kept coming first, up to the limit of attempts; nothing counts.
 * - `INVALID`: on the ledger, but refused by validation; nothing counts.
 * - `VOID`: on the ledger, but not what the model allows; nothing counts.
 * - `CLOCK_STALE`: the ledger's clock stands still: no act counts and no data is served until it ticks.
 * - `NOT_READY`: the node is catching up or has not started.
 * - `STORE_FAILED`: the node cannot write to its own disk or database.
 * - `CONFIGURATION`: the node's own configuration or key material is wrong.
 */
export type NodeErrorCode =
  | "KEY_REUSED"
  | "NO_ENDORSEMENT"
  | "ENDORSEMENT_FORGED"
  | "LEDGER_UNAVAILABLE"
  | "REFUSED_BY_ORDERER"
  | "CONFLICT"
  | "INVALID"
  | "VOID"
  | "CLOCK_STALE"
  | "NOT_READY"
  | "STORE_FAILED"
  | "CONFIGURATION";

/**
 * What can go wrong with an officer's key:
 * - `UNKNOWN_OFFICER`: nobody of that number is enrolled here.
 * - `WRONG_PASSPHRASE`: the passphrase does not open the key, or the file was altered: the two look the same.
 * - `WEAK_PASSPHRASE`: too short or too long to be taken.
 * - `DAMAGED_KEY`: a file is not what it should be.
 * - `UNSUPPORTED_KEY`: a kind of key or encryption that is not read.
 * - `KEY_MISMATCH`: key, certificate and officer do not belong together.
 * - `CERTIFICATE_NOT_VALID`: before its first or after its last day.
 * - `CERTIFICATE_REFUSED`: the channel does not take it, or no longer: revoked, or of an authority that is not the department's.
 * - `OFFICER_DISMISSED`: the officer belongs to an operator company whose work for the department has ended.
 * - `LOCKED_OUT`: too many failures; details.retryAfterSeconds.
 * - `SIGNATURE_MISSING`: the officer's key is in a browser, and nobody there signs.
 * - `SIGNATURE_REFUSED`: the officer's page will not sign what it was shown: it is not what the officer decided.
 */
export type KeyErrorCode =
  | "UNKNOWN_OFFICER"
  | "WRONG_PASSPHRASE"
  | "WEAK_PASSPHRASE"
  | "DAMAGED_KEY"
  | "UNSUPPORTED_KEY"
  | "KEY_MISMATCH"
  | "CERTIFICATE_NOT_VALID"
  | "CERTIFICATE_REFUSED"
  | "OFFICER_DISMISSED"
  | "LOCKED_OUT"
  | "SIGNATURE_MISSING"
  | "SIGNATURE_REFUSED"
  | "BAD_SIGNATURE";

/**
 * What can be wrong with a log:
 * - `LOG_DAMAGED`: what is on disk is not what was written, or contradicts itself; the message says what and where.
 * - `LOG_BEHIND`: it has less than was anchored, or than others were shown: to go on with it would make a second history.
 * - `LOG_IN_USE`: another process appends to it.
 * - `LOG_WRITE_FAILED`: the disk refused; nothing more is acknowledged until the log is opened anew.
 * - `LOG_BUSY`: more waits for the disk than is let in; try again.
 * - `LOG_CLOSED`: it was closed.
 * - `RECORD_TOO_LARGE`: an entry bundle's entries have at most 65,535 bytes.
 * - `NOT_IN_TREE`: no such record, or no such earlier size, in the tree asked.
 * - `CALL_NOT_SIGNED`: the entry is a call over another road, which neither party signed: no evidence is made of it.
 */
export type LogErrorCode =
  | "LOG_DAMAGED"
  | "LOG_BEHIND"
  | "LOG_IN_USE"
  | "LOG_WRITE_FAILED"
  | "LOG_BUSY"
  | "LOG_CLOSED"
  | "RECORD_TOO_LARGE"
  | "NOT_IN_TREE"
  | "CALL_NOT_SIGNED";

/**
 * What can be wrong with a source, a request or a transfer:
 * - `SOURCE_MALFORMED`: the file or table is not what its configuration says.
 * - `SOURCE_TOO_LARGE`: a value, row or header beyond the limits.
 * - `SOURCE_MISSING`: no file or table is configured for it, or it is not there or cannot be read.
 * - `SOURCE_CHANGED`: it changed while it was being read.
 * - `SOURCE_DIFFERS`: what it holds is not what the release registered.
 * - `SOURCE_SLOW`: it did not answer in time.
 * - `FIELD_UNKNOWN`: a field that the source does not have.
 * - `BAD_SIGNATURE`: not signed by whom it names, or by nobody whom the channel knows.
 * - `WRONG_DEPARTMENT`: it came over another department's connection than the one it names.
 * - `BAD_ANSWER`: the provider's answer is not what its record says, or not an answer to what was asked.
 * - `REFUSED`: refused by the provider; the record says why.
 * - `BROKEN_OFF`: an answer or a stream ended before all of it was there.
 * - `UNREACHABLE`: the other department's node does not answer.
 * - `NOT_READY`: the node is behind the ledger, or the ledger's clock stands still; no data is served.
 */
export type ExchangeErrorCode =
  | "SOURCE_MALFORMED"
  | "SOURCE_TOO_LARGE"
  | "SOURCE_MISSING"
  | "SOURCE_CHANGED"
  | "SOURCE_DIFFERS"
  | "SOURCE_SLOW"
  | "FIELD_UNKNOWN"
  | "BAD_SIGNATURE"
  | "WRONG_DEPARTMENT"
  | "BAD_ANSWER"
  | "REFUSED"
  | "BROKEN_OFF"
  | "UNREACHABLE"
  | "NOT_READY";

/**
 * Why a check of data comes to nothing; no result is given then and nothing is stated on the ledger:
 * - `RULES_MALFORMED`: the rules are not what the schema asks for; the message names the line.
 * - `RULES_DO_NOT_FIT`: the rules speak of a column or a table that is not there.
 * - `QUERY_REFUSED`: own SQL that does anything but ask the given table.
 * - `CHECK_TOO_LARGE`: the check needs more memory or disk than it may take.
 * - `CHECK_CANCELLED`: whoever asked has given up, or the time is over.
 */
export type QualityErrorCode =
  | "RULES_MALFORMED"
  | "RULES_DO_NOT_FIT"
  | "QUERY_REFUSED"
  | "CHECK_TOO_LARGE"
  | "CHECK_CANCELLED";

/**
 * What the API itself can refuse, before anything behind it is asked:
 * - `BAD_REQUEST`: a path, query, header or body that the document does not allow; details say where.
 * - `BODY_TOO_LARGE`, `UNSUPPORTED_MEDIA_TYPE`: what came is not looked at.
 * - `NO_SUCH_ROUTE`, `METHOD_NOT_ALLOWED`: nothing is there, or not with this method.
 * - `NO_SUCH_CASE`, `NO_SUCH_ENTRY`: the address is well formed, but nothing of that name is on the ledger.
 * - `NOT_LOGGED_IN`: no session, or one that ended.
 * - `HOST_UNKNOWN`: it was sent to a name under which the node is not reached.
 * - `CROSS_SITE`: a page of another origin sent it with the officer's cookie.
 * - `IDEMPOTENCY_KEY_MISSING`: a filing without a key could be made twice.
 * - `ROLE_MISSING`: the officer's certificate lacks the role that the node's own duty asks for.
 * - `NOT_A_DEMO`: only a demo channel's clock is moved by hand.
 * - `OWN_WARNING`: whoever is warned of does not settle the warning.
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
  | "HOST_UNKNOWN"
  | "CROSS_SITE"
  | "IDEMPOTENCY_KEY_MISSING"
  | "ROLE_MISSING"
  | "NOT_A_DEMO"
  | "OWN_WARNING"
  | "FAULT";

/** Why a filing came to nothing. */
export type FilingErrorCode = LedgerErrorCode | NodeErrorCode;

/** Every code that a node can tell anybody. Stable: on the ledger, in the API, in files, on the page. */
export type ErrorCode =
  | FilingErrorCode
  | KeyErrorCode
  | LogErrorCode
  | ExchangeErrorCode
  | QualityErrorCode
  | ApiErrorCode;
