import { type Command, Option } from "commander";
import { accessColumns, callColumns, findingColumns, refusedColumns } from "../columns.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
import type { Json } from "../json.js";
import { filtered } from "./exchange.js";

interface AuditOptions {
  readonly mandate: string;
  readonly departments?: string;
  readonly show?: string;
  readonly resume?: string;
}

/** The auditor's way through the departments' logs. */
export function auditCommand(program: Command, context: Context): void {
  const t = context.t.bind(context);
  filtered(
    program
      .command("audit")
      .description(
        t({
          zh: "凭审计委托逐条核对各部门日志，列出全部审计问题",
          en: "go through the departments' logs under a mandate, and list every gap",
        }),
      )
      .requiredOption("--mandate <id>")
      .option("--departments <a,b…>", t({ zh: "缺省为全部成员", en: "default: all members" }))
      .addOption(
        new Option("--show <what>", t({ zh: "逐条列出调用记录", en: "records: list the accesses too" })).choices([
          "findings",
          "records",
        ]),
      )
      .option("--resume <audit>", t({ zh: "继续中断的审计", en: "go on with an audit that broke off" })),
  ).action(async ({ mandate, departments, show, resume, ...filter }: AuditOptions) => {
    const given = { show, resume, departments: departments?.split(",") };
    const body = { mandate, filter, ...given };
    await new AuditView(context).follow((await context.client()).lines("/audits", body));
  });
}

/** Shows what an audit says: how far it is on standard error, what it found at its end. */
class AuditView {
  readonly #context: Context;
  readonly #findings: Json[] = [];
  readonly #records: Json[] = [];
  readonly #calls: Json[] = [];
  readonly #filings: Json[] = [];
  #audit = "";
  #end: Json | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  /** @throws CliError FOUND; BROKEN_OFF, with the name by which it can be gone on with */
  async follow(events: AsyncIterable<Json>): Promise<void> {
    try {
      for await (const event of events) this.#take(event);
    } catch (cause) {
      if (this.#audit === "") throw cause;
      throw this.#brokenOff(cause);
    }
    if (this.#end === undefined) throw this.#brokenOff(undefined);
    this.#show(this.#end);
  }

  #take(event: Json): void {
    if (this.#context.wantsJson) this.#context.surroundings.out.write(`${JSON.stringify(event.value)}\n`);
    switch (event.at("event").text) {
      case "begun":
        this.#audit = event.at("audit").text;
        return;
      case "progress":
        this.#tell(event.at("logs").items);
        return;
      case "finding":
        this.#findings.push(event);
        return;
      case "record":
        this.#records.push(event);
        return;
      case "call":
        this.#calls.push(event);
        return;
      case "filing":
        this.#filings.push(event);
        return;
      case "end":
        this.#end = event;
    }
  }

  #tell(logs: readonly Json[]): void {
    const { err } = this.#context.surroundings;
    if (!("isTTY" in err) || err.isTTY !== true) return;
    const read = sum(logs, "position");
    const of = sum(logs, "size");
    err.write(`\r${this.#context.t({ zh: `已核对 ${read}/${of} 条`, en: `${read} of ${of} entries` })}\u001b[K`);
    if (read === of) err.write("\n");
  }

  #show(end: Json): void {
    const context = this.#context;
    const found = end.at("found").items.reduce((total, one) => total + (one.at("count").number ?? 0), 0);
    if (!context.wantsJson) {
      if (this.#records.length > 0) context.showList(this.#records, accessColumns);
      if (this.#calls.length > 0) context.showList(this.#calls, callColumns);
      if (this.#filings.length > 0) context.showList(this.#filings, refusedColumns);
      if (found > 0) context.showList(this.#findings, findingColumns);
      context.show(end, () => whatWasRead(context, end, found));
    }
    if (found > 0) throw new CliError("FOUND", { zh: `发现 ${found} 个审计问题。`, en: `${found} found.` });
  }

  #brokenOff(cause: unknown): CliError {
    return new CliError(
      "UNREACHABLE",
      {
        zh: `审计中断；请用 --resume ${this.#audit} 继续。`,
        en: `The audit broke off; go on with --resume ${this.#audit}.`,
      },
      { cause },
    );
  }
}

/** Nothing found is worth as much as what was looked at. */
function whatWasRead(context: Context, end: Json, found: number): string {
  const logs = end.at("logs").items;
  const [read, of, records, leftOut] = ["position", "size", "records", "leftOut"].map((name) => sum(logs, name));
  const filings = sum(logs, "filings");
  const refused =
    filings === 0
      ? { zh: "", en: "" }
      : { zh: `、被拒绝的提交 ${filings} 条`, en: `, ${filings} of them refused filings` };
  const departments = logs.map((log) => log.at("department").text).join(", ");
  const outside =
    leftOut === 0
      ? { zh: "", en: "" }
      : {
          zh: `，另有 ${leftOut} 条不在委托范围内，只见摘要`,
          en: `; ${leftOut} outside of the mandate, shown as hashes`,
        };
  const verdict =
    found > 0
      ? { zh: "", en: "" }
      : {
          zh: "没有发现问题。双方共同隐瞒的，查不出来。",
          en: "No gap found. What both sides hide together is not found.",
        };
  return `${context.t({
    zh: `核对了 ${departments} 的日志 ${read}/${of} 条，其中调用记录 ${records} 条${refused.zh}${outside.zh}。${verdict.zh}`,
    en: `${read} of ${of} entries of ${departments} were checked, ${records} of them accesses${refused.en}${outside.en}. ${verdict.en}`.trim(),
  })}\n`;
}

function sum(logs: readonly Json[], member: string): number {
  return logs.reduce((total, log) => total + (log.at(member).number ?? 0), 0);
}
