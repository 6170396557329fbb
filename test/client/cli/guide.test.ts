import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { run } from "@wanlian/client/cli/program.js";
import { expect } from "chai";
import { FakeChannel } from "../api/fake-ledger.js";
import { type ApiWorld, apiWorld, HEALTH, openChannel } from "../api/world.js";
import { PASSPHRASE } from "../keys/officer.js";

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
      const channel = new FakeChannel();
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
      for (const block of shellBlocks(await readFile(join(DOCS, guide), "utf8"))) {
        for (const line of statements(block)) {
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
      const written = { out: "", err: "" };
      const sink = (to: "out" | "err") =>
        new Writable({
          write: (chunk: Buffer, _encoding, done) => {
            written[to] += chunk.toString();
            done();
          },
        });
      const environment = {
        WANLIAN_NODE: worlds[NODES[node] ?? "civil"].base.replace("/api/v1", ""),
        WANLIAN_SESSION: join(directory, "session.json"),
        WANLIAN_PASSPHRASE: PASSPHRASE,
        LANG: "en_US.UTF-8",
      };
      const code = await run(argv, { environment, out: sink("out"), err: sink("err"), in: Readable.from([]) });
      expect([code, written.err], `wanlian ${argv.join(" ")}`).to.deep.equal([0, ""]);
      return written.out;
    }
  });
}

type Statement =
  | { kind: "file"; name: string; content: string }
  | { kind: "set"; name: string; value: string }
  | { kind: "command"; words: string[]; into: string | undefined };

function shellBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block ?? "");
}

/** As much of the shell as the guide uses. Anything else is an error, so that no line is passed over. */
function statements(block: string): Statement[] {
  const found: Statement[] = [];
  const lines = block.replaceAll(/\\\n\s*/g, "").split("\n");
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const file = /^cat > (\S+) <<'EOF'$/.exec(line)?.[1];
    const set = /^export (\w+)=(\S+)$/.exec(line);
    const command = /^(?:(\w+)=\$\()?wanlian (.+?)\)?$/.exec(line);
    if (file !== undefined) {
      const end = lines.indexOf("EOF");
      found.push({ kind: "file", name: file, content: `${lines.splice(0, end).join("\n")}\n` });
      lines.shift();
    } else if (set?.[1] !== undefined && set[2] !== undefined) {
      found.push({ kind: "set", name: set[1], value: set[2] });
    } else if (command?.[2] !== undefined) {
      found.push({ kind: "command", words: wordsOf(command[2]), into: command[1] });
    } else if (line !== "") {
      throw new Error(`the guide's reader knows no such line: ${line}`);
    }
  }
  return found;
}

function wordsOf(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}
