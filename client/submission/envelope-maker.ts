import { canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Actor } from "@wanlian/model/kernel/act.js";
import { judge, type NamespaceWrites } from "@wanlian/model/kernel/judge.js";
import type { Models } from "@wanlian/model/kernel/model.js";
import { type Command, NodeError, pause, type Signer } from "../core/index.js";
import { creatorOf, type LedgerConnector } from "../ledger/index.js";
import { traced } from "../traces/index.js";
import { checkEndorsed } from "./endorsement.js";
import type { LedgerView } from "./ledger-view.js";
import { endorsementFailure, movedError } from "./outcome.js";
import { type Plan, planCommand } from "./plan.js";
import type { StoredEnvelope } from "./store.js";

/** How long endorsers may be behind, ahead or unreachable; Fabric's peers need some 25 s after their start to know each other. */
const PATIENCE_MS = 30_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

export interface EnvelopeMakerOptions {
  readonly channel: string;
  readonly chaincode: string;
  readonly connector: LedgerConnector;
  readonly view: LedgerView;
  readonly models: Models;
}

/** Makes endorsed, signed and checked transactions out of commands. Sends nothing to the orderer. */
export class EnvelopeMaker {
  readonly #options: EnvelopeMakerOptions;

  constructor(options: EnvelopeMakerOptions) {
    this.#options = options;
  }

  /** The command on the heads as they are. @throws SubmissionError with the model's code */
  async plan(command: Command, actor: Actor): Promise<Plan> {
    try {
      return await this.#options.view.heads.ask((heads) => planCommand(command, actor, heads, this.#options.models));
    } catch (error) {
      throw endorsementFailure(error).error;
    }
  }

  /**
   * @param seen the own case's last act when the officer decided
   * @returns undefined when the signal aborts first
   * @throws SubmissionError; MOVED where the decision no longer stands
   */
  async make(
    officer: Signer,
    actor: Actor,
    command: Command,
    seen: number,
    signal: AbortSignal,
  ): Promise<Omit<StoredEnvelope, "attempt" | "fate"> | undefined> {
    const end = Date.now() + PATIENCE_MS;
    for (let wait = FIRST_PAUSE_MS; !signal.aborted; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      const plan = await this.plan(command, actor);
      if (!(await this.#stands(plan, seen, actor))) throw movedError(plan.act, plan.seen, seen);
      try {
        return { ...(await this.#endorse(officer, actor, command, plan)), clock: plan.clock };
      } catch (error) {
        const failure = endorsementFailure(error);
        if (!failure.retry || Date.now() + wait > end) throw failure.error;
      }
      await pause(wait, signal);
    }
    return undefined;
  }

  /**
   * Whether an officer's decision still stands: others may have acted in the case since, as long as its status is what
   * it was; an act of the own department, or another status, has to be looked at first.
   */
  async #stands({ act, seen: now }: Plan, seen: number, actor: Actor): Promise<boolean> {
    if (now === seen) return true;
    if (now < seen || seen === 0) return false;
    const [before, ...since] = await this.#options.view.course(act, seen);
    const isOwn = since.some(({ department }) => department === actor.department);
    return !isOwn && before !== undefined && since.at(-1)?.status === before.status;
  }

  async #endorse(officer: Signer, actor: Actor, command: Command, plan: Plan) {
    const { connector, channel, chaincode } = this.#options;
    const contractFunction = `${command.noun}:${command.type}`;
    const args = [canonicalJson({ case: command.case, body: command.body, basis: plan.basis })];
    const endorsed = await traced("endorse", { of: contractFunction }, () =>
      connector.endorse(officer, contractFunction, args),
    );
    const creator = creatorOf(officer);
    const writes = checkEndorsed(endorsed, { channel, chaincode, creator, contractFunction, args });
    await this.#checkAct(endorsed.transactionId, actor, writes);
    return endorsed;
  }

  /** What the endorsers want written has to be what the model gives on the fold's heads. */
  async #checkAct(id: string, creator: Actor, writes: NamespaceWrites): Promise<void> {
    const written = { id: id as TransactionId, creator, writes };
    const verdict = await this.#options.view.heads.ask((heads) => judge(written, heads, this.#options.models));
    if (verdict.valid) return;
    if (verdict.code === "MOVED" || verdict.code === "WRONG_NUMBER") throw new LedgerError("MOVED", verdict.message);
    throw new NodeError("ENDORSEMENT_FORGED", `what was endorsed is not what the model gives: ${verdict.message}`);
  }
}
