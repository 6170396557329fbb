import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pilotTopology } from "@wanlian/network/topology/pilot.js";
import { DataDirectory } from "@wanlian/scripts/host/data-directory.js";
import { STANDARD } from "@wanlian/scripts/host/pilot.js";
import { expect } from "chai";

const PILOT = fileURLToPath(import.meta.resolve("@wanlian/scripts/pilot.js"));
const LAUNCH = fileURLToPath(new URL("../../../scripts/launch.mjs", import.meta.url));
/** Makes a newer Node say that it is an older one. */
const PRETEND = `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.20.8"}})`;
/** Mounting a file system of one's own takes rights that not every machine gives. */
const canMount = spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", tmpdir()]).status === 0;

interface Ended {
  readonly code: number;
  readonly said: string;
}

async function run(command: string, args: readonly string[], locale = "en_US.UTF-8"): Promise<Ended> {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: locale },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const [code] = await once(child, "close");
  return { code, said };
}

describe("the pilot's command", function () {
  this.timeout(60_000);
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-command-"));
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("a too old Node is refused in one sentence of each language, before anything is installed", async () => {
    const { code, said } = await run(process.execPath, ["--import", PRETEND, LAUNCH, "pilot", "status"]);
    expect(said).to.equal(
      "Node 18.20.8 is too old: wanlian needs Node 20.19 or newer. Node 18.20.8 过旧：需要 20.19 或更新版本。\n",
    );
    expect(code).to.equal(1);
  });

  it("a disk without room is refused in one sentence, and nothing is written", async function () {
    if (!canMount) return this.skip();
    const script = `mount -t tmpfs -o size=8m none "$1" && "$2" "$3" up --data "$1/data"; code=$?; find "$1" -type f; exit $code`;
    const args = ["-m", "sh", "-c", script, "sh", directory, process.execPath, PILOT];
    const { code, said } = await run("unshare", args);
    expect(said).to.match(/^Only \d+ MB are free where .*data lies; 1024 MB are needed\. Free some space\.\n$/);
    expect(code).to.equal(1);
  });

  it("a folder that holds something else is refused in one sentence, and left alone", async () => {
    await writeFile(join(directory, "thesis.txt"), "years of work");
    for (const command of ["up", "down", "reset", "story"]) {
      const { code, said } = await run(process.execPath, [PILOT, command, "--data", directory]);
      expect(said.trimEnd().split("\n"), command).to.have.length(1);
      expect(code, command).to.equal(1);
    }
    expect(await readdir(directory)).to.deep.equal(["thesis.txt"]);
  });

  it("a pilot whose making was interrupted at its very beginning is made, or removed", async () => {
    await writeFile(join(directory, "pilot.json.1b4e28ba.draft"), '{"lay');
    const data = DataDirectory.at(directory);
    expect(await data.holdsPilot()).to.equal(false);
    await data.begin({ departments: 3 }, STANDARD);
    await rm(data.topologyFile);
    expect((await data.begin({ departments: 4 }, STANDARD)).departments).to.have.length(4);
    const { code } = await run(process.execPath, [PILOT, "reset", "--data", directory]);
    expect(code).to.equal(0);
    await mkdir(directory, { recursive: true });
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it("begins with a topology file where one is given, which has to be whole and to stay the same", async () => {
    const [given, broken, folder] = ["given.yaml", "broken.yaml", "data"].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    const topology = pilotTopology({ departments: 3, consensus: "embedded", endorsements: 3 });
    await writeFile(given, topology);
    await writeFile(broken, topology.replace("endorsements: 3", "endorsements: 9"));
    const up = (file: string) => run(process.execPath, [PILOT, "up", "--data", folder, "--topology", file]);
    for (const file of [broken, join(directory, "none.yaml")]) {
      const { code, said } = await up(file);
      expect(said).to.include(file);
      expect(code).to.equal(1);
      expect(await readdir(folder).catch(() => [])).to.deep.equal([]);
    }
    const data = DataDirectory.at(folder);
    expect((await data.begin({}, STANDARD, given)).endorsements).to.equal(3);
    expect(await readFile(data.topologyFile, "utf8")).to.equal(topology);
    await writeFile(given, topology.replace("endorsements: 3", "endorsements: 2"));
    expect((await up(given)).said).to.include('run "reset" first');
    const both = await run(process.execPath, [PILOT, "up", "--topology", given, "--departments", "4"]);
    expect(both.said).to.match(/--topology.*cannot be used with.*--departments/);
  });

  it("where there is no pilot, down and reset have nothing to do, and status and story say so", async () => {
    const nowhere = join(directory, "none");
    for (const command of ["down", "reset"])
      expect((await run(process.execPath, [PILOT, command, "--data", nowhere])).code, command).to.equal(0);
    const status = await run(process.execPath, [PILOT, "status", "--data", nowhere]);
    expect(status.said).to.match(/^There is no pilot in .*none; "up" makes one\.\n$/);
    const inChinese = await run(process.execPath, [PILOT, "status", "--data", nowhere], "zh_CN.UTF-8");
    expect(inChinese.said).to.match(/^.*none 中没有试点；用 "up" 建立。\n$/);
    const story = await run(process.execPath, [PILOT, "story", "--data", nowhere]);
    expect(story.said.trimEnd().split("\n")).to.have.length(1);
    expect(story.code).to.equal(1);
  });
});
