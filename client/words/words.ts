import type { Language, Words } from "@wanlian/protocol/language.js";
import { REASONS, RECORD_KINDS, RESULTS, ROADS, WAYS } from "./access.js";
import { NOUN_WORDS } from "./all-nouns.js";
import { ALARMS, TRANSACTION_KINDS, VALIDATION } from "./ledger.js";
import { memberWord } from "./members.js";
import type { NounWords } from "./noun-words.js";
import { RELATIONS, ROLES } from "./people.js";
import { SUBMISSIONS } from "./submissions.js";
import { HOW_COUNTED } from "./supervision.js";
import { countText } from "./times.js";
import { CALL_NOTES, OTHER_SIDES } from "./use/calls.js";
import { WARNINGS } from "./use/warnings.js";
import { valueWord } from "./values.js";

/** What stands where the dictionary has no word: the identifier itself, so that nothing is hidden. */
const orItself = (word: Words | undefined, identifier: string, language: Language): string =>
  word?.[language] ?? identifier;

const find = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

const wordsOf = (noun: string): NounWords | undefined => find(NOUN_WORDS, noun);

/** A filing has a state too, though it is no noun. */
const statesOf = (noun: string) => (noun === "submission" ? SUBMISSIONS : (wordsOf(noun)?.states ?? {}));

const commandOf = (noun: string, type: string) => find(wordsOf(noun)?.commands ?? {}, type);

const DEADLINES = Object.assign({}, ...Object.values(NOUN_WORDS).map(({ deadlines }) => deadlines));

/** What the names of the model's tables are called, in both languages at once: for what is said in both. */
export const CODE_WORDS = {
  noun: (name: string) => inBoth((words) => words.noun(name)),
  done: (noun: string, type: string) => inBoth((words) => words.done(noun, type)),
  command: (noun: string, type: string) => inBoth((words) => words.command(noun, type)),
  member: (name: string) => inBoth((words) => words.member(name)),
};

const inBoth = (say: (words: Dictionary) => string): Words => ({ zh: say(wordsIn("zh")), en: say(wordsIn("en")) });

/** The product's words in one language. */
export interface Dictionary {
  readonly language: Language;
  noun(name: string): string;
  state(noun: string, status: string): string;
  /** As a button says it. */
  command(noun: string, type: string): string;
  /** As a timeline says it. */
  done(noun: string, type: string): string;
  deadline(kind: string): string;
  role(name: string): string;
  relation(name: string): string;
  member(name: string): string;
  /** How data is asked for; a record's kind where it says no way. */
  way(name: string): string;
  /** What of use is unusual, and why, with its figures. */
  warning(kind: string): string;
  whyWarned(kind: string, figures: Readonly<Record<string, number | string>>): string;
  /** How an indicator of supervision is counted. */
  howCounted(indicator: string): string;
  /** How data travels. */
  road(name: string): string;
  result(name: string): string;
  /** Why an access was refused or failed, with what to do. */
  reason(code: string): string;
  /** What came over another road and was worth a note. */
  callNote(code: string): string;
  /** What the other side of a call over another road says of it. */
  otherSide(standing: string): string;
  /** What validation said of a transaction; its number where it has no words. */
  validation(code: number): string;
  transactionKind(type: number): string;
  alarm(kind: string): string;
  /** A value that a schema allows, at a member or a group of members. */
  value(member: string, value: string): string;
}

/** A figure in a sentence; where it is a name, what it is called. */
function figureText(name: string, figure: number | string | undefined, language: Language): string {
  if (typeof figure === "number") return countText(figure);
  const value = figure ?? "";
  if (name === "reason") return orItself(find(REASONS, value), value, language);
  if (name === "way") return orItself(find(WAYS, value), value, language);
  return name === "purpose" ? orItself(valueWord(name, value), value, language) : value;
}

export function wordsIn(language: Language): Dictionary {
  return {
    language,
    noun: (name) => orItself(wordsOf(name)?.noun, name, language),
    state: (noun, status) => orItself(find(statesOf(noun), status), status, language),
    command: (noun, type) => orItself(commandOf(noun, type)?.button, type, language),
    done: (noun, type) => orItself(commandOf(noun, type)?.done, type, language),
    deadline: (kind) => orItself(find(DEADLINES, kind), kind, language),
    role: (name) => orItself(find(ROLES, name), name, language),
    relation: (name) => orItself(find(RELATIONS, name), name, language),
    member: (name) => orItself(memberWord(name), name, language),
    warning: (kind) => orItself(find(WARNINGS, kind)?.name, kind, language),
    whyWarned: (kind, figures) =>
      (find(WARNINGS, kind)?.why[language] ?? kind)
        .replace(/\[(\w+):([^\]]*)\]/g, (_, name, part) => (figures[name] === 0 ? "" : part))
        .replace(/\{(\w+)\}/g, (_, name) => figureText(name, figures[name], language))
        .trim(),
    howCounted: (indicator) => orItself(find(HOW_COUNTED, indicator), indicator, language),
    road: (name) => orItself(ROADS[name], name, language),
    way: (name) => orItself(find(WAYS, name) ?? find(RECORD_KINDS, name), name, language),
    result: (name) => orItself(find(RESULTS, name), name, language),
    reason: (code) => orItself(find(REASONS, code), code, language),
    callNote: (code) => orItself(find(CALL_NOTES, code), code, language),
    otherSide: (standing) => orItself(find(OTHER_SIDES, standing), standing, language),
    validation: (code) => orItself(VALIDATION[code], String(code), language),
    transactionKind: (type) => orItself(TRANSACTION_KINDS[type], String(type), language),
    alarm: (kind) => orItself(find(ALARMS, kind), kind, language),
    value: (member, value) => orItself(valueWord(member, value), value, language),
  };
}
