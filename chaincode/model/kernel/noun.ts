import type { Static, TSchema } from "typebox";
import type { Instant } from "../identifiers.js";
import type { DeadlineKind } from "../model-1/deadlines.js";
import type { PolicyInForce } from "../model-1/policy/policy-in-force.js";
import type { Actor, CaseRef, CaseState, NounName, Role } from "./act.js";
import type { Decision } from "./decision.js";
import type { Description } from "./description.js";

/**
 * What a department is to a case. `member` is every active member; `self` the department a case is about
 * (its member case, its log); the others are named after the glossary.
 */
export const RELATIONS = [
  "member",
  "founder",
  "admitted",
  "self",
  "bureau",
  "provider",
  "consumer",
  "objector",
  "principal",
  "mover",
  "author",
] as const;
export type Relation = (typeof RELATIONS)[number];

/** Who may: an officer with the role, of a department that stands in the relation. */
export interface Permission {
  readonly relation: Relation;
  readonly role: Role;
}

export const by = (relation: Relation, ...roles: readonly Role[]): readonly Permission[] =>
  roles.map((role) => ({ relation, role }));

/** The status of a case that has no act yet. */
export const NONE = "none";

/** What relations are read from. Nothing but the case, the policy and the actor: so pages can tell them too. */
export interface View<S extends CaseState> {
  readonly ref: CaseRef;
  readonly state: S | undefined;
  readonly actor: Actor;
  readonly policy: PolicyInForce | undefined;
}

/** The first of these relations in which the case's state names the actor's department. */
export const named =
  <R extends Relation>(...relations: readonly R[]) =>
  ({ state, actor }: NamingView<R>): readonly R[] =>
    relations.filter((relation) => state?.[relation] === actor.department).slice(0, 1);

interface NamingView<R extends Relation> {
  readonly state: { readonly [relation in R]?: string } | undefined;
  readonly actor: Actor;
}

/** One row of a noun's table: who may do what in which state, what follows, and how. */
export interface CommandDefinition<S extends CaseState = CaseState, B = unknown> {
  /** In one line, for documents and pages. */
  readonly summary: string;
  readonly body: TSchema;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly by: readonly Permission[];
  /** `member`: the author's department is an active member. `newcomer`: it may act before it is one. */
  readonly standing: "member" | "newcomer";
  /** Deadlines that may start and those that end with it, by the policy in force. */
  readonly starts: readonly DeadlineKind[];
  readonly ends: readonly DeadlineKind[];
  /** The cases it depends on beside its own, the policy, the clock and the author's member case. */
  refers(body: B): readonly CaseRef[];
  /** The act's own time, where it sets the time instead of taking the clock's. */
  time?(body: B): Instant;
  /** The state after the act. @throws LedgerError where a rule forbids it */
  apply(decision: Decision<S, B>): S;
}

type CommandRow<S extends CaseState, T extends TSchema> = Pick<
  CommandDefinition<S, Static<T>>,
  "summary" | "from" | "to" | "by" | "time" | "apply"
> &
  Partial<Pick<CommandDefinition<S, Static<T>>, "standing" | "starts" | "ends" | "refers">> & { readonly body: T };

/**
 * Makes table rows for a noun with states `S`: infers the body's type from its schema. The kernel checks a body
 * against the schema before any of the row's functions sees it, which is what makes the wider type of the result safe.
 */
export const commandsOf =
  <S extends CaseState>() =>
  <T extends TSchema>(row: CommandRow<S, T>): CommandDefinition<S> => {
    const complete: CommandDefinition<S, Static<T>> = {
      standing: "member",
      starts: [],
      ends: [],
      refers: () => [],
      ...row,
    };
    return complete as CommandDefinition<S>;
  };

/**
 * How a case of the noun gets its id: `single` is the noun's own name, `department` the MSP id, `dataset` the MSP id
 * and a code, `transaction` the id of the transaction that begins it.
 */
export type Identity = "single" | "department" | "dataset" | "transaction";

export interface NounDefinition<S extends CaseState = CaseState> {
  readonly name: NounName;
  readonly title: { readonly zh: string; readonly en: string };
  readonly identity: Identity;
  readonly statuses: readonly string[];
  readonly state: TSchema;
  readonly commands: Readonly<Record<string, CommandDefinition<S>>>;
  /** What the actor's department is to the case, beside `member` and `bureau`, which the kernel knows. */
  relations(view: View<S>): readonly Relation[];
  describe(ref: CaseRef, state: S, body: unknown): Description;
}

/** Forgets the state's type, so that nouns can stand in one table; states of other nouns never reach its functions. */
export function defineNoun<S extends CaseState>(definition: NounDefinition<S>): NounDefinition {
  return definition as NounDefinition;
}
