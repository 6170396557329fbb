import type { Words } from "@wanlian/protocol/language.js";

/** A command as a button says it, and as a timeline says that it was done. */
export interface CommandNames {
  readonly button: Words;
  readonly done: Words;
}

type Names = Readonly<Record<string, Words>>;

/** All words of one noun, by the names of its table in the model. */
export interface NounWords {
  readonly noun: Words;
  /** By status. */
  readonly states: Names;
  /** By type. */
  readonly commands: Readonly<Record<string, CommandNames>>;
  /** Kinds of deadline that its commands start. */
  readonly deadlines?: Names;
  /** Members of its acts and states that no other noun has; those of several are in `members.ts`. */
  readonly members?: Names;
  /** Values that its members alone have, by member and value. */
  readonly values?: Readonly<Record<string, Names>>;
}

/** 已 before the button, unless a timeline says it in another way. */
export const said = (zh: string, en: string, done: string, doneZh = `已${zh}`): CommandNames => ({
  button: { zh, en },
  done: { zh: doneZh, en: done },
});
