import { generateKeyPairSync } from "node:crypto";
import { appendFile, copyFile, cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeBundle, encodeBundle } from "@wanlian/client/log/entry-bundle.js";
import { AccessLog } from "@wanlian/client/log/log.js";
import { signCheckpoint } from "@wanlian/model/checkpoint.js";
import { leafHash } from "@wanlian/model/merkle.js";
import { noteSigner } from "@wanlian/model/note.js";
import { expect } from "chai";

describe("a log that is opened", () => {
  const signer = noteSigner("test/log", generateKeyPairSync("ed25519").privateKey);
  let dir: string;
  beforeEach(async () => {
    const running = await mkdtemp(join(tmpdir(), "wanlian-recovery-"));
    const first = await AccessLog.open(running, signer);
    await first.append(Buffer.from("a"));
    await first.append(Buffer.from("b"));
    await first.close();
    // A second run, as a crash leaves it: the journal has two files, of which no checkpoint covers the last.
    const second = await AccessLog.open(running, signer, { publishAfterMs: 60_000 });
    await second.append(Buffer.from("c"));
    dir = await mkdtemp(join(tmpdir(), "wanlian-recovery-"));
    await cp(running, dir, { recursive: true });
    await rm(join(dir, "lock"));
    await second.close();
    await rm(running, { recursive: true });
  });
  afterEach(() => rm(dir, { recursive: true }));

  const segments = async () => (await readdir(join(dir, "journal"))).sort().map((name) => join(dir, "journal", name));
  const opened = async (where = dir) => {
    try {
      const log = await AccessLog.open(where, signer);
      await log.close();
      return `open with ${log.size}`;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it("goes on where nothing happened", async () => {
    expect(await segments()).to.have.lengthOf(2);
    expect(await opened()).to.equal("open with 3");
  });

  it("says so where its checkpoint is signed and states another root", async () => {
    const note = signCheckpoint({ size: 2, root: leafHash(Buffer.from("x")) }, signer);
    await writeFile(join(dir, "checkpoint"), note);
    expect(await opened()).to.equal("LOG_DAMAGED");
  });

  it("takes a torn end in the journal's last file only", async () => {
    const [first] = (await segments()) as [string, string];
    await truncate(first, (await readFile(first)).length - 1);
    expect(await opened()).to.equal("LOG_DAMAGED");
  });

  it("lets go of a torn end, whose record was acknowledged to nobody", async () => {
    const [, last] = (await segments()) as [string, string];
    await truncate(last, (await readFile(last)).length - 1);
    expect(await opened()).to.equal("open with 2");
  });

  it("says so where a group of the journal is there twice", async () => {
    const [, last] = (await segments()) as [string, string];
    await appendFile(last, await readFile(last));
    expect(await opened()).to.equal("LOG_DAMAGED");
  });

  it("says so where the journal goes on after a record that is missing", async () => {
    const other = await mkdtemp(join(tmpdir(), "wanlian-recovery-"));
    try {
      await (await AccessLog.open(other, signer)).close();
      const [, last] = (await segments()) as [string, string];
      await copyFile(last, join(other, "journal", "0000000000000002"));
      expect(await opened(other)).to.equal("LOG_DAMAGED");
    } finally {
      await rm(other, { recursive: true });
    }
  });

  it("says so where the bundle at its edge lacks its last entry", async () => {
    const path = join(dir, "tile/entries/000.p/2");
    const entries = decodeBundle(await readFile(path), path);
    await writeFile(path, encodeBundle(entries.slice(0, -1)));
    expect(await opened()).to.equal("LOG_DAMAGED");
  });
});
