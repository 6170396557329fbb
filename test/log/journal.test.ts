import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LogError } from "@wanlian/client/core/log-error.js";
import { copyLog } from "@wanlian/client/log/copy.js";
import { checkLog } from "@wanlian/client/log/fsck.js";
import { Journal } from "@wanlian/client/log/journal.js";
import { AccessLog } from "@wanlian/client/log/log.js";
import { noteSigner } from "@wanlian/model/note.js";
import { expect } from "chai";

describe("the journal of a log", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-journal-"));
  });
  afterEach(() => rm(dir, { recursive: true }));

  /** One file a group. */
  async function written(...groups: readonly (readonly string[])[]): Promise<Journal> {
    const journal = new Journal(dir);
    await journal.recover();
    let first = 0;
    for (const group of groups) {
      await journal.append(
        first,
        group.map((entry) => Buffer.from(entry)),
      );
      await journal.close();
      first += group.length;
    }
    return journal;
  }
  const recovered = async () =>
    (await new Journal(dir).recover()).map(({ index, entry }) => `${index} ${Buffer.from(entry).toString()}`);
  const files = async () => (await readdir(dir)).map(Number).sort((one, other) => one - other);

  it("gives what was written, with its places", async () => {
    await written(["a", "b"], ["c"], ["", "e"]);
    expect(await recovered()).to.deep.equal(["0 a", "1 b", "2 c", "3 ", "4 e"]);
  });

  const forgotten: [size: number, left: number[]][] = [
    [0, [0, 2, 3]],
    [1, [0, 2, 3]],
    [2, [2, 3]],
    [3, [3]],
    [100, [3]],
  ];
  for (const [size, left] of forgotten) {
    it(`lets go of files whose records are all below ${size}, and never of the last`, async () => {
      const journal = await written(["a", "b"], ["c"], ["d"]);
      await journal.forget(size);
      expect(await files()).to.deep.equal(left);
    });
  }

  /** How it opens after the last bytes of its one group were not written, and read as zeros. */
  async function afterZeros(count: number): Promise<string> {
    for (const name of await readdir(dir)) await rm(join(dir, name));
    await written(["x".repeat(2000)]);
    const [name = ""] = await readdir(dir);
    const bytes = await readFile(join(dir, name));
    bytes.fill(0, bytes.length - count);
    await writeFile(join(dir, name), bytes);
    return await recovered().then(
      (records) => `${records.length} records`,
      (error: unknown) => (error instanceof LogError ? error.code : Promise.reject(error)),
    );
  }

  it("lets go of a group whose last block was not written, and of none of which less is missing", async () => {
    expect(await afterZeros(0)).to.equal("1 records");
    expect(await afterZeros(511)).to.equal("LOG_DAMAGED");
    expect(await afterZeros(512)).to.equal("0 records");
    expect(await afterZeros(1500)).to.equal("0 records");
  });
});

describe("a copy of a log", () => {
  it("has every file of the tree that its checkpoint names, and nothing that came later", async () => {
    const signer = noteSigner("test/log", generateKeyPairSync("ed25519").privateKey);
    const [from, to] = [await mkdtemp(join(tmpdir(), "wanlian-copy-")), await mkdtemp(join(tmpdir(), "wanlian-copy-"))];
    try {
      const log = await AccessLog.open(from, signer, { publishAfterMs: 60_000 });
      await Promise.all(Array.from({ length: 800 }, (_, at) => log.append(Buffer.from(`record ${at}`))));
      await log.publish();
      await log.append(Buffer.from("later"));
      expect((await copyLog(from, to, signer.key))?.size).to.equal(800);
      await log.close();
      const report = await checkLog(to, signer.key);
      // It has no journal: all of it is in its tiles.
      expect(report.findings.map(({ code, where }) => `${code} ${where}`)).to.deep.equal(["MISSING journal"]);
      expect(report.size).to.equal(800);
    } finally {
      for (const each of [from, to]) await rm(each, { recursive: true });
    }
  });
});
