import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { identify } from "@wanlian/protocol/process-identity.js";
import { type LockAttempt, takeProcessLock } from "@wanlian/protocol/process-lock.js";
import { expect } from "chai";

const THREADS = 4;
const ROUNDS = 60;

/** Waits at each round until all are there, then asks for that round's lock. */
const CONTENDER = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { count, threads, rounds, folder, module } = workerData;
  import(module).then(({ takeProcessLock }) => {
    const taken = [];
    for (let round = 0; round < rounds; round++) {
      const arrived = Atomics.add(count, 0, 1) + 1;
      if (arrived === threads * (round + 1)) Atomics.notify(count, 0);
      for (let seen = Atomics.load(count, 0); seen < threads * (round + 1); seen = Atomics.load(count, 0))
        Atomics.wait(count, 0, seen);
      if (takeProcessLock(folder + "/" + round).kind === "taken") taken.push(round);
    }
    parentPort.postMessage(taken);
  });
`;

describe("a process lock", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-lock-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const take = (file: string): LockAttempt & { kind: "taken" } => {
    const attempt = takeProcessLock(file);
    return attempt.kind === "taken" ? attempt : expect.fail(`held by ${attempt.pid}`);
  };

  it("is held once, and names its holder", async () => {
    const file = join(folder, "lock");
    const { release } = take(file);
    expect(takeProcessLock(file)).to.deep.equal({ kind: "held", pid: process.pid });
    expect(JSON.parse(await readFile(file, "utf8"))).to.deep.equal(identify(process.pid));
    release();
    take(file).release();
    expect(await readdir(folder)).to.deep.equal([]);
  });

  for (const [whose, left] of [
    ["of a process that is gone", { pid: 4_000_000, begun: "1" }],
    ["of an earlier process of the same number", { pid: process.pid, begun: "0" }],
    ["of another form", "null"],
  ] as const)
    it(`that is ${whose} is nobody's`, async () => {
      const file = join(folder, "lock");
      await writeFile(file, typeof left === "string" ? left : JSON.stringify(left));
      take(file).release();
      expect(await readdir(folder)).to.deep.equal([]);
    });

  it("that was left behind is taken by one of all that find it at once", async () => {
    for (let round = 0; round < ROUNDS; round++)
      await writeFile(join(folder, String(round)), JSON.stringify({ pid: 4_000_000, begun: "1" }));
    const count = new Int32Array(new SharedArrayBuffer(4));
    const workerData = {
      ...{ count, threads: THREADS, rounds: ROUNDS, folder },
      module: import.meta.resolve("@wanlian/protocol/process-lock.js"),
    };
    const workers = Array.from({ length: THREADS }, () => new Worker(CONTENDER, { eval: true, workerData }));
    const answers = workers.map(
      (worker) =>
        new Promise<number[]>((resolve, reject) => {
          worker.once("message", resolve);
          worker.once("error", reject);
        }),
    );
    const taken = (await Promise.all(answers)).flat().sort((a, b) => a - b);
    expect(taken).to.deep.equal(Array.from({ length: ROUNDS }, (_, round) => round));
  });
});
