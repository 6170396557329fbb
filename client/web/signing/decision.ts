import type { CaseRef } from "@wanlian/model/kernel/act.js";
import { type Head, type Heads, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { RELEASED } from "@wanlian/model/models.js";
import { textDigest } from "@wanlian/model/text-digest.js";
import {
  type Approved,
  checkAccessRequest,
  checkProposal,
  checkTransaction,
  type Holder,
  type WantedAccess,
} from "@wanlian/signing/index.js";

/** A command as its officer decided it: free texts as they are read, with the salt of the digest that the ledger gets. */
export interface Filing {
  readonly noun: string;
  readonly type: string;
  /** Null where the case takes the transaction's id. */
  readonly case: string | null;
  readonly body: unknown;
  /** The own case's last act when the officer decided; undefined where the case begins. */
  readonly seen: number | undefined;
}

/** What the officer has decided and been shown: the one thing that is signed for it. */
export type Decision =
  | { readonly kind: "filing"; readonly filing: Filing }
  | { readonly kind: "access"; readonly wanted: WantedAccess };

/** Where a case of the basis stands, as the node says. */
export type StatedHead = Pick<Head, "state"> & CaseRef;

/** Reads what the node asks to have signed for one decision, message by message, and refuses what is not that. */
export class DecisionCheck {
  readonly #decision: Decision;
  readonly #holder: Holder;
  #approved: Approved | undefined;

  constructor(decision: Decision, holder: Holder) {
    this.#decision = decision;
    this.#holder = holder;
  }

  /** The cases on which the transaction that comes next rests: what is to be known of them to read it. */
  get basis(): readonly CaseRef[] {
    return (this.#approved?.basis ?? []).map(({ noun, case: id }) => ({ noun, case: id }));
  }

  /**
   * @param heads where the cases of `basis` stand; what is false in them, no endorser has endorsed
   * @throws SigningRefusal with what differs from the decision
   */
  read(bytes: Uint8Array, heads: readonly StatedHead[]): void {
    const decision = this.#decision;
    if (decision.kind === "access") {
      checkAccessRequest(bytes, decision.wanted);
      return;
    }
    if (this.#approved === undefined) {
      const body = digested(decision.filing.body);
      this.#approved = checkProposal(bytes, { ...decision.filing, body }, this.#holder);
      return;
    }
    checkTransaction(bytes, this.#approved, this.#holder, headsOf(this.#approved, heads), RELEASED);
    // Where others came first, the node makes a new proposal of the same decision.
    this.#approved = undefined;
  }
}

function headsOf({ basis }: Approved, stated: readonly StatedHead[]): Heads {
  const name = ({ noun, case: id }: CaseRef) => `${noun}/${id}`;
  const known = new Map(stated.map((head) => [name(head), head]));
  const entries = new Map(basis.map((entry) => [name(entry), entry]));
  return (ref) => {
    const entry = entries.get(name(ref));
    const state = known.get(name(ref))?.state;
    // The act is judged on the heads that the signed proposal names, not on what came since.
    return entry === undefined
      ? NO_ACTS
      : { act: entry.act, transaction: entry.transaction, next: entry.next ?? entry.act + 1, state };
  };
}

/** What the ledger, and so the signature, has of a body: a text and its salt as their digest. */
function digested(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(digested);
  if (typeof body !== "object" || body === null) return body;
  if (isSaltedText(body)) return { digest: textDigest(body.text, body.salt) };
  return Object.fromEntries(Object.entries(body).map(([member, value]) => [member, digested(value)]));
}

/** No schema has such a pair but that of a text on its way to the node. */
export const isSaltedText = (value: unknown): value is { readonly text: string; readonly salt: string } =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).length === 2 &&
  typeof Reflect.get(value, "text") === "string" &&
  typeof Reflect.get(value, "salt") === "string";
