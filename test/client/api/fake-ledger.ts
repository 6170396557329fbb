import { createHash } from "node:crypto";
import type { Condition } from "@wanlian/client/core/condition.js";
import { type NodeError, SubmissionError } from "@wanlian/client/core/node-error.js";
import type {
  Command,
  EventOptions,
  FoldedAct,
  Head,
  NodeEvent,
  NodeServices,
  NodeStatus,
  Signer,
  Submission,
} from "@wanlian/client/core/services.js";
import { readOfficerCertificate } from "@wanlian/client/keys/officers/certificate.js";
import { readBlock } from "@wanlian/client/ledger/block.js";
import { nodeEvents } from "@wanlian/client/node/events.js";
import { readFate } from "@wanlian/client/node/fate.js";
import { StandingAlarms } from "@wanlian/client/node/standing-alarms.js";
import type { NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import { canonicalJson } from "@wanlian/model/canonical.js";
import type { NounName } from "@wanlian/model/model-1/states.js";
import { RELEASED } from "@wanlian/model/models.js";
import { ROLES, type Role } from "@wanlian/model/roles.js";
import type { Kysely } from "kysely";
import { CHAINCODE, CHANNEL, TestLedger, type TestOfficer } from "../test-ledger.js";

export const BUREAU = "BureauMSP";

const hex = (text: string) => createHash("sha256").update(text).digest("hex");

/** Keys and certificates take longest; so all channels have them in common. */
let base: Promise<TestLedger> | undefined;

/** A ledger in memory, and the nodes that follow it. */
export class FakeChannel {
  readonly nodes: FakeLedger[] = [];
  /** What nodes say of the channel; undefined before policy 1. */
  demo: boolean | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(readonly ledger: TestLedger) {}

  static async open(): Promise<FakeChannel> {
    base ??= TestLedger.create([BUREAU, "CivilMSP", "HealthMSP"]).then(async (ledger) => {
      await ledger.remove();
      return ledger;
    });
    return new FakeChannel((await base).fork());
  }

  /** Puts one act into a block of its own, and lets every node fold it. @returns its transaction's id */
  async file(officer: TestOfficer, command: Command): Promise<string> {
    const filed = this.#turn.then(async () => {
      const made = await this.ledger.make(officer, command);
      this.ledger.appendValid(made);
      for (const node of this.nodes) await node.catchUp();
      return made.transactionId;
    });
    this.#turn = filed.catch(() => undefined);
    return await filed;
  }
}

/**
 * The seam behind the API without a network: acts by the model, blocks by hand, rows by the node's own fold. What a
 * department's node does with conflicts, crashes and peers is not its matter.
 */
export class FakeLedger implements NodeServices {
  readonly channel = CHANNEL;
  readonly chaincode = CHAINCODE;
  readonly models = RELEASED;
  readonly nodeSigner: Signer;
  /** Thrown by the next submission. */
  failure: NodeError | undefined;
  /** What is wrong at the node. */
  conditions: readonly Condition[] = [];
  /** What the next submission answers instead of its outcome. */
  pending = false;
  /** What it has found out of others. */
  readonly standing = new StandingAlarms(() => undefined);
  readonly #filed = new Map<string, Submission>();
  readonly #pending = new Map<string, { readonly officer: Signer; readonly submission: Submission }>();
  readonly #projection: Projection;
  readonly #waiting = new Set<() => void>();

  private constructor(
    readonly department: string,
    readonly db: Kysely<NodeDatabase>,
    readonly shared: FakeChannel,
    projection: Projection,
  ) {
    this.#projection = projection;
    this.nodeSigner = { mspId: department, certificate: new Uint8Array(), sign: async () => new Uint8Array() };
  }

  /** A node that has folded what is there, and follows. */
  static async join(department: string, db: Kysely<NodeDatabase>, channel: FakeChannel): Promise<FakeLedger> {
    const ledger = new FakeLedger(department, db, channel, await Projection.open(db, CHANNEL, CHAINCODE, RELEASED));
    await ledger.catchUp();
    channel.nodes.push(ledger);
    return ledger;
  }

  async catchUp(): Promise<void> {
    for (const block of this.shared.ledger.blocks.slice(Number(this.#projection.height))) {
      await this.#projection.take(readBlock(block));
    }
    for (const wake of [...this.#waiting]) wake();
  }

  /** An act of anybody, as the other departments' nodes would file it. */
  async act(department: string, roles: readonly Role[], command: Omit<Command, "case"> & { case?: string | null }) {
    const officer = await this.shared.ledger.officer(department, `${department.slice(0, 4)}-1`, ...roles);
    return await this.#file(officer, { case: null, ...command });
  }

  async submit(officer: Signer, command: Command, key: string): Promise<Submission> {
    const failure = this.failure;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
    const slot = slotOf(officer, key);
    const earlier = this.#filed.get(slot);
    if (earlier !== undefined) {
      if (canonicalJson(earlier.command) === canonicalJson(command)) return earlier;
      throw new SubmissionError("KEY_REUSED", `the key ${key} stands for another command`);
    }
    const submission = { idempotencyKey: key, command, attempts: 1, failure: undefined };
    if (this.pending) {
      this.pending = false;
      const waiting: Submission = { ...submission, status: "pending", transactionId: hex(key), act: undefined };
      this.#filed.set(slot, waiting);
      this.#pending.set(slot, { officer, submission: waiting });
      return waiting;
    }
    const act = await this.#file(await this.#officerOf(officer), command);
    const counted: Submission = { ...submission, status: "counted", transactionId: act.transactionId, act };
    this.#filed.set(slot, counted);
    return counted;
  }

  /** Lets count what pending submissions wait for. */
  async settle(): Promise<void> {
    for (const [slot, { officer, submission }] of this.#pending) {
      const act = await this.#file(await this.#officerOf(officer), submission.command);
      this.#filed.set(slot, { ...submission, status: "counted", transactionId: act.transactionId, act });
    }
    this.#pending.clear();
  }

  async submission(officer: Signer, key: string) {
    return this.#filed.get(slotOf(officer, key));
  }

  async preview(officer: Signer, command: Command): Promise<unknown> {
    return this.shared.ledger.decide(await this.#officerOf(officer), command, "0".repeat(64));
  }

  tick(time: string): Promise<Submission> {
    return this.submit(this.nodeSigner, { noun: "clock", case: "clock", type: "tick", body: { time } }, `tick ${time}`);
  }

  async evaluate(): Promise<Uint8Array> {
    throw new SubmissionError("LEDGER_UNAVAILABLE", "there is no peer here");
  }

  async head({ noun, case: id }: { noun: string; case: string }): Promise<Head> {
    const { act, next, state } = await this.#projection.heads.head({ noun: noun as NounName, case: id });
    return { noun, case: id, act, next, state };
  }

  model() {
    return this.#offered().model;
  }

  #offered() {
    const { policy, time } = this.#projection.watch;
    return this.models.offered(policy, time);
  }

  now(): string | undefined {
    return this.#projection.watch.time;
  }

  events(options: EventOptions): AsyncIterable<NodeEvent> {
    const projection = this.#projection;
    const source = {
      get height() {
        return projection.height;
      },
      nextBlock: (signal: AbortSignal) => this.#nextBlock(signal),
      standingSince: (number: number) => this.standing.since(number),
    };
    return nodeEvents(this.db, source, options);
  }

  async folded(): Promise<void> {
    return;
  }

  status(): NodeStatus {
    const { model, inForce } = this.#offered();
    return {
      department: this.department,
      channel: this.channel,
      version: "0.1.0",
      rules: { version: model.version, inForce },
      demo: this.shared.demo,
      height: this.#projection.height,
      blockHash: this.#projection.hash,
      commitHash: this.#projection.commitHash,
      ledgerTime: this.now(),
      ready: true,
      conditions: this.conditions,
      catchUp: undefined,
      standing: [],
      pending: [],
      alarms: 0,
    };
  }

  #nextBlock(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener("abort", done);
    });
  }

  async #officerOf(officer: Signer): Promise<TestOfficer> {
    if (officer === this.nodeSigner) return await this.shared.ledger.officer(this.department, "node", "node");
    const { officer: number, roles } = readOfficerCertificate(Buffer.from(officer.certificate).toString());
    const known = ROLES.filter((role) => roles.includes(role));
    return await this.shared.ledger.officer(this.department, number, ...known);
  }

  async #file(officer: TestOfficer, command: Command): Promise<FoldedAct> {
    const fate = await readFate(this.db, await this.shared.file(officer, command));
    if (fate?.kind !== "counted") throw new Error(`the fold finds it ${JSON.stringify(fate)}`);
    return fate.act;
  }
}

const slotOf = (officer: Signer, key: string): string => `${hex(Buffer.from(officer.certificate).toString())}/${key}`;
