import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectSpace, makeFolder, writeWhole } from "@wanlian/network/processes/files.js";
import { takeLock } from "@wanlian/network/processes/lock.js";
import { expectFree } from "@wanlian/network/processes/port.js";
import { Processes, type ProcessSpec } from "@wanlian/network/processes/process.js";
import { identify } from "@wanlian/protocol/process-identity.js";
import { expect } from "chai";
import { refusal } from "./refusal.js";

/** Says it is ready, then lives until it is told to end. */
const SERVES = `console.log('{"ready":true}'); setInterval(() => {}, 1000);`;

const STARTING = { zh: "启动试点", en: "Starting the pilot" };

describe("processes", () => {
  let directory: string;
  let processes: Processes;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-processes-"));
    processes = new Processes(directory);
  });

  afterEach(async () => {
    for (const name of await processes.names()) await processes.stop(name);
    await rm(directory, { recursive: true, force: true });
  });

  it("a process is started once it is ready, not twice, and ends when it is stopped", async () => {
    await processes.start(running("peer", SERVES));
    const first = await processes.state("peer");
    await processes.start(running("peer", SERVES));
    expect(await processes.state("peer")).to.deep.equal(first);
    expect(first.kind).to.equal("running");
    await processes.stop("peer");
    expect(await processes.state("peer")).to.deep.equal({ kind: "stopped" });
  });

  it("a process that ends before it is ready is reported with its last words", async () => {
    const script = `console.error("the ledger is damaged"); process.exit(3);`;
    const failure = await processes.start(running("peer", script)).catch((error: unknown) => error);
    expect(failure).to.have.property("code", "PROCESS_FAILED");
    expect(String(failure)).to.include("exit code 3").and.include("the ledger is damaged");
    expect(await processes.names()).to.deep.equal([]);
  });

  it("a program that does not exist is reported", async () => {
    const spec = { ...running("peer", ""), command: join(directory, "nothing") };
    expect(await refusal(processes.start(spec))).to.equal("PROCESS_FAILED");
  });

  it("a killed process counts as dead and can be started again, its log kept", async () => {
    await processes.start(running("peer", `console.error("first run"); ${SERVES}`));
    await processes.kill("peer");
    expect((await processes.state("peer")).kind).to.equal("dead");
    await processes.start(running("peer", SERVES));
    expect((await processes.state("peer")).kind).to.equal("running");
    expect(await readFile(join(directory, "logs", "peer.1.log"), "utf8")).to.equal("first run\n");
  });

  it("a number that now belongs to another process is not stopped", async () => {
    await mkdir(join(directory, "run"));
    await writeFile(join(directory, "run", "peer.pid"), JSON.stringify({ pid: process.pid, begun: "long ago" }));
    expect((await processes.state("peer")).kind).to.equal("dead");
    await processes.stop("peer"); // would end this very test
    expect((await processes.state("peer")).kind).to.equal("stopped");
  });

  it("a port in use is named with its owner, and free ones are not", async () => {
    const server = await listening();
    const taken = server.address();
    const port = typeof taken === "object" && taken ? taken.port : 0;
    const wanted = [{ address: `127.0.0.1:${port}`, owner: { zh: "HealthMSP 的节点", en: "peer of HealthMSP" } }];
    const failure = await expectFree(wanted).catch((error: unknown) => error);
    expect(failure).to.have.property("code", "PORT_IN_USE");
    expect(String(failure)).to.include(`127.0.0.1:${port} (peer of HealthMSP)`);
    await new Promise((resolve) => server.close(resolve));
    await expectFree(wanted);
  });

  it("a lock is refused while its holder lives and taken over when it was killed", async () => {
    const file = join(directory, "lock");
    const release = takeLock(file, STARTING);
    expect(() => takeLock(file, STARTING)).to.throw(`under way already (process ${process.pid})`);
    release();
    for (const left of [
      JSON.stringify({ pid: 4_000_000, begun: "1" }),
      '{"pid":',
      JSON.stringify({ ...identify(process.pid), begun: "0" }),
    ]) {
      await writeFile(file, left);
      takeLock(file, STARTING)();
    }
    expect(existsSync(file)).to.equal(false);
  });

  it("a file that two write at the same time is one of theirs, whole", async () => {
    const file = join(directory, "settings.json");
    const contents = ["a".repeat(100_000), "b".repeat(100_000)];
    await Promise.all(contents.map((content) => writeWhole(file, content)));
    expect(await readFile(file, "utf8")).to.be.oneOf(contents);
    expect((await readdir(directory)).filter((name) => name.startsWith("settings"))).to.deep.equal(["settings.json"]);
  });

  it("a folder is made whole or not at all", async () => {
    const folder = join(directory, "organization");
    const attempt = makeFolder(folder, async (draft) => {
      await writeFile(join(draft, "key.pem"), "half");
      throw new Error("killed");
    });
    expect(await refusal(attempt)).to.have.property("message", "killed");
    expect(existsSync(folder)).to.equal(false);
    await makeFolder(folder, (draft) => writeWhole(join(draft, "cert.pem"), "whole"));
    expect(await readdir(folder)).to.deep.equal(["cert.pem"]);
  });

  it("too little space is one sentence", async () => {
    expect(await refusal(expectSpace(directory, 2 ** 62))).to.equal("DISK_FULL");
    await expectSpace(directory, 1);
  });
});

function running(name: string, script: string): ProcessSpec {
  return {
    name,
    title: { zh: `HealthMSP 的 ${name}`, en: `${name} of HealthMSP` },
    command: process.execPath,
    args: ["-e", script],
    listens: [],
    ready: "line",
  };
}

function listening(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}
