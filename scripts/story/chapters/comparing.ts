import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sourceAt } from "@wanlian/client/exchange/sources";
import { type KeyedComparison, OwnRows } from "@wanlian/client/sheets";
import { type Division, divisionNames } from "../divisions.js";
import type { NetworkAccess } from "../network-access.js";
import type { Stage } from "../stage.js";
import { datasetOf, type RegisteredRelease } from "./catalogue.js";
import { type UsedGrant, WANTED } from "./granting.js";

/**
 * The consumer compares its own list with a release by keyed digests, under its grant: it hands over no row of its own and
 * gets none of the provider's. What it learns is which of its own rows the other side lacks, or names otherwise.
 */
export async function compareWithoutData(
  { cast, lists, handover, narrator }: Stage,
  access: NetworkAccess,
  { holder, application }: UsedGrant,
  release: RegisteredRelease,
): Promise<KeyedComparison> {
  const file = join(handover, "own-list.csv");
  await writeFile(file, divisionNames(lists.independent));
  await access.offer(cast.provider.mspId, { dataset: datasetOf(cast.provider), ...release });
  const source = await sourceAt({ kind: "csv", path: file });
  const own = await OwnRows.read(source, ["code"], ["name"]);
  for (const compared of own.requests()) {
    const body = { grant: application, release: release.id, fields: WANTED, by: ["code"], compared };
    const [, ...lines] = await holder.user.askText("comparisons", body);
    for (const line of lines) own.take(line.split(","));
  }
  const found = own.result();
  const [names] = found.fields;
  const counts = { rows: found.rows, absent: found.absent.length, renamed: names?.different ?? 0 };
  narrator.step(holder.name, {
    zh: `凭授权以带密钥的摘要比对自有名单：${counts.rows} 行中对方没有 ${counts.absent} 行，名称不同 ${counts.renamed} 行；双方数据均未交出`,
    en: `compares its own list by keyed digests within its grant: of ${counts.rows} rows the other side lacks ${counts.absent} and names ${counts.renamed} otherwise; no data was handed over`,
  });
  return found;
}

/** The rows of the own list that a comparison did not find on the other side. */
export function absentRows(found: KeyedComparison, own: readonly Division[]): Division[] {
  return found.absent.flatMap(({ row }) => own[row] ?? []);
}
