import type { TObject, TSchema } from "typebox";
import { Compile } from "typebox/schema";
import { ApiError } from "../core/index.js";
import type { Operation } from "./operation.js";

/** What is told of one request at most; the first few tell enough. */
const MAX_FAULTS = 10;

type Place = "path" | "query" | "body";
type Check = (value: unknown) => void;

/** The checks of one operation, each compiled when it is first needed: a node starts without waiting for them. */
export interface Checks {
  path(parameters: Record<string, unknown>): Record<string, unknown>;
  query(parameters: Record<string, unknown>): Record<string, unknown>;
  body(value: unknown): unknown;
}

/** Every check throws BAD_REQUEST, with the places that are wrong in `details.faults`. */
export function checksOf(operation: Operation): Checks {
  const path = parameters("path", operation.path);
  const query = parameters("query", operation.query);
  const body = operation.body === undefined ? undefined : check("body", operation.body);
  return {
    path,
    query,
    body: (value) => {
      if (body === undefined) return undefined;
      body(value);
      return value;
    },
  };
}

function parameters(place: Place, schema: TObject | undefined): Checks["query"] {
  const accept = check(place, schema ?? { type: "object", properties: {}, additionalProperties: false });
  return (given) => {
    const value = Object.fromEntries(Object.entries(given).map(([name, text]) => [name, typed(text, schema, name)]));
    accept(value);
    return value;
  };
}

function check(place: Place, schema: TSchema): Check {
  let compiled: ReturnType<typeof Compile> | undefined;
  return (value) => {
    compiled ??= Compile(schema);
    if (compiled.Check(value)) return;
    const [, errors] = compiled.Errors(value);
    const faults = errors.slice(0, MAX_FAULTS).map((error) => `${place}${error.instancePath}: ${error.message}`);
    throw new ApiError("BAD_REQUEST", faults[0] ?? `${place} is not as the document has it`, { details: { faults } });
  };
}

/** A parameter is text; the document may want a number or a truth value. */
function typed(text: unknown, schema: TObject | undefined, name: string): unknown {
  const type = schema?.properties[name] === undefined ? undefined : Reflect.get(schema.properties[name], "type");
  if (typeof text !== "string") return text;
  if (type === "integer" && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}
