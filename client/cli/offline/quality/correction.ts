import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import type { CheckedCell, ColumnMatch, Fate, HeldTable } from "../../../sheets/index.js";
import { decodeColumn, matchColumns, RunningDigest, readClaim, TEXT_ENCODINGS } from "../../../sheets/index.js";
import type { Context } from "../../context.js";
import { CliError } from "../../errors.js";
import type { Json } from "../../json.js";
import type { NodeClient } from "../../node-client.js";
import { table } from "../../table.js";
import { type FileFormat, filePlace } from "../table-place.js";

interface CorrectionOptions extends FileFormat {
  readonly before: string;
  readonly after: string;
  readonly key: string;
  readonly evidence?: string;
}

/** Cells shown on a screen; `--json` gives all. */
const MOST_SHOWN = 200;

/** `objection check`: what became of each cell that an objection names, in the release that says it corrects it. */
export function addCorrectionCheck(objection: Command, context: Context): void {
  const t = context.t.bind(context);
  objection
    .command("check <id>")
    .description(
      t({
        zh: "逐格检查更正批次：异议所列单元格是否已更正",
        en: "check the release that corrects an objection, cell by cell",
      }),
    )
    .requiredOption("--before <file>", t({ zh: "所异议批次的文件", en: "the release that was objected to" }))
    .requiredOption("--after <file>", t({ zh: "更正批次的文件", en: "the release that corrects it" }))
    .requiredOption("--key <columns>", t({ zh: "标识一行的字段（逗号分隔）", en: "the columns that name a row" }))
    .option(
      "--evidence <file>",
      t({
        zh: "起草异议时写下的证据文件（含全部单元格）",
        en: "the evidence written with the draft: it has all cells",
      }),
    )
    .addOption(new Option("--encoding <name>").choices(TEXT_ENCODINGS))
    .option("--delimiter <character>", t({ zh: "分隔符", en: "between values" }))
    .action(async (id: string, options: CorrectionOptions) => {
      const client = await context.client();
      const found = await checked(context, client, id, options);
      context.showValue({ cells: found }, () => shown(context, found));
      if (found.some(isOpen)) {
        throw new CliError("FOUND", {
          zh: "并非所有单元格都已更正；认可或提请裁定由您决定。",
          en: "Not all cells are corrected; whether to confirm or dispute it is yours to decide.",
        });
      }
    });
}

/** Whether it leaves something to look at. */
function isOpen({ fate, should }: CheckedCell): boolean {
  if (fate === "changed") return should !== undefined;
  return fate !== "corrected" && fate !== "gone";
}

async function checked(
  context: Context,
  client: NodeClient,
  id: string,
  options: CorrectionOptions,
): Promise<CheckedCell[]> {
  const { checkCorrections } = await import("../../../sheets/index.js");
  const case_ = await client.get(`/objections/${encodeURIComponent(id)}`);
  const state = case_.at("case.state");
  const correction = state.at("corrections").items.at(-1)?.text;
  if (correction === undefined) {
    throw new CliError("USAGE", { zh: "尚无更正批次。", en: "No release corrects it yet." });
  }
  const cells = readClaim(await claimOf(client, id, state, options)).cells;
  if (cells.length === 0) {
    throw new CliError("USAGE", { zh: "异议未列出单元格。", en: "The objection names no cells." });
  }
  const key = options.key.split(",");
  const needed = [...new Set([...key, ...cells.map(({ field }) => field)])];
  const before = await releaseIn(
    context,
    client,
    { file: options.before, release: state.at("release").text, needed },
    options,
  );
  const after = await releaseIn(context, client, { file: options.after, release: correction, needed }, options);
  return checkCorrections(cells, key, { before, after });
}

/** The claim as the ledger's digest vouches for it, or the whole of its evidence, which does not always fit. */
async function claimOf(client: NodeClient, id: string, state: Json, { evidence }: CorrectionOptions): Promise<string> {
  if (evidence !== undefined) {
    const text = await readFile(evidence, "utf8");
    const [raised] = await client.all(`/objections/${encodeURIComponent(id)}/acts`, {}, 1);
    const digest = createHash("sha256").update(text).digest("hex");
    if (raised?.at("body.evidence").text === digest) return text;
    throw new CliError("NOT_THE_RELEASE", {
      zh: `${evidence} 不是该异议的证据。`,
      en: `${evidence} is not the evidence of this objection.`,
    });
  }
  const texts = await client.get("/texts", { noun: "objection", case: id });
  const claim = texts.at("items").items.find((item) => item.at("member").text === "claim");
  const text = claim?.at("text").text ?? "";
  if (text !== "") return text;
  throw new CliError("USAGE", {
    zh: `本节点没有异议的文字（${claim?.at("missing").text ?? state.at("status").text}）。`,
    en: `The node does not have the objection's text (${claim?.at("missing").text ?? state.at("status").text}).`,
  });
}

interface Wanted {
  readonly file: string;
  readonly release: string;
  readonly needed: readonly string[];
}

/** The columns that are looked at, each of which has to be the release's. */
async function releaseIn(
  context: Context,
  client: NodeClient,
  { file, release, needed }: Wanted,
  format: FileFormat,
): Promise<HeldTable> {
  const { sourceAt } = await import("../../../exchange/sources/index.js");
  const [registered] = await client.all(`/releases/${release}/acts`, {}, 1);
  const source = await sourceAt(await filePlace(context, file, format));
  try {
    const known = await source.fields();
    const missing = needed.find((field) => !known.includes(field));
    if (missing !== undefined) {
      throw new CliError("USAGE", {
        zh: `${file} 中没有“${missing}”字段。`,
        en: `${file} has no column "${missing}".`,
      });
    }
    const running = new RunningDigest(needed);
    const columns: (string | null)[][] = needed.map(() => []);
    for await (const batch of source.read(needed)) {
      running.update(batch);
      for (const [at, column] of batch.columns.entries()) {
        const held = columns[at] as (string | null)[];
        for (const value of decodeColumn(column)) held.push(value);
      }
      batch.release?.();
    }
    const { rows, fields: digests } = running.finish();
    const table = { fields: needed, rows, columns, digests };
    assertOfRelease(file, release, matchColumns(table, fieldsOf(registered)));
    return table;
  } finally {
    await source.close?.();
  }
}

const fieldsOf = (registered: Json | undefined) =>
  (registered?.at("body.fields").items ?? []).map((field) => ({
    name: field.at("name").text,
    digest: field.at("digest").text as HeldTable["digests"][number]["digest"],
  }));

function assertOfRelease(file: string, release: string, matches: readonly ColumnMatch[]): void {
  if (matches.every((match) => match === "same")) return;
  throw new CliError("NOT_THE_RELEASE", {
    zh: `${file} 与批次 ${release} 登记的内容不一致。`,
    en: `${file} is not what release ${release} registered.`,
  });
}

const FATES = {
  corrected: { zh: "已更正", en: "corrected" },
  changed: { zh: "已改，与主张不同或未主张", en: "CHANGED otherwise" },
  unchanged: { zh: "未改", en: "UNCHANGED" },
  gone: { zh: "该行已去掉", en: "row taken away" },
  several: { zh: "该行有多行", en: "ROW STANDS TWICE" },
  misquoted: { zh: "原批次并非如此", en: "NOT WHAT STOOD THERE" },
} as const satisfies Record<Fate, unknown>;

function shown(context: Context, cells: readonly CheckedCell[]): string {
  const t = context.t.bind(context);
  const counts = new Map<Fate, number>();
  for (const { fate } of cells) counts.set(fate, (counts.get(fate) ?? 0) + 1);
  const headings = [
    { zh: "结果", en: "outcome" },
    { zh: "对象", en: "about" },
    { zh: "字段", en: "field" },
    { zh: "原值", en: "stood" },
    { zh: "应为", en: "should" },
    { zh: "现值", en: "now" },
  ].map(t);
  const value = (text: string | null | undefined) => (text === undefined ? "—" : (text ?? "∅"));
  const rows = cells.slice(0, MOST_SHOWN).map(({ fate, key, field, stands, should, now }) => {
    return [t(FATES[fate]), key.map(value).join(", "), field, value(stands), value(should), value(now)];
  });
  const summary = [...counts].map(([fate, count]) => [FATES[fate], String(count)] as const);
  const cut = cells.length > MOST_SHOWN ? t({ zh: "其余见 --json\n", en: "--json has the rest\n" }) : "";
  return [table(headings, rows), cut, "\n", context.listing(summary)].join("");
}
