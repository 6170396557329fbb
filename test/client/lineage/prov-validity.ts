/**
 * What "Constraints of the PROV Data Model" (W3C Recommendation of 30 April 2013, section 6) asks of a PROV-JSON
 * document, as far as documents of ours can break it: names, typing, uniqueness, impossibility, event ordering.
 * Constraints on starts, ends and invalidations by triggers, plans and mentions do not occur.
 */

/** Formal members by relation: what each names. A time stands beside, unchecked by order (§2.2: events, not instants). */
const SIGNATURES: Readonly<Record<string, Readonly<Record<string, "entity" | "activity" | "agent">>>> = {
  wasGeneratedBy: { entity: "entity", activity: "activity" },
  used: { activity: "activity", entity: "entity" },
  wasDerivedFrom: { generatedEntity: "entity", usedEntity: "entity", activity: "activity" },
  wasAttributedTo: { entity: "entity", agent: "agent" },
  wasAssociatedWith: { activity: "activity", agent: "agent" },
  actedOnBehalfOf: { delegate: "agent", responsible: "agent", activity: "activity" },
  specializationOf: { specificEntity: "entity", generalEntity: "entity" },
};

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
type Record1 = Readonly<Record<string, unknown>>;
type Bundle = Readonly<Record<string, Readonly<Record<string, Record1>>>>;

/** @returns what is wrong, a sentence each; empty: the document is valid */
export function provFaults(document: unknown): string[] {
  const bundle = document as Bundle;
  const faults = [...namesOf(bundle), ...typingOf(bundle), ...uniquenessOf(bundle), ...impossibleIn(bundle)];
  if (hasStrictCircle(orderOf(bundle))) faults.push("events follow each other in a circle");
  return faults;
}

const of = (bundle: Bundle, kind: string): Record1[] => Object.values(bundle[kind] ?? {});
const member = (relation: Record1, name: string): string => String(relation[`prov:${name}`] ?? "");

function namesOf(bundle: Bundle): string[] {
  const known = new Set([...Object.keys(bundle.prefix ?? {}), "prov", "xsd", "_"]);
  const faults: string[] = [];
  for (const [section, all] of Object.entries(bundle)) {
    if (section === "prefix") continue;
    if (!(section in SIGNATURES) && !["entity", "activity", "agent"].includes(section)) faults.push(`a ${section}?`);
    for (const [id, attributes] of Object.entries(all)) {
      for (const name of [id, ...Object.keys(attributes)]) {
        const [prefix = "", ...local] = name.split(":");
        if (local.length !== 1 || !known.has(prefix)) faults.push(`${name} is no qualified name`);
      }
    }
  }
  return faults;
}

function typingOf(bundle: Bundle): string[] {
  const faults: string[] = [];
  for (const id of Object.keys(bundle.entity ?? {})) if (id in (bundle.activity ?? {})) faults.push(`${id} is both`);
  for (const [kind, signature] of Object.entries(SIGNATURES)) {
    for (const relation of of(bundle, kind)) {
      for (const [name, type] of Object.entries(signature)) {
        if (!(member(relation, name) in (bundle[type] ?? {}))) faults.push(`${kind}: ${name} names no ${type}`);
      }
      const time = relation["prov:time"];
      if (time !== undefined && !TIME.test(String(time))) faults.push(`${kind}: ${String(time)} is no time`);
    }
  }
  return faults;
}

/** Constraints 24 to 29: one event each, and one time of it. */
function uniquenessOf(bundle: Bundle): string[] {
  const times = new Map<string, string>();
  const faults: string[] = [];
  const once = (key: string, time: unknown) => {
    if ((times.get(key) ?? time) !== time) faults.push(`${key} at two times`);
    times.set(key, String(time));
  };
  for (const one of of(bundle, "wasGeneratedBy")) {
    once(`generation of ${member(one, "entity")} by ${member(one, "activity")}`, one["prov:time"]);
  }
  return faults;
}

/** Constraints 51 and 52. */
function impossibleIn(bundle: Bundle): string[] {
  const reflexive = of(bundle, "specializationOf").filter(
    (one) => member(one, "specificEntity") === member(one, "generalEntity"),
  );
  const unspecified = of(bundle, "wasDerivedFrom").filter(
    (one) => member(one, "activity") === "" && (member(one, "generation") !== "" || member(one, "usage") !== ""),
  );
  return [...reflexive, ...unspecified].map((one) => `impossible: ${JSON.stringify(one)}`);
}

interface Before {
  readonly from: string;
  readonly to: string;
  readonly isStrict: boolean;
}

/** Constraints 30 to 47, as far as these relations come into them: which event comes before which. */
function orderOf(bundle: Bundle): Before[] {
  const order: Before[] = [];
  const precedes = (from: string, to: string, isStrict = false) => order.push({ from, to, isStrict });
  for (const id of Object.keys(bundle.activity ?? {})) precedes(`start ${id}`, `end ${id}`);
  for (const one of of(bundle, "wasGeneratedBy")) {
    precedes(`start ${member(one, "activity")}`, `generation ${member(one, "entity")}`);
    precedes(`generation ${member(one, "entity")}`, `end ${member(one, "activity")}`);
  }
  for (const one of of(bundle, "used")) {
    const use = `use of ${member(one, "entity")} by ${member(one, "activity")}`;
    precedes(`start ${member(one, "activity")}`, use);
    precedes(use, `end ${member(one, "activity")}`);
    precedes(`generation ${member(one, "entity")}`, use);
  }
  for (const one of of(bundle, "wasDerivedFrom")) {
    precedes(`generation ${member(one, "usedEntity")}`, `generation ${member(one, "generatedEntity")}`, true);
  }
  for (const one of of(bundle, "specializationOf")) {
    precedes(`generation ${member(one, "generalEntity")}`, `generation ${member(one, "specificEntity")}`);
  }
  return order;
}

/** Whether some event comes strictly before itself: an arrow inside a circle that says "strictly". */
function hasStrictCircle(order: readonly Before[]): boolean {
  const next = new Map<string, Before[]>();
  for (const arrow of order) next.set(arrow.from, [...(next.get(arrow.from) ?? []), arrow]);
  const reaches = (from: string, to: string): boolean => {
    const seen = new Set([from]);
    for (const event of seen) {
      if (event === to) return true;
      for (const arrow of next.get(event) ?? []) seen.add(arrow.to);
    }
    return false;
  };
  return order.some(({ from, to, isStrict }) => isStrict && reaches(to, from));
}
