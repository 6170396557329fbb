import { LogError } from "@wanlian/client/core/log-error.js";
import { encodeBundle } from "@wanlian/client/log/entry-bundle.js";
import { sameTree, TreeReader } from "@wanlian/client/log/reader.js";
import { TreeTail } from "@wanlian/client/log/tail.js";
import { EMPTY_TREE, type TreeHead } from "@wanlian/model/checkpoint.js";
import { leafHash, verifyConsistency, verifyInclusion } from "@wanlian/model/merkle.js";
import { verifyRange } from "@wanlian/model/merkle-range.js";
import { expect } from "chai";

const SIZE = 600;
const entryOf = (index: number): Buffer => Buffer.from(`record ${index}`);

/** A log in memory, with the heads that it had on its way. */
class Files {
  readonly files = new Map<string, Uint8Array>();
  readonly heads: TreeHead[] = [EMPTY_TREE];
  /** Paths asked for, in order. */
  readonly asked: string[] = [];

  constructor(size = SIZE) {
    const tail = TreeTail.empty();
    for (let at = 0; at < size; at += 1) {
      for (const { path, bytes } of tail.grow([entryOf(at)])) this.files.set(path, bytes);
      this.heads.push({ size: tail.size, root: tail.root() });
      // Whoever published at 300 keeps the edge of then, but for what has become full since.
      const edge = at === 299 ? tail.edge().filter(({ path }) => path.startsWith("tile/1")) : [];
      for (const { path, bytes } of edge) this.files.set(path, bytes);
    }
    for (const { path, bytes } of tail.edge()) this.files.set(path, bytes);
  }

  head(size = SIZE): TreeHead {
    return this.heads[size] ?? expect.fail(`no head of ${size}`);
  }

  reader(size = SIZE, earlier?: TreeReader): TreeReader {
    const fetch = async (path: string) => {
      this.asked.push(path);
      return this.files.get(path);
    };
    return new TreeReader(fetch, this.head(size), earlier);
  }
}

async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "given";
  } catch (error) {
    if (error instanceof LogError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

describe("a reader of a log", () => {
  let log: Files;
  beforeEach(() => {
    log = new Files();
  });

  const outside: [title: string, ask: (reader: TreeReader) => Promise<unknown>, expected: string][] = [
    ["its first record", (reader) => reader.record(0), "given"],
    ["its last record", (reader) => reader.record(SIZE - 1), "given"],
    ["the record after its last", (reader) => reader.record(SIZE), "NOT_IN_TREE"],
    ["the proof of its last record", (reader) => reader.inclusion(SIZE - 1), "given"],
    ["the proof of the record after", (reader) => reader.inclusion(SIZE), "NOT_IN_TREE"],
    ["the proof of a record before its first", (reader) => reader.inclusion(-1), "NOT_IN_TREE"],
    ["the proof of half a record", (reader) => reader.inclusion(0.5), "NOT_IN_TREE"],
    ["that it extends the empty tree", (reader) => reader.consistency(0), "given"],
    ["that it extends itself", (reader) => reader.consistency(SIZE), "given"],
    ["that it extends a larger tree", (reader) => reader.consistency(SIZE + 1), "NOT_IN_TREE"],
    ["that it extends a tree of less than nothing", (reader) => reader.consistency(-1), "NOT_IN_TREE"],
    ["that it extends a tree of a record and a half", (reader) => reader.consistency(1.5), "NOT_IN_TREE"],
    ["the range of all", (reader) => reader.range({ start: 0, end: SIZE }), "given"],
    ["the range of its last", (reader) => reader.range({ start: SIZE - 1, end: SIZE }), "given"],
    ["a range beyond its end", (reader) => reader.range({ start: SIZE - 1, end: SIZE + 1 }), "NOT_IN_TREE"],
    ["a range before its beginning", (reader) => reader.range({ start: -1, end: 2 }), "NOT_IN_TREE"],
    ["the root of nothing", (reader) => reader.rootOf(0), "given"],
    ["its own root", (reader) => reader.root(), "given"],
    ["the root of a larger tree", (reader) => reader.rootOf(SIZE + 1), "NOT_IN_TREE"],
  ];
  for (const [title, ask, expected] of outside) {
    it(`asked for ${title}: ${expected}`, async () => expect(await outcome(ask(log.reader()))).to.include(expected));
  }

  it("proves places, ranges and growth, at the borders of tiles too", async () => {
    const reader = log.reader();
    const head = log.head();
    for (const index of [0, 1, 255, 256, 511, 512, SIZE - 1]) {
      const claim = { index, leaf: leafHash(entryOf(index)), proof: await reader.inclusion(index), ...head };
      expect(verifyInclusion(claim), `record ${index}`).to.equal(true);
    }
    for (const [start, end] of [
      [0, 1],
      [200, 300],
      [256, 512],
      [511, SIZE],
    ] as const) {
      const leaves = Array.from({ length: end - start }, (_, at) => leafHash(entryOf(start + at)));
      expect(verifyRange({ start, leaves, proof: await reader.range({ start, end }), ...head })).to.equal(true);
    }
    for (const size of [1, 255, 256, 257, 599]) {
      const old = log.head(size);
      expect(Buffer.from(await reader.rootOf(size)), `root of ${size}`).to.deep.equal(Buffer.from(old.root));
      const claim = { oldSize: size, oldRoot: old.root, ...head, proof: await reader.consistency(size) };
      expect(verifyConsistency(claim), `growth from ${size}`).to.equal(true);
    }
    expect(Buffer.from(await reader.root())).to.deep.equal(Buffer.from(head.root));
  });

  it("reads records in order, from within a bundle into the next", async () => {
    for (const [from, to] of [
      [0, SIZE],
      [250, 260],
      [255, 256],
      [256, 257],
      [590, SIZE],
      [7, 7],
    ] as const) {
      const read: string[] = [];
      for await (const entry of log.reader().records(from, to)) read.push(Buffer.from(entry).toString());
      const wanted = Array.from({ length: to - from }, (_, at) => entryOf(from + at).toString());
      expect(read, `${from} to ${to}`).to.deep.equal(wanted);
    }
  });

  it("finds what an earlier checkpoint needs in tiles that have become full since", async () => {
    const reader = log.reader(300);
    expect(Buffer.from(await reader.record(299)).toString()).to.equal("record 299");
    expect(await outcome(reader.record(300)), "which has more").to.include("NOT_IN_TREE");
    const read: string[] = [];
    for await (const entry of reader.records(298, 300)) read.push(Buffer.from(entry).toString());
    expect(read).to.deep.equal(["record 298", "record 299"]);
  });

  it("keeps a tile that it has opened, for itself and for who reads after it, and none that was missing", async () => {
    const reader = log.reader();
    await Promise.all([reader.inclusion(1), reader.inclusion(2)]);
    const asked = log.asked.length;
    expect(new Set(log.asked).size, "each once").to.equal(asked);
    await reader.inclusion(3);
    await log.reader(SIZE, reader).inclusion(4);
    expect(log.asked).to.have.length(asked);
    const away = log.files.get("tile/0/001") ?? expect.fail("no such tile");
    log.files.delete("tile/0/001");
    const late = log.reader();
    expect(await outcome(late.inclusion(300))).to.include("LOG_DAMAGED");
    log.files.set("tile/0/001", away);
    expect(await outcome(late.inclusion(300))).to.equal("given");
  });

  const damages: [
    title: string,
    path: string,
    change: (bytes: Uint8Array) => Uint8Array | undefined,
    index: number,
    expected: string,
  ][] = [
    ["a bundle that is gone", "tile/entries/000", () => undefined, 3, "tile/entries/000: missing"],
    ["a bundle with too few", "tile/entries/000", () => encodeBundle([entryOf(0)]), 3, "record 3: not in its bundle"],
    ["a bundle with too few, at one that it has", "tile/entries/000", () => encodeBundle([entryOf(0)]), 0, "given"],
    [
      "another record",
      "tile/entries/000",
      () => encodeBundle([entryOf(1)]),
      0,
      "record 0: not in the tree of size 600",
    ],
    ["a tile that is gone", "tile/0/000", () => undefined, 3, "tile/0/000: missing"],
    ["a tile cut short", "tile/0/000", (bytes) => bytes.subarray(32), 3, "bytes instead of"],
    ["a tile with a byte more", "tile/0/000", (bytes) => Buffer.concat([bytes, Buffer.of(0)]), 3, "bytes instead of"],
    ["an edge that is gone", "tile/0/002.p/88", () => undefined, 3, "tile/0/002.p/88: missing"],
  ];
  for (const [title, path, change, index, expected] of damages) {
    it(`gives no record by ${title}, unless it can prove it`, async () => {
      const changed = change(log.files.get(path) ?? expect.fail(`no ${path}`));
      if (changed === undefined) log.files.delete(path);
      else log.files.set(path, changed);
      const said = await outcome(log.reader().record(index));
      expect(said).to.include(expected);
      if (expected !== "given") expect(said).to.include("LOG_DAMAGED");
    });
  }

  it("takes two heads for one tree by size and root", () => {
    const [one, other] = [log.head(3), log.head(4)];
    expect(sameTree(one, { ...one, root: Uint8Array.from(one.root) })).to.equal(true);
    expect(sameTree(one, { ...one, size: 4 })).to.equal(false);
    expect(sameTree(one, { ...one, root: other.root })).to.equal(false);
  });
});
