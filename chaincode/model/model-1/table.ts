import { type Static, type TObject, type TSchema, Type } from "typebox";
import type { Instant, MspId } from "../identifiers.js";
import type { Actor, CaseState, CaseRef as KernelCaseRef, Dependency as KernelDependency } from "../kernel/act.js";
import type { Description as KernelDescription } from "../kernel/description.js";
import type { CommandDefinition, Identity, NounDefinition as KernelNounDefinition } from "../kernel/noun.js";
import { Recent } from "../kernel/pace.js";
import { closed } from "../kernel/schema.js";
import type { Role } from "../roles.js";
import type { Deadline, DeadlineKind } from "./deadlines.js";
import { type Circumstances, Decision } from "./decision.js";
import { ACTS_PER_TICK } from "./limits.js";
import type { PolicyInForce } from "./policy/policy-in-force.js";
import type { NounName, Origins } from "./states.js";

export { NONE } from "../kernel/noun.js";

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
/** Relations that later versions add, as a type alone. */
export type LaterRelation = "concerned" | "responsible";
export type Relation = (typeof RELATIONS)[number] | LaterRelation;

export interface CaseRef extends KernelCaseRef {
  readonly noun: NounName;
}

export interface Dependency extends KernelDependency {
  readonly noun: NounName;
}

/** A case that a rule reads as it stands: whoever moves it makes the act lose its race. */
export const standing = (noun: NounName, id: string): Dependency => ({ noun, case: id, on: "state" });
/** A case of which a rule reads what its first act fixed: nobody can move it. */
export const begunAs = (noun: keyof Origins, id: string): Dependency => ({ noun, case: id, on: "origin" });

/** Who may: an officer with the role, of a department that stands in the relation. */
export interface Permission {
  readonly relation: Relation;
  readonly role: Role;
}

export const by = (relation: Relation, ...roles: readonly Role[]): readonly Permission[] =>
  roles.map((role) => ({ relation, role }));

interface View<S extends CaseState> {
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

/** A row of a table, typed by its noun's states and its own schema; see the kernel's CommandDefinition. */
interface Row<S extends CaseState, T extends TSchema> {
  readonly summary: string;
  readonly body: T;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly by: readonly Permission[];
  readonly standing?: CommandDefinition["standing"];
  readonly starts?: readonly DeadlineKind[];
  readonly ends?: readonly DeadlineKind[];
  refers?(body: Static<T>): readonly Dependency[];
  /** What has to hold whatever the body; see the kernel's CommandDefinition. */
  when?(decision: Decision<S, unknown>): void;
  time?(body: Static<T>): Instant;
  apply(decision: Decision<S, Static<T>>): S;
}

/** Makes table rows for a noun with states `S`: infers the body's type from its schema. */
export const commandsOf =
  <S extends CaseState>() =>
  <T extends TSchema>(row: Row<S, T>): CommandDefinition => ({
    standing: "member",
    starts: [],
    ends: [],
    refers: () => [],
    ...row,
    // The kernel has checked the body against this very schema, and the state is one that this noun's rows made.
    when: (circumstances) =>
      row.when?.(new Decision({ ...circumstances, body: undefined } as Circumstances<S, unknown>)),
    apply: (circumstances) => row.apply(new Decision(circumstances as Circumstances<S, Static<T>>)),
  });

/**
 * A date by which somebody has to act: a deadline with its owner, one of the parties by its relation, or the bureau.
 * 延展工作日历 is the one that is no deadline of a case: the calendar's last year calls for the next.
 */
export type Duty = Omit<Deadline, "kind" | "workingDays"> & {
  readonly kind: DeadlineKind | "calendarExtension";
  readonly workingDays?: number;
  readonly owner: Relation;
};

interface Description extends KernelDescription {
  readonly parties: readonly { readonly department: MspId; readonly relation: Relation }[];
  readonly deadlines: readonly Duty[];
  readonly references: readonly CaseRef[];
}

interface NounDefinition<S extends CaseState> {
  /** One of this version's, or one that a later version adds. */
  readonly name: string;
  readonly title: KernelNounDefinition["title"];
  readonly identity: Identity;
  readonly statuses: readonly string[];
  readonly state: TObject;
  /** Default: nothing. */
  readonly fixed?: readonly (keyof S & string)[];
  /** Default: {@link ACTS_PER_TICK}. `unpaced` where no other case's rules read it and only one department moves it, or time. */
  readonly pace?: "unpaced";
  readonly commands: KernelNounDefinition["commands"];
  /** What the actor's department is to the case, beside `member` and `bureau`. */
  relations(view: View<S>): readonly Relation[];
  describe(ref: CaseRef, state: S, body: unknown): Description;
}

/** Forgets the state's type, so that nouns can stand in one table; states of other nouns never reach its functions. */
export function defineNoun<S extends CaseState>(definition: NounDefinition<S>): KernelNounDefinition {
  const { pace, state, fixed = [], ...rest } = definition;
  const kept =
    pace === "unpaced"
      ? { state, actsPerTick: undefined }
      : { state: closed({ ...state.properties, recent: Type.Optional(Recent) }), actsPerTick: ACTS_PER_TICK };
  return { ...rest, ...kept, fixed } as KernelNounDefinition;
}

/** A row of a noun's table, for a later version that changes it. @throws RangeError */
export function rowOf({ name, commands }: KernelNounDefinition, type: string): CommandDefinition {
  const row = commands[type];
  if (row === undefined) throw new RangeError(`there is no ${name}.${type}`);
  return row;
}
