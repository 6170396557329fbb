import { createHash } from "node:crypto";
import { SubmissionError } from "@wanlian/client/core/node-error.js";
import type {
  Command,
  FoldedAct,
  Head,
  NodeEvent,
  NodeServices,
  NodeStatus,
  Signer,
  Submission,
} from "@wanlian/client/core/services.js";
import { readOfficerCertificate } from "@wanlian/client/keys/officers/certificate.js";
import { deadlineRows } from "@wanlian/client/projection/rows.js";
import type { NodeDatabase } from "@wanlian/client/projection/schema.js";
import { searchable } from "@wanlian/client/projection/search.js";
import { canonicalJson } from "@wanlian/model/canonical.js";
import type { MspId, OfficerNumber, TransactionId } from "@wanlian/model/identifiers.js";
import { type Act, type Actor, ROLES, type Role } from "@wanlian/model/kernel/act.js";
import { dependencies } from "@wanlian/model/kernel/basis.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { RELEASED } from "@wanlian/model/models.js";
import { instantOf } from "@wanlian/model/time/instant.js";
import type { Kysely } from "kysely";

export const BUREAU = "BureauMSP";

const actorOf = (department: string, officer: string, roles: readonly Role[]): Actor => ({
  department: department as MspId,
  officer: officer as OfficerNumber,
  roles,
  certificateExpires: instantOf(Date.UTC(2090, 0)),
});
const hex = (text: string) => createHash("sha256").update(text).digest("hex");

/** What the departments of a fake channel have in common. */
export class FakeChannel {
  readonly heads = new Map<string, Head>();
  readonly acts: FoldedAct[] = [];
  readonly databases: Kysely<NodeDatabase>[] = [];
  readonly followers = new Set<() => void>();
  demo: boolean | undefined;
}

/**
 * The seam behind the API without a network: the model decides, and each act is a block of its own in the projection.
 * What a department's node does with conflicts, crashes and peers is not its matter.
 */
export class FakeLedger implements NodeServices {
  readonly models = RELEASED;
  readonly channel = "pilot";
  readonly nodeSigner: Signer;
  /** Thrown by the next submission. */
  failure: SubmissionError | undefined;
  /** What the next submission answers instead of its outcome. */
  pending = false;
  readonly #filed = new Map<string, Submission>();

  constructor(
    readonly department: string,
    readonly db: Kysely<NodeDatabase>,
    readonly shared: FakeChannel,
  ) {
    shared.databases.push(db);
    this.nodeSigner = { mspId: department, certificate: new Uint8Array(), sign: async () => new Uint8Array() };
  }

  /** An act of anybody, as the other departments' nodes would file it. */
  async act(department: string, roles: readonly Role[], command: Omit<Command, "case"> & { case?: string | null }) {
    const officer = `${department.slice(0, 4)}-1`;
    return this.#commit(actorOf(department, officer, roles), { case: null, ...command });
  }

  async submit(officer: Signer, command: Command, key: string): Promise<Submission> {
    const failure = this.failure;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
    const slot = `${hex(Buffer.from(officer.certificate).toString())}/${key}`;
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
      return waiting;
    }
    const act = await this.#commit(this.#actorOf(officer), command);
    const counted: Submission = { ...submission, status: "counted", transactionId: act.transactionId, act };
    this.#filed.set(slot, counted);
    return counted;
  }

  async submission(officer: Signer, key: string) {
    return this.#filed.get(`${hex(Buffer.from(officer.certificate).toString())}/${key}`);
  }

  async preview(officer: Signer, command: Command): Promise<unknown> {
    return this.#decide(this.#actorOf(officer), command).act;
  }

  tick(time: string): Promise<Submission> {
    return this.submit(this.nodeSigner, { noun: "clock", case: "clock", type: "tick", body: { time } }, `tick ${time}`);
  }

  async evaluate(): Promise<Uint8Array> {
    throw new SubmissionError("LEDGER_UNAVAILABLE", "there is no peer here");
  }

  async head(ref: { noun: string; case: string }): Promise<Head> {
    return this.shared.heads.get(`${ref.noun}/${ref.case}`) ?? { ...ref, act: 0, next: 1, state: undefined };
  }

  now(): string | undefined {
    return (this.shared.heads.get("clock/clock")?.state as { time: string } | undefined)?.time;
  }

  async *events({ after, signal }: { after?: { block: bigint }; signal: AbortSignal }): AsyncIterable<NodeEvent> {
    let next = after === undefined ? this.shared.acts.length : Number(after.block) + 1;
    while (!signal.aborted) {
      const act = this.shared.acts[next];
      if (act === undefined) {
        await this.#change(signal);
        continue;
      }
      yield { kind: "act", position: act.position, act };
      yield { kind: "block", position: act.position, hash: hex(String(next)), time: act.time };
      next++;
    }
  }

  async folded(): Promise<void> {
    return;
  }

  status(): NodeStatus {
    return {
      department: this.department,
      channel: this.channel,
      version: "0.1.0",
      demo: this.shared.demo,
      height: BigInt(this.shared.acts.length),
      blockHash: this.shared.acts.length === 0 ? undefined : hex(String(this.shared.acts.length)),
      commitHash: undefined,
      ledgerTime: this.now(),
      ready: true,
      conditions: [],
      pending: [],
      alarms: 0,
    };
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.shared.followers.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.shared.followers.add(done);
      signal.addEventListener("abort", done);
    });
  }

  model() {
    return model1;
  }

  #actorOf(officer: Signer): Actor {
    if (officer === this.nodeSigner) {
      return actorOf(this.department, "node", ["node"]);
    }
    const certificate = readOfficerCertificate(Buffer.from(officer.certificate).toString());
    const roles = ROLES.filter((role) => certificate.roles.includes(role));
    return actorOf(this.department, certificate.officer, roles);
  }

  #decide(actor: Actor, { noun, case: id, type, body }: Command) {
    const named = { noun, case: id, type, body };
    const basis = dependencies(named, actor, model1).map((ref) => {
      const { act, next } = this.shared.heads.get(`${ref.noun}/${ref.case}`) ?? { act: 0, next: 1 };
      return { ...ref, act, next };
    });
    const heads = (ref: { noun: string; case: string }) =>
      (this.shared.heads.get(`${ref.noun}/${ref.case}`) as typeof NO_ACTS | undefined) ?? NO_ACTS;
    const transaction = hex(`${this.shared.acts.length}`) as TransactionId;
    return { ...decide({ ...named, basis }, heads, actor, transaction, RELEASED), transaction };
  }

  async #commit(actor: Actor, command: Command): Promise<FoldedAct> {
    const { act, time, transaction } = this.#decide(actor, command);
    const head = { noun: act.noun, case: act.case, act: act.number, next: act.number + 1, state: act.state };
    this.shared.heads.set(`${act.noun}/${act.case}`, head);
    const folded: FoldedAct = {
      noun: act.noun,
      case: act.case,
      position: { block: BigInt(this.shared.acts.length), transaction: 0 },
      transactionId: transaction,
      number: act.number,
      type: act.type,
      author: act.author,
      time,
      claimedTime: time,
      body: act.body,
      state: act.state,
    };
    for (const db of this.shared.databases) await project(db, act, folded);
    this.shared.acts.push(folded);
    for (const follower of [...this.shared.followers]) follower();
    return folded;
  }
}

async function project(db: Kysely<NodeDatabase>, act: Act, folded: FoldedAct): Promise<void> {
  const block = Number(folded.position.block);
  const name = { noun: act.noun, case_id: act.case };
  const { time, transactionId } = folded;
  const { department, officer } = act.author;
  const noun = model1.nouns[act.noun];
  if (noun === undefined) throw new Error(`there is no noun ${act.noun}`);
  const description = noun.describe(act, act.state, act.body);
  const before = await db
    .selectFrom("cases")
    .selectAll()
    .where("noun", "=", act.noun)
    .where("case_id", "=", act.case)
    .executeTakeFirst();
  await db
    .insertInto("blocks")
    .values({
      number: block,
      hash: hex(String(block)),
      previous_hash: "",
      data_hash: "",
      codes: "00",
      commit_hash: "",
      verdicts: "[]",
      time,
    })
    .execute();
  await db
    .insertInto("transactions")
    .values({ block, tx: 0, id: transactionId, code: 0, type: 3, department })
    .execute();
  await db
    .insertInto("acts")
    .values({
      ...name,
      ...{
        block,
        tx: 0,
        number: act.number,
        model: 1,
        counted: 1,
        reason: "",
        type: act.type,
        department,
        officer,
        time,
      },
      ...{ claimed_time: time, transaction_id: transactionId, basis: canonicalJson(act.basis) },
      ...{ body: canonicalJson(act.body), state: canonicalJson(act.state), endorsers: "[]" },
    })
    .execute();
  for (const table of ["cases", "parties", "deadlines", "case_references"] as const) {
    await db.deleteFrom(table).where("noun", "=", act.noun).where("case_id", "=", act.case).execute();
  }
  await db
    .insertInto("cases")
    .values({
      ...name,
      ...{ act: act.number, next: act.number + 1, status: description.status, state: canonicalJson(act.state) },
      ...{ opened_time: before?.opened_time ?? time, opened_block: before?.opened_block ?? block },
      ...{ changed_time: time, changed_block: block, changed_tx: 0 },
      search_text: searchable(description.searchText ?? before?.search_text ?? ""),
      expires: description.expires ?? "",
    })
    .execute();
  const parties = description.parties.map((party) => ({ ...name, ...party }));
  const deadlines = deadlineRows(act.noun, act.case, description, { bureau: BUREAU as MspId, calendar: [] });
  const references = description.references.map((ref) => ({ ...name, to_noun: ref.noun, to_case: ref.case }));
  if (parties.length > 0) await db.insertInto("parties").values(parties).execute();
  if (deadlines.length > 0) await db.insertInto("deadlines").values(deadlines).execute();
  if (references.length > 0) await db.insertInto("case_references").values(references).execute();
  const told = new Set(
    description.parties.map((party): string => party.department).filter((party) => party !== department),
  );
  for (const party of told)
    await db
      .insertInto("notices")
      .values({ department: party, ...name, number: act.number, block, tx: 0 })
      .execute();
}
