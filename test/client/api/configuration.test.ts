import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { authoritiesOf } from "@wanlian/client/api/reading/authorities.js";
import { configurationInForce, listAuthorities } from "@wanlian/client/api/reading/configuration.js";
import type { NodeEvent } from "@wanlian/client/core";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { ChannelConfiguration, type Db } from "@wanlian/client/read";
import { expect } from "chai";
import { CHANNEL, TestLedger } from "../test-ledger.js";

const CIVIL = { channel: CHANNEL, department: "CivilMSP" };

describe("the channel's configuration, at the node", () => {
  let directory: string;
  let ledger: TestLedger;
  let db: Db;

  before(async () => {
    ledger = await TestLedger.create();
  });
  after(() => ledger.remove());
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-configuration-"));
    db = await openDatabase({ directory, url: undefined });
  });
  afterEach(async () => {
    await db.destroy();
    await rm(directory, { recursive: true, force: true });
  });

  /** As the fold writes it. */
  async function bring(block: bigint, content: Uint8Array): Promise<void> {
    const row = { block, tx: 0, kind: "channel" as const, content: Buffer.from(content).toString("base64") };
    await db.insertInto("configurations").values(row).execute();
  }

  it("is compiled once, however often anybody asks, and anew when a block brings another", async () => {
    await bring(0n, ledger.configuration);
    const asked = await Promise.all(Array.from({ length: 20 }, () => configurationInForce(db, CHANNEL)));
    const bundles = new Set(asked.map(({ bundle }) => bundle));
    expect(await authoritiesOf(db, CIVIL)).to.have.length(1);
    expect(await listAuthorities(db, CHANNEL)).to.not.deep.equal([]);
    bundles.add((await configurationInForce(db, CHANNEL)).bundle);
    expect(bundles.size).to.equal(1);

    await bring(7n, ledger.configuration);
    bundles.add((await configurationInForce(db, CHANNEL)).bundle);
    expect(bundles.size).to.equal(2);
  });

  it("has no authorities before block 0, and says so to who needs one", async () => {
    expect(await listAuthorities(db, CHANNEL)).to.deep.equal([]);
    const failure = await authoritiesOf(db, CIVIL).then(
      () => expect.fail("there are authorities"),
      (error: unknown) => error,
    );
    expect(failure).to.include({ code: "NOT_READY" });
  });

  it("is followed on over one that cannot be taken up, which leaves the former in force", async () => {
    await bring(0n, ledger.configuration);
    const followed = new ChannelConfiguration(CHANNEL, db);
    const failures: unknown[] = [];
    const begun: unknown[] = [];
    async function* events(): AsyncGenerator<NodeEvent> {
      begun.push(followed.bundle);
      await bring(1n, new Uint8Array([0xff, 0xff]));
      yield { kind: "block" } as NodeEvent;
      expect(followed.bundle).to.equal(begun[0]);
      await bring(2n, ledger.configuration);
      yield { kind: "block" } as NodeEvent;
    }
    await followed.follow({ events }, (error) => failures.push(error), new AbortController().signal);
    expect(failures).to.have.length(1);
    expect(failures[0]).to.include({ code: "CONFIGURATION" });
    expect(followed.bundle).to.not.equal(begun[0]);
  });
});
