import { MSP_ID_PATTERN } from "@wanlian/model/identifiers.js";
import { Text } from "@wanlian/model/text-digest.js";
import { kebab } from "../api-document/index.js";

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

const TEXT = JSON.stringify(Text);

/** What people write where a schema asks for a day, an instant, a number, a department, a dataset, a field, a name. */
const SAMPLES = [
  "2026-10-31",
  "2026-10",
  "2026-10-31T01:00:00Z",
  "3f9c12ab04de".padEnd(64, "0"),
  "CivilMSP",
  "CivilMSP/divisions",
  "divisions",
  "91411300MA4000000X",
  "0201",
  "code",
  "1",
] as const;

/** A command that its schema takes: what is needed, each with something that could stand there. */
export function exampleOf(words: readonly string[], body: unknown, filled: readonly string[]): string {
  const options = exampleOptions(body as Schema, filled).map(([name, value]) => `--${kebab(name)} ${quoted(value)}`);
  return ["wanlian", ...words, ...options].join(" ");
}

/** The options of such a command with their values. */
export function exampleOptions(body: Schema, filled: readonly string[]): (readonly [string, string])[] {
  const { properties = {}, required = [] } = body;
  return Object.entries(properties)
    .filter(([name]) => required.includes(name) && !filled.includes(name))
    .map(([name, schema]) => [name, typed(schema)] as const);
}

function typed(schema: Schema): string {
  if (JSON.stringify(schema) === TEXT) return "@file.txt";
  const value = sampleOf(schema);
  const isPlainList = Array.isArray(value) && value.every((item) => typeof item !== "object");
  if (isPlainList) return value.join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function sampleOf(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined)
    return JSON.stringify(schema) === TEXT ? { text: "…" } : sampleOf(schema.anyOf[0] ?? {});
  switch (schema.type) {
    case "integer":
    case "number":
      return Math.max(schema.minimum ?? 1, 1);
    case "boolean":
      return true;
    case "array":
      return Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => sampleOf(schema.items ?? {}));
    case "object": {
      const { properties = {}, required = [] } = schema;
      const needed = Object.entries(properties).filter(([name]) => required.includes(name));
      return Object.fromEntries(needed.map(([name, member]) => [name, sampleOf(member)]));
    }
    default:
      // A day is in the form of a department's id, too.
      if (schema.pattern === MSP_ID_PATTERN) return "CivilMSP";
      return schema.pattern === undefined
        ? "…"
        : (SAMPLES.find((sample) => new RegExp(schema.pattern ?? "", "u").test(sample)) ?? "…");
  }
}

/** As a shell takes it. */
const quoted = (value: string): string => (/^[\w.,:/@-]+$/.test(value) ? value : `'${value}'`);
