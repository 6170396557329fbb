import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Dictionary, wordsIn } from "@wanlian/words/index.js";
import type { Command } from "commander";
import {
  type DemandListKind,
  demandRows,
  type ListedDemand,
  readDemandList,
  readSheetFile,
  type WrittenDemand,
} from "../../../sheets/index.js";
import type { Context } from "../../context.js";
import { CliError } from "../../errors.js";
import type { Json } from "../../json.js";
import type { NodeClient } from "../../node-client.js";
import { table } from "../../table.js";
import { showFaults } from "./dataset-import.js";
import { writeListFile } from "./list-file.js";

interface ListOptions {
  readonly matching?: true;
  readonly dryRun?: true;
}

/** `demand export`, `demand import`: 需求清单 and 供需对接清单 as departments keep them. */
export function addDemandLists(demand: Command, context: Context): void {
  const t = context.t.bind(context);
  const matching = t({ zh: "改为供需对接清单", en: "the matching list instead" });
  demand
    .command("export <file>")
    .description(
      t({
        zh: "把需求清单写成 CSV（文件名以 .xlsx 结尾则为 Excel），可改后再导入；单元格不会当公式运行",
        en: "write the demand list as CSV (Excel where the file ends in .xlsx), to be changed and imported again; no cell runs as a formula",
      }),
    )
    .option("--matching", matching)
    .action(async (file: string, options: ListOptions) => {
      const client = await context.client();
      // In the words of the form that departments keep, whoever writes it, as the responsibility list is.
      const demands = await demandsOf(client, wordsIn("zh"));
      await writeListFile(file, demandRows(kindOf(options), demands));
      const count = demands.length;
      const said = { zh: `已写出${count}项需求`, en: `wrote ${count} demands` };
      context.showValue({ file, demands: count }, () => `${t(said)}\n`);
    });
  demand
    .command("import <file>")
    .description(
      t({
        zh: "按需求清单发布需求，或按供需对接清单对接；先逐格检查、按规则试运行，有一处不符则全不办理",
        en: "publish by a demand list, or match by a matching list: every cell is checked and every act tried first, and with one fault nothing is filed",
      }),
    )
    .option("--matching", matching)
    .option("--dry-run", t({ zh: "只试运行，不办理", en: "try it and file nothing" }))
    .action(async (file: string, options: ListOptions) => {
      const client = await context.client();
      const rows = await planned(client, context, file, kindOf(options));
      for (const row of rows) await fileRow(client, row, { preview: "true" });
      const blocks: string[] = [];
      if (options.dryRun === undefined) {
        for (const row of rows) blocks.push((await fileRow(client, row, {})).at("block").text);
      }
      const shown = rows.map(({ name, what, cell }, at) => ({ cell, name, what, block: blocks[at] ?? null }));
      context.showValue(shown, () => {
        const headings = [
          { zh: "单元格", en: "cell" },
          { zh: "名称", en: "name" },
          { zh: "办理", en: "what" },
          { zh: "区块", en: "block" },
        ];
        const cells = shown.map(({ cell, name, what, block }) => [cell, name, t(WHAT[what]), block ?? ""]);
        return table(
          headings.map((heading) => t(heading)),
          cells,
        );
      });
    });
}

const WHAT = { publish: { zh: "发布", en: "published" }, match: { zh: "对接", en: "matched" } };

const kindOf = ({ matching }: ListOptions): DemandListKind => (matching === true ? "matching" : "demands");

async function planned(
  client: NodeClient,
  context: Context,
  file: string,
  kind: DemandListKind,
): Promise<readonly ListedDemand[]> {
  const own = (await client.get("/sessions/current")).at("session.department").text;
  const demands = await client.all("/demands", {});
  const known = {
    own,
    departments: await departmentsOf(client),
    demands: new Map(
      demands.map((one) => [
        one.at("case").text,
        { status: one.at("status").text, provider: one.at("state.provider").text },
      ]),
    ),
  };
  const { rows, faults } = readDemandList(kind, await readSheetFile(await readFile(file)), known);
  if (faults.length === 0) return rows;
  context.surroundings.err.write(showFaults(context, faults));
  throw new CliError("USAGE", {
    zh: `清单有${faults.length}处须改正，未办理任何内容。`,
    en: `The list has ${faults.length} cells to mend; nothing was filed.`,
  });
}

const fileRow = (
  client: NodeClient,
  { what, case: id, body }: ListedDemand,
  query: Readonly<Record<string, string>>,
): Promise<Json> => {
  const path = what === "publish" ? "/demands" : `/demands/${id}/match`;
  return client.post(`${path}?${new URLSearchParams(query)}`, body, { "Idempotency-Key": randomUUID() });
};

const departmentsOf = async (client: NodeClient): Promise<ReadonlyMap<string, string>> =>
  new Map((await client.all("/members", {})).map((one) => [one.at("case").text, one.at("state.name").text]));

async function demandsOf(client: NodeClient, words: Dictionary): Promise<WrittenDemand[]> {
  const departments = await departmentsOf(client);
  const named = (id: string) => departments.get(id) ?? id;
  const datasets = new Map(
    (await client.all("/catalogue", {})).map((one) => [one.at("case").text, one.at("entry.name").text]),
  );
  const found: WrittenDemand[] = [];
  for (const one of await client.all("/demands", {})) {
    const id = one.at("case").text;
    const [first] = await client.all(`/demands/${id}/acts`, {}, 1);
    const said = (member: string) => first?.at(`body.${member}`).text ?? "";
    const dataset = one.at("state.dataset").text;
    found.push({
      ...{ case: id, name: one.at("state.name").text, description: said("description"), duty: said("duty") },
      ...{ purpose: words.value("purpose", said("purpose")), status: words.state("demand", one.at("status").text) },
      ...{ consumer: named(one.at("state.consumer").text), provider: named(one.at("state.provider").text) },
      ...{ dataset, title: datasets.get(dataset) ?? "" },
    });
  }
  return found;
}
