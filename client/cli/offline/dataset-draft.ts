import { writeFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import type { Source, SourcePlace } from "../../exchange/sources/index.js";
import { decodeColumn, TEXT_ENCODINGS, type TextEncoding } from "../../sheets/index.js";
import type { Context } from "../context.js";
import { CliError } from "../errors.js";
import { addTableOptions, filePlace, type TableOptions, tablePlace } from "./table-place.js";

interface DraftOptions extends TableOptions {
  readonly table?: string;
  readonly encoding?: TextEncoding;
  readonly delimiter?: string;
  readonly out?: string;
}

/** GB/T 21063's words for what a column holds. */
const TYPES = { text: "字符型", number: "数值型", date: "日期型", time: "时间型" } as const;
/** Grades of sensitivity: what names a person is asked for with care; whoever fills in the draft decides. */
const OPEN = 1;
const PERSONAL = 3;
const PERSONAL_VALUE = /^[1-9][0-9]{5}(18|19|20)[0-9]{9}[0-9X]$|^1[3-9][0-9]{9}$/;

/** `dataset draft`: a catalogue entry to be completed, with the fields of a file or table. */
export function addDatasetDraft(dataset: Command, context: Context): void {
  const t = context.t.bind(context);
  const command = dataset
    .command("draft [file]")
    .description(
      t({
        zh: "由文件（CSV、Excel、Parquet）或数据库表起草目录条目，空白处待补",
        en: "draft a catalogue entry from a file (CSV, Excel, Parquet) or a table; what is empty is to be filled in",
      }),
    )
    .option("--table <schema.table>", t({ zh: "数据库的表或视图", en: "a table or view of a database" }))
    .addOption(new Option("--encoding <name>").choices(TEXT_ENCODINGS))
    .option("--delimiter <character>")
    .option("--out <path>", t({ zh: "存为 JSON 文件", en: "write it as a JSON file" }));
  addTableOptions(command, context).action(async (file: string | undefined, options: DraftOptions) => {
    const { sourceAt } = await import("../../exchange/sources/index.js");
    const source = await sourceAt(await placeOf(context, file, options));
    try {
      const text = `${JSON.stringify(await draft(source), undefined, 2)}\n`;
      if (options.out === undefined) context.surroundings.out.write(text);
      else await writeFile(options.out, text);
    } finally {
      await source.close?.();
    }
  });
}

async function placeOf(context: Context, file: string | undefined, options: DraftOptions): Promise<SourcePlace> {
  const { table } = options;
  if ((file === undefined) === (table === undefined)) {
    throw new CliError("USAGE", { zh: "请给出文件或 --table。", en: "Give a file or --table." });
  }
  if (file === undefined) return tablePlace(table ?? "", options);
  return await filePlace(context, file, options);
}

/** By its columns, and the values of its first rows. */
async function draft(source: Source): Promise<unknown> {
  // Loaded for this command alone.
  const { meaningOf } = await import("../../quality/index.js");
  const names = await source.fields();
  const columns = await firstValues(source, names);
  return {
    code: "",
    name: "",
    abstract: "",
    category: [""],
    sourceSystem: "",
    format: "CSV",
    fields: names.map((name, at) => {
      const values = columns[at] ?? [];
      const personal =
        values.length > 0 && values.filter((value) => PERSONAL_VALUE.test(value)).length > values.length / 2;
      const type = personal ? TYPES.text : TYPES[meaningOf(values)];
      return { name, type, meaning: "", sensitivity: personal ? PERSONAL : OPEN };
    }),
    share: { class: "conditional", basis: "", conditions: "", mode: "query" },
    open: { class: "closed" },
    grade: OPEN,
    updateCycle: "",
    quality: [],
    published: "",
  };
}

/** By column: the values of the first rows. */
async function firstValues(source: Source, names: readonly string[]): Promise<string[][]> {
  for await (const batch of source.read(names)) {
    return batch.columns.map((column) => decodeColumn(column).flatMap((value) => (value ? [value] : [])));
  }
  return [];
}
