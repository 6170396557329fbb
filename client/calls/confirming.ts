import { LedgerError } from "@wanlian/model/errors.js";
import type { Digest, Instant, MspId } from "@wanlian/model/identifiers.js";
import { checkSchema, closed } from "@wanlian/model/kernel/schema.js";
import type { Logger } from "pino";
import { type Static, Type } from "typebox";
import { CallFacts, callKey, factsDigest, readEntry } from "../access/index.js";
import { ExchangeError } from "../core/index.js";
import type { TreeReader } from "../log/index.js";
import type { Db } from "../read/index.js";
import type { DepartmentConnections } from "../transport/index.js";
import type { CallBook } from "./call-book.js";
import type { CallWord, CallWords } from "./call-words.js";

export const CALLS_PATH = "/platform/v1/calls";
/** Calls told at a time: some 200 KB. */
const MOST_TOLD = 500;
export const MAX_TOLD_BYTES = 1024 * 1024;
/** How long a department is left alone that did not answer. */
const AGAIN_MS = 60_000;

export const ToldCalls = closed({ calls: Type.Array(CallFacts, { minItems: 1, maxItems: MOST_TOLD }) });
const WORDS = ["has", "differs", "lacks"] as const satisfies readonly CallWord[];
export const WordsOnCalls = closed({ words: Type.Array(Type.Enum([...WORDS]), { maxItems: MOST_TOLD }) });

export interface ConfirmingParts {
  readonly department: MspId;
  readonly db: Db;
  readonly book: CallBook;
  readonly words: CallWords;
  /** Of the log's last checkpoint. */
  readonly reader: () => TreeReader;
  readonly connections: Pick<DepartmentConnections, "json" | "departments">;
  /** The ledger's. */
  readonly time: () => Instant;
  readonly logger: Logger;
}

/**
 * Both sides of a call over another road are told of it by somebody else. So each tells the other what it has, and hears
 * whether that one has it alike: what is lost on one side, or altered, stands out at both.
 */
export class CallConfirming {
  readonly #parts: ConfirmingParts;
  readonly #restUntil = new Map<string, number>();

  constructor(parts: ConfirmingParts) {
    this.#parts = parts;
  }

  /**
   * Another department tells what it has. @returns what this log has of each
   * @throws LedgerError INVALID_INPUT, NOT_PERMITTED
   */
  async hear(from: MspId, told: unknown): Promise<CallWord[]> {
    checkSchema(ToldCalls, told);
    return await this.#hear(from, (told as Static<typeof ToldCalls>).calls);
  }

  /** Tells every department what it has not been told of yet. */
  async look(): Promise<void> {
    for (const department of this.#parts.connections.departments) {
      if (department === this.#parts.department) continue;
      if ((this.#restUntil.get(department) ?? 0) > performance.now()) continue;
      try {
        await this.#tell(department as MspId);
      } catch (error) {
        if (!(error instanceof ExchangeError) && !(error instanceof LedgerError)) throw error;
        this.#parts.logger.info({ department, code: error.code }, "calls could not be confirmed; trying again");
        this.#restUntil.set(department, performance.now() + AGAIN_MS);
      }
    }
  }

  async #hear(from: MspId, calls: readonly CallFacts[]): Promise<CallWord[]> {
    const { department, book, words, time } = this.#parts;
    const parties = new Set([from, department]);
    if (!calls.every(({ provider, consumer }) => parties.has(provider) && parties.has(consumer))) {
      throw new LedgerError("NOT_PERMITTED", `only calls between ${from} and ${department} are told here`);
    }
    const own = await book.find(calls.map(callKey));
    await words.hear(from, calls, new Set(own.keys()), time());
    return calls.map((facts) => {
      const here = own.get(callKey(facts)) ?? [];
      if (here.length === 0) return "lacks";
      return here.some((call) => call.facts === factsDigest(facts)) ? "has" : "differs";
    });
  }

  async #tell(department: MspId): Promise<void> {
    for (;;) {
      const { calls, upTo } = await this.#next(department);
      if (calls.length > 0) await this.#ask(department, calls);
      if (upTo === undefined) return;
      await this.#told(department, upTo);
    }
  }

  async #ask(department: MspId, calls: readonly CallFacts[]): Promise<void> {
    const { connections, words, time } = this.#parts;
    const answer = await connections.json(department, CALLS_PATH, { calls });
    checkAnswer(answer, calls.length);
    await words.arrived(calls.map(callKey));
    await words.answer(
      department,
      calls.map((facts, at) => ({ facts, word: answer.words[at] as CallWord })),
      time(),
    );
  }

  /** @returns undefined as the place where nothing came since */
  async #next(department: MspId): Promise<{ calls: CallFacts[]; upTo: number | undefined }> {
    const { db, reader } = this.#parts;
    const told = await db
      .selectFrom("local.calls_told")
      .select("position")
      .where("department", "=", department)
      .executeTakeFirst();
    const after = Number(told?.position ?? -1);
    const last = await db
      .selectFrom("local.accesses")
      .select(({ fn }) => fn.max("position").as("position"))
      .executeTakeFirst();
    const end = last?.position === null || last === undefined ? -1 : Number(last.position);
    if (end <= after) return { calls: [], upTo: undefined };
    const rows = await db
      .selectFrom("local.accesses")
      .select("position")
      .where("position", ">", after)
      .where("position", "<=", end)
      .where("kind", "=", "call")
      .where(({ or, eb }) => or([eb("provider", "=", department), eb("consumer", "=", department)]))
      .orderBy("position")
      .limit(MOST_TOLD)
      .execute();
    const log = reader();
    const calls: CallFacts[] = [];
    for (const { position } of rows) {
      const read = readEntry(await log.record(Number(position)));
      if (read?.kind === "call") calls.push(read.call.facts);
    }
    return { calls, upTo: rows.length < MOST_TOLD ? end : Number(rows.at(-1)?.position) };
  }

  async #told(department: MspId, position: number): Promise<void> {
    await this.#parts.db
      .insertInto("local.calls_told")
      .values({ department, position })
      .onConflict((conflict) => conflict.column("department").doUpdateSet({ position }))
      .execute();
  }
}

/** @throws ExchangeError BAD_ANSWER */
function checkAnswer(answer: unknown, asked: number): asserts answer is Static<typeof WordsOnCalls> {
  try {
    checkSchema(WordsOnCalls, answer);
  } catch (cause) {
    throw new ExchangeError("BAD_ANSWER", "the department answers calls in another form", { cause });
  }
  const { words } = answer as Static<typeof WordsOnCalls>;
  if (words.length !== asked) throw new ExchangeError("BAD_ANSWER", `${words.length} words on ${asked} calls`);
}

/** How a call stands with its other side. */
export type CallStanding = "open" | "agrees" | "differs" | "lacks";

export function standingOf(
  own: Digest,
  said: { readonly facts: string; readonly word: CallWord } | undefined,
): CallStanding {
  if (said === undefined) return "open";
  if (said.word !== "has") return said.word;
  return said.facts === own ? "agrees" : "differs";
}
