import type { Words } from "@wanlian/protocol/language.js";
import type { Step } from "./plan.js";

/** What an `apply` tells while it works. */
export interface ApplyListener {
  /** A step begins. */
  begins(step: Step): void;
  /** A step is done; `place` says where in the ledger, for steps that are transactions. */
  done(step: Step, place?: { readonly block: bigint }): void;
  /** A step is another organisation's, or needs signatures that are not here; `hint` says what to do. */
  waits(step: Step, hint: Words): void;
}

/** A step is done, with its place in the ledger where it is a transaction; or it has to wait, and for what. */
export type Outcome = { readonly place: { readonly block: bigint } | undefined } | { readonly waits: Words };

/** Whoever carries steps out. */
export interface Hands {
  /** Whether the organisation's own key is here. */
  canActFor(mspId: string): boolean;
  /** Does a step of an organisation whose key is here. */
  perform(step: Step): Promise<Outcome>;
}

/** What came of a plan's steps. */
export interface CarriedOut {
  readonly done: number;
  readonly waiting: number;
}

/** Steps of these kinds are done at the same time for all; each kind needs the one before to be complete. */
const ORDER = ["join orderer", "update configuration", "join peer", "install", "approve", "commit"] as const;

/**
 * While this waits, nothing after it is tried: it would fail with a less clear error. A peer of somebody else's that has
 * yet to join holds nobody up, nor does a department that has yet to approve: a majority is enough, and the commit counts it.
 */
const FOUNDATION: Step["kind"] = "update configuration";

/** Does a plan's steps, as far as the keys that are here allow. @throws what keeps a step of one's own from being done */
export async function carryOut(steps: readonly Step[], hands: Hands, listener: ApplyListener): Promise<CarriedOut> {
  let done = 0;
  let waiting = 0;
  for (const kind of ORDER) {
    const before = waiting;
    const waits = (step: Step, hint: Words) => {
      waiting += 1;
      listener.waits(step, hint);
    };
    const ofKind = steps.filter((step) => step.kind === kind);
    for (const step of ofKind.filter(({ by }) => !hands.canActFor(by))) waits(step, another(step.by));
    await Promise.all(
      ofKind
        .filter(({ by }) => hands.canActFor(by))
        .map(async (step) => {
          listener.begins(step);
          const outcome = await hands.perform(step);
          if ("waits" in outcome) return waits(step, outcome.waits);
          done += 1;
          listener.done(step, outcome.place);
        }),
    );
    if (kind === FOUNDATION && waiting > before) break;
  }
  return { done, waiting };
}

const another = (mspId: string): Words => ({
  zh: `此步骤由 ${mspId} 用自己的密钥完成：请在那里运行 "wanlian network apply"。`,
  en: `This is for ${mspId} to do, with its own key: "wanlian network apply" there.`,
});
