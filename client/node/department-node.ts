import { createRequire } from "node:module";
import { inForceAt, versionsOf } from "@wanlian/model/in-force.js";
import type { Model } from "@wanlian/model/kernel/model.js";
import type { ModelVersions, Offered } from "@wanlian/model/models.js";
import { MAX_CLOCK_AGE_SECONDS, MAX_CLOCK_OFFSET_SECONDS } from "@wanlian/model/time/clock-limits.js";
import type { Words } from "@wanlian/protocol/language.js";
import type { Kysely } from "kysely";
import type { Logger } from "pino";
import {
  allowServing,
  type CaseName,
  type Command,
  type Condition,
  type ConditionCode,
  type EventOptions,
  type Head,
  NodeError,
  type NodeEvent,
  type NodeServices,
  type NodeStatus,
  pause,
  type Signer,
  type Submission,
  type SubmitOptions,
} from "../core/index.js";
import type { LedgerConnector } from "../ledger/index.js";
import type { NodeDatabase, Projection } from "../projection/index.js";
import { nameOfFiling, type Refusal, SubmissionStore, Submitter } from "../submission/index.js";
import { keepTicking, secondsSince } from "./clock-ticker.js";
import { Conditions } from "./conditions.js";
import { ENDORSED_BY_ALL, type EndorserWatch, watchEndorsers } from "./endorser-watch.js";
import { nodeEvents } from "./events.js";
import { Follower } from "./follower.js";
import { departing, keepMembersClosed, type Membership } from "./membership-closer.js";
import { StandingAlarms } from "./standing-alarms.js";
import { ToldWarnings } from "./told-warnings.js";

const { version } = createRequire(import.meta.url)("@wanlian/client/package.json") as { readonly version: string };

/** Conditions under which the node cannot know whether the clock was ticked by others. */
const BEHIND: ReadonlySet<ConditionCode> = new Set([
  "CATCHING_UP",
  "LEDGER_UNREACHABLE",
  "LEDGER_DIVERGED",
  "STORE_FAILED",
  "SOFTWARE_TOO_OLD",
]);

/** How long a filing waits for a node that has just been started. */
const CATCH_UP_MS = 10_000;
const LOOK_MS = 50;

export interface DepartmentNodeOptions {
  readonly department: string;
  readonly channel: string;
  readonly chaincode: string;
  readonly connector: LedgerConnector;
  readonly nodeSigner: Signer;
  readonly db: Kysely<NodeDatabase>;
  readonly projection: Projection;
  readonly voidFile: string;
  readonly models: ModelVersions;
  readonly log: Logger;
  /** How long a member's case that is to be closed waits for whoever decided on it. Default a minute. */
  readonly closeAfterSeconds?: number;
}

/** A department's node on its ledger side: follows, files, ticks; the services for everything else. */
export class DepartmentNode implements NodeServices {
  readonly department: string;
  readonly channel: string;
  readonly chaincode: string;
  readonly nodeSigner: Signer;
  readonly db: Kysely<NodeDatabase>;
  readonly models: ModelVersions;
  readonly #options: DepartmentNodeOptions;
  /** What its other parts find out of other departments. */
  readonly standing = new StandingAlarms(() => this.#follower.wake());
  /** What of use was found unusual. */
  readonly warnings = new ToldWarnings(() => this.#follower.wake());
  readonly #conditions = new Conditions();
  readonly #follower: Follower;
  readonly #submitter: Submitter;
  #recordRefused: (refusal: Refusal) => Promise<void> = async () => undefined;
  readonly #stopping = new AbortController();
  #tasks: Promise<void>[] = [];

  constructor(options: DepartmentNodeOptions) {
    this.#options = options;
    this.department = options.department;
    this.channel = options.channel;
    this.chaincode = options.chaincode;
    this.nodeSigner = options.nodeSigner;
    this.db = options.db;
    this.models = options.models;
    this.#follower = new Follower({ ...options, conditions: this.#conditions });
    const store = new SubmissionStore(options.db);
    const refused = (refusal: Refusal) => this.#tellRefused(refusal);
    this.#submitter = new Submitter({ ...options, store, view: this.#follower, refused });
  }

  /** Begins to follow, takes up what was left open, keeps the clock. `failed` is told what should never happen. */
  async start(failed: (error: unknown) => void): Promise<void> {
    const { signal } = this.#stopping;
    await this.#submitter.recover();
    const clockwork = {
      time: () => this.#options.projection.watch.time,
      tickSeconds: () => this.model().reading.tickSeconds,
      demo: () => this.#demo(),
      caughtUp: () => !this.#conditions.list().some(({ code }) => BEHIND.has(code)),
      tick: (time: string) => this.tick(time),
    };
    this.#tasks = [
      this.#follower.run(signal),
      keepTicking(clockwork, this.#options.log, signal),
      watchEndorsers(this.#endorsers(), signal),
      keepMembersClosed(this.#membership(), this.#options.log, signal, this.#options.closeAfterSeconds),
    ];
    for (const task of this.#tasks) task.catch(failed);
  }

  #endorsers(): EndorserWatch {
    const { connector, nodeSigner, projection } = this.#options;
    return {
      isDue: () =>
        projection.watch.policy !== undefined && !this.#conditions.list().some(({ code }) => BEHIND.has(code)),
      ask: async () => {
        await connector.endorse(nodeSigner, ...ENDORSED_BY_ALL);
      },
      conditions: this.#conditions,
      log: this.#options.log,
    };
  }

  #membership(): Membership {
    const members = this.db.selectFrom("cases").select(["case_id as department", "act"]).where("noun", "=", "member");
    return {
      roster: () => {
        const { consortium, policy } = this.#options.projection.watch;
        return policy && consortium && this.model().reading.roster(consortium, policy);
      },
      active: () => members.where("status", "=", "active").execute(),
      caughtUp: () => !this.#conditions.list().some(({ code }) => BEHIND.has(code)),
      close: (department, act) => this.submit(this.nodeSigner, departing(department), `depart ${department} ${act}`),
    };
  }

  get isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** For the node's other parts: what is wrong with them is the node's condition too. */
  report(code: ConditionCode, message: string): void {
    this.#conditions.raise(code, message);
  }

  /** What was reported is well again. */
  settle(code: ConditionCode): void {
    this.#conditions.clear(code);
  }

  /** From now on an officer's refused filing is told, before the officer is. Of what the node itself files nothing is. */
  onRefused(recorded: (refusal: Refusal) => Promise<void>): void {
    this.#recordRefused = recorded;
  }

  async #tellRefused(refusal: Refusal): Promise<void> {
    if (refusal.officer === nameOfFiling(this.nodeSigner, "").officer) return;
    try {
      await this.#recordRefused(refusal);
    } catch (error) {
      this.#options.log.error({ err: error, refused: refusal.command.type }, "a refused filing is not on record");
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#submitter.stop();
    await Promise.allSettled(this.#tasks);
    this.#options.connector.close();
  }

  async submit(officer: Signer, command: Command, key: string, options?: SubmitOptions): Promise<Submission> {
    await this.#caughtUp();
    return this.#submitter.submit(officer, command, key, options?.waitMs);
  }

  submission(officer: Signer, key: string): Promise<Submission | undefined> {
    return this.#submitter.find(officer, key);
  }

  preview(officer: Signer, command: Command): Promise<unknown> {
    return this.#submitter.preview(officer, command);
  }

  async tick(time: string): Promise<Submission> {
    const { act } = await this.head({ noun: "clock", case: "clock" });
    const command = { noun: "clock", case: "clock", type: "tick", body: { time } };
    return this.submit(this.nodeSigner, command, `tick ${act + 1} ${time}`);
  }

  evaluate(officer: Signer, contractFunction: string, ...args: string[]): Promise<Uint8Array> {
    return this.#options.connector.evaluate(officer, contractFunction, args);
  }

  async head({ noun, case: id }: CaseName): Promise<Head> {
    const { act, next, state } = await this.#follower.heads.head({ noun, case: id });
    return { noun, case: id, act, next, state };
  }

  model(): Model {
    return this.#offered().model;
  }

  #offered(): Offered {
    const { policy, time } = this.#options.projection.watch;
    return this.models.offered(policy, time);
  }

  now(): string | undefined {
    return this.#options.projection.watch.time;
  }

  events(options: EventOptions): AsyncIterable<NodeEvent> {
    const { projection } = this.#options;
    const source = {
      get height() {
        return projection.height;
      },
      nextBlock: (signal: AbortSignal) => this.#follower.nextBlock(signal),
      standingSince: (number: number) => this.standing.since(number),
      warningsSince: (number: number | undefined) => this.warnings.since(number),
    };
    return nodeEvents(this.db, source, options);
  }

  async folded(block: bigint, signal: AbortSignal = this.#stopping.signal): Promise<void> {
    while (this.#options.projection.height <= block && !signal.aborted) await this.#follower.nextBlock(signal);
  }

  status(): NodeStatus {
    const { projection } = this.#options;
    const { standing } = projection.watch;
    const conditions = [...this.#conditions.list(), ...this.#clockConditions()];
    const { model, inForce } = this.#offered();
    return {
      department: this.department,
      channel: this.channel,
      version,
      rules: { version: model.version, inForce },
      demo: this.#demo(),
      height: projection.height,
      blockHash: projection.hash,
      commitHash: projection.commitHash,
      ledgerTime: this.now(),
      ready: allowServing(conditions),
      conditions,
      catchUp: this.#follower.catchUp,
      pending: [
        ...[...standing.values()].filter(({ kind }) => kind === "CONFIGURATION_BEHIND_ACTS").map(({ said }) => said),
        ...this.#missingModels(),
      ],
      alarms: projection.alarms + this.standing.list().length,
      standing: this.standing.list(),
    };
  }

  /** Versions of the model that are decided on and that this software lacks: it says so while there is still time. */
  #missingModels(): Words[] {
    const { policy } = this.#options.projection.watch;
    return (policy === undefined ? [] : versionsOf(policy))
      .filter(({ version }) => !this.models.has(version))
      .map(({ from, version }) => ({
        zh: `自 ${from} 起施行第${version}版规则，本软件没有该版本；请在此之前升级`,
        en: `from ${from} on model ${version} applies, which this software lacks; upgrade it before`,
      }));
  }

  #demo(): boolean | undefined {
    const { policy, time } = this.#options.projection.watch;
    return policy && inForceAt(policy, time).demo;
  }

  /** A command is refused or made on the heads as they are, so not on those of yesterday. @throws NodeError NOT_READY */
  async #caughtUp(): Promise<void> {
    const isBehind = () => this.#conditions.list().find(({ code }) => code === "CATCHING_UP");
    const end = Date.now() + CATCH_UP_MS;
    for (let behind = isBehind(); behind !== undefined; behind = isBehind()) {
      if (Date.now() > end || this.isStopping) {
        throw new NodeError("NOT_READY", `${behind.message}; file it again later.`);
      }
      await pause(LOOK_MS, this.#stopping.signal);
    }
  }

  /** A clock that stands still or runs ahead by this machine's own: no data is served then. */
  #clockConditions(): Condition[] {
    const { policy, time } = this.#options.projection.watch;
    if (policy === undefined || this.#demo() || time === undefined) return [];
    const age = secondsSince(time);
    if (age > MAX_CLOCK_AGE_SECONDS) {
      const message = `the ledger's clock stands at ${time}, more than ${MAX_CLOCK_AGE_SECONDS / 60} minutes ago`;
      return [{ code: "CLOCK_STALE", message, since: time }];
    }
    if (-age > MAX_CLOCK_OFFSET_SECONDS) {
      const message = `the ledger's clock stands at ${time}, ahead of this machine's`;
      return [{ code: "CLOCK_AHEAD", message, since: time }];
    }
    return [];
  }
}
