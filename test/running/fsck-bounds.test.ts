import { generateKeyPairSync } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccessLog } from "@wanlian/client/log/log.js";
import { Positions } from "@wanlian/client/running/fsck/check-beside.js";
import { checkOwnLog } from "@wanlian/client/running/fsck/check-log.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { leafHash } from "@wanlian/model/merkle.js";
import { noteSigner } from "@wanlian/model/note.js";
import { expect } from "chai";

const RECORDS = 5_000;
/** Records of eight bundles. */
const MOST_AT_ONCE = 8 * 256;

describe("a log of which everything is lost but its hashes", () => {
  let dir: string;
  const signer = noteSigner("test/log", generateKeyPairSync("ed25519").privateKey);
  const entries = Array.from({ length: RECORDS }, (_, at) => Buffer.from(`record ${at}`));
  const byLeaf = new Map(entries.map((entry) => [Buffer.from(leafHash(entry)).toString("hex"), entry]));
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-fsck-"));
    const log = await AccessLog.open(dir, signer);
    await Promise.all(entries.map((entry) => log.append(entry)));
    await log.close();
    await rm(join(dir, "journal"), { recursive: true });
    await rm(join(dir, "tile/entries"), { recursive: true });
  });
  afterEach(() => rm(dir, { recursive: true }));

  it("is asked for by some bundles at a time, and is whole again", async () => {
    const asked: number[] = [];
    const kept = async (records: readonly Digest[]) => {
      asked.push(records.length);
      return new Map(records.map((id) => [id, { entry: byLeaf.get(id) as Buffer, key: undefined }]));
    };
    const { report, faults } = await checkOwnLog(dir, signer.key, "mend", { kept });
    expect(Math.max(...asked)).to.equal(MOST_AT_ONCE);
    expect(asked.reduce((sum, count) => sum + count, 0)).to.equal(RECORDS);
    expect(report.findings.filter(({ where }) => where !== "journal")).to.deep.equal([]);
    expect(faults.some(({ repaired, where }) => !repaired && where !== "journal")).to.equal(false);
    expect(report.records?.size).to.equal(RECORDS);
  });

  it("has its hash tiles made anew from its records, at every level", async () => {
    const kept = async (records: readonly Digest[]) =>
      new Map(records.map((id) => [id, { entry: byLeaf.get(id) as Buffer, key: undefined }]));
    await checkOwnLog(dir, signer.key, "mend", { kept });
    await rm(join(dir, "tile/0"), { recursive: true });
    await rm(join(dir, "tile/1"), { recursive: true });
    const { report } = await checkOwnLog(dir, signer.key, "mend");
    expect(report.findings.filter(({ where }) => where !== "journal")).to.deep.equal([]);
    const log = await AccessLog.open(dir, signer);
    expect(log.size).to.equal(RECORDS);
    await log.close();
  });
});

describe("a log of several bundles, checked", () => {
  const signer = noteSigner("test/log", generateKeyPairSync("ed25519").privateKey);
  let dir: string;
  let other: string;
  beforeEach(async () => {
    dir = await makeLog("record");
    other = await makeLog("another");
  });
  afterEach(async () => {
    for (const each of [dir, other]) await rm(each, { recursive: true });
  });

  async function makeLog(word: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "wanlian-fsck-"));
    const log = await AccessLog.open(folder, signer);
    await Promise.all(Array.from({ length: 600 }, (_, at) => log.append(Buffer.from(`${word} ${at}`))));
    await log.close();
    return folder;
  }
  const found = async () =>
    (await checkOwnLog(dir, signer.key, "look")).faults.map(({ code, where }) => `${code} ${where}`);

  it("names the full bundle or tile that was changed, beside its record", async () => {
    expect(await found()).to.deep.equal([]);
    for (const file of ["tile/entries/001", "tile/0/001"]) {
      const path = join(dir, file);
      const bytes = await readFile(path);
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(20) ^ 1, 20);
      await writeFile(path, changed);
      expect(await found()).to.include(`CHANGED ${file}`);
      await writeFile(path, bytes);
    }
  });

  it("names records of the journal that are not the tree's", async () => {
    await rm(join(dir, "journal"), { recursive: true });
    await cp(join(other, "journal"), join(dir, "journal"), { recursive: true });
    const faults = await found();
    expect(faults).to.include.members(["CHANGED journal, record 0", "CHANGED journal, record 599"]);
    expect(faults).to.have.lengthOf(600);
  });
});

describe("positions in a log", () => {
  it("are those that were put in, wherever they stand", () => {
    const positions = new Positions(1000);
    const some = [0, 7, 8, 255, 256, 999];
    for (const position of some) positions.add(position);
    expect(Array.from({ length: 1100 }, (_, at) => at).filter((at) => positions.has(at))).to.deep.equal(some);
  });
});
