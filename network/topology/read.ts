import { readFile } from "node:fs/promises";
import { strictText } from "@wanlian/protocol/bytes.js";
import type { Words } from "@wanlian/protocol/language.js";
import { Ajv, type ErrorObject } from "ajv";
import { type Document, isMap, isNode, LineCounter, type Pair, parseDocument } from "yaml";
import { NetworkError } from "../error.js";
import { contradictions, type Problem } from "./contradictions.js";
import { DEFAULT_CONTRACTS, defaultBatch, defaultEndorsements, type Topology } from "./topology.js";

/** The published schema, beside the sources. */
export const SCHEMA_FILE = new URL("../../topology/topology.schema.json", import.meta.url);

/** The keyword under which the schema says in Chinese what `description` says in English. */
const DESCRIPTION_ZH = "descriptionZh";

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
    throw new NetworkError(
      "INVALID_TOPOLOGY",
      {
        zh: `${file} 超过 ${MAX_FILE_SIZE} 字节，不是拓扑文件。`,
        en: `${file} is larger than ${MAX_FILE_SIZE} bytes: it is no topology.`,
      },
      { details: { file } },
    );
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [syntax] = document.errors;
  if (syntax) {
    const reason = syntax.message.split("\n")[0];
    const message = { zh: `不是 YAML：${reason}`, en: `is not YAML: ${reason}` };
    throw invalid(file, [{ path: [], message, line: syntax.linePos?.[0].line ?? 1 }]);
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

/** A topology file's text. Throws `MISSING_FILE`, or `INVALID_TOPOLOGY` where it is not UTF-8: its names get onto the ledger. */
export async function contentOf(file: string): Promise<string> {
  const bytes = await bytesOf(file);
  const text = strictText(bytes);
  if (text !== undefined) return text;
  throw new NetworkError(
    "INVALID_TOPOLOGY",
    { zh: `${file} 不是 UTF-8；请另存为 UTF-8。`, en: `${file} is not UTF-8; save it as UTF-8.` },
    { details: { file } },
  );
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const text = { zh: `无法读取拓扑文件 ${file}。`, en: `The topology file ${file} cannot be read.` };
    throw new NetworkError("MISSING_FILE", text, { details: { file }, cause });
  }
}

async function schemaProblems(written: unknown): Promise<Problem[]> {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true });
  ajv.addVocabulary([DESCRIPTION_ZH]);
  const validate = ajv.compile(JSON.parse(await readFile(SCHEMA_FILE, "utf8")));
  if (validate(written)) return [];
  return (validate.errors ?? []).map(problemOf);
}

function problemOf(error: ErrorObject): Problem {
  const path = error.instancePath
    .split("/")
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  if (error.keyword === "additionalProperties") {
    const known = Object.keys(propertiesOf(error.parentSchema));
    return {
      path: [...path, String(error.params.additionalProperty)],
      message: {
        zh: `在此处不认识；允许的有 ${known.join("、")}`,
        en: `is not known here; allowed are ${known.join(", ")}`,
      },
    };
  }
  if (error.keyword === "required")
    return { path: [...path, String(error.params.missingProperty)], message: { zh: "缺失", en: "is missing" } };
  if (error.keyword === "enum") {
    const { allowedValues } = error.params;
    return {
      path,
      message: { zh: `须为 ${allowedValues.join("、")} 之一`, en: `must be one of ${allowedValues.join(", ")}` },
    };
  }
  const allowed = descriptionOf(error.parentSchema, error.message ?? "");
  const found = JSON.stringify(error.data)?.slice(0, 60);
  return { path, message: { zh: `为 ${found}；应为${allowed.zh}`, en: `is ${found}; it must be ${allowed.en}` } };
}

/** What a schema says of itself; `otherwise` where it says nothing. */
function descriptionOf(schema: object | undefined, otherwise: string): Words {
  const said = (keyword: string) => {
    const text: unknown = schema && Object.entries(schema).find(([name]) => name === keyword)?.[1];
    return typeof text === "string" ? text : otherwise;
  };
  return { zh: said(DESCRIPTION_ZH), en: said("description") };
}

function propertiesOf(schema: unknown): object {
  return typeof schema === "object" && schema !== null && "properties" in schema && schema.properties instanceof Object
    ? schema.properties
    : {};
}

function invalid(file: string, problems: readonly (Problem & { line: number })[]): NetworkError {
  const zh = problems.map(({ line, path, message }) => `第 ${line} 行：${fieldName(path).zh} ${message.zh}。`);
  const en = problems.map(({ line, path, message }) => `line ${line}: ${fieldName(path).en} ${message.en}.`);
  const text = { zh: `${file}，${zh.join("\n  ")}`, en: `${file}, ${en.join("\n  ")}` };
  return new NetworkError("INVALID_TOPOLOGY", text, { details: { file, problems } });
}

/** departments[2].peers[0].address */
function fieldName(path: readonly (string | number)[]): Words {
  const name = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  const field = name.replace(/^\./, "");
  return { zh: field || "文件", en: field || "the file" };
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
