import { readFileSync } from "node:fs";
import { expect } from "chai";

const root = new URL("../../../", import.meta.url);
const readmes = ["README.md", "README.zh-CN.md"];

describe("README", () => {
  for (const name of readmes) {
    it(`${name} opens with the two commands`, () => {
      const text = readFileSync(new URL(name, root), "utf8");
      const commands = [...text.matchAll(/^\.\/scripts\/\w+/gm)].map((match) => match[0]);
      expect(commands.slice(0, 2)).to.deep.equal(["./scripts/pilot", "./scripts/test"]);
    });
  }
});
