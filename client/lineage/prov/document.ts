/**
 * W3C PROV-DM (Recommendation of 30 April 2013), as far as what happens on the ledger needs it. The forms in which it
 * is written are `prov-json.ts` and `prov-n.ts`.
 */

/** The formal members of each relation, in the order in which PROV-N has them, by the names that PROV-JSON gives them. */
export const RELATIONS = {
  wasGeneratedBy: ["entity", "activity", "time"],
  used: ["activity", "entity", "time"],
  wasDerivedFrom: ["generatedEntity", "usedEntity", "activity", "generation", "usage"],
  wasAttributedTo: ["entity", "agent"],
  wasAssociatedWith: ["activity", "agent", "plan"],
  actedOnBehalfOf: ["delegate", "responsible", "activity"],
  specializationOf: ["specificEntity", "generalEntity"],
} as const;
export type RelationKind = keyof typeof RELATIONS;

/** A text, a whole number, or a name of the document's own (`prov:Revision`). */
export type ProvValue = string | number | { readonly name: string };
export type Attributes = Readonly<Record<string, ProvValue>>;

export interface ProvRelation {
  readonly kind: RelationKind;
  readonly members: Readonly<Record<string, string>>;
  readonly attributes: Attributes;
}

export interface ProvActivity {
  /** RFC 3339, UTC. What is one act on the ledger begins and ends at once. */
  readonly time: string;
  readonly attributes: Attributes;
}

/** What a document is made of, each thing once, whoever speaks of it how often. */
export class ProvDocument {
  readonly entities = new Map<string, Attributes>();
  readonly activities = new Map<string, ProvActivity>();
  readonly agents = new Map<string, Attributes>();
  readonly relations: ProvRelation[] = [];
  readonly prefixes: Readonly<Record<string, string>>;

  /** @param channel whose names these are */
  constructor(channel: string) {
    const base = `urn:x-wanlian:${encodeURIComponent(channel)}:`;
    const own = ["release", "product", "objection", "case", "state", "act", "department", "officer", "terms"];
    this.prefixes = Object.fromEntries(own.map((name) => [name, `${base}${name}:`]));
  }

  /** Something that is, as far as it is known; what is known of it stands. @returns its name */
  entity(id: string, attributes: Attributes = {}): string {
    return describe(this.entities, id, attributes);
  }

  department(mspId: string): string {
    return describe(this.agents, named("department", mspId), {
      "prov:type": { name: "prov:Organization" },
      "prov:label": mspId,
    });
  }

  /** Known by a number within the department. */
  officer(mspId: string, number: string): string {
    return describe(this.agents, named("officer", mspId, number), { "prov:type": { name: "prov:Person" } });
  }

  activity(id: string, activity: ProvActivity): string {
    if (!this.activities.has(id)) this.activities.set(id, activity);
    return id;
  }

  relate(kind: RelationKind, members: Readonly<Record<string, string>>, attributes: Attributes = {}): void {
    this.relations.push({ kind, members, attributes });
  }
}

function describe(all: Map<string, Attributes>, id: string, attributes: Attributes): string {
  all.set(id, { ...all.get(id), ...attributes });
  return id;
}

/** A name that PROV-N takes as it is: everything that it has another use for is percent-encoded. */
export function named(prefix: string, ...parts: readonly string[]): string {
  const local = parts
    .map((part) => encodeURIComponent(part.toWellFormed()).replaceAll(/[!'()*~]/g, percent))
    .join("/")
    .replaceAll(/^[.-]|[.-]$/g, percent);
  return `${prefix}:${local}`;
}

const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
