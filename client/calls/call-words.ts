import { canonicalJson } from "@wanlian/model/canonical.js";
import type { Digest, Instant, MspId } from "@wanlian/model/identifiers.js";
import { type CallFacts, callKey, factsDigest } from "../access/index.js";
import type { NodeDatabase } from "../projection/index.js";
import type { Db } from "../read/index.js";

/** What another department says of a call: it has it as it was told, or otherwise, or it lacks it. */
export type CallWord = NodeDatabase["local.call_words"]["word"];

/** Calls of one department that this log lacks, as far as they are kept: more say nothing new, and fill a disk. */
export const MOST_LACKING = 100_000;

type Row = NodeDatabase["local.call_words"];

const STATEMENT_ROWS = 100;

/** What other departments say of calls. */
export class CallWords {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** A department says that it has these. @param here of which this log has something, too */
  async hear(department: MspId, calls: readonly CallFacts[], here: ReadonlySet<Digest>, time: Instant): Promise<void> {
    const room = MOST_LACKING - (await this.#lacking(department));
    const rows = calls.map((facts) => {
      const key = callKey(facts);
      const said = canonicalJson(facts);
      return { key, department, facts: factsDigest(facts), word: "has" as const, said, here: here.has(key), time };
    });
    const known = rows.filter((row) => row.here);
    const unknown = rows.filter((row) => !row.here).slice(0, Math.max(0, room));
    await this.#write([...known, ...unknown].map((row) => ({ ...row, here: row.here ? 1 : 0 })));
  }

  /** A department answers what it was told. What it said by itself stands. */
  async answer(
    department: MspId,
    words: readonly { readonly facts: CallFacts; readonly word: CallWord }[],
    time: Instant,
  ) {
    const told = await this.#toldBy(
      department,
      words.map(({ facts }) => callKey(facts)),
    );
    const rows: Row[] = [];
    for (const { facts, word } of words) {
      const key = callKey(facts);
      if (told.has(key) && word !== "has") continue;
      const digest = word === "has" ? factsDigest(facts) : "";
      rows.push({ ...{ key, department, word, time }, facts: digest, said: "", here: 1 });
    }
    await this.#write(rows);
  }

  /** This log has them now. */
  async arrived(keys: readonly Digest[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#db.updateTable("local.call_words").set({ here: 1 }).where("key", "in", keys).execute();
  }

  async #lacking(department: MspId): Promise<number> {
    const row = await this.#db
      .selectFrom("local.call_words")
      .where("here", "=", 0)
      .where("department", "=", department)
      .select(({ fn }) => fn.countAll<number | string>().as("calls"))
      .executeTakeFirstOrThrow();
    return Number(row.calls);
  }

  async #toldBy(department: MspId, keys: readonly Digest[]): Promise<ReadonlySet<Digest>> {
    if (keys.length === 0) return new Set();
    const rows = await this.#db
      .selectFrom("local.call_words")
      .select("key")
      .where("department", "=", department)
      .where("word", "=", "has")
      .where("key", "in", keys)
      .execute();
    return new Set(rows.map(({ key }) => key as Digest));
  }

  /** The last word on each stands. In one transaction: each reaches the disk. */
  async #write(rows: readonly Row[]): Promise<void> {
    const last = [...new Map(rows.map((row) => [row.key, row])).values()];
    await this.#db.transaction().execute(async (transaction) => {
      for (let from = 0; from < last.length; from += STATEMENT_ROWS) {
        await transaction
          .insertInto("local.call_words")
          .values(last.slice(from, from + STATEMENT_ROWS))
          .onConflict((conflict) =>
            conflict.columns(["key", "department"]).doUpdateSet(({ ref }) => ({
              ...{ facts: ref("excluded.facts"), word: ref("excluded.word"), said: ref("excluded.said") },
              ...{ here: ref("excluded.here"), time: ref("excluded.time") },
            })),
          )
          .execute();
      }
    });
  }
}
