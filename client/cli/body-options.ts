import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { Digest } from "@wanlian/model/identifiers.js";
import { Text } from "@wanlian/model/text-digest.js";
import type { Words } from "@wanlian/protocol/language.js";
import { type Dictionary, wordsIn } from "@wanlian/words/index.js";
import { type Command, Option } from "commander";
import type { TSchema } from "typebox";
import { kebab } from "../api-document/index.js";
import { JsonFault, parseStrictJson } from "../core/index.js";
import { namesCase } from "./commands/short-id.js";
import { CliError } from "./errors.js";
import { readTextFile } from "./offline/text-file.js";

/*
 * A command's body as options, one for each member of its schema: texts and numbers as they are, lists with commas,
 * anything deeper as JSON. `--body` takes the whole as JSON; options then add to it.
 */

type Members = Readonly<Record<string, unknown>>;

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

const [ZH, EN] = [wordsIn("zh"), wordsIn("en")];
const TEXT = JSON.stringify(Text);
const DIGEST = JSON.stringify(Digest);

/**
 * Adds them to a command, described by `t` in the reader's language.
 * @param filled members that are filled in where they are not given
 */
export function addBodyOptions(
  command: Command,
  body: TSchema,
  t: (text: Words) => string,
  filled: readonly string[] = [],
): void {
  const schema: Schema = body;
  const required = (schema.required ?? []).filter((name) => !filled.includes(name));
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    command.addOption(new Option(`--${kebab(name)} <${hintOf(name, member)}>`, t(describe(name, member, required))));
    if (isFileDigest(name, member)) {
      const words = { zh: `以此文件的 SHA-256 作为 ${name}`, en: `sha-256 of this file as ${name}` };
      command.addOption(new Option(`--${kebab(name)}-file <path>`, t(words)));
    }
  }
  command.addOption(
    new Option(
      "--body <json>",
      t({
        zh: "完整内容：JSON、@文件，或 - 表示标准输入",
        en: "the whole body: JSON, @FILE, or - for standard input",
      }),
    ),
  );
}

/** The body that the options make. Throws USAGE where one cannot be read. */
export async function bodyOf(
  body: TSchema,
  options: Readonly<Record<string, unknown>>,
  input: NodeJS.ReadableStream,
): Promise<Record<string, unknown>> {
  const schema: Schema = body;
  const whole = typeof options.body === "string" ? await readJson(options.body, input) : {};
  if (typeof whole !== "object" || whole === null || Array.isArray(whole))
    throw new CliError("USAGE", { zh: "--body 不是 JSON 对象。", en: "--body is no JSON object." });
  const members: Record<string, unknown> = { ...(whole as Members) };
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const given = options[name];
    const file = options[`${name}File`];
    if (typeof given === "string") members[name] = await readValue(name, member, given, input);
    if (typeof file === "string" && isFileDigest(name, member)) members[name] = await fileDigest(file);
  }
  return members;
}

export async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

async function readValue(name: string, schema: Schema, given: string, input: NodeJS.ReadableStream): Promise<unknown> {
  if (isText(schema)) return { text: given.startsWith("@") ? await readTextFile(given.slice(1)) : given };
  switch (schema.type) {
    case "integer":
    case "number":
      return numberOf(name, given);
    case "boolean":
      if (given !== "true" && given !== "false")
        throw new CliError("USAGE", {
          zh: `--${kebab(name)} 须为 true 或 false。`,
          en: `--${kebab(name)} is true or false.`,
        });
      return given === "true";
    case "array":
      if (/^[[@-]/.test(given)) return readJson(given, input);
      if (given === "") return [];
      return given.split(",").map((item) => (isNumeric(schema.items) ? numberOf(name, item) : item.trim()));
    case "object":
      return readJson(given, input);
    default:
      return given;
  }
}

function numberOf(name: string, given: string): number {
  if (!/^-?\d+$/.test(given.trim()))
    throw new CliError("USAGE", {
      zh: `--${kebab(name)}：“${given}”不是整数。`,
      en: `--${kebab(name)}: "${given}" is no whole number.`,
    });
  return Number(given);
}

async function readJson(source: string, input: NodeJS.ReadableStream): Promise<unknown> {
  const bytes =
    source === "-"
      ? await readAll(input)
      : source.startsWith("@")
        ? await readFile(source.slice(1))
        : Buffer.from(source);
  try {
    return parseStrictJson(bytes);
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause;
    const start = source.slice(0, 40);
    throw new CliError(
      "USAGE",
      { zh: `${start} 不是 JSON。`, en: `${start} is no JSON: ${cause.message}.` },
      { cause },
    );
  }
}

async function readAll(input: NodeJS.ReadableStream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function describe(name: string, schema: Schema, required: readonly string[]): Words {
  const kind = isText(schema)
    ? { zh: "文字，或 @文件；保存在本节点", en: "text, or @FILE; stays at the node" }
    : namesCase(name)
      ? { zh: "编号，可只写开头6位以上", en: "its id, or six digits of it and more" }
      : { zh: choicesOf(name, schema, ZH), en: choicesOf(name, schema, EN) };
  const what = { zh: ZH.member(name), en: EN.member(name) };
  const need = required.includes(name) ? { zh: "必填", en: "required" } : { zh: "可选", en: "optional" };
  return {
    zh: [need.zh, what.zh, kind.zh].filter(Boolean).join("；"),
    en: [need.en, what.en, kind.en].filter(Boolean).join("; "),
  };
}

/** What is typed, and in Chinese what it means. */
function choicesOf(name: string, schema: Schema, words: Dictionary): string {
  const said = (value: string) => {
    const word = words.value(name, value);
    return words.language === "en" || word === value ? value : `${value}（${word}）`;
  };
  return schema.enum?.map((value) => said(String(value))).join(" | ") ?? "";
}

function hintOf(name: string, schema: Schema): string {
  if (namesCase(name)) return schema.type === "array" ? "id,id…" : "id";
  if (isText(schema)) return "text";
  if (isDigest(schema)) return "sha256";
  if (schema.type === "array")
    return isNumeric(schema.items) ? "n,n…" : schema.items?.type === "object" ? "json" : "a,b…";
  if (schema.type === "integer") return "n";
  return schema.type === "object" ? "json" : "value";
}

const isNumeric = (schema: Schema | undefined): boolean => schema?.type === "integer" || schema?.type === "number";
const isText = (schema: Schema): boolean => JSON.stringify(schema) === TEXT;
/** Of a file that stays with the officer; other digests are ids, or made by `release register --file`. */
const isFileDigest = (name: string, schema: Schema): boolean => name === "evidence" && isDigest(schema);
const isDigest = (schema: Schema): boolean => JSON.stringify(schema) === DIGEST;
