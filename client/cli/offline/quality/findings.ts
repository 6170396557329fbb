import { readFile, writeFile } from "node:fs/promises";
import type { Words } from "@wanlian/protocol/language.js";
import { type Command, Option } from "commander";
import type { Comparison, Dependency, RuleSet, TablePlace, WrongCell } from "../../../quality/index.js";
import { TEXT_ENCODINGS } from "../../../sheets/index.js";
import type { Context } from "../../context.js";
import { CliError } from "../../errors.js";
import { table } from "../../table.js";
import { filePlace } from "../table-place.js";
import { watched } from "../watched.js";
import { compareUnderGrant } from "./keyed-comparison.js";
import { writeObjection } from "./objection-draft.js";

interface FileOptions {
  readonly encoding?: string;
  readonly delimiter?: string;
}

interface FindOptions {
  readonly rules?: string;
  readonly objection?: string;
  readonly release?: string;
}

/** Findings shown on a screen; `--json` gives all. */
const MOST_SHOWN = 200;

/** What the data itself says about its faults: rules to begin from, cells that are likely wrong, sources that disagree. */
export function findingCommands(quality: Command, context: Context): void {
  const t = context.t.bind(context);
  const withFile = (command: Command) =>
    command
      .addOption(new Option("--encoding <name>").choices(TEXT_ENCODINGS))
      .option("--delimiter <character>", t({ zh: "分隔符", en: "between values" }));

  withFile(quality.command("suggest <file>"))
    .description(
      t({ zh: "由数据推荐质量规则，供人工确认", en: "rules that the data speaks for, for a person to accept" }),
    )
    .requiredOption("--key <columns>", t({ zh: "标识一行的字段（逗号分隔）", en: "the columns that name a row" }))
    .option("--out <path>", t({ zh: "存为规则文件", en: "write them as a rule file" }))
    .action(async (path: string, { key, out, ...options }: FileOptions & { key: string; out?: string }) => {
      const { encodeFile, stepByStep, suggestionSteps, suggestionsAsYaml } = await import("../../../quality/index.js");
      const place = await filePlace(context, path, options);
      const suggestions = await watched(context, async (watching) =>
        stepByStep(suggestionSteps(await encodeFile(place, watching)), watching),
      );
      const yaml = suggestionsAsYaml(key.split(","), suggestions);
      if (out !== undefined) await writeFile(out, yaml);
      context.showValue(suggestions, () => (out === undefined ? yaml : `${out}\n`));
    });

  withFile(quality.command("find <file>"))
    .description(
      t({ zh: "查找可能有误的单元格及可能的正确值", en: "cells that are likely wrong, and what is likely right" }),
    )
    .option("--rules <path>", t({ zh: "同时采用其中的依赖规则", en: "take the dependencies of these rules too" }))
    .option(
      "--objection <path>",
      t({
        zh: "据此起草异议，供 objection raise --body @文件 使用；全部单元格写入旁边的证据文件",
        en: "draft an objection of what is found, for objection raise --body @FILE; all cells go into the evidence beside it",
      }),
    )
    .option("--release <id>", t({ zh: "异议所针对的批次", en: "the release that the objection is to" }))
    .action(async (path: string, { rules, ...options }: FileOptions & FindOptions) => {
      const { dependencySteps, encodeFile, parseRules, stepByStep, wrongCellSteps } = await import(
        "../../../quality/index.js"
      );
      const place = await filePlace(context, path, options);
      const given = rules === undefined ? [] : dependenciesOf(parseRules(await readFile(rules)));
      const cells = await watched(context, async (watching) => {
        const encoded = await encodeFile(place, watching);
        const dependencies = [...given, ...(await stepByStep(dependencySteps(encoded), watching))];
        return await stepByStep(wrongCellSteps(encoded, dependencies), watching);
      });
      const drafted = await draftObjection(context, cells, options);
      context.showValue(cells, () => showCells(context, cells) + drafted);
    });

  withFile(quality.command("compare <files...>"))
    .description(
      t({ zh: "比对多个来源，按可靠性加权推断", en: "compare sources by a vote weighted with their reliability" }),
    )
    .option(
      "--source <column>",
      t({ zh: "只有一个文件时：标明来源的字段", en: "for a single file: the column that names the source" }),
    )
    .option("--key <columns>", t({ zh: "标识对象的字段（逗号分隔）", en: "the columns that name what a row is about" }))
    .option(
      "--nearly <columns>",
      t({
        zh: "名称字段：写法相近的视为同一对象（可与 --key 同用）",
        en: "columns of names: nearly the same is the same thing; alone, or beside --key",
      }),
    )
    .option("--columns <names>", t({ zh: "只比对这些字段", en: "compare these alone" }))
    .option(
      "--grant <application>",
      t({
        zh: "凭此授权与对方批次比对：往来的是带密钥的摘要，数据不离开双方",
        en: "compare with the release of this grant by keyed digests: no data leaves either side",
      }),
    )
    .option("--release <id>", t({ zh: "对方的批次；缺省为最新", en: "theirs; default: the newest" }))
    .option("--out <path>", t({ zh: "不同之处存为 CSV", en: "write what differs as CSV" }))
    .action((files: string[], options: CompareOptions) => compare(context, files, options));
}

interface CompareOptions extends FileOptions {
  readonly source?: string;
  readonly key?: string;
  readonly nearly?: string;
  readonly columns?: string;
  readonly grant?: string;
  readonly release?: string;
  readonly out?: string;
}

async function compare(
  context: Context,
  files: readonly string[],
  { source, key, nearly, columns, grant, release, out, ...options }: CompareOptions,
) {
  if (key === undefined && (nearly === undefined || grant !== undefined)) {
    throw new CliError("USAGE", {
      zh: grant === undefined ? "请给出 --key 或 --nearly。" : "凭授权比对时请给出 --key。",
      en: grant === undefined ? "Give --key or --nearly." : "Under a grant, give --key.",
    });
  }
  if (grant !== undefined) {
    const [file] = files;
    if (file === undefined || files.length > 1 || source !== undefined || nearly !== undefined) {
      throw new CliError("USAGE", {
        zh: "凭授权比对时请只给出一个文件，且不用 --nearly。",
        en: "Under a grant, give one file, and no --nearly.",
      });
    }
    const more = { ...(columns && { columns }), ...(release && { release }), ...(out && { out }) };
    return await compareUnderGrant(context, file, { ...options, ...more, grant, key: key ?? "" });
  }
  if (release !== undefined || out !== undefined) {
    throw new CliError("USAGE", {
      zh: "--release 和 --out 须与 --grant 同用。",
      en: "--release and --out go with --grant.",
    });
  }
  if ((files.length === 1) !== (source !== undefined)) {
    throw new CliError("USAGE", {
      zh: "请给出多个文件，或一个文件和 --source。",
      en: "Give several files, or one file and --source.",
    });
  }
  const { compareFiles, comparisonSteps, encodeFile, stepByStep } = await import("../../../quality/index.js");
  const named = new Map<string, TablePlace>();
  for (const path of files) named.set(path, await filePlace(context, path, options));
  const [first] = named.values();
  const wanted = {
    key: key?.split(",") ?? [],
    ...(nearly && { nearly: nearly.split(",") }),
    ...(columns && { columns: columns.split(",") }),
  };
  const found = await watched(context, async (watching) =>
    source === undefined || first === undefined
      ? await compareFiles({ sources: named, ...wanted, ...watching })
      : await stepByStep(comparisonSteps({ table: await encodeFile(first, watching), source, ...wanted }), watching),
  );
  context.showValue(found, () => showComparison(context, found));
}

function showComparison(context: Context, { sources, columns, cells, joined, ambiguous, alone }: Comparison): string {
  const headings = (...words: readonly Words[]) => words.map((word) => context.t(word));
  const reliability = headings(
    { zh: "来源", en: "source" },
    { zh: "可靠性", en: "reliability" },
    { zh: "取值数", en: "values" },
  );
  const agreement = headings(
    { zh: "字段", en: "column" },
    { zh: "可比对", en: "compared" },
    { zh: "一致", en: "agreed" },
  );
  const unmatched = headings(
    { zh: "来源", en: "source" },
    { zh: "其他来源没有的对象", en: "things that no other has" },
  );
  const doubtful = headings(
    { zh: "来源", en: "source" },
    { zh: "对象", en: "about" },
    { zh: "字段", en: "column" },
    { zh: "现值", en: "value" },
    { zh: "可能为", en: "likely" },
    { zh: "把握", en: "sure" },
  );
  const rows = cells.slice(0, MOST_SHOWN).map(({ key, column, source, value, likely, confidence }) => {
    return [source, key.join(", "), column, value ?? "∅", likely, percent(confidence)];
  });
  return [
    table(
      reliability,
      sources.map((one) => [one.source, percent(one.reliability), String(one.claims)]),
    ),
    table(
      agreement,
      columns.map((one) => [one.column, String(one.compared), String(one.agreed)]),
    ),
    table(
      unmatched,
      alone.map((one) => [one.source, String(one.rows)]),
    ),
    rows.length === 0
      ? context.t({ zh: "没有发现不一致的单元格。\n", en: "No cell is found to differ.\n" })
      : table(doubtful, rows),
    more(context, cells.length),
    ...showJoined(context, joined, ambiguous),
  ].join("\n");
}

/** Names taken for one are shown: whether they are is a person's to see. */
function showJoined(context: Context, joined: Comparison["joined"], ambiguous: number): string[] {
  const rows = joined.slice(0, MOST_SHOWN).map(({ writings }) => {
    return [writings.map(({ name, sources }) => `${name} (${sources.join(", ")})`).join(" = ")];
  });
  return [
    ...(rows.length === 0 ? [] : [table([context.t({ zh: "视为同一对象的名称", en: "names taken for one" })], rows)]),
    ...(ambiguous === 0
      ? []
      : [
          context.listing([
            [{ zh: "与多个名称同样相近，未对齐", en: "near to several names, aligned with none" }, String(ambiguous)],
          ]),
        ]),
  ];
}

function dependenciesOf({ rules }: RuleSet): Dependency[] {
  return rules.flatMap((rule) =>
    rule.check === "dependency" ? [{ determinant: rule.determinant, dependent: rule.dependent, confidence: 1 }] : [],
  );
}

function showCells(context: Context, cells: readonly WrongCell[]): string {
  if (cells.length === 0) {
    return context.t({ zh: "没有发现可能有误的单元格。\n", en: "No cell is found that is likely wrong.\n" });
  }
  const rows = cells.slice(0, MOST_SHOWN).map(({ row, column, value, likely, reasons }) => {
    const why = reasons.map((reason) =>
      reason.kind === "pattern" ? reason.pattern : `${reason.determinant.join("+")} ${percent(reason.share)}`,
    );
    return [String(row + 1), column, value ?? "∅", likely ?? "?", why.join("; ")];
  });
  return table(cellHeadings(context), rows) + more(context, cells.length);
}

/** @returns what to say of it; nothing where none is asked for */
async function draftObjection(
  context: Context,
  cells: readonly WrongCell[],
  { objection, release }: FindOptions,
): Promise<string> {
  if (objection === undefined) return "";
  if (release === undefined || cells.length === 0) {
    throw new CliError("USAGE", {
      zh: "起草异议须用 --release 给出批次，且须有所发现。",
      en: "An objection needs the release, by --release, and something that was found.",
    });
  }
  const words = context.t({
    zh: `按数据自身的依赖关系检查，${cells.length} 个单元格可能有误：`,
    en: `By what the data says of itself, ${cells.length} cells are likely wrong:`,
  });
  const corrections = cells.map(({ row, column, value, likely }) => {
    return { row, field: column, stands: value, should: likely ?? undefined };
  });
  const evidence = await writeObjection(objection, { release, dimension: "accuracy", words }, corrections);
  return context.t({
    zh: `\n已起草：${objection}，证据：${evidence}。请核对后提交：wanlian objection raise --body @${objection}\n`,
    en: `\nDrafted: ${objection}, evidence: ${evidence}. Look through it, then: wanlian objection raise --body @${objection}\n`,
  });
}

const cellHeadings = (context: Context): string[] =>
  [
    { zh: "行", en: "row" },
    { zh: "字段", en: "column" },
    { zh: "现值", en: "value" },
    { zh: "可能为", en: "likely" },
    { zh: "理由", en: "because" },
  ].map((words) => context.t(words));

const more = (context: Context, count: number): string =>
  count <= MOST_SHOWN
    ? ""
    : context.t({ zh: `共${count}处，其余见 --json\n`, en: `${count} in all; --json has them\n` });

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
