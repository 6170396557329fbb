import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
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

describe("positions in a log", () => {
  it("are those that were put in, wherever they stand", () => {
    const positions = new Positions(1000);
    const some = [0, 7, 8, 255, 256, 999];
    for (const position of some) positions.add(position);
    expect(Array.from({ length: 1100 }, (_, at) => at).filter((at) => positions.has(at))).to.deep.equal(some);
  });
});
