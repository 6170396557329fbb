import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

describe("the check of a stopped node", () => {
  it("is used from the command line, which says how", () => {
    const program = fileURLToPath(new URL("../../../client/bin/wanlian.js", import.meta.url));
    for (const [lang, word] of [
      ["zh", "用法"],
      ["en", "usage"],
    ] as const) {
      const { status, stderr } = spawnSync(process.execPath, [program, "fsck", "--lang", lang], { encoding: "utf8" });
      expect(status).to.equal(2);
      expect(stderr).to.include(word);
    }
    const { status, stderr } = spawnSync(process.execPath, [program, "fsck", "none.json"], { encoding: "utf8" });
    expect(status).to.equal(2);
    expect(stderr).to.include("none.json");
  });
});
