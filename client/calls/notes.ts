import type { Instant } from "@wanlian/model/identifiers.js";
import type { Db } from "../read/index.js";
import type { CallNoteCode } from "./call-fault.js";

/** Whoever sends nonsense for a night fills no disk with it; how much there was, the counts of an answer say. */
export const MOST_NOTES = 10_000;
const MAX_TEXT = 300;
const STATEMENT_ROWS = 100;

/** What came of another road and is no call, or worth a look. */
export interface CallNote {
  readonly code: CallNoteCode;
  /** A file and its line, or who pushed it. */
  readonly source: string;
  readonly call: string;
  readonly said: string;
}

/** The last notes, and no more. */
export class CallNotes {
  readonly #db: Db;
  #next: number | undefined;

  constructor(db: Db) {
    this.#db = db;
  }

  async keep(notes: readonly CallNote[], time: Instant): Promise<void> {
    // Of a thousand alike the last ones tell as much.
    const kept = notes.slice(-MOST_NOTES);
    if (kept.length === 0) return;
    const first = this.#next ?? (await this.#last()) + 1;
    this.#next = first + kept.length;
    const rows = kept.map((note, at) => ({ ...bounded(note), number: first + at, time }));
    await this.#db.transaction().execute(async (transaction) => {
      for (let from = 0; from < rows.length; from += STATEMENT_ROWS) {
        await transaction
          .insertInto("local.call_notes")
          .values(rows.slice(from, from + STATEMENT_ROWS))
          .execute();
      }
      await transaction
        .deleteFrom("local.call_notes")
        .where("number", "<", first + kept.length - MOST_NOTES)
        .execute();
    });
  }

  async #last(): Promise<number> {
    const row = await this.#db
      .selectFrom("local.call_notes")
      .select(({ fn }) => fn.max("number").as("number"))
      .executeTakeFirst();
    return Number(row?.number ?? 0);
  }
}

/** What others wrote is shown: cut, and without what could rewrite a line. */
function bounded({ code, source, call, said }: CallNote): CallNote {
  const [cutSource, cutCall, cutSaid] = [source, call, said].map((text) =>
    text.replaceAll(/[\p{C}\u2028\u2029]/gu, "\uFFFD").slice(0, MAX_TEXT),
  ) as [string, string, string];
  return { code, source: cutSource, call: cutCall, said: cutSaid };
}
