import { readFileSync } from "node:fs";
import { CONDITIONS } from "@wanlian/client/core";
import { expect } from "chai";

const GUIDES = ["docs/administrators.md", "docs/administrators.zh-CN.md"];

describe("a node's conditions", () => {
  for (const guide of GUIDES)
    it(`each have a line in ${guide} that says what to do, and no line is left over`, () => {
      const text = readFileSync(new URL(`../../../${guide}`, import.meta.url), "utf8");
      const section = text.slice(text.indexOf("`/api/v1/status`"), text.indexOf("pending"));
      const rows = [...section.matchAll(/^\| `([A-Z_]+)` \| [^|]+ \| [^|]+ \|$/gm)].map(([, code]) => code);
      expect(rows).to.have.members(Object.keys(CONDITIONS));
    });
});
