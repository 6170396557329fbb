import { CLOCK_CASE } from "@wanlian/model/in-force.js";
import { pause } from "../core/index.js";
import { LedgerAccessError, type LedgerConnector } from "../ledger/index.js";
import { traced } from "../traces/index.js";
import type { Fate, LedgerView } from "./ledger-view.js";
import type { StoredEnvelope } from "./store.js";

/** Between attempts to reach an orderer, doubled up to the longest. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** How long an accepted envelope may take to come in a block before it is handed over again. */
const RESUBMIT_MS = 10_000;
/** The fate may be known to the peer while the block is still on its way here. */
const STATUS_MS = 1_000;

/** How an envelope ended. */
export type Settled =
  | Fate
  /** A later tick has committed without it: it never can count. */
  | { readonly kind: "lapsed" }
  /** The orderer would not take it, and no earlier attempt was left open. */
  | { readonly kind: "rejected"; readonly message: string };

type Sending = Pick<LedgerConnector, "submit" | "commitStatus">;
type Watching = Pick<LedgerView, "fate" | "nextBlock"> & { readonly heads: Pick<LedgerView["heads"], "head"> };

/** Brings a stored envelope to its end, however often the orderer or the peer is lost on the way. */
export class EnvelopeSender {
  readonly #connector: Sending;
  readonly #view: Watching;

  constructor(connector: Sending, view: Watching) {
    this.#connector = connector;
    this.#view = view;
  }

  /**
   * @param history `fresh` if this envelope has certainly never been handed to an orderer
   * @param signal aborts the waiting, not the envelope; the result is then undefined
   */
  async settle(
    envelope: StoredEnvelope,
    history: "fresh" | "resent",
    signal: AbortSignal,
  ): Promise<Settled | undefined> {
    const { transactionId: transaction, attempt } = envelope;
    return await traced("commit", { transaction, attempt }, async (note) => {
      const settled = await this.#settle(envelope, history, signal);
      note({ result: settled?.kind ?? "open" });
      return settled;
    });
  }

  async #settle(
    envelope: StoredEnvelope,
    history: "fresh" | "resent",
    signal: AbortSignal,
  ): Promise<Settled | undefined> {
    if (signal.aborted) return undefined;
    const ended = new AbortController();
    const stop = () => ended.abort();
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await Promise.race([this.#watch(envelope, ended.signal), this.#send(envelope, history, ended.signal)]);
    } finally {
      signal.removeEventListener("abort", stop);
      ended.abort();
    }
  }

  async #watch(envelope: StoredEnvelope, signal: AbortSignal): Promise<Settled | undefined> {
    while (!signal.aborted) {
      const block = this.#view.nextBlock(signal);
      // In this order: a tick that is seen without the envelope leaves no room for it.
      const clock = await this.#view.heads.head(CLOCK_CASE);
      const fate = await this.#view.fate(envelope.transactionId);
      if (fate !== undefined) return fate;
      if (clock.act > envelope.clock) return { kind: "lapsed" };
      await block;
    }
    return undefined;
  }

  async #send(
    envelope: StoredEnvelope,
    history: "fresh" | "resent",
    signal: AbortSignal,
  ): Promise<Settled | undefined> {
    let doubtful = history === "resent";
    let wait = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        if (doubtful && (await this.#isInBlock(envelope))) {
          // There is nothing left to send; the block is on its way here.
          await pause(RESUBMIT_MS, signal);
          continue;
        }
        if (signal.aborted) return undefined;
        await traced("submit", { transaction: envelope.transactionId }, () => this.#connector.submit(envelope));
        doubtful = true;
        wait = FIRST_PAUSE_MS;
        await pause(RESUBMIT_MS, signal);
      } catch (error) {
        if (!(error instanceof LedgerAccessError)) throw error;
        if (error.code === "REJECTED" && !doubtful) return { kind: "rejected", message: error.message };
        doubtful ||= error.code !== "REJECTED";
        await pause(wait, signal);
        wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
      }
    }
    return undefined;
  }

  async #isInBlock({ transactionId }: StoredEnvelope): Promise<boolean> {
    return (await this.#connector.commitStatus(transactionId, STATUS_MS)) !== undefined;
  }
}
