import { generateKeyPairSync } from "node:crypto";
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Anchor } from "@wanlian/client/read/ledger-reader.js";
import { checkOwnLog, compareWithLedger, type OwnLogOnLedger } from "@wanlian/client/running/fsck/check-log.js";
import { checkNode } from "@wanlian/client/running/fsck/check-node.js";
import { describeFault, type Fault } from "@wanlian/client/running/fsck/fault.js";
import { otherSides } from "@wanlian/client/running/fsck/other-sides.js";
import { DepartmentConnections } from "@wanlian/client/transport/connections.js";
import { DepartmentTls } from "@wanlian/client/transport/department-tls.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { GrowingTree } from "@wanlian/model/merkle.js";
import { formatVerifierKey } from "@wanlian/model/note.js";
import { expect } from "chai";
import {
  CHANNEL_NAME,
  CONSUMER,
  type ExchangeWorld,
  makeExchangeWorld,
  PROVIDER,
  type Side,
} from "../exchange/exchange-world.js";

/** As that department's node has them. */
function connectionsOf({ exchange }: Side): DepartmentConnections {
  const { bundle, tls, addresses } = exchange.options;
  return new DepartmentConnections(new DepartmentTls(bundle), tls, addresses);
}

describe("what a stopped node keeps, checked", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  let dir: string;
  let db: ExchangeWorld["provider"]["exchange"]["options"]["db"];
  let umask: number;
  before(async () => {
    // As a machine comes: what is closed must not be so by its administrator's care alone.
    umask = process.umask(0o022);
    world = await makeExchangeWorld();
    grant = await world.grant(["code", "name"]);
    for (let i = 0; i < 3; i += 1) {
      await world.consumer.exchange.consumer.access(
        world.officer.signer,
        world.ask(grant, { subject: { code: "0371" } }),
      );
    }
    await world.consumer.exchange.receipts.settled();
    ({ dir, db } = world.provider.exchange.options);
    await writeFile(join(dir, "log-key.pem"), world.provider.handover.logKey, { mode: 0o600 });
    await world.provider.exchange.close();
  });
  after(async () => {
    process.umask(umask);
    await world.provider.reopen();
    await world.remove();
  });

  const check = (mend: "look" | "mend" = "look") =>
    checkNode({ department: PROVIDER, channel: CHANNEL_NAME, dir, db }, mend);
  const briefly = (faults: readonly Fault[]) =>
    faults.map(({ part, code, repaired }) => `${part} ${code}${repaired ? " mended" : ""}`);
  const kinds = async (mend?: "mend") => [...new Set(briefly(await check(mend)))].sort();

  const flip = async (file: string, at: number) => {
    const bytes = await readFile(join(dir, file));
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    await writeFile(join(dir, file), bytes);
  };
  const certificate = async () =>
    `certificates/${(await readdir(join(dir, "certificates"))).find((name) => name.endsWith(".pem"))}`;

  const emptyJournal = async () => {
    const journal = join(dir, "log/journal");
    for (const name of await readdir(journal)) await rm(join(journal, name));
  };

  it("is well where nothing happened", async () => {
    expect(await check()).to.deep.equal([]);
    expect(await check("mend")).to.deep.equal([]);
  });

  /** What is done, what is found, what is found after mending. */
  const damages: [string, () => Promise<void>, string[], string[]][] = [
    ["a bit of a record that the journal has", () => flip("log/tile/entries/000.p/3", 40), ["log CHANGED"], []],
    [
      "a bit of a record that nothing else has",
      async () => {
        await flip("log/tile/entries/000.p/3", 40);
        await emptyJournal();
      },
      ["log CHANGED"],
      ["log CHANGED"],
    ],
    [
      "a bundle that is gone",
      () => rename(join(dir, "log/tile/entries/000.p/3"), join(dir, "away")),
      ["log CHANGED", "log MISSING"],
      [],
    ],
    [
      "a bundle that is there and cannot be read",
      async () => {
        const bundle = join(dir, "log/tile/entries/000.p/3");
        await rename(bundle, join(dir, "away"));
        await mkdir(bundle);
      },
      ["log NOT_COMPARED"],
      ["log NOT_COMPARED"],
    ],
    ["a bit of a hash tile", () => flip("log/tile/0/000.p/3", 40), ["log CHANGED"], []],
    ["a hash tile that is gone", () => rm(join(dir, "log/tile/0/000.p/3")), ["log CHANGED", "log MISSING"], []],
    [
      "a bit of the checkpoint's signature",
      async () => flip("log/checkpoint", (await readFile(join(dir, "log/checkpoint"))).length - 9),
      ["log NOT_SIGNED"],
      ["log NOT_SIGNED"],
    ],
    [
      "a file that is nobody's",
      () => writeFile(join(dir, "log/tile/0/notes.txt"), ""),
      ["log MISNAMED"],
      ["log MISNAMED"],
    ],
    [
      "a bit of the journal",
      async () => flip(`log/journal/${(await readdir(join(dir, "log/journal")))[0]}`, 70),
      ["log CHANGED"],
      ["log CHANGED"],
    ],
    ["a bit of a receipt", () => flip("keys", 192 + 34), ["vault CHANGED"], ["vault CHANGED"]],
    ["a receipt's certificate changed to none", () => flip("keys", 192 + 130), ["vault MISSING"], ["vault MISSING"]],
    [
      "keys of records that never were",
      () => appendFile(join(dir, "keys"), Buffer.alloc(192, 1)),
      ["vault TOO_LONG"],
      [],
    ],
    ["keys that are gone", () => rename(join(dir, "keys"), join(dir, "away")), ["vault MISSING"], ["vault MISSING"]],
    [
      "a certificate that is another",
      async () => flip(await certificate(), 40),
      ["certificates CHANGED"],
      ["certificates CHANGED"],
    ],
    [
      "a row of the index",
      async () =>
        void (await db.updateTable("local.accesses").set({ row_count: 9 }).where("position", "=", 1).execute()),
      ["index OUT_OF_STEP"],
      [],
    ],
    [
      "a row of the index that is gone",
      async () => void (await db.deleteFrom("local.accesses").where("position", "=", 0).execute()),
      ["index OUT_OF_STEP"],
      [],
    ],
  ];
  for (const [what, damage, found, left] of damages) {
    it(`finds ${what}`, async () => {
      const saved = await mkdtemp(join(tmpdir(), "wanlian-fsck-"));
      const rows = await db.selectFrom("local.accesses").selectAll().execute();
      await cp(dir, saved, { recursive: true });
      try {
        await damage();
        const seen = await kinds();
        expect(seen.filter((one) => found.includes(one))).to.deep.equal([...found].sort());
        expect(await kinds(), "to look changes nothing").to.deep.equal(seen);
        await check("mend");
        expect((await kinds()).filter((one) => found.includes(one) || left.length === 0)).to.deep.equal(
          [...left].sort(),
        );
      } finally {
        await rm(dir, { recursive: true });
        await cp(saved, dir, { recursive: true });
        await rm(saved, { recursive: true });
        await db.deleteFrom("local.accesses").execute();
        await db.insertInto("local.accesses").values(rows).execute();
      }
    });
  }

  describe("fetches from the other side", () => {
    let saved: string;
    let connections: DepartmentConnections;
    before(() => {
      connections = connectionsOf(world.provider);
    });
    after(() => connections.close());
    beforeEach(async () => {
      saved = await mkdtemp(join(tmpdir(), "wanlian-fsck-"));
      await cp(dir, saved, { recursive: true });
    });
    afterEach(async () => {
      await rm(dir, { recursive: true });
      await cp(saved, dir, { recursive: true });
      await rm(saved, { recursive: true });
    });
    const failed: string[] = [];
    const others = (change: (path: string, answer: unknown) => unknown = (_, answer) => answer) => {
      const json: typeof connections.json = async (to, path, ...rest) =>
        change(path, await connections.json(to, path, ...rest));
      return otherSides({ departments: ["NobodyMSP", CONSUMER], json }, (department) => failed.push(department));
    };
    const mend = (change?: (path: string, answer: unknown) => unknown) =>
      checkNode({ department: PROVIDER, channel: CHANNEL_NAME, dir, db }, "mend", others(change));
    const loseAll = async () => {
      await rm(join(dir, "log/tile/entries"), { recursive: true });
      await emptyJournal();
      const keys = await readFile(join(dir, "keys"));
      for (const at of [0, 2]) keys.fill(0, at * 192, at * 192 + 32);
      await writeFile(join(dir, "keys"), keys);
    };

    it("records, each the very one that the hash tiles name, and keys", async () => {
      await loseAll();
      expect((await mend()).filter(({ repaired }) => !repaired)).to.deep.equal([]);
      expect(failed, "one that cannot be reached holds up nobody").to.include("NobodyMSP");
      expect(await check()).to.deep.equal([]);
      expect((await readFile(join(dir, "keys"))).equals(await readFile(join(saved, "keys")))).to.equal(true);
      const bundle = "log/tile/entries/000.p/3";
      expect((await readFile(join(dir, bundle))).equals(await readFile(join(saved, bundle)))).to.equal(true);
    });

    it("certificates, by their own digests", async () => {
      for (const name of await readdir(join(dir, "certificates"))) await rm(join(dir, "certificates", name));
      expect(await kinds()).to.deep.equal(["certificates MISSING", "vault MISSING"]);
      expect((await mend()).filter(({ repaired }) => !repaired)).to.deep.equal([]);
      expect(await check()).to.deep.equal([]);
    });

    it("and leaves everything the node's own alone, as the node does", async () => {
      const openToOthers = async () => {
        const names = await readdir(dir, { recursive: true });
        const modes = await Promise.all(names.map(async (name) => (await stat(join(dir, name))).mode & 0o077));
        return names.filter((_, at) => modes[at] !== 0);
      };
      expect(await openToOthers(), "as the node left it").to.deep.equal([]);
      await loseAll();
      await rm(join(dir, "certificates"), { recursive: true });
      expect((await mend()).filter(({ repaired }) => !repaired)).to.deep.equal([]);
      expect(await readdir(join(dir, "log/tile/entries/000.p"))).to.not.deep.equal([]);
      expect(await openToOthers(), "and who mends it").to.deep.equal([]);
    });

    it("and takes nothing else in their place", async () => {
      await loseAll();
      const other = (_: string, answer: unknown) => {
        const { records } = answer as { records: { record: string; entry: string }[] };
        return { records: records.map((one, at) => ({ ...one, entry: records[(at + 1) % records.length]?.entry })) };
      };
      expect((await mend(other)).filter(({ repaired }) => repaired)).to.deep.equal([]);
      expect(await kinds()).to.include("log MISSING");
    });

    it("in spite of a department that answers everything first, and wrongly", async () => {
      await loseAll();
      for (const name of await readdir(join(dir, "certificates"))) await rm(join(dir, "certificates", name));
      // It may have the very entry, from an audit; the key is a party's to know.
      const liar: typeof connections.json = async (to, path, body, ...rest) => {
        const { certificates = [] } = body as { certificates?: string[] };
        if (to === "LiarMSP" && path === "/audit/v1/certificates")
          return { certificates: Object.fromEntries(certificates.map((id) => [id, "no certificate"])) };
        const answer = await connections.json(to === "LiarMSP" ? CONSUMER : to, path, body, ...rest);
        if (to !== "LiarMSP") return answer;
        const { records } = answer as { records: object[] };
        return { records: records.map((one) => ({ ...one, key: "6".repeat(64) })) };
      };
      const asked = otherSides({ departments: ["LiarMSP", CONSUMER], json: liar }, (department) =>
        failed.push(department),
      );
      const found = await checkNode({ department: PROVIDER, channel: CHANNEL_NAME, dir, db }, "mend", asked);
      expect(found.filter(({ repaired }) => !repaired)).to.deep.equal([]);
      expect((await readFile(join(dir, "keys"))).equals(await readFile(join(saved, "keys")))).to.equal(true);
    });

    it("and gives a department nothing of others' accesses", async () => {
      const { index } = world.consumer.exchange;
      const [row] = await index.find({}, { limit: 1 });
      const asked = { records: [row?.id] };
      const bureau = connectionsOf(world.bureau);
      const answers = await Promise.all(
        [connections, bureau].map((asking) => asking.json(CONSUMER, "/exchange/v1/kept", asked)),
      );
      bureau.close();
      const counts = (answers as { records: unknown[] }[]).map(({ records }) => records.length);
      expect(counts, "a party, and nobody").to.deep.equal([1, 0]);
    });
  });

  it("compares the log with each of its anchors, and its key with the ledger's", async () => {
    const key = world.provider.exchange.options.logSigner.key;
    const { report, faults } = await checkOwnLog(join(dir, "log"), key, "look");
    expect(faults).to.deep.equal([]);
    const tree = new GrowingTree();
    const leaves = await report.records?.ofBundle(0);
    const anchors = [1, 2, 3].map((size) => {
      tree.append(leaves?.subarray((size - 1) * 32, size * 32) as Buffer);
      const root = Buffer.from(tree.root()).toString("hex");
      return { department: PROVIDER, size, root, blocks: 1, block: size, time: "", transactionId: `t${size}` };
    });
    const own = formatVerifierKey(key);
    const compare = async (ledger: Partial<OwnLogOnLedger>) => {
      const faults = await compareWithLedger(report, key, { department: PROVIDER, key: own, anchors, ...ledger });
      return faults.map(({ code, where }) => `${code} ${where}`);
    };
    expect(await compare({})).to.deep.equal([]);
    expect(await compare({ key: undefined, anchors: [] }), "before it was opened there").to.deep.equal([]);
    expect(await compare({ key: `${own.slice(0, -4)}AAAA` })).to.deep.equal(["OTHER_KEY log-key.pem"]);
    const [one, two, three] = anchors as [Anchor, Anchor, Anchor];
    expect(await compare({ anchors: [one, { ...two, root: one.root }, three] })).to.deep.equal(["NOT_ANCHORED_SO t2"]);
    expect(await compare({ anchors: [{ ...three, size: 4, transactionId: "t4" }] })).to.deep.equal([
      "NOT_ANCHORED_SO t4",
    ]);
  });

  it("says that the log's key is gone, and that another is not the log's", async () => {
    const key = join(dir, "log-key.pem");
    const own = await readFile(key);
    await rm(key);
    expect(briefly(await check())).to.deep.equal(["log MISSING"]);
    const another = generateKeyPairSync("ed25519").privateKey.export({ format: "pem", type: "pkcs8" });
    await writeFile(key, another, { mode: 0o600 });
    expect(briefly(await check())[0]).to.equal("log NOT_SIGNED");
    await writeFile(key, own);
    expect(await check()).to.deep.equal([]);
  });

  it("says so in both languages", () => {
    const { zh, en } = describeFault({
      part: "index",
      code: "OUT_OF_STEP",
      where: "record 7",
      what: "a row",
      repaired: true,
    });
    expect(zh).to.equal("调用索引 record 7：与来源不符；请重建（已修复）");
    expect(en).to.equal("index of accesses record 7: not what it was made from; have it made anew (mended) [a row]");
  });
});
