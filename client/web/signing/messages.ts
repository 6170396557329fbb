import type { CaseRef } from "@wanlian/model/kernel/act.js";
import type { Holder, SigningRefusalCode } from "@wanlian/signing/index.js";
import type { Decision, StatedHead } from "./decision.ts";

/*
 * What a node's page and the signing page that opened it say to each other, over a port of the two alone. The signing
 * page believes nothing of it: what it signs it has read and shown itself.
 */

/** With it a page that was opened hands over its end of the port. */
export const HELLO = "wanlian.signing/1";

/** The place in a node's page that a signing page opens: the one whose window may know who opened it. */
export const OPENED_PLACE = "/signed-elsewhere";

/** Which ledger a node stands at, and whom its department has to certify officers. */
export interface NodeLedger {
  readonly channel: string;
  readonly chaincode: string;
  readonly department: string;
  readonly authorities: readonly string[];
}

export interface HeldKey extends Holder {
  readonly officer: string;
}

/** What is asked, with what is answered. */
export interface Asks {
  /** Which key is there; none before it is certified. */
  readonly key: { readonly ask: { readonly node: NodeLedger }; readonly answer: HeldKey | null };
  readonly logIn: { readonly ask: { readonly nonce: string }; readonly answer: { readonly signature: Uint8Array } };
  /** Answered once the officer has read it there and pressed a button. */
  readonly decide: { readonly ask: { readonly decision: Decision }; readonly answer: { readonly decision: number } };
  readonly sign: {
    readonly ask: { readonly decision: number; readonly bytes: Uint8Array; readonly heads: readonly StatedHead[] };
    /** `basis`: the cases of which the next message's reading has to know where they stand. */
    readonly answer: { readonly signature: Uint8Array; readonly basis: readonly CaseRef[] };
  };
}

export type AskKind = keyof Asks;

export type Question = {
  readonly [Kind in AskKind]: { readonly id: number; readonly kind: Kind } & Asks[Kind]["ask"];
}[AskKind];

export type Reply =
  | { readonly id: number; readonly answer: Asks[AskKind]["answer"] }
  | { readonly id: number; readonly refused: { readonly code: SigningRefusalCode; readonly message: string } };
