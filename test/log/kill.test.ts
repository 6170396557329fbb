import { spawn } from "node:child_process";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { localDisk } from "@wanlian/client/log/disk.js";
import { checkLog } from "@wanlian/client/log/fsck.js";
import { AccessLog } from "@wanlian/client/log/log.js";
import { TreeReader } from "@wanlian/client/log/reader.js";
import { type Checkpoint, openCheckpoint } from "@wanlian/model/checkpoint.js";
import { verifyConsistency } from "@wanlian/model/merkle.js";
import { noteSigner } from "@wanlian/model/note.js";
import { expect } from "chai";
import { random, SEED } from "../random.js";

/** WANLIAN_KILL_ROUNDS=300 for the long run; WANLIAN_SEED to repeat one. */
const ROUNDS = Number(process.env.WANLIAN_KILL_ROUNDS ?? 12);

describe(`transparency log, killed ${ROUNDS} times (seed ${SEED})`, () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-kill-"));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  it("keeps every acknowledged record in its place and never shows a tree that does not extend a shown one", async function () {
    this.timeout(ROUNDS * 5000);
    const next = random(SEED);
    const logDir = join(dir, "log");
    const keyFile = join(dir, "key.pem");
    const { privateKey } = generateKeyPairSync("ed25519");
    await writeFile(keyFile, privateKey.export({ format: "pem", type: "pkcs8" }));
    const signer = noteSigner("pilot/log/PoliceMSP", createPrivateKey(await readFile(keyFile)));
    const acknowledged = new Map<number, string>();
    const disk = localDisk(logDir);
    const shown: Checkpoint[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const lines = 1 + Math.floor(next() * 400);
      await writeUntil(lines, [logDir, keyFile, signer.key.name], acknowledged);
      const label = `round ${round}`;
      expect((await checkLog(logDir, signer.key)).findings, label).to.deep.equal([]);
      const head = openCheckpoint(await readFile(join(logDir, "checkpoint"), "utf8"), signer.key);
      const tree = new TreeReader((path) => disk.read(path), head);
      for (const earlier of shown.filter(({ size }) => size > 0)) {
        const proof = await tree.consistency(earlier.size);
        const claim = { oldSize: earlier.size, oldRoot: earlier.root, ...head, proof };
        expect(verifyConsistency(claim), `${label}: ${earlier.size} → ${head.size}`).to.equal(true);
      }
      shown.push(head);
    }
    const log = await AccessLog.open(logDir, signer);
    const head = await log.publish();
    await log.close();
    const tree = new TreeReader((path) => disk.read(path), head);
    let index = 0;
    for await (const entry of tree.records(0, head.size)) {
      const text = acknowledged.get(index);
      if (text !== undefined) expect(Buffer.from(entry).toString(), `record ${index}`).to.equal(text);
      acknowledged.delete(index);
      index += 1;
    }
    expect([...acknowledged.keys()], "acknowledged, yet not in the log").to.deep.equal([]);
    expect((await checkLog(logDir, signer.key)).findings).to.deep.equal([]);
  });
});

/** Runs the writer until it printed so many lines, then kills it where it stands. */
async function writeUntil(lines: number, args: string[], acknowledged: Map<number, string>): Promise<void> {
  const writer = new URL("writer.js", import.meta.url).pathname;
  const child = spawn(process.execPath, [writer, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise<NodeJS.Signals | null>((resolve) => child.once("exit", (_, signal) => resolve(signal)));
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [index = "", text = ""] = line.split(" ");
    // A line that the kill cut short is no acknowledgement.
    if (/^\d+$/.test(index) && text.length >= 8 && text.length % 8 === 0) acknowledged.set(Number(index), text);
    count += 1;
    if (count === lines) child.kill("SIGKILL");
  }
  expect(await exited, "the writer ended by itself").to.equal("SIGKILL");
}
