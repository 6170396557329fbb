import { writeFile } from "node:fs/promises";
import { comparisonCsv, digestLines, type KeyedComparison, OwnRows } from "../../../sheets/index.js";
import type { Context } from "../../context.js";
import { CliError } from "../../errors.js";
import { table } from "../../table.js";
import { type FileFormat, filePlace } from "../table-place.js";

export interface GrantComparison extends FileFormat {
  readonly grant: string;
  readonly key: string;
  readonly columns?: string;
  readonly release?: string;
  readonly out?: string;
}

/** Rows shown on a screen; `--json` and `--out` have all. */
const MOST_SHOWN = 200;

/** `quality compare FILE --grant`: with another department's release, by keyed digests. The file is read here alone. */
export async function compareUnderGrant(context: Context, path: string, options: GrantComparison): Promise<void> {
  // Loaded for this command alone.
  const { sourceAt } = await import("../../../exchange/sources/index.js");
  const client = await context.client();
  const { grant, release, out } = options;
  const granted = (await client.get(`/applications/${encodeURIComponent(grant)}`))
    .at("case.state.grant.fields")
    .items.map(({ text }) => text);
  const by = options.key.split(",");
  const source = await sourceAt(await filePlace(context, path, options));
  try {
    const known = await source.fields();
    const fields =
      options.columns?.split(",") ?? known.filter((field) => granted.includes(field) && !by.includes(field));
    expectThere(by, known);
    expectThere(fields, known);
    const own = await OwnRows.read(source, by, fields);
    for (const compared of own.requests()) {
      const wanted = { grant, ...(release === undefined ? {} : { release }), fields: [...by, ...fields] };
      const answer = await client.stream("/comparisons", { ...wanted, by, compared });
      for await (const row of rowsOf(answer)) own.take(row);
    }
    const found = own.result();
    if (out !== undefined) await writeFile(out, comparisonCsv(by, found));
    context.showValue(found, () => shown(context, by, found));
  } finally {
    await source.close?.();
  }
}

function expectThere(fields: readonly string[], known: readonly string[]): void {
  const missing = fields.find((field) => !known.includes(field));
  if (missing === undefined) return;
  throw new CliError("USAGE", { zh: `文件中没有“${missing}”字段。`, en: `The file has no column "${missing}".` });
}

async function* rowsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string[]> {
  try {
    yield* digestLines(stream);
  } catch (cause) {
    throw new CliError(
      "UNREACHABLE",
      { zh: "比对中断；已收到的部分不能证明任何事。", en: "The comparison broke off; what came proves nothing." },
      { cause },
    );
  }
}

function shown(context: Context, by: readonly string[], found: KeyedComparison): string {
  const t = context.t.bind(context);
  const { rows, unnamed, absent, several, fields, differences } = found;
  const summary = context.listing([
    [{ zh: "比对的行", en: "rows compared" }, String(rows)],
    [{ zh: "对方有", en: "found there" }, String(found.found)],
    [{ zh: "对方没有", en: "not there" }, String(absent.length)],
    [{ zh: "对方有多行", en: "more than once there" }, String(several.length)],
    [{ zh: "缺键值、未比对", en: "without a key, not compared" }, String(unnamed)],
  ]);
  const byField = table(
    [t({ zh: "字段", en: "field" }), t({ zh: "一致", en: "same" }), t({ zh: "不同", en: "different" })],
    fields.map(({ field, same, different }) => [field, String(same), String(different)]),
  );
  const headings = [t({ zh: "行", en: "row" }), ...by, t({ zh: "字段", en: "field" }), t({ zh: "本方", en: "own" })];
  const listed = [
    ...differences.map(({ row, key, field, value }) => [String(row + 1), ...key.map(String), field, value ?? "∅"]),
    ...absent.map(({ row, key }) => [String(row + 1), ...key.map(String), "—", t({ zh: "对方没有", en: "not there" })]),
  ];
  const cut = listed.length > MOST_SHOWN ? t({ zh: "其余见 --json\n", en: "--json has the rest\n" }) : "";
  return [summary, byField, table(headings, listed.slice(0, MOST_SHOWN)), cut].join("\n");
}
