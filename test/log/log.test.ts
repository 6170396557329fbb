import { generateKeyPairSync } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LogError } from "@wanlian/client/core/log-error.js";
import { localDisk } from "@wanlian/client/log/disk.js";
import { checkLog } from "@wanlian/client/log/fsck.js";
import { readJournal } from "@wanlian/client/log/journal.js";
import { AccessLog } from "@wanlian/client/log/log.js";
import { TreeReader } from "@wanlian/client/log/reader.js";
import { openCheckpoint, type TreeHead } from "@wanlian/model/checkpoint.js";
import { leafHash, verifyConsistency, verifyInclusion } from "@wanlian/model/merkle.js";
import { noteSigner } from "@wanlian/model/note.js";
import { expect } from "chai";

const signer = noteSigner("pilot/log/PoliceMSP", generateKeyPairSync("ed25519").privateKey);

async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (error) {
    if (error instanceof LogError) return error.code;
    throw error;
  }
  return "accepted";
}

function record(index: number): Buffer {
  return Buffer.from(`record ${index}`);
}

describe("transparency log", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-log-"));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  async function filled(size: number): Promise<AccessLog> {
    const log = await AccessLog.open(dir, signer);
    await Promise.all(Array.from({ length: size }, (_, i) => log.append(record(i))));
    await log.publish();
    return log;
  }
  const reader = (head: TreeHead) => {
    const disk = localDisk(dir);
    return new TreeReader((path) => disk.read(path), head);
  };
  const shown = async () => openCheckpoint(await readFile(join(dir, "checkpoint"), "utf8"), signer.key);

  it("acknowledges records in order, each at a place of its own", async () => {
    const log = await AccessLog.open(dir, signer);
    const receipts = await Promise.all(Array.from({ length: 50 }, (_, i) => log.append(record(i))));
    expect(receipts.map(({ index }) => index)).to.deep.equal(Array.from({ length: 50 }, (_, i) => i));
    expect(receipts[7]?.leaf).to.deep.equal(leafHash(record(7)));
    await log.close();
  });

  it("has nothing without what belongs beside it", async () => {
    const log = await AccessLog.open(dir, signer);
    /** Bytes in the journal but for zeros: its files are longer than what was written to them. */
    const written = () => {
      const files = readdirSync(join(dir, "journal")).map((file) => readFileSync(join(dir, "journal", file)));
      return Buffer.concat(files).filter((byte) => byte !== 0).length;
    };
    const before: [number, number][] = [];
    const placed = (index: number) => before.push([index, written()]);
    await log.append(record(0), placed);
    const afterFirst = written();
    await Promise.all([1, 2, 3].map((i) => log.append(record(i), placed)));
    expect(before.map(([index]) => index)).to.deep.equal([0, 1, 2, 3]);
    const [first, ...others] = before.map(([, bytes]) => bytes);
    expect(first).to.be.lessThan(afterFirst);
    for (const bytes of others) expect(bytes).to.be.within(afterFirst, written() - 1);
    const failing = log.append(record(4), () => {
      throw new Error("no room");
    });
    expect(await codeOf(failing)).to.equal("LOG_WRITE_FAILED");
    await log.close();
    expect((await readJournal(join(dir, "journal"))).records).to.have.length(4);
  });

  for (const size of [1, 255, 256, 257, 700]) {
    it(`of ${size} records proves each of them and its growth, from tiles alone`, async () => {
      const log = await filled(size);
      const head = await shown();
      expect(head.size).to.equal(size);
      const tree = reader(head);
      for (const index of [0, 1, 254, 255, 256, size - 1].filter((index) => index < size)) {
        expect(Buffer.from(await tree.record(index)).toString()).to.equal(`record ${index}`);
        const claim = { index, leaf: leafHash(record(index)), proof: await tree.inclusion(index), ...head };
        expect(verifyInclusion(claim)).to.equal(true);
      }
      await Promise.all(Array.from({ length: 300 }, (_, i) => log.append(record(size + i))));
      const later = await log.publish();
      const proof = await reader(later).consistency(size);
      expect(verifyConsistency({ oldSize: size, oldRoot: head.root, ...later, proof })).to.equal(true);
      // Whoever still holds the earlier checkpoint finds its tiles too, partial ones in the full ones.
      expect(Buffer.from(await reader(head).record(size - 1)).toString()).to.equal(`record ${size - 1}`);
      await log.close();
      expect((await checkLog(dir, signer.key)).findings).to.deep.equal([]);
    });
  }

  it("goes on where it was closed", async () => {
    await (await filled(300)).close();
    const log = await AccessLog.open(dir, signer);
    expect(log.size).to.equal(300);
    expect((await log.append(record(300))).index).to.equal(300);
    await log.close();
    expect(Buffer.from(await reader(await shown()).record(300)).toString()).to.equal("record 300");
  });

  it("has one writer", async () => {
    const log = await filled(1);
    expect(await codeOf(AccessLog.open(dir, signer))).to.equal("LOG_IN_USE");
    await log.close();
    await (await AccessLog.open(dir, signer)).close();
  });

  it("opens past the lock of a process that is gone", async () => {
    await (await filled(1)).close();
    await writeFile(join(dir, "lock"), JSON.stringify({ pid: process.pid, begun: "1" }));
    await (await AccessLog.open(dir, signer)).close();
  });

  it("refuses a record that no bundle can hold, and takes the next", async () => {
    const log = await AccessLog.open(dir, signer);
    expect(await codeOf(log.append(Buffer.alloc(65_536)))).to.equal("RECORD_TOO_LARGE");
    expect((await log.append(Buffer.alloc(65_535))).index).to.equal(0);
    await log.close();
    expect(await codeOf(log.append(record(1)))).to.equal("LOG_CLOSED");
  });

  it("does not open under another key", async () => {
    await (await filled(3)).close();
    const other = noteSigner(signer.key.name, generateKeyPairSync("ed25519").privateKey);
    const failure = await AccessLog.open(dir, other).catch((error: unknown) => error);
    expect(failure).to.have.property("code", "BAD_SIGNATURE");
  });

  it("acknowledges nothing once the disk is full, and opens whole when there is room again", async () => {
    const log = await AccessLog.open(dir, signer);
    const journal = join(dir, "journal", "0".repeat(16));
    await symlink("/dev/full", journal);
    expect(await codeOf(log.append(record(0)))).to.equal("LOG_WRITE_FAILED");
    expect(await codeOf(log.append(record(1)))).to.equal("LOG_WRITE_FAILED");
    await log.close();
    await rm(journal);
    const again = await AccessLog.open(dir, signer);
    expect((await again.append(record(0))).index).to.equal(0);
    await again.close();
  });

  describe("after damage", () => {
    const flip = async (path: string, at: number) => {
      const bytes = await readFile(path);
      bytes[at] = (bytes[at] as number) ^ 1;
      await writeFile(path, bytes);
    };
    const findings = async () => (await checkLog(dir, signer.key)).findings;

    it("the checker names a record, a tile, a checkpoint in which one bit was flipped", async () => {
      await (await filled(600)).close();
      const cases: [string, number, string][] = [
        ["tile/entries/000", 2 + 8 + 2 + 3, "record 1: the record was changed"],
        ["tile/0/001", 32 * 5, "record 261: its hash in the tile of level 0 was changed"],
        ["tile/0/002.p/88", 0, "record 512: its hash in the tile of level 0 was changed"],
        ["tile/1/000.p/2", 40, "tile/1/000.p/2: not what the records make of it"],
        ["checkpoint", 22, "checkpoint: "],
      ];
      for (const [file, at, expected] of cases) {
        await flip(join(dir, file), at);
        const found = (await findings()).map(({ where, what }) => `${where}: ${what}`);
        expect(
          found.some((line) => line.startsWith(expected)),
          `${file}: ${found.join("; ")}`,
        ).to.equal(true);
        await flip(join(dir, file), at);
        expect(await findings()).to.deep.equal([]);
      }
    });

    it("the checker names each file that is gone, of every level, and a checkpoint that is not the log's", async () => {
      await (await filled(600)).close();
      for (const file of ["tile/entries/001", "tile/entries/002.p/88", "tile/0/000", "tile/1/000.p/2"]) {
        const bytes = await readFile(join(dir, file));
        await rm(join(dir, file));
        expect((await findings()).map(({ code, where }) => `${code} ${where}`)).to.include(`MISSING ${file}`);
        await writeFile(join(dir, file), bytes);
      }
      expect(await findings()).to.deep.equal([]);
      const other = noteSigner(signer.key.name, generateKeyPairSync("ed25519").privateKey);
      const report = await checkLog(dir, other.key);
      expect(report.findings.map(({ code, where }) => `${code} ${where}`)).to.include("NOT_SIGNED checkpoint");
      expect(report.size, "nothing is taken from it").to.equal(0);
    });

    it("a reader gives no record that was changed, and no proof that does not hold", async () => {
      await (await filled(600)).close();
      const head = await shown();
      await flip(join(dir, "tile/entries/000"), 2 + 8 + 2 + 3);
      expect(await codeOf(reader(head).record(1))).to.equal("LOG_DAMAGED");
      expect(await codeOf(reader(head).record(0))).to.equal("accepted");
      await flip(join(dir, "tile/0/001"), 0);
      expect(await codeOf(reader(head).record(300))).to.equal("LOG_DAMAGED");
      await rm(join(dir, "tile/0/001"));
      expect(await codeOf(reader(head).record(300))).to.equal("LOG_DAMAGED");
      expect(await codeOf(reader(head).record(600))).to.equal("NOT_IN_TREE");
    });

    for (const size of [1, 255, 256, 600]) {
      it(`a checkpoint that was removed from ${size} records begins no new log, with its journal or without`, async () => {
        await (await filled(size)).close();
        await rm(join(dir, "checkpoint"));
        expect(await codeOf(AccessLog.open(dir, signer))).to.equal("LOG_DAMAGED");
        await rm(join(dir, "journal"), { recursive: true });
        expect(await codeOf(AccessLog.open(dir, signer))).to.equal("LOG_DAMAGED");
      });
    }

    it("it does not open on a damaged edge, and says where", async () => {
      await (await filled(600)).close();
      await flip(join(dir, "tile/0/002.p/88"), 7);
      const failure = await AccessLog.open(dir, signer).catch((error: unknown) => error);
      expect(failure).to.have.property("code", "LOG_DAMAGED");
      expect(String(failure)).to.include("tile/entries/002.p/88: record 512");
    });

    it("a group torn off at any byte is let go; one that was complete is never dropped silently", async () => {
      const log = await AccessLog.open(dir, signer, { publishAfterMs: 60_000 });
      await log.append(record(0));
      await log.append(record(1));
      const [segment] = await readdir(join(dir, "journal"));
      const path = join(dir, "journal", segment as string);
      const whole = await readFile(path);
      const cut = whole.length / 2;
      await log.close();
      for (const length of [cut + 1, cut + 59, cut + 60, whole.length - 1]) {
        await emptyLog();
        await writeFile(path, whole);
        await truncate(path, length);
        const torn = await AccessLog.open(dir, signer);
        expect(torn.size, `cut at ${length}`).to.equal(1);
        await torn.close();
      }
      for (const at of [0, 10, cut - 1, cut + 2, cut + 30, whole.length - 1]) {
        await emptyLog();
        await writeFile(path, whole);
        await flip(path, at);
        expect(await codeOf(AccessLog.open(dir, signer)), `bit flipped at ${at}`).to.equal("LOG_DAMAGED");
      }
    });

    /** A log in which nothing was published, as the crash before the first checkpoint leaves it. */
    async function emptyLog(): Promise<void> {
      await rm(dir, { recursive: true, force: true });
      await (await AccessLog.open(dir, signer)).close();
    }
  });
});
