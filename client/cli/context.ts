import type { Language, Words } from "@wanlian/protocol/language.js";
import type { Command } from "commander";
import type { Column } from "./columns.js";
import { Json } from "./json.js";
import { NodeClient } from "./node-client.js";
import { SessionFile } from "./session-file.js";
import { listing, table } from "./table.js";

const DEFAULT_NODE = "http://127.0.0.1:8081";

/** What a command line runs in; tests give their own. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
  readonly in: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Lets whatever else runs on the machine go first, from now on: a department's node serves others beside it. */
  readonly giveWay?: () => void;
}

export interface GlobalOptions {
  readonly node?: string;
  readonly json?: true;
  readonly id?: true;
  readonly lang?: string;
}

/** What every command has: the node, the language, and how to show things. */
export class Context {
  readonly surroundings: Surroundings;
  readonly language: Language;
  readonly #program: Command;

  constructor(surroundings: Surroundings, language: Language, program: Command) {
    this.surroundings = surroundings;
    this.language = language;
    this.#program = program;
  }

  /** The text in the language of this command line. */
  t(text: Words): string {
    return text[this.language];
  }

  get nodeUrl(): string {
    const { node } = this.#options;
    return (node ?? this.surroundings.environment.WANLIAN_NODE ?? DEFAULT_NODE).replace(/\/+$/, "");
  }

  get sessions(): SessionFile {
    return new SessionFile(this.surroundings.environment);
  }

  async client(): Promise<NodeClient> {
    const token = this.surroundings.environment.WANLIAN_TOKEN ?? (await this.sessions.token(this.nodeUrl));
    return new NodeClient({ url: this.nodeUrl, token, language: this.language });
  }

  /** The answer as it is with --json, the case's id alone with --id, else as `shown`. */
  show(answer: Json, shown: () => string): void {
    const { json, id } = this.#options;
    const caseId = answer.at("act.case").string ?? answer.at("case.case").string;
    if (json === true) this.surroundings.out.write(`${JSON.stringify(answer.value, null, 2)}\n`);
    else if (id === true && caseId !== undefined) this.surroundings.out.write(`${caseId}\n`);
    else this.surroundings.out.write(demoNote(answer, this) + shown());
  }

  /** What was worked out here, without a node. */
  showValue(value: unknown, shown: () => string): void {
    this.show(new Json(value), shown);
  }

  /** A list: an array with --json, the cases' ids with --id, else a table. */
  showList(items: readonly Json[], columns: readonly Column[]): void {
    if (this.#options.json === true) {
      this.surroundings.out.write(
        `${JSON.stringify(
          items.map(({ value }) => value),
          null,
          2,
        )}\n`,
      );
      return;
    }
    if (this.#options.id === true) {
      for (const item of items) this.surroundings.out.write(`${item.at("case").text}\n`);
      return;
    }
    const headings = columns.map(([heading]) => this.t(heading));
    const rows = items.map((item) =>
      columns.map(([, cell]) => {
        const shown = cell(item);
        return typeof shown === "string" ? shown : this.t(shown);
      }),
    );
    this.surroundings.out.write(
      items.length === 0 ? `${this.t({ zh: "没有记录", en: "nothing" })}\n` : table(headings, rows),
    );
  }

  get wantsJson(): boolean {
    return this.#options.json === true;
  }

  listing(entries: readonly (readonly [Words, string])[]): string {
    return listing(entries.map(([name, value]) => [this.t(name), value] as const));
  }

  get #options(): GlobalOptions {
    return this.#program.opts<GlobalOptions>();
  }
}

function demoNote(answer: Json, context: Context): string {
  if (answer.at("demo").value !== true) return "";
  return `${context.t({ zh: "【演示通道：时间为账本时钟，可人工拨动】", en: "[demo channel: its time is the ledger's, moved by hand]" })}\n`;
}
