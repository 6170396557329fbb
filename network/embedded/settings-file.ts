import { readFile } from "node:fs/promises";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { Words } from "@wanlian/protocol/language.js";
import { Ajv } from "ajv";
import { NetworkError } from "../error.js";

/**
 * The configuration files of one kind of process. Their schema is a constant of the program, so it is not itself checked
 * against JSON Schema's own: compiling that one takes longer than everything else about the file.
 */
export class SettingsFile<T> {
  readonly #owner: Words;
  readonly #validate;

  /** `owner` names the kind in sentences: "a peer's". */
  constructor(owner: Words, schema: object) {
    this.#owner = owner;
    this.#validate = new Ajv({ meta: false, validateSchema: false }).compile<T>(schema);
  }

  /** The file's content, paths as they stand in it. @throws NetworkError INVALID_CONFIGURATION */
  async read(file: string): Promise<T> {
    const content: unknown = parsed(file, await readFile(file, "utf8"));
    if (this.#validate(content)) return content;
    const [first] = this.#validate.errors ?? [];
    const where = first?.instancePath ?? "";
    const unknown: unknown = first?.params.additionalProperty;
    const problem = `${first?.message ?? "is not valid"}${typeof unknown === "string" ? `: "${unknown}"` : ""}`;
    throw new NetworkError(
      "INVALID_CONFIGURATION",
      {
        zh: `${file} 不是${this.#owner.zh}的配置：${where || "文件"} ${problem}。`,
        en: `${file} is not ${this.#owner.en} configuration: ${where || "the file"} ${problem}.`,
      },
      { details: { file, where, problem } },
    );
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NetworkError(
      "INVALID_CONFIGURATION",
      { zh: `${file} 不是 JSON（${messageOf(cause)}）。`, en: `${file} is no JSON: ${messageOf(cause)}.` },
      { details: { file }, cause },
    );
  }
}
