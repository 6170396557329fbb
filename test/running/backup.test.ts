import { existsSync } from "node:fs";
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExchangeError } from "@wanlian/client/core/index.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { damageOf } from "@wanlian/client/projection/database/sqlite.js";
import { backUp } from "@wanlian/client/running/backup/backup.js";
import { copyBetweenTransactions } from "@wanlian/client/running/backup/quiet-copy.js";
import { restore } from "@wanlian/client/running/backup/restore.js";
import { checkNode } from "@wanlian/client/running/fsck/check-node.js";
import { type NodeConfig, readConfig } from "@wanlian/client/running/machine/config.js";
import { claimDataDirectory } from "@wanlian/client/running/machine/data-directory.js";
import { expectAllAnchored, expectAllShown, RESTORED_FILE } from "@wanlian/client/running/restored-log.js";
import { signCheckpoint, type TreeHead } from "@wanlian/model/checkpoint.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { formatVerifierKey } from "@wanlian/model/note.js";
import type { LogRead } from "@wanlian/model/reading.js";
import { expect } from "chai";
import { sql } from "kysely";
import { CHANNEL_NAME, CONSUMER, type ExchangeWorld, makeExchangeWorld, PROVIDER } from "../exchange/exchange-world.js";

/** Bytes that Linux takes, its end included. */
const LONGEST_PATH = 4096;

const refusal = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no refusal",
    (error: unknown) => (error instanceof Error && "code" in error ? `${error.code}: ${error.message}` : String(error)),
  );

describe("a node's backup", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  let home: string;
  let file: string;
  let config: NodeConfig;
  let elsewhere: string;
  before(async () => {
    world = await makeExchangeWorld();
    grant = await world.grant(["code", "name"]);
    for (let i = 0; i < 3; i += 1) await access();
    home = join(world.dir, "home");
    await mkdir(join(home, "officers"), { recursive: true });
    const { handover } = world.provider;
    await writeFile(join(home, "officers", "2001.json"), "sealed");
    await writeFile(join(home, "cert.pem"), handover.node.certificate);
    await writeFile(join(home, "key.pem"), handover.node.privateKey);
    await writeFile(join(world.provider.exchange.options.dir, "log-key.pem"), handover.logKey);
    file = join(home, "node.json");
    await writeFile(file, JSON.stringify(configuration(handover.directory)));
    config = await readConfig(file, {});
    elsewhere = await mkdtemp(join(tmpdir(), "wanlian-elsewhere-"));
  });
  after(async () => {
    await world.remove();
    await rm(elsewhere, { recursive: true });
  });

  const configuration = (dataDir: string) => ({
    ...{ department: PROVIDER, channel: CHANNEL_NAME, chaincode: "wanlian", connector: "gateway" },
    gateway: { address: "127.0.0.1:1", tlsRootCerts: "cert.pem" },
    identity: { cert: "cert.pem", key: "key.pem" },
    ...{ dataDir, listen: "127.0.0.1:1", officers: "officers", voidFile: "void" },
    exchange: { listen: "127.0.0.1:1", tls: { cert: "cert.pem", key: "key.pem" }, addresses: {} },
  });
  const access = async () => {
    const ask = world.ask(grant, { subject: { code: "0371" } });
    await world.consumer.exchange.consumer.access(world.officer.signer, ask);
  };

  /** Restored on another machine: paths of the configuration are relative to it, but for the folder of its data. */
  async function restored(backup: string, name: string) {
    const place = join(elsewhere, name);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, "node.json"), JSON.stringify(configuration("data")));
    const manifest = await restore(backup, join(place, "node.json"), {});
    return { place, manifest, dir: join(place, "data", "exchange") };
  }

  let backup: string;
  it("is taken while the node works, and is whole where it is restored, with everything beside its records", async () => {
    backup = join(elsewhere, "backup");
    const { log } = world.provider.exchange;
    const append = (many: number) => Array.from({ length: many }, () => log.append(Buffer.from("of no kind")));
    await Promise.all(append(300));
    const before = (await log.publish()).size;
    const running = claimDataDirectory(config.dataDir);
    // What is at work: an access, and more records than a tile has, so that tiles are replaced while they are copied.
    const working = Promise.all([access(), ...append(400)]);
    const taken = await backUp(file, config, backup).finally(() => running.release());
    await working;
    expect(taken.log?.size).to.be.within(before, log.size);
    const { place, manifest, dir } = await restored(backup, "first");
    expect(manifest).to.deep.equal(taken);
    expect(await readFile(join(place, "officers", "2001.json"), "utf8")).to.equal("sealed");
    expect(await readFile(join(place, "key.pem"), "utf8")).to.equal(world.provider.handover.node.privateKey);
    const db = await openDatabase({ directory: join(place, "data"), url: undefined });
    const faults = await checkNode({ department: PROVIDER, channel: CHANNEL_NAME, dir, db }, "look").finally(() =>
      db.destroy(),
    );
    expect(faults).to.deep.equal([]);
  });

  it("is only taken where nothing is, and a second time under another name", async () => {
    expect(await refusal(backUp(file, config, backup))).to.match(/^CONFIGURATION: .* is there already/);
    expect((await backUp(file, config, `${backup}-2`)).log?.size).to.equal(world.provider.exchange.log.published.size);
    // Of a node that is stopped, with what a kill left in the log's journal.
    expect(await readdir(join(`${backup}-2`, "exchange", "log")))
      .to.include("journal")
      .and.not.include("lock");
  });

  it("is not restored over anything, nor as another department", async () => {
    const place = join(elsewhere, "taken");
    await mkdir(join(place, "data"), { recursive: true });
    await writeFile(join(place, "data", "something"), "");
    await writeFile(join(place, "node.json"), JSON.stringify(configuration("data")));
    const at = join(place, "node.json");
    expect(await refusal(restore(backup, at, {}))).to.match(/^CONFIGURATION: .*data is not empty/);
    await writeFile(at, JSON.stringify({ ...configuration("data"), department: "OtherMSP" }));
    expect(await refusal(restore(backup, at, {}))).to.match(/^CONFIGURATION: the backup is of CivilMSP .*OtherMSP/);
  });

  it("is refused, with the file's name, where a bit of any of its files was flipped, or one is gone or new", async () => {
    const broken = join(elsewhere, "broken");
    const names = (await readdir(backup, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(backup.length + 1));
    const kinds = [...new Map(names.map((name) => [kindOf(name), name])).entries()];
    expect(kinds.map(([kind]) => kind).sort()).to.deep.equal(KINDS);
    const found: string[] = [];
    for (const [kind, name] of kinds) {
      await cp(backup, broken, { recursive: true });
      const bytes = Buffer.concat([await readFile(join(broken, name)), Buffer.from(" ")]);
      // The list itself says no more what it said, the first name in it.
      const at = name === "backup.json" ? bytes.indexOf('"files"') + 16 : Math.floor(bytes.length / 2);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      await writeFile(join(broken, name), bytes);
      const said = await refusal(restored(broken, "never"));
      if (/^CONFIGURATION: the backup is damaged: /.test(said) && (name === "backup.json" || said.includes(name)))
        found.push(kind);
      await rm(broken, { recursive: true });
    }
    expect(found.sort()).to.deep.equal(KINDS);
    for (const change of [() => rm(join(broken, "node.json")), () => appendFile(join(broken, "more"), "")]) {
      await cp(backup, broken, { recursive: true });
      await change();
      expect(await refusal(restored(broken, "never"))).to.match(/damaged: .*(node\.json is missing|more is not what)/);
      await rm(broken, { recursive: true });
    }
    await cp(backup, broken, { recursive: true });
    await rm(join(broken, "backup.json"));
    expect(await refusal(restored(broken, "never"))).to.match(/it is no backup, or one that broke off/);
  });

  it("has what links stand for, and is refused where a link stands in it", async () => {
    const disk = join(elsewhere, "disk");
    await rename(join(home, "officers"), disk);
    await symlink(disk, join(home, "officers"));
    const log = join(config.dataDir, "exchange", "log");
    await rename(log, `${disk}-log`);
    await symlink(`${disk}-log`, log);
    const linked = join(elsewhere, "linked");
    const { files } = await backUp(file, config, linked);
    expect(Object.keys(files)).to.include.members(["officers/2001.json", "exchange/log/checkpoint"]);
    await rm(log);
    await rename(`${disk}-log`, log);

    await symlink(join(home, "key.pem"), join(linked, "officers", "2002.json"));
    expect(await refusal(restored(linked, "never"))).to.match(/damaged: .*2002\.json is neither a file nor a folder/);
  });

  it("leaves nothing that is taken for the whole where restoring it breaks off", async () => {
    const place = join(elsewhere, "broken-off");
    await mkdir(place);
    await writeFile(join(home, "officers", "2002-with-a-name-that-does-not-fit.json"), "sealed");
    const longer = join(elsewhere, "longer");
    await backUp(file, config, longer);
    // So deep that there is room for the first officer's file, and none for the second's.
    const deep = "d".repeat(LONGEST_PATH - place.length - "/.part/2001.json".length - 1).replace(/(.{99})d/g, "$1/");
    await writeFile(join(place, "node.json"), JSON.stringify({ ...configuration("data"), officers: deep }));
    expect(await refusal(restore(longer, join(place, "node.json"), {}))).to.match(/ENAMETOOLONG/);
    expect(existsSync(join(place, deep))).to.equal(false);
    await rm(join(home, "officers", "2002-with-a-name-that-does-not-fit.json"));
  });

  describe("whose log", () => {
    const keyOf = () => world.provider.exchange.options.logSigner.key;
    const anchored = ({ size, root }: TreeHead) =>
      ({ key: formatVerifierKey(keyOf()), size, root: Buffer.from(root).toString("hex") }) as LogRead;
    const folder = async (name: string) => ({ dir: (await restored(backup, name)).dir, key: keyOf() });
    const checkpoint = (dir: string) => readFile(join(dir, "log", "checkpoint"), "utf8");
    const shown = (heads: Readonly<Record<string, TreeHead | undefined>>) => {
      const told = new Map(Object.entries(heads));
      return {
        departments: [PROVIDER, ...told.keys()],
        get: async (department: string) => {
          const head = told.get(department);
          if (head === undefined) throw new ExchangeError("UNREACHABLE", "away");
          const seen = { [PROVIDER]: signCheckpoint(head, world.provider.exchange.options.logSigner) };
          return Buffer.from(JSON.stringify({ seen, differences: [] }));
        },
      };
    };

    it("has less than was anchored is not gone on with, and nothing of it is written", async () => {
      const { dir, key } = await folder("behind");
      const before = await checkpoint(dir);
      await access();
      const newer = await world.provider.exchange.log.publish();
      const said = await refusal(expectAllAnchored({ dir, key, onLedger: anchored(newer) }));
      expect(said).to.match(/^LOG_BEHIND: .*and the ledger has anchored \d+; restore a newer backup, or begin another/);
      expect(await checkpoint(dir)).to.equal(before);
    });

    it("has other records than were anchored is not gone on with; one that has them is", async () => {
      const { dir, key } = await folder("other");
      const reader = world.provider.exchange.records.reader();
      const two = { size: 2, root: await reader.rootOf(2) };
      await expectAllAnchored({ dir, key, onLedger: anchored(two) });
      const other = anchored({ ...two, root: Buffer.alloc(32) });
      expect(await refusal(expectAllAnchored({ dir, key, onLedger: other }))).to.match(
        /^LOG_BEHIND: .*first 2 records are not/,
      );
      await expectAllAnchored({ dir, key, onLedger: { ...other, key: "another log's" } });
      await expectAllAnchored({ dir, key, onLedger: undefined });
    });

    it("has less than another department was shown is not gone on with, whatever a third says", async () => {
      const { dir, key } = await folder("shown");
      const newer = world.provider.exchange.log.published;
      const older = { size: 1, root: await world.provider.exchange.records.reader().rootOf(1) };
      const asked = expectAllShown(PROVIDER, { dir, key }, shown({ [CONSUMER]: newer, BureauMSP: older }));
      expect(await refusal(asked)).to.match(/^LOG_BEHIND: .*PoliceMSP was shown|^LOG_BEHIND: .* was shown \d+/);
      expect(await readdir(dir)).to.include(RESTORED_FILE);
    });

    it("goes on once one department has answered, and is asked about no more", async () => {
      const { dir, key } = await folder("well");
      const older = { size: 1, root: await world.provider.exchange.records.reader().rootOf(1) };
      const nobody = shown({ [CONSUMER]: undefined, BureauMSP: undefined });
      expect(await refusal(expectAllShown(PROVIDER, { dir, key }, nobody))).to.match(/^NOT_READY: /);
      expect(await readdir(dir)).to.include(RESTORED_FILE);
      await expectAllShown(PROVIDER, { dir, key }, shown({ [CONSUMER]: undefined, BureauMSP: older }));
      expect(await readdir(dir)).to.not.include(RESTORED_FILE);
      await expectAllShown(PROVIDER, { dir, key }, nobody);
    });
  });

  it("copies tables that are written meanwhile in one state, and says so where there is no moment for it", async () => {
    const from = await mkdtemp(join(elsewhere, "tables-"));
    const db = await openDatabase({ directory: from, url: undefined });
    await sql`create table local.pair (a integer, b blob)`.execute(db);
    await sql`insert into local.pair values (0, zeroblob(60000)), (0, zeroblob(60000))`.execute(db);
    let isWriting = true;
    const step = () =>
      db.transaction().execute((both) => sql`update local.pair set a = a + 1, b = randomblob(60000)`.execute(both));
    const writing = (async () => {
      for (let round = 0; isWriting; round += 1) {
        await step();
        // A moment now and then, as a node has them.
        if (round % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 300));
      }
    })();
    const to = join(from, "copy.db");
    await copyBetweenTransactions(join(from, "local.db"), to);
    isWriting = false;
    await writing;
    expect(damageOf(to)).to.equal(undefined);
    const copy = await mkdtemp(join(elsewhere, "copy-"));
    await cp(to, join(copy, "local.db"));
    const read = await openDatabase({ directory: copy, url: undefined });
    const rows = await sql<{ a: number }>`select distinct a from local.pair`.execute(read);
    expect(rows.rows).to.have.lengthOf(1);
    await read.destroy();
    await step();
    const hurried = copyBetweenTransactions(join(from, "local.db"), to, { patienceMs: 0 });
    expect(await refusal(hurried)).to.match(/^STORE_FAILED: .*local\.db was written all the time/);
    await db.destroy();
  });
});

/** What a backup has, by kind of file. */
const KINDS = [
  "backup.json",
  "exchange/certificates/*.pem",
  "exchange/deliveries",
  "exchange/keys",
  "exchange/log-key.pem",
  "exchange/log/checkpoint",
  "exchange/log/tile/0/*",
  "exchange/log/tile/1/*",
  "exchange/log/tile/entries/*",
  "exchange/pseudonym-key",
  "exchange/requests",
  "exchange/sources.json",
  "keys/exchange-cert.pem",
  "keys/exchange-key.pem",
  "keys/gateway-root-0.pem",
  "keys/identity-cert.pem",
  "keys/identity-key.pem",
  "local.db",
  "node.json",
  "officers/*",
].sort();

function kindOf(name: string): string {
  return name
    .replace(/certificates\/[0-9a-f]+\.pem/, "certificates/*.pem")
    .replace(/(tile\/[0-9a-z]+\/).*/, "$1*")
    .replace(/officers\/.*/, "officers/*");
}
