import { SigningRefusal } from "@wanlian/signing/index.js";
import type { Decision } from "../signing/decision.ts";
import { type Hand, handOf, holderOf } from "../signing/holder.ts";
import { findKey, type KeptKey } from "../signing/key-store.ts";
import type { NodeLedger } from "../signing/messages.ts";
import type { Answering } from "./node-window.ts";
import { titleOf } from "./shown.ts";

/** A decision that waits for its officer. */
interface Asked {
  readonly decision: Decision;
  settle(agreed: "agreed" | "declined"): void;
}

/** So many messages one decision may take: two, and two more each time that others came first. */
const MOST_MESSAGES = 12;
/** So many decisions may wait: a person reads one after the other. */
const MOST_ASKED = 20;

/** The officer at this page: what is asked of the key, what waits to be read, what was signed. */
export class Officer {
  key: KeptKey | undefined;
  /** Where the node's page says that its node stands: a certificate is put in for this ledger. */
  node: NodeLedger | undefined;
  readonly asked: Asked[] = [];
  readonly signed: { readonly title: string; readonly at: Date }[] = [];
  readonly #hands: { readonly hand: Hand; readonly title: string; messages: number }[] = [];
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Reads the key as it lies in the browser now. */
  async refresh(): Promise<void> {
    this.key = await findKey();
    this.#changed();
  }

  readonly answering: Answering = {
    key: async ({ node }) => {
      this.node = node;
      await this.refresh();
      const key = this.key === undefined ? undefined : holderOf(this.key);
      if (key === undefined) return null;
      const { channel, chaincode, mspId, certificate, officer } = key;
      return { channel, chaincode, mspId, certificate, officer };
    },
    logIn: async ({ nonce }) => ({ signature: await this.#held().logIn(String(nonce)) }),
    decide: async ({ decision }) => {
      if (this.asked.length >= MOST_ASKED) throw new SigningRefusal("DECLINED", "too much waits to be read");
      const title = titleOf(decision);
      await this.#agreed(decision);
      const { holder, privateKey } = this.#held();
      return { decision: this.#hands.push({ hand: handOf(decision, holder, privateKey), title, messages: 0 }) - 1 };
    },
    sign: async ({ decision, bytes, heads }) => {
      const begun = this.#hands[decision];
      if (begun === undefined || ++begun.messages > MOST_MESSAGES)
        throw new SigningRefusal("DECLINED", "no decision of the officer's asks for this");
      const signature = await begun.hand.sign(Uint8Array.from(bytes), heads);
      if (begun.messages === 1) this.signed.push({ title: begun.title, at: new Date() });
      this.#changed();
      return { signature, basis: begun.hand.basis };
    },
  };

  #held() {
    const { key } = this;
    const holder = key === undefined ? undefined : holderOf(key);
    if (key === undefined || holder === undefined) throw new SigningRefusal("DECLINED", "no key is certified here");
    return { holder, privateKey: key.privateKey, logIn: holder.logIn };
  }

  async #agreed(decision: Decision): Promise<void> {
    const answer = await new Promise<"agreed" | "declined">((settle) => {
      this.asked.push({ decision, settle });
      this.#changed();
    });
    this.asked.shift();
    this.#changed();
    if (answer === "declined") throw new SigningRefusal("DECLINED", "the officer read it and did not want it");
  }
}
