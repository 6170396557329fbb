import { readFileSync, writeFileSync } from "node:fs";
import { rulesTable, TABLE_BEGINS } from "./rules-table.js";

/** Renews the tables at the end of docs/rules.md and docs/rules.zh-CN.md: `node test/dist/model/write-rules.js`. */
for (const [path, language] of [
  ["docs/rules.md", "en"],
  ["docs/rules.zh-CN.md", "zh"],
] as const) {
  const [text] = readFileSync(path, "utf8").split(TABLE_BEGINS);
  writeFileSync(path, `${text}${TABLE_BEGINS}\n\n${rulesTable(language)}\n`);
}
