import { createHash } from "node:crypto";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { Kysely, Selectable } from "kysely";
import { type Command, type FilingErrorCode, NodeError } from "../core/index.js";
import type { EndorsedTransaction } from "../ledger/index.js";
import type { EnvelopeTable, NodeDatabase, SubmissionTable } from "../projection/index.js";

/** Whose filing, and which: the officer chooses the key. */
export interface FilingName {
  /** `MSPID/officer number`. */
  readonly officer: string;
  readonly key: string;
}

export interface Filing extends FilingName {
  readonly command: Command;
  readonly digest: string;
  /** The own case's last act when the officer decided. */
  readonly seen: number;
  readonly status: SubmissionTable["status"];
  readonly failure: FilingFailure | undefined;
}

export interface FilingFailure {
  readonly code: FilingErrorCode;
  readonly message: string;
  /** Of a void act: why it does not count (a VoidCode). */
  readonly reason?: string;
}

export interface StoredEnvelope extends EndorsedTransaction {
  readonly attempt: number;
  /** Number of the clock act in its basis. */
  readonly clock: number;
  readonly fate: EnvelopeTable["fate"];
}

/** SHA-256 of what was asked, hex: a key cannot be used for something else. */
export function commandDigest({ noun, case: id, type, body }: Command): string {
  return createHash("sha256")
    .update(canonicalJson({ noun, case: id, type, body }))
    .digest("hex");
}

/** Filings and their envelopes, durable when a method resolves. What cannot be written is a NodeError STORE_FAILED. */
export class SubmissionStore {
  readonly #db: Kysely<NodeDatabase>;

  constructor(db: Kysely<NodeDatabase>) {
    this.#db = db;
  }

  /** Opens a filing, or gives the one that the name already stands for. */
  async open({ officer, key }: FilingName, command: Command, seen: number): Promise<Filing> {
    const opening = this.#db
      .insertInto("local.submissions")
      .values({
        officer,
        key,
        digest: commandDigest(command),
        command: canonicalJson(command),
        seen,
        status: "open",
        failure: null,
        created: new Date().toISOString(),
      })
      .onConflict((conflict) => conflict.columns(["officer", "key"]).doNothing());
    await kept(opening.execute());
    const filing = await this.find({ officer, key });
    if (filing === undefined) throw new Error(`the filing ${key} of ${officer} vanished`);
    return filing;
  }

  async find({ officer, key }: FilingName): Promise<Filing | undefined> {
    const row = await this.#db
      .selectFrom("local.submissions")
      .selectAll()
      .where("officer", "=", officer)
      .where("key", "=", key)
      .executeTakeFirst();
    return row === undefined ? undefined : filingOf(row);
  }

  /** Filings whose end is not known. */
  async unfinished(): Promise<Filing[]> {
    const rows = await this.#db.selectFrom("local.submissions").selectAll().where("status", "=", "open").execute();
    return rows.map(filingOf);
  }

  /** Forgets a filing of which nothing was ever sent. */
  async forget({ officer, key }: FilingName): Promise<void> {
    const forgetting = this.#db.deleteFrom("local.submissions").where("officer", "=", officer).where("key", "=", key);
    await kept(forgetting.execute());
  }

  /** It is under way (again). */
  async reopen(name: FilingName): Promise<void> {
    await kept(this.#setStatus(this.#db, name, "open", undefined));
  }

  /** Nothing of it is under way or can count any more; the same key may make it anew. */
  async park(name: FilingName, failure: FilingFailure): Promise<void> {
    await kept(this.#setStatus(this.#db, name, "parked", failure));
  }

  /** It counts. The envelope is on the ledger now, and need not be kept here. */
  async succeed(name: FilingName, transactionId: string): Promise<void> {
    const both = this.#db.transaction().execute(async (sql) => {
      await this.#setStatus(sql, name, "counted", undefined);
      await sql
        .updateTable("local.envelopes")
        .set({ fate: "settled", content: new Uint8Array() })
        .where("transaction_id", "=", transactionId)
        .execute();
    });
    await kept(both);
  }

  /** It came to nothing, for good. */
  async fail(name: FilingName, failure: FilingFailure): Promise<void> {
    await kept(this.#setStatus(this.#db, name, "failed", failure));
  }

  /** In the order of attempts. */
  async envelopes({ officer, key }: FilingName): Promise<StoredEnvelope[]> {
    const rows = await this.#db
      .selectFrom("local.envelopes")
      .selectAll()
      .where("officer", "=", officer)
      .where("key", "=", key)
      .orderBy("attempt")
      .execute();
    return rows.map((row) => ({
      transactionId: row.transaction_id,
      envelope: row.content,
      attempt: row.attempt,
      clock: row.clock,
      fate: row.fate,
    }));
  }

  async addEnvelope({ officer, key }: FilingName, envelope: Omit<StoredEnvelope, "fate">): Promise<void> {
    const adding = this.#db.insertInto("local.envelopes").values({
      officer,
      key,
      transaction_id: envelope.transactionId,
      content: envelope.envelope,
      attempt: envelope.attempt,
      clock: envelope.clock,
      fate: "open",
      stored: new Date().toISOString(),
    });
    await kept(adding.execute());
  }

  /** The envelope never can count. */
  async settle(transactionId: string): Promise<void> {
    const settling = this.#db
      .updateTable("local.envelopes")
      .set({ fate: "settled" })
      .where("transaction_id", "=", transactionId);
    await kept(settling.execute());
  }

  async #setStatus(
    db: Kysely<NodeDatabase>,
    { officer, key }: FilingName,
    status: SubmissionTable["status"],
    failure: FilingFailure | undefined,
  ): Promise<void> {
    await db
      .updateTable("local.submissions")
      .set({ status, failure: failure === undefined ? null : canonicalJson(failure) })
      .where("officer", "=", officer)
      .where("key", "=", key)
      .execute();
  }
}

async function kept<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (cause) {
    throw new NodeError("STORE_FAILED", `what was filed cannot be kept: ${messageOf(cause)}`, { cause });
  }
}

function filingOf(row: Selectable<SubmissionTable>): Filing {
  return {
    officer: row.officer,
    key: row.key,
    command: JSON.parse(row.command) as Command,
    digest: row.digest,
    seen: row.seen,
    status: row.status,
    failure: row.failure === null ? undefined : (JSON.parse(row.failure) as FilingFailure),
  };
}
