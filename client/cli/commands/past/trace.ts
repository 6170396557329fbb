import type { Command } from "commander";
import { actColumns } from "../../columns.js";
import type { Context } from "../../context.js";
import { type AskedQuestion, evidenceOption, takeHome } from "../evidence.js";

interface TraceOptions {
  readonly limit: string;
  readonly from?: string;
  readonly to?: string;
  readonly noun?: string;
  readonly evidence?: string;
}

/** Who or what a trace is of: where it is asked for, and what its answer is evidence of. */
interface Traced {
  readonly path: string;
  readonly question: AskedQuestion;
}

/** Everything that happened to somebody or something, shown or taken home. */
export function traceCommands(program: Command, context: Context): void {
  const t = context.t.bind(context);
  const trace = program.command("trace").description(
    t({
      zh: "溯源：数据、部门或经办人的全部经过",
      en: "everything that happened to a dataset, or that somebody did",
    }),
  );
  const add = (name: string, of: (...words: string[]) => Traced) =>
    trace
      .command(name)
      .option("--from <instant>")
      .option("--to <instant>")
      .option("--noun <noun>")
      .option("--limit <n>", t({ zh: "最多显示条数", en: "entries at most" }), "200")
      .addOption(evidenceOption(context))
      .action(async (...words: unknown[]) => {
        const names = words.filter((word): word is string => typeof word === "string");
        const { limit, from, to, noun, evidence } = words[names.length] as TraceOptions;
        const { path, question } = of(...names);
        if (evidence !== undefined) {
          const most = { limit: Math.min(Number(limit), MOST_ACTS) };
          return await takeHome(context, evidence, { ...question, from, to, only: noun, ...most });
        }
        const items = await (await context.client()).all(`/trace/${path}`, { from, to, noun }, Number(limit));
        context.showList(items, actColumns);
      });
  add("dataset <dataset>", (dataset = "") => ({
    path: `datasets/${dataset}`,
    question: { kind: "history", noun: "dataset", case: dataset },
  }));
  add("department <department>", (department = "") => ({
    path: `departments/${department}`,
    question: { kind: "author", department },
  }));
  add("case <noun> <case>", (noun = "", id = "") => ({
    path: `cases/${encodeURIComponent(noun)}/${encodeURIComponent(id)}`,
    question: { kind: "history", noun, case: id },
  }));
  add("operator <department> <code>", (department = "", code = "") => ({
    path: `departments/${department}/operators/${encodeURIComponent(code)}`,
    question: { kind: "operator", department, code },
  }));
  add("officer <department> <officer>", (department = "", officer = "") => ({
    path: `departments/${department}/officers/${officer}`,
    question: { kind: "author", department, officer },
  }));
  add("digest <digest>", (digest = "") => ({ path: `digests/${digest}`, question: { kind: "digest", digest } }));
}

/** Acts in one file of evidence. */
const MOST_ACTS = 500;
