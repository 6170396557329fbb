import type { Attributes, ProvDocument, ProvValue } from "./document.js";

/** PROV-JSON (W3C Member Submission of 24 April 2013). */
export function provJson({ prefixes, entities, activities, agents, relations }: ProvDocument): object {
  const byKind = new Map<string, Record<string, object>>();
  for (const [at, { kind, members, attributes }] of relations.entries()) {
    const formal = Object.entries(members).map(([name, value]) => [`prov:${name}`, value]);
    const all = byKind.get(kind) ?? {};
    all[`_:r${at + 1}`] = { ...Object.fromEntries(formal), ...written(attributes) };
    byKind.set(kind, all);
  }
  return {
    prefix: prefixes,
    entity: mapped(entities, written),
    activity: mapped(activities, ({ time, attributes }) => ({
      ...{ "prov:startTime": time, "prov:endTime": time },
      ...written(attributes),
    })),
    agent: mapped(agents, written),
    ...Object.fromEntries(byKind),
  };
}

const mapped = <T>(all: ReadonlyMap<string, T>, write: (value: T) => object) =>
  Object.fromEntries([...all].map(([id, value]) => [id, write(value)]));

const written = (attributes: Attributes) =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, writtenValue(value)]));

function writtenValue(value: ProvValue): string | object {
  if (typeof value === "string") return value;
  if (typeof value === "number") return { $: String(value), type: "xsd:integer" };
  return { $: value.name, type: "prov:QUALIFIED_NAME" };
}
