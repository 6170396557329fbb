import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeError } from "@wanlian/client/core/node-error.js";
import {
  type LogDifference,
  LogWitness,
  type LogWitnessParts,
  parseSeenLogs,
} from "@wanlian/client/ledger-tree/log-witness.js";
import { TreeTail } from "@wanlian/client/log/tail.js";
import { EMPTY_TREE, formatCheckpoint, signCheckpoint, type TreeHead } from "@wanlian/model/checkpoint.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { formatVerifierKey, noteSigner, signNote } from "@wanlian/model/note.js";
import { expect } from "chai";

const DISHONEST = "CivilMSP" as MspId;
const [ONE, OTHER] = ["PoliceMSP", "HealthMSP"] as [MspId, MspId];
const signer = noteSigner("test/log", generateKeyPairSync("ed25519").privateKey);
const key = formatVerifierKey(signer.key);

/** A log as a node shows it: what was appended, signed with the one key. */
class ShownLog {
  readonly #tail = TreeTail.empty();
  readonly files = new Map<string, Uint8Array>();
  readonly heads: TreeHead[] = [EMPTY_TREE];

  append(...entries: string[]): this {
    for (const entry of entries) {
      const files = [...this.#tail.grow([Buffer.from(entry)]), ...this.#tail.edge()];
      for (const { path, bytes } of files) this.files.set(path, bytes);
      this.heads.push({ size: this.#tail.size, root: this.#tail.root() });
    }
    return this;
  }

  head(size: number): TreeHead {
    return this.heads[size] as TreeHead;
  }

  note(size = this.#tail.size): string {
    return signCheckpoint(this.head(size), signer);
  }
}

describe("witness of the departments' logs", () => {
  let dir: string;
  const found: string[] = [];
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-witness-"));
    found.length = 0;
  });
  afterEach(() => rm(dir, { recursive: true }));

  const honest = () => new ShownLog().append("a", "b", "c", "d", "e");
  const forked = () => new ShownLog().append("a", "b", "x", "d", "e", "f");

  /** @param shown of the dishonest department's log: what it signs last, and the files that it gives */
  const witness = (
    more: Partial<LogWitnessParts> & { readonly anchored?: TreeHead; readonly file?: string },
    shown: { readonly log: ShownLog; readonly note: string } | undefined,
  ) =>
    LogWitness.open({
      department: ONE,
      logs: async () => [
        { department: DISHONEST, keys: [key], head: more.anchored ?? EMPTY_TREE, former: [] },
        { department: OTHER, keys: [key], head: EMPTY_TREE, former: [] },
      ],
      get: async (department, path) => {
        if (department !== DISHONEST || shown === undefined) throw new NodeError("LEDGER_UNAVAILABLE", "away");
        return path === "checkpoint" ? Buffer.from(shown.note) : shown.log.files.get(path);
      },
      report: (difference: LogDifference) => found.push(`${difference.kind} ${difference.department}`),
      ...more,
      file: join(dir, more.file ?? "witness.json"),
    });

  it("finds nothing where a log grows, whatever checkpoint of it is shown", async () => {
    const log = honest();
    const seen = await witness({ anchored: log.head(3) }, { log, note: log.note() });
    const about = { department: DISHONEST, keys: [key], head: log.head(3), former: [] };
    for (const size of [2, 4, 3, 5, 1, 5]) await seen.saw(about, log.note(size));
    await seen.look();
    expect(found).to.deep.equal([]);
    expect(seen.seen.seen).to.deep.equal({ [DISHONEST]: log.note(5) });
  });

  it("hands on what a node says that consumers owe it, and that it says nothing any more", async () => {
    const log = honest();
    const told: unknown[] = [];
    let awaited: object[] = [{ consumer: OTHER, records: 2, oldest: "2026-03-02T01:00:00Z" }];
    const seen = await witness(
      {
        get: async (_, path) =>
          path === "seen"
            ? Buffer.from(JSON.stringify({ seen: {}, differences: [], awaited }))
            : Buffer.from(log.note()),
        told: (provider, words) => told.push([provider, words]),
      },
      { log, note: log.note() },
    );
    await seen.look();
    expect(told).to.deep.include([DISHONEST, awaited]);
    awaited = [{ consumer: "no department", records: 0 }];
    await seen.look();
    expect(told.slice(2), "another form says nothing").to.deep.include([DISHONEST, []]);
  });

  const forks: [string, (log: ShownLog, fork: ShownLog) => readonly [string, string]][] = [
    ["of one size", (log, fork) => [log.note(5), fork.note(5)]],
    ["of which the second is larger", (log, fork) => [log.note(3), fork.note(6)]],
    ["of which the second is smaller", (log, fork) => [log.note(5), fork.note(3)]],
  ];
  for (const [what, notes] of forks) {
    it(`finds two logs ${what}, whichever of them is shown`, async () => {
      const [log, fork] = [honest(), forked()];
      for (const shown of [log, fork]) {
        found.length = 0;
        const seen = await witness({ file: String(found.length) }, { log: shown, note: shown.note() });
        const about = { department: DISHONEST, keys: [key], head: EMPTY_TREE, former: [] };
        for (const note of notes(log, fork)) await seen.saw(about, note);
        expect(found).to.deep.equal([`TWO_LOGS ${DISHONEST}`]);
      }
    });
  }

  it("takes no fork where it begins after what both have", async () => {
    const [log, fork] = [honest(), forked()];
    const seen = await witness({}, { log: fork, note: fork.note() });
    const about = { department: DISHONEST, keys: [key], head: EMPTY_TREE, former: [] };
    await seen.saw(about, log.note(2));
    await seen.saw(about, fork.note(6));
    expect(found).to.deep.equal([]);
  });

  it("finds a log that is not the one anchored", async () => {
    const [log, fork] = [honest(), forked()];
    for (const anchored of [log.head(3), log.head(5)]) {
      found.length = 0;
      await (await witness({ anchored, file: String(anchored.size) }, { log: fork, note: fork.note() })).look();
      expect(found).to.deep.equal([`LOG_REWRITTEN ${DISHONEST}`]);
    }
  });

  it("takes tiles that do not bear out what was signed for no excuse, and silence for no proof", async () => {
    const [log, fork] = [honest(), forked()];
    const about = { department: DISHONEST, keys: [key], head: EMPTY_TREE, former: [] };
    const away = await witness({ file: "away" }, undefined);
    await away.saw(about, log.note(3));
    await away.saw(about, fork.note(6));
    expect(found).to.deep.equal([]);
    const empty = new ShownLog();
    const nothing = await witness({ file: "nothing" }, { log: empty, note: fork.note() });
    await nothing.saw(about, log.note(3));
    await nothing.saw(about, fork.note(6));
    expect(found).to.deep.equal([`TWO_LOGS ${DISHONEST}`]);
  });

  it("believes no checkpoint that the log's own key did not sign", async () => {
    const [log, fork] = [honest(), forked()];
    const forger = noteSigner("test/log", generateKeyPairSync("ed25519").privateKey);
    const seen = await witness({}, { log, note: log.note() });
    const about = { department: DISHONEST, keys: [key], head: EMPTY_TREE, former: [] };
    await seen.saw(about, log.note(5));
    await seen.saw(about, signCheckpoint(fork.head(5), forger));
    await seen.saw(about, "nonsense");
    expect(found).to.deep.equal([]);
  });

  it("learns of it from another node's word, which it checks, and knows it after a restart", async () => {
    const [log, fork] = [honest(), forked()];
    const about = { department: DISHONEST, keys: [key], head: EMPTY_TREE, former: [] };
    const other = await witness({ department: OTHER, file: "other" }, { log: fork, note: fork.note() });
    await other.saw(about, fork.note(5));
    const told = async (department: MspId, path: string) => {
      if (department === OTHER) return path === "seen" ? Buffer.from(JSON.stringify(other.seen)) : undefined;
      return path === "checkpoint" ? Buffer.from(log.note(5)) : log.files.get(path);
    };
    const one = await witness({ get: told }, undefined);
    await one.look();
    expect(found).to.deep.equal([`TWO_LOGS ${DISHONEST}`]);
    found.length = 0;
    const again = await witness({ get: told }, undefined);
    expect(found, "kept").to.deep.equal([`TWO_LOGS ${DISHONEST}`]);
    expect(again.seen.differences).to.have.lengthOf(1);
    found.length = 0;
    const third = await witness(
      {
        department: "BureauMSP" as MspId,
        file: "third",
        get: async (department, path) =>
          department === OTHER && path === "seen" ? Buffer.from(JSON.stringify(again.seen)) : undefined,
      },
      undefined,
    );
    await third.look();
    expect(found, "by both notes alone").to.deep.equal([`TWO_LOGS ${DISHONEST}`]);
  });

  describe("of a department that takes another key or begins another log", () => {
    const another = noteSigner("test/log/2", generateKeyPairSync("ed25519").privateKey);
    const [newKey, renewed] = [
      formatVerifierKey(another.key),
      noteSigner("test/log", generateKeyPairSync("ed25519").privateKey),
    ];
    const before = { department: DISHONEST, keys: [key], head: EMPTY_TREE, former: [] };
    /** As the ledger has it once it has begun anew, its log ended where it was anchored. */
    const anew = (head: TreeHead = EMPTY_TREE) => ({
      ...{ department: DISHONEST, keys: [newKey], head: EMPTY_TREE },
      former: [{ keys: [key], head }],
    });
    const own = signCheckpoint(honest().head(2), another);

    it("finds the two logs that it had signed before, though nobody had both while they lasted", async () => {
      for (const isNewSeen of [true, false]) {
        found.length = 0;
        const [log, fork] = [honest(), forked()];
        const seen = await witness({ file: `begun ${isNewSeen}` }, undefined);
        await seen.saw(before, log.note(5));
        if (isNewSeen) await seen.saw(anew(), own);
        await seen.saw(anew(), fork.note(5));
        expect(found).to.deep.equal([`TWO_LOGS ${DISHONEST}`]);
      }
    });

    it("hands on what it saw of the ended one, over a restart too, so that another finds out", async () => {
      const one = await witness({ department: OTHER, file: "one", logs: async () => [] }, undefined);
      await one.saw(before, honest().note(5));
      await one.saw(anew(), own);
      await one.look();
      const again = await witness({ department: OTHER, file: "one" }, undefined);
      expect(again.seen.ended).to.deep.equal([{ department: DISHONEST, note: honest().note(5) }]);
      const get = async (department: MspId, path: string) =>
        department === OTHER && path === "seen" ? Buffer.from(JSON.stringify(again.seen)) : undefined;
      const other = await witness(
        { get, logs: async () => [anew(), { department: OTHER, keys: [key], head: EMPTY_TREE, former: [] }] },
        undefined,
      );
      await other.saw(before, forked().note(5));
      await other.look();
      expect(found).to.deep.equal([`TWO_LOGS ${DISHONEST}`]);
    });

    it("finds an ended log that is not the one it had anchored; and nothing in honest ones, of whatever size", async () => {
      const [log, fork] = [honest(), forked()];
      const seen = await witness({ file: "anchored" }, undefined);
      await seen.saw(anew(log.head(5)), fork.note(5));
      expect(found).to.deep.equal([`LOG_REWRITTEN ${DISHONEST}`]);
      found.length = 0;
      const fair = await witness({ file: "fair" }, undefined);
      for (const size of [3, 5, 4]) await fair.saw(before, log.note(size));
      for (const note of [own, log.note(3), log.note(5)]) await fair.saw(anew(log.head(4)), note);
      expect(found).to.deep.equal([]);
    });

    it("finds two logs by different keys of one", async () => {
      const [log, fork] = [honest(), forked()];
      const seen = await witness({ file: "rotated" }, { log, note: log.note() });
      await seen.saw(before, log.note(5));
      const rotated = { ...before, keys: [formatVerifierKey(renewed.key), key] };
      await seen.saw(rotated, signCheckpoint(fork.head(5), renewed));
      expect(found).to.deep.equal([`TWO_LOGS ${DISHONEST}`]);
    });
  });

  it("tells of a log whose checkpoint others signed too, however many, as of any other", async () => {
    const others = Array.from({ length: 40 }, (_, at) =>
      noteSigner(`other/${at}`, generateKeyPairSync("ed25519").privateKey),
    );
    const signed = signNote(formatCheckpoint({ origin: "test/log", ...honest().head(5) }), [...others, signer]);
    const about = { department: DISHONEST, keys: [key], head: EMPTY_TREE, former: [] };
    const one = await witness({ file: "one" }, undefined);
    await one.saw(about, signed);
    const told = Buffer.from(JSON.stringify(one.seen));
    expect(parseSeenLogs(told).seen).to.deep.equal({ [DISHONEST]: honest().note(5) });
    const other = await witness({ file: "other" }, undefined);
    await other.saw(about, forked().note(5));
    await other.saw(about, signed);
    expect(parseSeenLogs(Buffer.from(JSON.stringify(other.seen))).differences).to.have.lengthOf(1);
  });

  it("tells of a checkpoint under the log's own signature alone, though another key signed it in its name first", async () => {
    const namesake = noteSigner("test/log", generateKeyPairSync("ed25519").privateKey);
    const text = formatCheckpoint({ origin: "test/log", ...honest().head(5) });
    const one = await witness({}, undefined);
    const about = { department: DISHONEST, keys: [key], head: EMPTY_TREE, former: [] };
    await one.saw(about, signNote(text, [namesake, signer]));
    expect(one.seen.seen).to.deep.equal({ [DISHONEST]: honest().note(5) });
  });

  it("reads of others whatever form it can have, and nothing else", () => {
    const difference = { kind: "LOG_REWRITTEN", department: DISHONEST, note: "one", anchored: 0 };
    const read = (told: object) => parseSeenLogs(Buffer.from(JSON.stringify({ seen: {}, ...told }))).differences;
    expect(read({ differences: [difference] })).to.deep.equal([difference]);
    for (const other of [{ anchored: -1 }, { anchored: 0.5 }, { note: "" }, { note: "x".repeat(2049) }, { more: 1 }])
      expect(read({ differences: [{ ...difference, ...other }] }), JSON.stringify(other).slice(0, 40)).to.deep.equal(
        [],
      );
    expect(read({ differences: [{ ...difference, note: "x".repeat(2048) }] })).to.have.length(1);
  });

  it("tells of the last logs that have ended, where there are more than can be told", async () => {
    const one = await witness({}, undefined);
    for (let at = 0; at <= 1000; at += 1) {
      const ended = noteSigner(`test/log/${at}`, generateKeyPairSync("ed25519").privateKey);
      const former = [{ keys: [formatVerifierKey(ended.key)], head: EMPTY_TREE }];
      const about = { department: DISHONEST, keys: [key], head: EMPTY_TREE, former };
      await one.saw(about, signCheckpoint(honest().head(5), ended));
    }
    const { ended = [] } = parseSeenLogs(Buffer.from(JSON.stringify(one.seen)));
    expect(ended).to.have.lengthOf(1000);
    expect(ended.at(-1)?.note).to.match(/^test\/log\/1000\n/);
  });

  it("is not taken in by a difference that is none, nor stopped by nonsense", async () => {
    const log = honest();
    const made = { kind: "TWO_LOGS", department: DISHONEST, notes: [log.note(5), log.note(5)] };
    for (const told of [
      JSON.stringify({ seen: {}, differences: [made] }),
      "{}",
      "not JSON",
      JSON.stringify({ seen: { x: 1 }, differences: [] }),
      JSON.stringify({ seen: { "no id of a department": 1 }, differences: [] }),
    ]) {
      const get = async (department: MspId, path: string) => {
        if (department === OTHER) return path === "seen" ? Buffer.from(told) : undefined;
        return path === "checkpoint" ? Buffer.from(log.note(5)) : log.files.get(path);
      };
      await (await witness({ get }, undefined)).look();
    }
    expect(found).to.deep.equal([]);
  });
});
