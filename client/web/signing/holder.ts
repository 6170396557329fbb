import type { CaseRef } from "@wanlian/model/kernel/act.js";
import { type Holder, logInStatement } from "@wanlian/signing/index.js";
import { type Decision, DecisionCheck, type StatedHead } from "./decision.ts";
import { signWith } from "./key.ts";
import type { KeptKey } from "./key-store.ts";

/** Signs what belongs to one decision, in the order in which the node asks for it. */
export interface Hand {
  /** The cases of which the next message's reading has to know where they stand. */
  readonly basis: readonly CaseRef[];
  /** @throws SigningRefusal with what differs from the decision */
  sign(bytes: Uint8Array, heads: readonly StatedHead[]): Promise<Uint8Array>;
}

/** An officer's key, wherever it lies: asked for a signature, it never leaves. */
export interface KeyHolder extends Holder {
  readonly officer: string;
  /** @throws SigningRefusal where whoever holds the key does not want it */
  decide(decision: Decision): Promise<Hand>;
  /** Signs the node's nonce for a log-in. */
  logIn(nonce: string): Promise<Uint8Array>;
  /** The node has taken that signature: the key is its officer's. */
  accepted(): void;
}

/** The officer has decided on the page itself: what was shown there is what is signed. */
export function holderOf(key: KeptKey): KeyHolder | undefined {
  const { certificate, ledger, officer, privateKey } = key;
  if (certificate === undefined || ledger === undefined) return undefined;
  const holder = { ...ledger, certificate };
  return {
    ...holder,
    officer,
    decide: async (decision) => handOf(decision, holder, privateKey),
    logIn: (nonce) => signWith(privateKey, logInStatement(ledger, officer, nonce)),
    accepted: () => undefined,
  };
}

export function handOf(decision: Decision, holder: Holder, privateKey: CryptoKey): Hand {
  const check = new DecisionCheck(decision, holder);
  return {
    get basis() {
      return check.basis;
    },
    async sign(bytes, heads) {
      check.read(bytes, heads);
      return signWith(privateKey, bytes);
    },
  };
}
