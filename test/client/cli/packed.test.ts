import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { runWanlian } from "./wanlian.js";

const PROGRAM = fileURLToPath(new URL("../../../../client/bin/wanlian.js", import.meta.url));
const PACKED = fileURLToPath(new URL("../../../../client/dist/bundle/wanlian.js", import.meta.url));

describe("the packed command line", function () {
  this.timeout(30_000);

  it("says and refuses the same as the one that the compiler wrote", async () => {
    expect(existsSync(PACKED), "npm run build packs it").to.equal(true);
    for (const argv of [
      ["--lang", "en", "--help"],
      ["--lang", "zh", "objection", "raise", "--help"],
      ["--lang", "en", "objection", "no-such-command"],
    ]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...argv], { encoding: "utf8" });
      const own = await runWanlian(argv, { ...process.env });
      expect({ code: status, out: stdout, err: stderr }, argv.join(" ")).to.deep.equal(own);
    }
  });
});
