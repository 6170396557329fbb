import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { rulesText } from "./checking.js";

const WANLIAN = fileURLToPath(new URL("../../../client/bin/wanlian.js", import.meta.url));

/** As many pairs of rows as are compared for longer than anybody waits. */
const ROWS = 60_000;
/** As many as take long enough to be interrupted: it says how far it is every other second. */
const WIDE_ROWS = { suggest: 800_000, find: 1_200_000, compare: 200_000 } as const;
const PREDICATES = [
  { left: "t1.no", is: "<", right: "t2.no", as: "number" },
  { left: "t1.name", is: ">", right: "t2.name", as: "number" },
];

describe("wanlian quality that takes long", function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-watched-"));
    await mkdir(join(folder, "tmp"));
    const lines = Array.from({ length: ROWS }, (_, at) => `${at},${at}`);
    await writeFile(join(folder, "data.csv"), `no,name\n${lines.join("\n")}\n`);
    await writeFile(join(folder, "rules.yaml"), rulesText([{ check: "denial", predicates: PREDICATES }]));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("says how far it is, and ends at Ctrl-C with a code, without a report and with nothing left behind", async () => {
    const out = join(folder, "report.json");
    await endsAtCtrlC("check", join(folder, "data.csv"), "--rules", join(folder, "rules.yaml"), "--out", out);
    expect(existsSync(out)).to.equal(false);
  });

  for (const command of ["suggest", "find", "compare"] as const) {
    it(`ends likewise where the work is in memory: ${command}`, async () => {
      const [one, other] = [await wide(command, 0), await wide(command, 1)];
      const out = join(folder, "rules-of-it.yaml");
      const words = {
        suggest: [one, "--key", "no", "--out", out],
        find: [one],
        compare: [one, other, "--key", "no"],
      }[command];
      await endsAtCtrlC(command, ...words);
      expect(existsSync(out)).to.equal(false);
    });
  }

  /** A table in which columns follow from each other, but for a few cells. */
  async function wide(command: keyof typeof WIDE_ROWS, other: number): Promise<string> {
    const path = join(folder, `${command}-${other}.csv`);
    const lines = Array.from({ length: WIDE_ROWS[command] }, (_, at) => {
      const [code, level] = [at % 997, at % 3];
      return [at, code, `city ${code}`, `name ${at % 5003}`, level, (at * 7919 + other) % 100_003].join(",");
    });
    await writeFile(path, `no,division,city,name,level,phone\n${lines.join("\n")}\n`);
    return path;
  }

  async function endsAtCtrlC(...command: readonly string[]): Promise<void> {
    const words = ["quality", ...command];
    const process_ = spawn(process.execPath, [WANLIAN, "--lang", "zh", ...words], {
      env: { ...process.env, TMPDIR: join(folder, "tmp") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    let isInterrupted = false;
    process_.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (isInterrupted || !/正在检查，本步已完成\d+%\n/.test(said)) return;
      isInterrupted = true;
      process_.kill("SIGINT");
    });
    const [code] = await once(process_, "exit");
    expect(code).to.equal(1);
    expect(said).to.match(/CHECK_CANCELLED: 检查已取消，没有结果/);
    expect(await readdir(join(folder, "tmp"))).to.deep.equal([]);
  }
});
