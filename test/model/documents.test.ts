import { readFileSync } from "node:fs";
import { expect } from "chai";
import { rulesTable, TABLE_BEGINS } from "./rules-table.js";

describe("documents of the rules", () => {
  for (const [name, language] of [
    ["rules.md", "en"],
    ["rules.zh-CN.md", "zh"],
  ] as const) {
    it(`${name} shows the permissions that hold (renew it with test/dist/model/write-rules.js)`, () => {
      const document = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8");
      expect(document.split(TABLE_BEGINS)[1]?.trim()).to.equal(rulesTable(language));
    });
  }
});
