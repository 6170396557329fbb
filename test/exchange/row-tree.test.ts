import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeError } from "@wanlian/client/core/node-error.js";
import { readCsv } from "@wanlian/client/sheets/csv.js";
import { makeCsvRelease } from "@wanlian/client/tables/rows/csv-release.js";
import { makeRelease } from "@wanlian/client/tables/rows/make-release.js";
import { RowTree } from "@wanlian/client/tables/rows/row-tree.js";
import { filesIn } from "@wanlian/client/tables/rows/row-tree-files.js";
import { RUN_LEAVES, SortedRuns, sorted } from "@wanlian/client/tables/rows/sorted-runs.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { cellLine } from "@wanlian/model/release/cell.js";
import { type RowProof, verifyRow } from "@wanlian/model/release/row-proof.js";
import { expect } from "chai";

type Row = (string | null)[];

interface Vector {
  readonly title: string;
  readonly key: string;
  readonly fields: string[];
  readonly rows: Row[];
  readonly rowRoot: Digest;
  readonly shown: string[];
  readonly proofs: RowProof[];
}

const VECTORS = new URL("../../vectors/row-tree/vectors.json", import.meta.url);
const vectors: Vector[] = JSON.parse(readFileSync(VECTORS, "utf8"));

describe("row tree (docs/formats/row-tree.md)", () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-rows-"));
  });

  afterEach(async () => {
    await rm(dir, { recursive: true, force: true });
  });

  /** Makes it as if a run with this key had been interrupted. */
  async function makeWith(key: string, fields: string[], rows: Row[]) {
    const base = join(dir, "data");
    const stamp = "the same";
    await makeRelease(base, { stamp, read: broken }).catch(() => undefined);
    await writeFile(filesIn(`${base}.rows-new`).key, key);
    return await makeRelease(base, { stamp, read: () => batches(fields, rows) });
  }

  for (const { title, key, fields, rows, rowRoot, shown, proofs } of vectors) {
    it(`agrees with the second implementation: ${title}`, async () => {
      const { release, folder } = await makeWith(key, fields, rows);
      expect(release).to.include({ rowRoot, rows: rows.length });
      const tree = await RowTree.open(folder);
      expect(tree.prove(rows, new Set(shown))).to.deep.equal(proofs);
      tree.close();
      for (const [at, row] of rows.entries()) {
        const values = new Map(shown.map((field) => [field, row[fields.indexOf(field)] as string | null]));
        expect(verifyRow(proofs[at] as RowProof, values, { fields, rows: rows.length, rowRoot })).to.equal(true);
      }
    });
  }

  describe("a proof", () => {
    const [{ fields, rows, rowRoot, proofs }] = vectors as [Vector];
    const registered = { fields, rows: rows.length, rowRoot };
    const [proof, second] = proofs as [RowProof, RowProof];
    const id = ["id", "411302199001011234"] as const;
    const shown = [["code", "0371"], id] as const;
    const holds = (changed: Partial<RowProof>, values: readonly (readonly [string, string | null])[] = shown) =>
      verifyRow({ ...proof, ...changed }, new Map(values), registered);

    it("holds of what it was made for", () => expect(holds({})).to.equal(true));

    it("holds of no other value, row, field or number of fields", () => {
      expect(holds({}, [["code", "0372"], id])).to.equal(false);
      expect(holds({}, [["code", null], id])).to.equal(false);
      expect(holds({}, [["name", "0371"], id])).to.equal(false);
      expect(holds({}, [["other", "0371"], id])).to.equal(false);
      expect(holds({}, [id])).to.equal(false);
      expect(holds({}, [...shown, ["name", "宛城区"]])).to.equal(false);
      expect(holds({ index: second.index })).to.equal(false);
      expect(holds({ index: rows.length + proof.index })).to.equal(false);
    });

    it("holds with no other part, and no part spelled otherwise", () => {
      for (const part of ["salts", "hidden", "path"] as const) {
        const text = proof[part];
        const shorter = Buffer.from(text, "base64").subarray(1).toString("base64");
        const others = [second[part], "", shorter, `${text}AAAA`, `${text}\n`, text.replace(/=*$/, ""), ` ${text}`];
        for (const other of others.filter((each) => each !== text)) {
          expect(holds({ [part]: other }), `${part} ${other}`).to.equal(false);
        }
      }
    });

    it("takes no text that UTF-8 does not have for the character that stands in for it", async () => {
      const { release, folder } = await makeWith("11".repeat(32), ["a"], [["\ufffd"]]);
      const tree = await RowTree.open(folder);
      const [made] = tree.prove([["\ufffd"]], new Set(["a"])) as [RowProof];
      tree.close();
      const rule = { fields: ["a"], rows: 1, rowRoot: release.rowRoot };
      expect(verifyRow(made, new Map([["a", "\ufffd"]]), rule)).to.equal(true);
      expect(verifyRow(made, new Map([["a", "\ud800"]]), rule)).to.equal(false);
    });

    it("is given for no row that the release does not have, nor for one more often than it has it", async () => {
      const one = ["1", "x"];
      const { folder } = await makeWith("22".repeat(32), ["a", "b"], [one, ["2", "y"], one]);
      const tree = await RowTree.open(folder);
      const codeOf = (wanted: Row[]) => {
        try {
          tree.prove(wanted, new Set(["a"]));
          return "proven";
        } catch (error) {
          return error instanceof NodeError ? error.code : error;
        }
      };
      expect(codeOf([one, one])).to.equal("proven");
      expect(codeOf([one, one, one])).to.equal("SOURCE_DIFFERS");
      expect(codeOf([["1", "y"]])).to.equal("SOURCE_DIFFERS");
      expect(codeOf([["3", "z"]])).to.equal("SOURCE_DIFFERS");
      tree.close();
    });
  });

  describe("is made", () => {
    const csv = (rows: number) => {
      const line = (at: number) => `${at},${hash("sha256", String(at)).slice(0, 9)}\n`;
      return `id,name\n${Array.from({ length: rows }, (_, at) => line(at)).join("")}`;
    };

    it("once for the same file: with another key it would be another release", async () => {
      const file = join(dir, "list.csv");
      await writeFile(file, csv(100));
      const first = await makeCsvRelease(file);
      expect(await makeCsvRelease(file)).to.deep.equal(first);
      await appendFile(file, "100,x\n");
      const second = await makeCsvRelease(file);
      expect(second.release.rowRoot).not.to.equal(first.release.rowRoot);
      expect(await readdir(dir)).to.have.length(3);
    });

    it("with a key of its own that only its owner reads, so that the same rows have another root", async () => {
      const [one, other] = [join(dir, "one.csv"), join(dir, "other.csv")];
      await writeFile(one, csv(10));
      await writeFile(other, csv(10));
      const [a, b] = [await makeCsvRelease(one), await makeCsvRelease(other)];
      expect(a.release.root).to.equal(b.release.root);
      expect(a.release.rowRoot).not.to.equal(b.release.rowRoot);
      const { key } = filesIn(a.folder);
      expect((await stat(key)).mode & 0o777).to.equal(0o600);
      expect((await stat(a.folder)).mode & 0o777).to.equal(0o700);
      expect(await readFile(key, "utf8")).to.match(/^[0-9a-f]{64}\n$/);
    });

    it("from where it was interrupted, to the same root, and says how far it is", async () => {
      const rows = RUN_LEAVES + 200_000;
      const file = join(dir, "large.csv");
      await writeFile(file, csv(rows));
      const read = () => readCsv(chunksOf(file));
      const stamp = "large";
      const base = join(dir, "large");
      const stopped = new Error("stopped");
      const interrupted = makeRelease(base, { stamp, read }, (done) => {
        if (done > rows - 1) throw stopped;
      });
      expect(await interrupted.catch((error: unknown) => error)).to.equal(stopped);
      const key = await readFile(filesIn(`${base}.rows-new`).key, "utf8");
      const resumed = new Set<number>();
      const { release, folder } = await makeRelease(base, { stamp, read }, (_, before) => resumed.add(before));
      expect([...resumed]).to.deep.equal([RUN_LEAVES]);
      expect(await readFile(filesIn(folder).key, "utf8")).to.equal(key);
      await rm(folder, { recursive: true });

      const again = join(dir, "again");
      await makeRelease(again, { stamp, read: broken }).catch(() => undefined);
      await writeFile(filesIn(`${again}.rows-new`).key, key);
      expect((await makeRelease(again, { stamp, read })).release).to.deep.equal(release);
    }).timeout(120_000);
  });

  it("has its leaves in order, however many are alike in what they begin with", () => {
    const head = Buffer.alloc(4, 7);
    const leaves = Array.from({ length: 300 }, (_, at) => {
      const leaf = hash("sha256", String(at % 90), "buffer");
      return at % 3 === 0 ? Buffer.concat([head, leaf.subarray(4)]) : leaf;
    });
    expect(sorted(Buffer.concat(leaves))).to.deep.equal(Buffer.concat(leaves.sort(Buffer.compare)));
  });

  it("merges runs that were sorted each", async () => {
    const runs = await SortedRuns.open(join(dir, "runs"));
    const all = Buffer.alloc((2 * RUN_LEAVES + 5) * 32);
    for (let at = 0; at < all.length; at += 32) all.writeUInt32BE(((at / 32) * 2_654_435_761) % 4_000_000, at);
    await runs.add(all);
    const merged: Buffer[] = [];
    for await (const piece of runs.merged()) merged.push(piece);
    await runs.close();
    const heads = (bytes: Buffer) =>
      Uint32Array.from({ length: bytes.length / 32 }, (_, at) => bytes.readUInt32BE(at * 32));
    const [found, expected] = [heads(Buffer.concat(merged)), heads(all).sort()];
    expect(found.length).to.equal(expected.length);
    expect(found.every((each, at) => each === expected[at])).to.equal(true);
  }).timeout(60_000);
});

async function* batches(fields: string[], rows: Row[]) {
  const columns = fields.map((_, at) => Buffer.from(rows.map((row) => cellLine(row[at] ?? null)).join("")));
  yield { fields, rows: rows.length, columns };
}

/** A source that breaks before its first row. */
async function* broken() {
  yield* [];
  throw new Error("broken");
}

async function* chunksOf(file: string) {
  const bytes = await readFile(file);
  for (let at = 0; at < bytes.length; at += 512 * 1024) yield bytes.subarray(at, at + 512 * 1024);
}
