/**
 * Why a key does not sign what it was asked to:
 * - `UNREADABLE`: the bytes are nothing that could be meant.
 * - `OTHER_CHANNEL`, `OTHER_CONTRACT`, `OTHER_CREATOR`: for another ledger, other rules, in another's name.
 * - `OTHER_COMMAND`, `OTHER_CASE`, `OTHER_CONTENT`, `OTHER_TIME`: not what the officer decided, or not on the case as
 *   the officer saw it.
 * - `HIDDEN_CONTENT`: something travels along that no one was shown.
 * - `OTHER_PROPOSAL`: the transaction is not that of the proposal that was signed.
 * - `OTHER_ACT`: what would be written is not what the rules make of the decision.
 * - `NOT_ENDORSED`: nobody endorsed it, or an endorsement is not signed by the certificate that it names.
 * - `OTHER_REQUEST`: data is asked for in another way than the officer saw.
 * - `DECLINED`: the officer read it in the signing page and did not want it.
 * - `STRANGER`: whoever opened the page has not shown that it holds the officer's key.
 */
export type SigningRefusalCode =
  | "UNREADABLE"
  | "OTHER_CHANNEL"
  | "OTHER_CONTRACT"
  | "OTHER_CREATOR"
  | "OTHER_COMMAND"
  | "OTHER_CASE"
  | "OTHER_CONTENT"
  | "OTHER_TIME"
  | "HIDDEN_CONTENT"
  | "OTHER_PROPOSAL"
  | "OTHER_ACT"
  | "NOT_ENDORSED"
  | "OTHER_REQUEST"
  | "DECLINED"
  | "STRANGER";

/** What the node asked to have signed is not what its officer decided. */
export class SigningRefusal extends Error {
  override readonly name = "SigningRefusal";

  constructor(
    readonly code: SigningRefusalCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
