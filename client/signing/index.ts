/** What an officer's key is asked to sign: read, compared with what the officer decided, and only then signed. */

export { type Approved, checkProposal, type Decided, type Holder } from "./proposal.js";
export { SigningRefusal, type SigningRefusalCode } from "./refusal.js";
export { certificateRequest } from "./request.js";
export { checkAccessRequest, logInStatement, type WantedAccess } from "./statements.js";
export { checkTransaction } from "./transaction.js";
