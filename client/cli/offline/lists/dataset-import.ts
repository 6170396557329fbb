import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Words } from "@wanlian/protocol/language.js";
import type { Command } from "commander";
import {
  type CellFault,
  type ImportStep,
  planImport,
  type RegisteredEntry,
  readResponsibilityList,
  readSheetFile,
  responsibilityRows,
} from "../../../sheets/index.js";
import type { Context } from "../../context.js";
import { CliError } from "../../errors.js";
import type { Json } from "../../json.js";
import type { NodeClient } from "../../node-client.js";
import { table } from "../../table.js";
import { writeListFile } from "./list-file.js";

interface ImportOptions {
  readonly changes?: string;
  readonly dryRun?: true;
}

type Work = Exclude<ImportStep, { $case: "unchanged" }>;

/** `dataset import`: a responsibility list as departments keep it, tried whole before any of it is filed. */
export function addDatasetImport(dataset: Command, context: Context): void {
  const t = context.t.bind(context);
  dataset
    .command("import <file>")
    .description(
      t({
        zh: "按责任清单（CSV 或 Excel）登记和修订目录；先逐格检查、按规则试运行，有一处不符则全不办理",
        en: "register and revise by a responsibility list, CSV or Excel: every cell is checked and every act tried first, and with one fault nothing is filed",
      }),
    )
    .option("--changes <text>", t({ zh: "修订说明，记入账本", en: "what a revision says of itself, on the ledger" }))
    .option("--dry-run", t({ zh: "只试运行，不办理", en: "try it and file nothing" }))
    .action(async (file: string, options: ImportOptions) => {
      const client = await context.client();
      const steps = await planned(client, context, file, options);
      const work = steps.filter((step): step is Work => step.$case !== "unchanged");
      const provider = (await client.get("/sessions/current")).at("session.department").text;
      for (const step of work) await fileStep(client, provider, step, { preview: "true" });
      const outcomes = new Map<string, string>();
      if (options.dryRun === undefined) {
        for (const step of work) {
          const answer = await fileStep(client, provider, step, {});
          outcomes.set(step.listed.code, answer.at("block").text);
        }
      }
      const shown = steps.map(({ $case, listed }) => ({
        code: listed.code,
        name: listed.name,
        what: $case,
        block: outcomes.get(listed.code) ?? null,
      }));
      context.showValue(shown, () => showSteps(context, shown));
    });
}

/** `dataset export`: the department's own catalogue as the list that `dataset import` reads. */
export function addDatasetExport(dataset: Command, context: Context): void {
  const t = context.t.bind(context);
  dataset
    .command("export <file>")
    .description(
      t({
        zh: "把本部门目录写成责任清单（CSV；文件名以 .xlsx 结尾则为 Excel），可改后再导入；单元格不会当公式运行",
        en: "write the department's own catalogue as a responsibility list (CSV; Excel where the file ends in .xlsx), to be changed and imported again; no cell runs as a formula",
      }),
    )
    .action(async (file: string) => {
      const client = await context.client();
      const registered = (await registeredBy(client)).filter(({ status }) => status === "registered");
      const entries = registered.sort((one, other) => (one.code < other.code ? -1 : 1));
      await writeListFile(file, responsibilityRows(entries));
      const [zh, en] = [`已写出${entries.length}项数据资源`, `wrote ${entries.length} datasets`];
      context.showValue({ file, datasets: entries.length }, () => `${t({ zh, en })}\n`);
    });
}

async function planned(
  client: NodeClient,
  context: Context,
  file: string,
  { changes }: ImportOptions,
): Promise<readonly ImportStep[]> {
  const rows = await readSheetFile(await readFile(file));
  const list = readResponsibilityList(rows, await basesOf(client));
  const words = changes ?? context.t({ zh: "按责任清单修订", en: "Revised by the responsibility list" });
  const { steps, faults } = planImport(list, await registeredBy(client), words);
  if (faults.length === 0) return steps;
  context.surroundings.err.write(showFaults(context, faults));
  throw new CliError("USAGE", {
    zh: `清单有${faults.length}处须改正，未办理任何内容。`,
    en: `The list has ${faults.length} cells to mend; nothing was filed.`,
  });
}

/** The register of the policy in force stands in the act that made it so. */
async function basesOf(client: NodeClient): Promise<{ id: string; title: string }[]> {
  const acts = await client.all("/policy/acts", {});
  const rules = acts.filter((act) => act.at("counted").value === true && act.at("body.legalBases").items.length > 0);
  const bases = rules.at(-1)?.at("body.legalBases").items ?? [];
  return bases.map((basis) => ({ id: basis.at("id").text, title: basis.at("title").text }));
}

async function registeredBy(client: NodeClient): Promise<RegisteredEntry[]> {
  const provider = (await client.get("/sessions/current")).at("session.department").text;
  const found = await Promise.all(
    ["registered", "withdrawn"].map((status) => client.all("/catalogue", { provider, status })),
  );
  return found.flat().map((item) => {
    const id = item.at("case").text;
    return { code: id.slice(id.indexOf("/") + 1), status: item.at("status").text, entry: item.at("entry").value };
  });
}

function fileStep(
  client: NodeClient,
  provider: string,
  step: Work,
  query: Readonly<Record<string, string>>,
): Promise<Json> {
  const id = `${encodeURIComponent(provider)}/${encodeURIComponent(step.listed.code)}`;
  const path = step.$case === "register" ? "/datasets" : `/datasets/${id}/revise`;
  return client.post(`${path}?${new URLSearchParams(query)}`, step.body, { "Idempotency-Key": randomUUID() });
}

export function showFaults(context: Context, faults: readonly CellFault[]): string {
  const headings = [
    { zh: "单元格", en: "cell" },
    { zh: "所填", en: "it says" },
    { zh: "问题", en: "what is wrong" },
  ];
  const rows = faults.map(({ cell, value, reason }) => [cell, value, context.t(reason)]);
  return table(
    headings.map((heading) => context.t(heading)),
    rows,
  );
}

const WHAT: Readonly<Record<ImportStep["$case"], Words>> = {
  register: { zh: "登记", en: "registered" },
  revise: { zh: "修订", en: "revised" },
  unchanged: { zh: "没有变化", en: "no change" },
};

interface ShownStep {
  readonly code: string;
  readonly name: string;
  readonly what: ImportStep["$case"];
  readonly block: string | null;
}

function showSteps(context: Context, steps: readonly ShownStep[]): string {
  const headings = [
    { zh: "代码", en: "code" },
    { zh: "名称", en: "name" },
    { zh: "办理", en: "what" },
    { zh: "区块", en: "block" },
  ];
  const rows = steps.map(({ code, name, what, block }) => [code, name, context.t(WHAT[what]), block ?? ""]);
  return table(
    headings.map((heading) => context.t(heading)),
    rows,
  );
}
