import { commandTitle } from "@wanlian/client/api-document";
import type { NounName } from "@wanlian/model/model-1/states.js";
import { RELEASED } from "@wanlian/model/models.js";
import type { Language, Words } from "@wanlian/protocol/language.js";
import { wordsIn } from "@wanlian/words/index.js";
import pc from "picocolors";

/** What is told, in both languages. */
export type Told = Words;

/** Where on the ledger something stands. */
export interface Place {
  readonly block: number;
  readonly transactionId: string;
}

/** An act as a trace has it. */
export interface TracedAct extends Place {
  readonly noun: NounName;
  readonly type: string;
  readonly number: number;
  readonly department: string;
  readonly officer: string;
  /** By the ledger's clock, RFC 3339. */
  readonly time: string;
  readonly counted: boolean;
  /** The version of the rules that gave it; 0 for void ones, which none gave. */
  readonly model: number;
}

/** Tells the story: one line a step, by the ledger's clock, with the place on the ledger where there is one. */
export class Narrator {
  readonly #language: Language;
  readonly #write: (text: string) => void;
  #now = "";

  constructor(language: Language, write: (text: string) => void) {
    this.#language = language;
    this.#write = write;
  }

  text(told: Told): string {
    return told[this.#language];
  }

  chapter(told: Told): void {
    this.#write(`\n${pc.bold(this.text(told))}\n`);
  }

  /** The ledger's time from now on, RFC 3339; shown in China Standard Time. */
  set now(instant: string) {
    this.#now = chinaTime(instant);
  }

  /** What somebody did, and where it is written. */
  step(who: Told, what: Told, place?: Place): void {
    const where =
      place === undefined
        ? ""
        : pc.dim(` · ${this.text({ zh: "区块", en: "block" })} ${place.block} · ${place.transactionId.slice(0, 12)}…`);
    this.#write(`${this.#mark()} ${pc.cyan(this.text(who))} ${this.text(what)}${where}\n`);
  }

  /** Something that was tried and did not come about. */
  refused(who: Told, what: Told, reason: string): void {
    this.#write(`${this.#mark()} ${pc.yellow(this.text(who))} ${this.text(what)} ${pc.red(`✗ ${reason}`)}\n`);
  }

  /** One act of a history, by its own time. */
  trace(act: TracedAct): void {
    const place = `${this.text({ zh: "区块", en: "block" })} ${act.block} · ${act.transactionId.slice(0, 12)}…`;
    const noun = act.model === 0 ? undefined : RELEASED.of(act.model).nouns[act.noun];
    const what =
      noun === undefined
        ? wordsIn(this.#language).command(act.noun, act.type)
        : commandTitle(noun, act.type, this.#language);
    const mark = act.counted ? "" : pc.red(this.text({ zh: " 无效", en: " void" }));
    this.#write(`    ${chinaTime(act.time)} ${act.department} ${act.officer}: ${what}${mark} ${pc.dim(place)}\n`);
  }

  note(told: Told): void {
    this.#write(`    ${pc.dim(this.text(told))}\n`);
  }

  #mark(): string {
    return pc.dim(`[${this.text({ zh: "演示", en: "demo" })} ${this.#now}]`);
  }
}

const CHINA_OFFSET_MS = 8 * 60 * 60 * 1000;

/** `2026-09-28T01:00:00Z` as `2026-09-28 09:00`. */
export function chinaTime(instant: string): string {
  return new Date(Date.parse(instant) + CHINA_OFFSET_MS).toISOString().slice(0, 16).replace("T", " ");
}
