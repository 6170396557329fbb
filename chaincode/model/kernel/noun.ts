import type { TSchema } from "typebox";
import type { Instant, TransactionId } from "../identifiers.js";
import type { Role } from "../roles.js";
import type { Actor, CaseRef, CaseState, Dependency } from "./act.js";
import type { Description } from "./description.js";
import type { Heads } from "./heads.js";

/** Who may: an officer with the role, of a department that stands in the relation to the case. */
export interface Permission {
  readonly relation: string;
  readonly role: Role;
}

/** The status of a case that has no act yet. */
export const NONE = "none";

/** What relations are read from. Nothing but the case, the policy and the actor: so pages can tell them too. */
export interface View {
  readonly ref: CaseRef;
  readonly state: CaseState | undefined;
  readonly actor: Actor;
  readonly policy: object | undefined;
}

/** All that a rule may look at: the command's body, who asks, when, and the cases it depends on. */
export interface Circumstances extends View {
  readonly number: number;
  readonly transaction: TransactionId;
  /** Fits the row's schema: the kernel has checked it. */
  readonly body: unknown;
  readonly time: Instant;
  readonly heads: Heads;
}

/** One row of a noun's table: who may do what in which state, what follows, and how. */
export interface CommandDefinition {
  /** In one line, for documents and pages. */
  readonly summary: string;
  /** The same in both languages; the rows of model 1 have theirs in the dictionary. */
  readonly title?: { readonly zh: string; readonly en: string };
  readonly body: TSchema;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly by: readonly Permission[];
  /** `member`: the author's department is an active member. `newcomer`: it may act before it is one. */
  readonly standing: "member" | "newcomer";
  /** Kinds of deadlines that may start and those that end with it, by the policy in force. */
  readonly starts: readonly string[];
  readonly ends: readonly string[];
  /** The cases it depends on beside its own and the model's foundations. */
  refers(body: unknown): readonly Dependency[];
  /**
   * What has to hold whatever the body says: pages ask it before they offer the command. Of other cases it reads those
   * alone that the row always refers to.
   * @throws LedgerError where the rules refuse the command whatever it says
   */
  when?(circumstances: Omit<Circumstances, "body">): void;
  /** The act's own time, where it sets the time instead of taking the ledger's. */
  time?(body: unknown): Instant;
  /** The state after the act. @throws LedgerError where a rule forbids it */
  apply(circumstances: Circumstances): CaseState;
}

/**
 * How a case of the noun gets its id: `single` is the noun's own name, `department` the MSP id, `code` the MSP id
 * and the body's code, `transaction` the id of the transaction that begins it.
 */
export type Identity = "single" | "department" | "code" | "transaction";

/** A kind of case, as the kernel sees it. A version's own definition, with its types, is in that version. */
export interface NounDefinition {
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly identity: Identity;
  readonly statuses: readonly string[];
  readonly state: TSchema;
  /** Members of the state that no act after the first can change: what others may rely on as the case's origin. */
  readonly fixed: readonly string[];
  /**
   * Acts of one department in a case between two ticks; undefined for a noun whose cases nobody but their own
   * department moves and no other case's rules read, or that moves only as time does.
   */
  readonly actsPerTick: number | undefined;
  readonly commands: Readonly<Record<string, CommandDefinition>>;
  /** What the actor's department is to the case, beside what the model says it is to every case. */
  relations(view: View): readonly string[];
  describe(ref: CaseRef, state: CaseState, body: unknown): Description;
}
