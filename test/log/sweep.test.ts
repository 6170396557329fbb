import { generateKeyPairSync } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LogError } from "@wanlian/client/core/log-error.js";
import { watchLog } from "@wanlian/client/health/index.js";
import { AccessLog } from "@wanlian/client/log/log.js";
import { sweepLog } from "@wanlian/client/log/sweep.js";
import type { TreeHead } from "@wanlian/model/checkpoint.js";
import { noteSigner } from "@wanlian/model/note.js";
import { expect } from "chai";

const signer = noteSigner("pilot/log/PoliceMSP", generateKeyPairSync("ed25519").privateKey);
/** Two full tiles of records and one that is not; so the level above has a tile that is not full. */
const SIZE = 600;

describe("the sweep over a log that is in use", () => {
  let folder: string;
  let whole: string;
  let head: TreeHead;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-sweep-"));
    whole = join(folder, "whole");
    const log = await AccessLog.open(whole, signer);
    await Promise.all(Array.from({ length: SIZE }, (_, i) => log.append(Buffer.from(`record ${i}`))));
    head = await log.publish();
    await log.close();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const never = new AbortController().signal;
  async function copy(): Promise<string> {
    const to = await mkdtemp(join(folder, "log-"));
    await cp(whole, to, { recursive: true });
    return to;
  }
  /** The file that it finds wrong; undefined where all is well. */
  async function found(dir: string, of = head, signal = never): Promise<string | undefined> {
    try {
      await sweepLog(dir, of, signal, 0);
      return undefined;
    } catch (error) {
      if (!(error instanceof LogError) || error.code !== "LOG_DAMAGED") throw error;
      return String(error.details.where);
    }
  }

  it("finds nothing in one that is whole", async () => expect(await found(whole)).to.equal(undefined));

  it("finds a flipped bit in every file of it, at the beginning, in the middle and at the end, and names the file", async () => {
    const files = (await readdir(whole, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && entry.parentPath.includes("tile"))
      .map((entry) => join(entry.parentPath, entry.name).slice(whole.length + 1));
    expect(files).to.have.lengthOf(7); // three bundles, three tiles of their hashes, one above
    const dir = await copy();
    for (const file of files) {
      const bytes = await readFile(join(dir, file));
      for (const at of [2, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const flipped = Buffer.from(bytes);
        flipped.writeUInt8(flipped.readUInt8(at) ^ 0x10, at);
        await writeFile(join(dir, file), flipped);
        const named = await found(dir);
        // A changed record is told by the tile that states its hash.
        expect(named, `${file} at ${at}`).to.be.oneOf([file, file.replace("entries", "0")]);
      }
      await rm(join(dir, file));
      expect(await found(dir), file).to.equal(file);
      await writeFile(join(dir, file), bytes);
    }
    expect(await found(dir)).to.equal(undefined);
  });

  it("finds a record whose hash was changed along with it, by the root", async () => {
    expect(await found(whole, { ...head, root: Buffer.alloc(32, 7) })).to.equal("checkpoint");
  });

  it("goes on beside records that are appended and published meanwhile", async () => {
    const dir = await copy();
    const log = await AccessLog.open(dir, signer);
    const sweeping = found(dir);
    for (let number = 0; number < 5; number += 1) {
      await Promise.all(Array.from({ length: 90 }, (_, i) => log.append(Buffer.from(`more ${number} ${i}`))));
      await log.publish();
    }
    expect(await sweeping).to.equal(undefined);
    expect(await found(dir), "of the older head, from wider tiles").to.equal(undefined);
    expect(await found(dir, log.published)).to.equal(undefined);
    await log.close();
  });

  it("ends when it is told to, and says nothing of what it has not read", async () => {
    const stopped = AbortSignal.abort();
    expect(await found(await mkdtemp(join(folder, "empty-")), head, stopped)).to.equal(undefined);
  });
});

describe("the watch over a log", () => {
  it("waits for the log, reports what is damaged, and settles once it is whole again", async () => {
    const stopping = new AbortController();
    const said: string[] = [];
    const head = { size: 1, root: Buffer.alloc(32) };
    const heads = [undefined, head, head];
    const outcomes = [new Error("tile/0/000: its hashes are not those of the records"), undefined];
    await watchLog(
      {
        published: () => heads.shift(),
        sweep: async () => {
          const failure = outcomes.shift();
          if (outcomes.length === 0) queueMicrotask(() => setImmediate(() => stopping.abort()));
          if (failure !== undefined) throw failure;
        },
        report: (code, message) => said.push(`${code} ${message}`),
        settle: (code) => said.push(`${code} is over`),
        everyMs: 1,
        awaitMs: 1,
      },
      stopping.signal,
    );
    expect(said[0]).to.match(/^LOG_DAMAGED tile\/0\/000: .*fsck --repair/);
    expect(said[1]).to.equal("LOG_DAMAGED is over");
  });
});
