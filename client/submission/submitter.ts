import { LedgerError } from "@wanlian/model/errors.js";
import type { Actor } from "@wanlian/model/kernel/act.js";
import type { Models } from "@wanlian/model/kernel/model.js";
import { type Command, NodeError, pause, type Signer, type Submission, SubmissionError } from "../core/index.js";
import { actorOf, creatorOf, type LedgerConnector } from "../ledger/index.js";
import { traced } from "../traces/index.js";
import { EnvelopeMaker } from "./envelope-maker.js";
import type { LedgerView } from "./ledger-view.js";
import { codeName, isConflict, mayHaveChangedPolicy, movedError } from "./outcome.js";
import { isRefusal, type Refusal } from "./refusal.js";
import { EnvelopeSender, type Settled } from "./sender.js";
import {
  commandDigest,
  type Filing,
  type FilingFailure,
  type FilingName,
  type StoredEnvelope,
  type SubmissionStore,
} from "./store.js";

/**
 * Envelopes made for one filing in one go. Another department can move the cases that an act rests on only so often
 * between two ticks (by model 1 sixteen times): who loses to more than three of them has another problem.
 */
const MAX_ATTEMPTS = 48;
const DEFAULT_WAIT_MS = 60_000;
/** How long a call to a peer or orderer may hold up the end; nothing is lost by leaving it. */
const STOP_MS = 5_000;

export interface SubmitterOptions {
  readonly channel: string;
  readonly chaincode: string;
  readonly connector: LedgerConnector;
  readonly store: SubmissionStore;
  readonly view: LedgerView;
  readonly models: Models;
  /** Told of every filing that was refused, before whoever filed it is. It does not throw. */
  readonly refused?: (refusal: Refusal) => Promise<void>;
}

/** Whether a filing is over, or has to be made anew. */
type Course = "over" | "anew";

/** A filing under way. */
interface Run {
  /** Resolves once the filing is kept; never where it came to nothing before. */
  readonly kept: Promise<void>;
  /** Resolves when there is nothing more to do for now; rejects with what keeps it from being sent. */
  readonly done: Promise<void>;
}

/** A filing as far as this process knows it. */
interface FilingHere extends Filing {
  /** Of the officer who files; absent after a restart. */
  readonly certificate?: Uint8Array;
}

/**
 * Files commands on the ledger, each exactly once: an envelope is stored before it
 * is sent, sent again while its fate is open, and made anew only when it never can count and the officer's decision
 * still stands.
 */
export class Submitter {
  readonly #store: SubmissionStore;
  readonly #view: LedgerView;
  readonly #maker: EnvelopeMaker;
  readonly #sender: EnvelopeSender;
  readonly #refused: (refusal: Refusal) => Promise<void>;
  readonly #running = new Map<string, Run>();
  readonly #stopping = new AbortController();

  constructor(options: SubmitterOptions) {
    this.#store = options.store;
    this.#view = options.view;
    this.#maker = new EnvelopeMaker(options);
    this.#sender = new EnvelopeSender(options.connector, options.view);
    this.#refused = options.refused ?? (async () => undefined);
  }

  /** See NodeServices.submit. */
  async submit(officer: Signer, command: Command, key: string, waitMs = DEFAULT_WAIT_MS): Promise<Submission> {
    const actor = officerOf(officer);
    const name = nameOf(actor, key);
    const known = await this.#store.find(name);
    if (known !== undefined && known.digest !== commandDigest(command)) {
      throw new SubmissionError("KEY_REUSED", `the idempotency key ${key} stands for another command; use a new one.`);
    }
    const run =
      this.#running.get(runName(name)) ??
      this.#start(name, command, (kept) => this.#file(officer, actor, command, name, kept));
    const patience = new AbortController();
    try {
      // Whoever does not wait is told of a filing that is kept, or why it is not: never of neither.
      await Promise.race([run.done, Promise.all([run.kept, pause(waitMs, patience.signal)])]);
      // Kept, and forgotten meanwhile: the run says why.
      if ((await this.#store.find(name)) === undefined) await run.done;
    } catch (error) {
      // It may count although the note of it could not be kept.
      const submission = await this.#describe(name);
      if (submission?.status === "counted") return submission;
      throw error;
    } finally {
      patience.abort();
    }
    const submission = await this.#describe(name);
    if (submission === undefined) throw new SubmissionError("NOT_READY", "the node is stopping; file it again later.");
    if (submission.failure !== undefined) {
      throw new SubmissionError(submission.failure.code, submission.failure.message, {
        details: {
          transactionId: submission.transactionId,
        },
      });
    }
    return submission;
  }

  /** See NodeServices.submission. */
  async find(officer: Signer, key: string): Promise<Submission | undefined> {
    return this.#describe(nameOf(officerOf(officer), key));
  }

  /** What the command would become. @throws SubmissionError with the model's code */
  async preview(officer: Signer, command: Command) {
    return (await this.#maker.plan(command, officerOf(officer))).act;
  }

  /** Takes up what a stop or a crash left open. Envelopes are signed already, so no officer is needed. */
  async recover(): Promise<void> {
    for (const filing of await this.#store.unfinished()) {
      if (this.#running.has(runName(filing))) continue;
      const envelopes = await this.#store.envelopes(filing);
      const open = envelopes.find(({ fate }) => fate === "open");
      if (open !== undefined) this.#start(filing, filing.command, () => this.#resume(filing, open));
      else if (envelopes.length === 0) await this.#store.forget(filing);
      else await this.#park(filing);
    }
  }

  /** Stops waiting; what is open is taken up at the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const patience = new AbortController();
    const running = [...this.#running.values()].map(({ done }) => done);
    await Promise.race([Promise.allSettled(running), pause(STOP_MS, patience.signal)]);
    patience.abort();
  }

  /** @param work tells by `kept` that the filing is in the store */
  #start(name: FilingName, { noun, type }: Command, work: (kept: () => void) => Promise<void>): Run {
    let tellKept: () => void = () => undefined;
    const kept = new Promise<void>((resolve) => {
      tellKept = resolve;
    });
    const done = traced("filing", { of: `${noun}:${type}` }, () => work(tellKept)).finally(() =>
      this.#running.delete(runName(name)),
    );
    const run = { kept, done };
    this.#running.set(runName(name), run);
    // Whoever waits is told; when nobody does, the next start finds what is open.
    done.catch(() => undefined);
    return run;
  }

  async #tell(refusal: Refusal): Promise<void> {
    if (isRefusal(refusal.code)) await this.#refused(refusal);
  }

  /** Nothing of it counts. */
  async #fail(filing: FilingHere, failure: FilingFailure, sent?: { readonly transactionId: string }): Promise<void> {
    // First: nobody reads that it failed before it is told.
    await this.#tell({ ...filing, ...failure, ...sent });
    await this.#store.fail(filing, failure);
  }

  async #file(officer: Signer, actor: Actor, command: Command, name: FilingName, kept: () => void): Promise<void> {
    const filing = await this.#open(officer, actor, command, name);
    kept();
    if (filing.status === "failed" || filing.status === "counted") return;
    const last = (await this.#store.envelopes(filing)).at(-1);
    if (last?.fate === "open" && (await this.#follow(filing, last, "resent")) === "over") return;
    await this.#store.reopen(name);
    const before = last?.attempt ?? 0;
    for (let attempt = before + 1; attempt <= before + MAX_ATTEMPTS; attempt += 1) {
      const envelope = await this.#make(officer, actor, filing, attempt);
      if (envelope === undefined || (await this.#follow(filing, envelope, "fresh")) === "over") return;
    }
    const message = `others' acts came first ${MAX_ATTEMPTS} times; look at the case and decide again.`;
    await this.#fail(filing, { code: "CONFLICT", message });
  }

  /** The filing as it is kept from now on, or was before. @throws what keeps it from being kept; a refusal is told */
  async #open(officer: Signer, actor: Actor, command: Command, name: FilingName): Promise<FilingHere> {
    const { certificate } = officer;
    try {
      return { ...(await this.#store.open(name, command, await this.#seenBy(command, actor, name))), certificate };
    } catch (error) {
      if (error instanceof NodeError || error instanceof LedgerError) {
        await this.#tell({ officer: name.officer, certificate, command, code: error.code });
      }
      throw error;
    }
  }

  /**
   * The own case's last act when the officer decided. Of a filing that is known already it stands in the store; of a new
   * one it is the last there is. @throws SubmissionError MOVED where the officer says to have seen another
   */
  async #seenBy(command: Command, actor: Actor, name: FilingName): Promise<number> {
    const known = await this.#store.find(name);
    if (known !== undefined) return known.seen;
    const plan = await this.#maker.plan(command, actor);
    if (command.seen !== undefined && command.seen !== plan.seen) throw movedError(plan.act, plan.seen, command.seen);
    return plan.seen;
  }

  async #resume(filing: Filing, envelope: StoredEnvelope): Promise<void> {
    if ((await this.#follow(filing, envelope, "resent")) === "anew") await this.#park(filing);
  }

  async #park(filing: Filing): Promise<void> {
    const message = "it did not count before the node stopped, and never will; file it again with the same key.";
    await this.#store.park(filing, { code: "CONFLICT", message });
  }

  /** Makes and stores an envelope; undefined when the filing is over without one, or the node stops. */
  async #make(officer: Signer, actor: Actor, filing: FilingHere, attempt: number): Promise<StoredEnvelope | undefined> {
    try {
      const made = await this.#maker.make(officer, actor, filing.command, filing.seen, this.#stopping.signal);
      if (made === undefined) return undefined;
      await this.#store.addEnvelope(filing, { ...made, attempt });
      return { ...made, attempt, fate: "open" };
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      const { code, message } = error;
      if (attempt > 1) await this.#fail(filing, { code, message });
      else {
        await this.#tell({ ...filing, code });
        await this.#store.forget(filing);
      }
      throw error;
    }
  }

  /** Sends an envelope, sees it to its end and puts that down. */
  async #follow(filing: FilingHere, envelope: StoredEnvelope, history: "fresh" | "resent"): Promise<Course> {
    const settled = await this.#sender.settle(envelope, history, this.#stopping.signal);
    if (settled === undefined) return "over";
    if (settled.kind === "counted") {
      await this.#store.succeed(filing, envelope.transactionId);
      return "over";
    }
    await this.#store.settle(envelope.transactionId);
    const failure = await this.#failureOf(settled, envelope);
    if (failure === undefined) return "anew";
    await this.#fail(filing, failure, envelope);
    return "over";
  }

  /** Undefined where it only lost against others. */
  async #failureOf(
    settled: Exclude<Settled, { kind: "counted" }>,
    envelope: StoredEnvelope,
  ): Promise<FilingFailure | undefined> {
    switch (settled.kind) {
      case "lapsed":
        return undefined;
      case "rejected":
        return { code: "REFUSED_BY_ORDERER", message: settled.message };
      case "void":
        return {
          code: "VOID",
          message: `it is on the ledger (transaction ${envelope.transactionId}) but does not count: ${settled.reason}`,
          reason: settled.reason,
        };
      case "invalid": {
        if (isConflict(settled.code)) return undefined;
        if (mayHaveChangedPolicy(settled.code, envelope.attempt)) return undefined;
        const reason = codeName(settled.code);
        return { code: "INVALID", message: `validation refused transaction ${envelope.transactionId}: ${reason}` };
      }
    }
  }

  async #describe(name: FilingName): Promise<Submission | undefined> {
    const filing = await this.#store.find(name);
    if (filing === undefined) return undefined;
    const last = (await this.#store.envelopes(name)).at(-1);
    const fate = last === undefined ? undefined : await this.#view.fate(last.transactionId);
    const act = fate?.kind === "counted" ? fate.act : undefined;
    // The ledger has the last word, also about what an orderer claimed to refuse.
    const failure = act === undefined ? filing.failure : undefined;
    return {
      idempotencyKey: filing.key,
      status: act !== undefined ? "counted" : failure !== undefined ? "failed" : "pending",
      command: filing.command,
      attempts: last?.attempt ?? 0,
      transactionId: last?.transactionId,
      act,
      failure,
    };
  }
}

function officerOf(signer: Signer): Actor {
  const actor = actorOf(creatorOf(signer));
  if (actor !== undefined) return actor;
  throw new SubmissionError("NOT_A_CLIENT", "the certificate is no officer's: it has no unit `client` or no number.");
}

/** The name under which a filing is kept. @throws SubmissionError NOT_A_CLIENT */
export const nameOfFiling = (officer: Signer, key: string): FilingName => nameOf(officerOf(officer), key);

const nameOf = (actor: Actor, key: string): FilingName => ({ officer: `${actor.department}/${actor.officer}`, key });
const runName = ({ officer, key }: FilingName): string => `${officer} ${key}`;
