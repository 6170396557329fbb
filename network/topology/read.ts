import { readFile } from "node:fs/promises";
import { Ajv, type ErrorObject } from "ajv";
import { type Document, isMap, isNode, LineCounter, type Pair, parseDocument } from "yaml";
import { NetworkError } from "../error.js";
import { contradictions, type Problem } from "./contradictions.js";
import { DEFAULT_CONTRACTS, defaultBatch, defaultEndorsements, type Topology } from "./topology.js";

/** The published schema, beside the sources. */
export const SCHEMA_FILE = new URL("../../topology/topology.schema.json", import.meta.url);

/** A topology file is small; more than this is something else. */
const MAX_FILE_SIZE = 1 << 20;

/** A topology as the file has it: what may be left out is. */
type Written = Omit<Topology, "endorsements" | "batch" | "contracts"> & {
  readonly endorsements?: number;
  readonly batch?: Partial<Topology["batch"]>;
  readonly contracts?: Partial<Topology["contracts"]>;
};

/** Reads a topology file. Throws `MISSING_FILE`, or `INVALID_TOPOLOGY` with every problem's line, field and what is allowed. */
export async function readTopology(file: string): Promise<Topology> {
  return parseTopology(await contentOf(file), file);
}

/** The same from text; `file` is only named in errors. */
export async function parseTopology(text: string, file: string): Promise<Topology> {
  if (text.length > MAX_FILE_SIZE)
    throw new NetworkError("INVALID_TOPOLOGY", `${file} is larger than ${MAX_FILE_SIZE} bytes: it is no topology.`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [syntax] = document.errors;
  if (syntax) {
    const problem = { path: [], message: `is not YAML: ${syntax.message.split("\n")[0]}` };
    throw invalid(file, [{ ...problem, line: syntax.linePos?.[0].line ?? 1 }]);
  }
  const written: unknown = document.toJS({ maxAliasCount: 0 });
  const problems = await schemaProblems(written);
  const found = problems.length > 0 ? problems : contradictions(complete(written as Written));
  if (found.length > 0)
    throw invalid(
      file,
      found.map((problem) => ({ ...problem, line: lineOf(document, problem, lines) })),
    );
  return complete(written as Written);
}

function complete(written: Written): Topology {
  return {
    ...written,
    endorsements: written.endorsements ?? defaultEndorsements(written.departments.length),
    batch: { ...defaultBatch(written.consensus), ...written.batch },
    contracts: { ...DEFAULT_CONTRACTS, ...written.contracts },
  };
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new NetworkError("MISSING_FILE", `The topology file ${file} cannot be read.`, { file }, cause);
  }
}

async function schemaProblems(written: unknown): Promise<Problem[]> {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true });
  const validate = ajv.compile(JSON.parse(await readFile(SCHEMA_FILE, "utf8")));
  if (validate(written)) return [];
  return (validate.errors ?? []).map(problemOf);
}

function problemOf(error: ErrorObject): Problem {
  const path = error.instancePath
    .split("/")
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const schema: unknown = error.parentSchema;
  const allowed = describes(schema) ? schema.description : error.message;
  if (error.keyword === "additionalProperties")
    return {
      path: [...path, String(error.params.additionalProperty)],
      message: `is not known here; allowed are ${Object.keys(propertiesOf(schema)).join(", ")}`,
    };
  if (error.keyword === "required")
    return { path: [...path, String(error.params.missingProperty)], message: "is missing" };
  if (error.keyword === "enum") return { path, message: `must be one of ${error.params.allowedValues.join(", ")}` };
  return { path, message: `is ${JSON.stringify(error.data)?.slice(0, 60)}; it must be ${allowed}` };
}

function describes(schema: unknown): schema is { description: string } {
  return typeof schema === "object" && schema !== null && "description" in schema;
}

function propertiesOf(schema: unknown): object {
  return typeof schema === "object" && schema !== null && "properties" in schema && schema.properties instanceof Object
    ? schema.properties
    : {};
}

function invalid(file: string, problems: readonly (Problem & { line: number })[]): NetworkError {
  const sentences = problems.map(({ line, path, message }) => `line ${line}: ${fieldName(path)} ${message}.`);
  return new NetworkError("INVALID_TOPOLOGY", `${file}, ${sentences.join("\n  ")}`, { file, problems });
}

/** departments[2].peers[0].address */
function fieldName(path: readonly (string | number)[]): string {
  const name = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return name.replace(/^\./, "") || "the file";
}

/** The line of a field: of its key where it has one, otherwise of the nearest thing around it that is there. */
function lineOf(document: Document, problem: Problem, lines: LineCounter): number {
  for (let length = problem.path.length; length > 0; length--) {
    const path = problem.path.slice(0, length);
    const around = document.getIn(path.slice(0, -1), true);
    const last = path.at(-1);
    const pair = isMap(around) ? around.items.find((item: Pair) => keyOf(item) === last) : undefined;
    const node = pair?.key ?? document.getIn(path, true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function keyOf(pair: Pair): unknown {
  return isNode(pair.key) ? pair.key.toJSON() : pair.key;
}
