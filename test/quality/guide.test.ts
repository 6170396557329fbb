import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RULE_SCHEMAS } from "@wanlian/client/quality/rules/rule.js";
import { divisionsAsCsv, loadDivisionLists } from "@wanlian/scripts/story/divisions.js";
import { expect } from "chai";
import { runWanlian } from "../client/cli/wanlian.js";

const guide = (name: string) => readFile(new URL(`../../../docs/${name}`, import.meta.url), "utf8");

describe("the guide to quality", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-quality-guide-"));
    const lists = loadDivisionLists();
    await writeFile(join(folder, "divisions.csv"), divisionsAsCsv(lists.of2022));
    await writeFile(join(folder, "list-2022.csv"), divisionsAsCsv(lists.of2022));
    await writeFile(join(folder, "list-2024.csv"), divisionsAsCsv(lists.of2024));
    await writeFile(join(folder, "independent.csv"), divisionsAsCsv(lists.independent));
    const key = { name: "code", primaryKey: true, quality: [{ metric: "nullValues", mustBe: 0 }] };
    const contract = { kind: "DataContract", id: "divisions", schema: [{ name: "divisions", properties: [key] }] };
    await writeFile(join(folder, "contract.yaml"), JSON.stringify(contract));
    const expectation = { type: "expect_column_values_to_be_unique", kwargs: { column: "code" } };
    await writeFile(join(folder, "suite.json"), JSON.stringify({ expectations: [expectation] }));
  });
  after(async () => await rm(folder, { recursive: true, force: true }));

  for (const name of ["quality.md", "quality.zh-CN.md"]) {
    it(`${name}: its rules are rules, its commands run on the story's data, every kind of check is told`, async function () {
      this.timeout(60_000);
      const text = await guide(name);
      const [, rules = ""] = /```yaml\n(.*?)```/s.exec(text) ?? [];
      await writeFile(join(folder, "divisions.yaml"), rules);
      const commands = [...text.matchAll(/^wanlian (quality (?!check-|find received|compare own|quick).*)$/gm)].map(
        ([, line = ""]) => line.split(" "),
      );
      expect(commands).to.have.length(6);
      for (const command of commands) {
        const argv = command.map((word) => (/\.(csv|yaml|json)$/.test(word) ? join(folder, word) : word));
        const ran = await runWanlian(argv, { LANG: "en_GB.UTF-8" });
        // How far it is is said where the machine is slow.
        const err = ran.err.replaceAll(/^checking: \d+ % of this step is done\n/gm, "");
        expect([ran.code, err], command.join(" ")).to.deep.equal([0, ""]);
      }
      for (const check of Object.keys(RULE_SCHEMAS)) expect(text, check).to.include(`\`${check}\``);
    });
  }

  it("is the same in both languages where machines read it", async () => {
    const blocks = async (name: string) => [...(await guide(name)).matchAll(/```.*?```/gs)].map(([block]) => block);
    expect(await blocks("quality.zh-CN.md")).to.deep.equal(await blocks("quality.md"));
  });
});
