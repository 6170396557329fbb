import type { Instant } from "../identifiers.js";
import type { Reading } from "../reading.js";
import type { Actor, CaseRef, Command } from "./act.js";
import type { Heads } from "./heads.js";
import type { Circumstances, NounDefinition } from "./noun.js";

/** What applies to every command, whatever its noun. */
export interface Situation {
  /** The ledger's time; undefined before there is one. */
  readonly time: Instant | undefined;
  /** The rules in force, which the version's own nouns read; undefined before there are any. */
  readonly policy: object | undefined;
  /** Whether the author's department is an active member. */
  readonly isMember: boolean;
}

/** All that bounds which hold for every command may look at. */
export type Bounds = Pick<Circumstances, "ref" | "state" | "body" | "actor" | "time" | "heads">;

/**
 * A version of the rules: a module that owns its nouns, relations, kinds of deadline, schemas and limits. Once released
 * it is frozen: acts are judged by the version that was in force at their place, for ever.
 */
export interface Model {
  readonly version: number;
  readonly nouns: Readonly<Record<string, NounDefinition>>;
  /** As whom the version takes an actor, where a role of the certificate leaves others without effect. */
  takes?(actor: Actor): Actor;
  /** The cases that every command of the actor depends on, beside its own and those that its row names. */
  foundations(actor: Actor): readonly CaseRef[];
  /** What those cases say. @param heads is asked for no others */
  situation(heads: Heads, actor: Actor): Situation;
  /** What the actor's department is to every case, whatever its noun. */
  relations(situation: Situation, actor: Actor): readonly string[];
  /**
   * What no command of an officer may go beyond, whatever its row allows. @throws LedgerError
   */
  bars?(bounds: Bounds): void;
  /** How its states are read by whoever does not judge. */
  readonly reading: Reading;
}

/** The versions that a piece of software knows. */
export interface Models {
  /**
   * The version that decides on a command: the one in force on these heads.
   * @throws LedgerError UNKNOWN_MODEL if this software lacks it: then it has to be upgraded before it can go on;
   *   NOT_FOUND before the channel was opened
   */
  deciding(command: Pick<Command, "noun" | "body">, heads: Heads): Model;
  /** The one in force; undefined before the channel was opened. @throws LedgerError UNKNOWN_MODEL */
  inForce(heads: Heads): Model | undefined;
  /** One version. @throws LedgerError UNKNOWN_MODEL if this software lacks it */
  of(version: number): Model;
}
