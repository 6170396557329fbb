import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CheckRequest, checkTable } from "@wanlian/client/quality/check-table.js";
import type { Report, RuleResult } from "@wanlian/client/quality/report.js";
import { parseRules } from "@wanlian/client/quality/rules/rule-set.js";

export const AS_OF = "2026-11-30";

/** A rule file with these rules, each given as what is special about it. */
export function rulesText(rules: readonly Record<string, unknown>[], key: readonly string[] = ["no"]): string {
  const common = { dimension: "accuracy" };
  const named = rules.map((rule, at) => ({ id: `rule-${at}`, ...common, ...rule }));
  return JSON.stringify({ version: 1, id: "test", revision: 1, title: { zh: "测试", en: "test" }, key, rules: named });
}

export const parsed = (text: string) => parseRules(Buffer.from(text, "utf8"));

export interface Checking {
  readonly folder: string;
  readonly csv: string;
  readonly rules: readonly Record<string, unknown>[];
  readonly key?: readonly string[];
  readonly tables?: Readonly<Record<string, string>>;
  readonly options?: Partial<CheckRequest>;
}

/** Checks a table that is given as the text of its CSV file. */
export async function check({ folder, csv, rules, key, tables = {}, options }: Checking): Promise<Report> {
  const path = join(folder, "table.csv");
  await writeFile(path, csv);
  const files: Record<string, { path: string }> = {};
  for (const [name, text] of Object.entries(tables)) {
    files[name] = { path: join(folder, `${name}.csv`) };
    await writeFile(join(folder, `${name}.csv`), text);
  }
  return await checkTable({
    file: { path },
    rules: parsed(rulesText(rules, key)),
    tables: files,
    asOf: AS_OF,
    ...options,
  });
}

export function only(report: Report): RuleResult {
  const [result, ...more] = report.results;
  if (result === undefined || more.length > 0) throw new Error("not one result");
  return result;
}
