import { type Attributes, type ProvDocument, type ProvValue, RELATIONS } from "./document.js";

/** PROV-N (W3C Recommendation of 30 April 2013). */
export function provN({ prefixes, entities, activities, agents, relations }: ProvDocument): string {
  const lines = [
    ...Object.entries(prefixes).map(([name, address]) => `prefix ${name} <${address}>`),
    ...[...entities].map(([id, attributes]) => expression("entity", [id], attributes)),
    ...[...activities].map(([id, { time, attributes }]) => expression("activity", [id, time, time], attributes)),
    ...[...agents].map(([id, attributes]) => expression("agent", [id], attributes)),
    ...relations.map(({ kind, members, attributes }) =>
      expression(
        kind,
        RELATIONS[kind].map((name) => members[name] ?? "-"),
        attributes,
      ),
    ),
  ];
  return ["document", ...lines.map((line) => `  ${line}`), "endDocument", ""].join("\n");
}

function expression(name: string, members: readonly string[], attributes: Attributes): string {
  const pairs = Object.entries(attributes).map(([key, value]) => `${key}=${literal(value)}`);
  return `${name}(${members.join(", ")}${pairs.length === 0 ? "" : `, [${pairs.join(", ")}]`})`;
}

function literal(value: ProvValue): string {
  if (typeof value === "number") return `"${value}" %% xsd:integer`;
  if (typeof value !== "string") return `'${value.name}'`;
  const escaped = value.replaceAll(/[\\"\n\r\t]/g, (character) => ESCAPES[character] ?? character);
  return `"${escaped}"`;
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };
