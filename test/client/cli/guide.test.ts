import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { FakeChannel } from "../api/fake-ledger.js";
import { type ApiWorld, apiWorld, HEALTH, openChannel } from "../api/world.js";
import { PASSPHRASE } from "../keys/officer.js";
import { shellBlocks, statements } from "./guide-reader.js";
import { runWanlian } from "./wanlian.js";

const DOCS = fileURLToPath(new URL("../../../../docs/", import.meta.url));

/** The pilot's addresses in the guide. */
const NODES: Readonly<Record<string, "civil" | "health">> = {
  "http://127.0.0.1:17113": "civil",
  "http://127.0.0.1:17133": "health",
};

for (const guide of ["departments.md", "departments.zh-CN.md"]) {
  describe(guide, () => {
    let worlds: { civil: ApiWorld; health: ApiWorld };
    let directory: string;
    let former: string;

    before(async () => {
      const channel = await FakeChannel.open();
      worlds = {
        civil: await apiWorld({ channel, enrolled: { "0201": ["steward"] } }),
        health: await apiWorld({ department: HEALTH, channel, enrolled: { "0402": ["user"] } }),
      };
      await openChannel(worlds.civil);
      directory = await mkdtemp(join(tmpdir(), "guide-"));
      former = process.cwd();
      process.chdir(directory);
    });
    after(async () => {
      process.chdir(former);
      await worlds.civil.stop();
      await worlds.health.stop();
      await rm(directory, { recursive: true, force: true });
    });

    it("is true, command by command", async function () {
      this.timeout(60_000);
      const variables: Record<string, string> = {};
      let commands = 0;
      // What goes from node to node is tried with real ones.
      const blocks = shellBlocks(await readFile(join(DOCS, guide), "utf8")).filter(({ label }) => label === "");
      for (const { text } of blocks) {
        for (const line of statements(text)) {
          if (line.kind === "file") {
            await writeFile(line.name, line.content);
          } else if (line.kind === "set") {
            variables[line.name] = line.value;
          } else {
            const filled = line.words.map((word) =>
              word.replaceAll(/\$(\w+)/g, (_, name: string) => variables[name] ?? ""),
            );
            const out = await wanlian(filled, variables.WANLIAN_NODE ?? "");
            if (line.into !== undefined) variables[line.into] = out.trim();
            commands++;
          }
        }
      }
      expect(commands).to.be.above(30);
    });

    async function wanlian(argv: string[], node: string): Promise<string> {
      const environment = {
        WANLIAN_NODE: worlds[NODES[node] ?? "civil"].base.replace("/api/v1", ""),
        WANLIAN_SESSION: join(directory, "session.json"),
        WANLIAN_PASSPHRASE: PASSPHRASE,
        LANG: "en_US.UTF-8",
      };
      const { code, out, err } = await runWanlian(argv, environment);
      expect([code, err], `wanlian ${argv.join(" ")}`).to.deep.equal([0, ""]);
      return out;
    }
  });
}
