import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Command, Submission } from "@wanlian/client/core/services.js";
import { DepartmentNode } from "@wanlian/client/node/department-node.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import { filedBy } from "@wanlian/client/submission/filings.js";
import type { Refusal } from "@wanlian/client/submission/refusal.js";
import { ACTS_PER_TICK } from "@wanlian/model/model-1/limits.js";
import { RELEASED } from "@wanlian/model/models.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { expect } from "chai";
import fc from "fast-check";
import { sql } from "kysely";
import { pino } from "pino";
import { FakeNetwork, type Ordering } from "../fake-network.js";
import {
  CHAINCODE,
  CHANNEL,
  publishDemand,
  TestLedger,
  type TestOfficer,
  tick,
  withdrawDemand,
} from "../test-ledger.js";

const log = pino({ level: "silent" });

describe("submission", () => {
  let ledger: TestLedger;
  let network: FakeNetwork;
  let user: TestOfficer;
  let clerk: TestOfficer;
  let directory: string;
  let node: DepartmentNode;
  let running: { stop(): Promise<void> };

  before(async () => {
    ledger = await TestLedger.opened();
    user = await ledger.officer("CivilMSP", "1001", "user");
    clerk = await ledger.officer("CivilMSP", "9000", "node");
  });

  after(() => ledger.remove());

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-submission-"));
    network = new FakeNetwork(ledger);
    await start();
  });

  afterEach(async () => {
    await running.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    const db = await openDatabase({ directory, url: undefined });
    const projection = await Projection.open(db, CHANNEL, CHAINCODE, RELEASED);
    const failures: unknown[] = [];
    node = new DepartmentNode({
      department: "CivilMSP",
      channel: CHANNEL,
      chaincode: CHAINCODE,
      connector: network,
      nodeSigner: clerk.signer,
      db,
      projection,
      models: RELEASED,
      voidFile: join(directory, "void.jsonl"),
      log,
    });
    await node.start((error) => failures.push(error));
    running = {
      async stop() {
        await node.stop();
        await db.destroy();
        expect(failures).to.deep.equal([]);
      },
    };
    await node.folded(BigInt(ledger.blocks.length) - 1n);
  }

  /** Ends the node as a kill would, as far as what is on disk goes, and starts it again. */
  async function restart(): Promise<void> {
    await running.stop();
    await start();
  }

  /** Files, and comes back while the fate is open: the network has been handed the envelope, and nothing was cut. */
  async function openFiling(command: Command, key: string): Promise<Submission> {
    const before = network.submitted.length;
    await node.submit(user.signer, command, key, { waitMs: 1 });
    while (network.submitted.length === before) await delay(5);
    const open = (await node.submission(user.signer, key)) ?? expect.fail("the filing is not known");
    expect(open.status).to.equal("pending");
    return open;
  }

  /** What the node says of a filing once it is no longer open. */
  async function ended(key: string): Promise<Submission> {
    for (;;) {
      const found = await node.submission(user.signer, key);
      if (found !== undefined && found.status !== "pending") return found;
      await delay(5);
    }
  }

  async function countedDemands(name: string): Promise<number> {
    await node.folded(BigInt(ledger.blocks.length) - 1n);
    const rows = await node.db
      .selectFrom("acts")
      .select("body")
      .where("noun", "=", "demand")
      .where("counted", "=", 1)
      .execute();
    return rows.filter(({ body }) => JSON.parse(body).name === name).length;
  }

  async function refusal(work: Promise<unknown>): Promise<string> {
    try {
      await work;
    } catch (error) {
      return error instanceof Error && "code" in error ? String(error.code) : String(error);
    }
    return "no refusal";
  }

  it("answers with the act once the fold has counted it", async () => {
    const submission = await node.submit(user.signer, publishDemand("answered"), "key-answered");
    expect(submission).to.include({ status: "counted", attempts: 1 });
    expect(submission.act).to.include({ noun: "demand", number: 1, case: submission.transactionId });
    expect(await node.head({ noun: "demand", case: submission.act?.case ?? "" })).to.include({ act: 1, next: 2 });
  });

  it("files once for one key, also for two callers at the same time", async () => {
    const answers = await Promise.all([1, 2].map(() => node.submit(user.signer, publishDemand("twice"), "key-twice")));
    const later = await node.submit(user.signer, publishDemand("twice"), "key-twice");
    expect(new Set([...answers, later].map(({ transactionId }) => transactionId)).size).to.equal(1);
    expect(await countedDemands("twice")).to.equal(1);
  });

  it("lists an officer's own filings, the last first", async () => {
    for (const name of ["first", "second", "third"]) await node.submit(user.signer, publishDemand(name), `key-${name}`);
    const keys = async (officer: TestOfficer, limit: number) =>
      (await filedBy(node.db, officer.signer, limit)).map(({ key }) => key).sort();
    expect(await keys(user, 10)).to.deep.equal(["key-first", "key-second", "key-third"]);
    expect(await keys(user, 1)).to.deep.equal(["key-third"]);
    expect(await keys(await ledger.officer("CivilMSP", "1002", "user"), 10)).to.deep.equal([]);
  });

  it("refuses a key that stands for another command", async () => {
    await node.submit(user.signer, publishDemand("first"), "key-first");
    expect(await refusal(node.submit(user.signer, publishDemand("second"), "key-first"))).to.equal("KEY_REUSED");
  });

  it("refuses what the model refuses, without sending anything, and lets the key be used again", async () => {
    const own = publishDemand("to itself", "CivilMSP");
    expect(await refusal(node.submit(user.signer, own, "key-refused"))).to.equal("INVALID_INPUT");
    expect(network.submitted).to.deep.equal([]);
    expect((await node.submit(user.signer, publishDemand("to another"), "key-refused")).status).to.equal("counted");
  });

  describe("tells of a filing that is refused", () => {
    const told: Refusal[] = [];
    beforeEach(() => {
      told.length = 0;
      node.onRefused(async (refusal) => void told.push(refusal));
    });
    const said = () => told.map(({ officer, command, code }) => `${officer} ${command.noun}.${command.type} ${code}`);

    it("by the rules, with who, what and why, before the officer is answered, and with the certificate", async () => {
      await refusal(node.submit(user.signer, publishDemand("to itself", "CivilMSP"), "key-told"));
      expect(said()).to.deep.equal(["CivilMSP/1001 demand.publish INVALID_INPUT"]);
      expect(told[0]?.certificate).to.equal(user.signer.certificate);
      expect(told[0]?.transactionId).to.equal(undefined);
    });

    it("by the network, with the transaction, once, however often the officer asks again", async () => {
      network.ordering = ["rejects"];
      const file = () => refusal(node.submit(user.signer, publishDemand("rejected"), "key-rejected-told"));
      expect([await file(), await file()]).to.deep.equal(["REFUSED_BY_ORDERER", "REFUSED_BY_ORDERER"]);
      expect(said()).to.deep.equal(["CivilMSP/1001 demand.publish REFUSED_BY_ORDERER"]);
      expect(told[0]?.transactionId).to.equal(network.submitted[0]);
      expect(told[0]?.certificate).to.equal(user.signer.certificate);
    });

    it("before anybody reads that it failed", async () => {
      let put: () => void = () => undefined;
      const begun = new Promise<void>((resolve) => {
        node.onRefused(async () => {
          resolve();
          await new Promise<void>((done) => {
            put = done;
          });
        });
      });
      network.ordering = ["rejects"];
      const filing = refusal(node.submit(user.signer, publishDemand("unread"), "key-unread"));
      await begun;
      expect((await node.submission(user.signer, "key-unread"))?.status).to.equal("pending");
      put();
      expect(await filing).to.equal("REFUSED_BY_ORDERER");
      expect((await node.submission(user.signer, "key-unread"))?.status).to.equal("failed");
    });

    it("and answers the officer although it could not be put on record", async () => {
      node.onRefused(() => Promise.reject(new Error("the log is gone")));
      const own = publishDemand("to itself", "CivilMSP");
      expect(await refusal(node.submit(user.signer, own, "key-unrecorded"))).to.equal("INVALID_INPUT");
    });

    it("and of none that the node could not make, that counts, or that is the node's own", async () => {
      const failing = sql`create temp trigger full before insert on local.envelopes begin select raise(abort, 'disk full'); end`;
      await failing.execute(node.db);
      await refusal(node.submit(user.signer, publishDemand("unkept"), "key-unkept"));
      await sql`drop trigger full`.execute(node.db);
      await node.submit(user.signer, publishDemand("counts"), "key-counts");
      await refusal(node.submit(user.signer, publishDemand("reused"), "key-counts"));
      expect(await refusal(node.submit(clerk.signer, publishDemand("by the node"), "key-node"))).to.equal(
        "NOT_PERMITTED",
      );
      expect(said()).to.deep.equal([]);
    });
  });

  it("sends the same envelope again when the answer is lost", async () => {
    network.ordering = ["orders silently", "orders"];
    const { transactionId, attempts } = await node.submit(user.signer, publishDemand("lost"), "key-lost");
    expect(attempts).to.equal(1);
    expect(new Set(network.submitted)).to.deep.equal(new Set([transactionId]));
    expect(await countedDemands("lost")).to.equal(1);
  });

  it("goes on until an orderer can be reached", async () => {
    network.ordering = ["unreachable", "unreachable", "orders"];
    const { status, attempts } = await node.submit(user.signer, publishDemand("reached"), "key-reached");
    expect({ status, attempts }).to.deep.equal({ status: "counted", attempts: 1 });
    expect(network.submitted).to.have.length(3);
  });

  it("takes no orderer's refusal for the end where an earlier one may have taken it", async () => {
    network.ordering = ["unreachable", "rejects", "orders"];
    const { status, attempts } = await node.submit(user.signer, publishDemand("doubtful"), "key-doubtful");
    expect({ status, attempts }).to.deep.equal({ status: "counted", attempts: 1 });
    expect(network.submitted).to.have.length(3);
  });

  it("keeps two officers' keys apart, also while both are filing", async () => {
    const other = await ledger.officer("CivilMSP", "1002", "user");
    const [mine, yours] = await Promise.all([
      node.submit(user.signer, publishDemand("mine"), "key-of-two"),
      node.submit(other.signer, publishDemand("yours"), "key-of-two"),
    ]);
    expect(mine.command.body).to.include({ name: "mine" });
    expect(yours.command.body).to.include({ name: "yours" });
    expect(yours.transactionId).to.not.equal(mine.transactionId);
    expect((await node.submission(other.signer, "key-of-two"))?.transactionId).to.equal(yours.transactionId);
  });

  it("says pending while the fate is open, and tells it later", async () => {
    network.cutsAtOnce = false;
    const pending = await openFiling(publishDemand("pending"), "key-pending");
    network.cut();
    const counted = await node.submit(user.signer, publishDemand("pending"), "key-pending");
    expect(counted.transactionId).to.equal(pending.transactionId);
    expect((await node.submission(user.signer, "key-pending"))?.status).to.equal("counted");
  });

  it("makes it anew only when a tick has passed without it", async () => {
    network.ordering = ["forgets", "orders"];
    network.afterSubmit = async () => {
      network.afterSubmit = async () => undefined;
      await network.others(clerk, tick(nextTick()));
    };
    const { attempts, transactionId } = await node.submit(user.signer, publishDemand("anew"), "key-anew");
    expect(attempts).to.equal(2);
    expect(network.submitted).to.have.length(2);
    expect(network.submitted.at(-1)).to.equal(transactionId);
    expect(await countedDemands("anew")).to.equal(1);
  });

  it("tries again when others moved what the act depends on but not its own case", async () => {
    network.ordering = ["late", "orders"];
    network.afterSubmit = async () => {
      network.afterSubmit = async () => undefined;
      await network.others(clerk, tick(nextTick()));
    };
    const { attempts, status } = await node.submit(user.signer, publishDemand("moved"), "key-moved");
    expect({ attempts, status }).to.deep.equal({ attempts: 2, status: "counted" });
    const first = network.submitted[0] ?? "";
    expect((await network.commitStatus(first))?.code).to.equal(TxValidationCode.MVCC_READ_CONFLICT);
  });

  it("says what happened when the officer's own case has moved", async () => {
    const { act } = await node.submit(user.signer, publishDemand("own"), "key-own");
    const id = act?.case ?? "";
    const other = await ledger.officer("CivilMSP", "1002", "user");
    network.beforeEndorse = async () => {
      network.beforeEndorse = async () => undefined;
      await network.others(other, withdrawDemand(id));
    };
    expect(await refusal(node.submit(user.signer, withdrawDemand(id), "key-own-withdraw"))).to.be.oneOf([
      "MOVED",
      "WRONG_STATE",
    ]);
    const stale = { ...withdrawDemand(id), seen: 1 };
    expect(await refusal(node.submit(user.signer, stale, "key-own-stale"))).to.be.oneOf(["MOVED", "WRONG_STATE"]);
  });

  it("takes a decision by the act that the officer has seen last, and by no other", async () => {
    const { act } = await node.submit(user.signer, publishDemand("seen"), "key-seen");
    const withdrawn = (seen: number) => ({ ...withdrawDemand(act?.case ?? ""), seen });
    for (const seen of [0, 2])
      expect(await refusal(node.submit(user.signer, withdrawn(seen), `key-seen-${seen}`)), `${seen}`).to.equal("MOVED");
    expect((await node.submit(user.signer, withdrawn(1), "key-seen-1")).status).to.equal("counted");
  });

  const consortium = (type: string, body: Command["body"]): Command => ({ noun: "consortium", case: null, type, body });
  const motionOn = (subject: string) => consortium("propose", { kind: "admit", subject, name: subject });

  it("goes on over others' acts in its case for as long as they have room, where the decision stands", async () => {
    const bureau = await ledger.officer("BureauMSP", "9001", "administrator");
    const police = await ledger.officer("PoliceMSP", "9001", "administrator");
    const administrator = await ledger.officer("CivilMSP", "9002", "administrator");
    await network.others(clerk, tick(nextTick()));
    await network.others(bureau, motionOn("TaxMSP"));
    const motion = ledger.head({ noun: "consortium", case: "consortium" }).act;
    await node.folded(BigInt(ledger.blocks.length) - 1n);
    network.ordering = ["late"];
    let moves = 0;
    network.afterSubmit = async () => {
      if (moves === ACTS_PER_TICK) return;
      moves += 1;
      const { act } = ledger.head({ noun: "consortium", case: "consortium" });
      await network.others(police, moves % 2 === 1 ? motionOn("RailMSP") : consortium("withdraw", { motion: act }));
    };
    const vote = consortium("vote", { motion, vote: "against" });
    const { attempts, status } = await node.submit(administrator.signer, vote, "key-starved");
    expect({ attempts, status }).to.deep.equal({ attempts: ACTS_PER_TICK + 1, status: "counted" });
  }).timeout(60_000);

  it("says that its case has moved where the own department has acted in it, though the status is the same", async () => {
    const administrator = await ledger.officer("CivilMSP", "9002", "administrator");
    await network.others(clerk, tick(nextTick()));
    await network.others(administrator, motionOn("WaterMSP"));
    const motion = ledger.head({ noun: "consortium", case: "consortium" }).act;
    await node.folded(BigInt(ledger.blocks.length) - 1n);
    network.ordering = ["late", "orders"];
    network.afterSubmit = async () => {
      network.afterSubmit = async () => undefined;
      await network.others(administrator, consortium("withdraw", { motion }));
    };
    const another = await ledger.officer("CivilMSP", "9003", "administrator");
    const leave = consortium("leave", {});
    expect(await refusal(node.submit(another.signer, leave, "key-own-department"))).to.equal("MOVED");
  });

  it("finds out endorsers who wrote something else, before anything is sent", async () => {
    network.tamper = (act) => ({ ...act, state: { ...act.state, status: "matched" } });
    const code = await refusal(node.submit(user.signer, publishDemand("forged"), "key-forged"));
    expect(code).to.equal("ENDORSEMENT_FORGED");
    expect(network.submitted).to.deep.equal([]);
  });

  it("reports what the orderer refuses, and counts it all the same if it comes to the ledger", async () => {
    network.ordering = ["rejects"];
    const code = await refusal(node.submit(user.signer, publishDemand("rejected"), "key-rejected"));
    expect(code).to.equal("REFUSED_BY_ORDERER");
    const failed = await node.submission(user.signer, "key-rejected");
    expect(failed?.failure?.code).to.equal("REFUSED_BY_ORDERER");
    network.orderAfterAll(failed?.transactionId ?? "");
    await node.folded(BigInt(ledger.blocks.length) - 1n);
    const counted = await node.submit(user.signer, publishDemand("rejected"), "key-rejected");
    expect(counted).to.include({ status: "counted", transactionId: failed?.transactionId });
  });

  it("sends nothing that it cannot keep, and files it once it can", async () => {
    // A trigger does what a full disk would: the envelope cannot be stored.
    await sql`create temp trigger full before insert on local.envelopes begin select raise(abort, 'disk full'); end`.execute(
      node.db,
    );
    const code = await refusal(node.submit(user.signer, publishDemand("kept"), "key-kept"));
    expect({ code, submitted: network.submitted.length }).to.deep.equal({ code: "STORE_FAILED", submitted: 0 });
    await sql`drop trigger full`.execute(node.db);
    expect((await node.submit(user.signer, publishDemand("kept"), "key-kept")).status).to.equal("counted");
    expect(await countedDemands("kept")).to.equal(1);
  });

  it("answers with an act that counts although the note of it could not be kept", async () => {
    await sql`create temp trigger full before update on local.envelopes begin select raise(abort, 'disk full'); end`.execute(
      node.db,
    );
    const counted = await node.submit(user.signer, publishDemand("unnoted"), "key-unnoted");
    expect(counted.status).to.equal("counted");
    await sql`drop trigger full`.execute(node.db);
    const again = await node.submit(user.signer, publishDemand("unnoted"), "key-unnoted");
    expect(again.transactionId).to.equal(counted.transactionId);
  });

  /** Where a node may die in a filing, and what has happened by then. */
  const crashes: readonly { readonly at: string; readonly ordering: Ordering; readonly cut: boolean }[] = [
    { at: "after storing the envelope, before an orderer has it", ordering: "unreachable", cut: false },
    { at: "while the orderer has it and has not answered", ordering: "orders silently", cut: false },
    { at: "after the orderer forgot what it took", ordering: "forgets", cut: false },
    { at: "while the block is on its way", ordering: "orders", cut: true },
  ];

  for (const { at, ordering, cut } of crashes) {
    it(`files exactly once when the node dies ${at}`, async () => {
      network.cutsAtOnce = false;
      network.ordering = [ordering];
      const name = `died ${at}`;
      const open = await openFiling(publishDemand(name), at);
      const stopped = running.stop();
      if (cut) network.cut();
      await stopped;
      network.cutsAtOnce = true;
      network.ordering = ["orders"];
      await start();
      const counted = await node.submit(user.signer, publishDemand(name), at);
      expect(counted.transactionId).to.equal(open.transactionId);
      const again = await node.submit(user.signer, publishDemand(name), at);
      expect(again.transactionId, "asked again").to.equal(open.transactionId);
      expect(await countedDemands(name)).to.equal(1);
    });
  }

  it("says of a filing that can never count, when the node comes back, that the same key may file it anew", async () => {
    network.ordering = ["forgets"];
    const open = await openFiling(publishDemand("lapsed"), "key-lapsed");
    await running.stop();
    await network.others(clerk, tick(nextTick()));
    network.ordering = ["orders"];
    await start();
    const parked = await ended("key-lapsed");
    expect(parked).to.include({ status: "failed", transactionId: open.transactionId });
    expect(parked.failure?.code).to.equal("CONFLICT");
    expect(parked.failure?.message).to.include("file it again with the same key");
    const anew = await node.submit(user.signer, publishDemand("lapsed"), "key-lapsed");
    expect(anew).to.include({ status: "counted", attempts: 2 });
    expect(await countedDemands("lapsed")).to.equal(1);
  });

  it("says so too where the node died between finding that and putting it down", async () => {
    network.ordering = ["forgets"];
    await openFiling(publishDemand("unparked"), "key-unparked");
    await running.stop();
    const db = await openDatabase({ directory, url: undefined });
    await db.updateTable("local.envelopes").set({ fate: "settled" }).where("key", "=", "key-unparked").execute();
    await db.destroy();
    network.ordering = ["orders"];
    await start();
    expect((await ended("key-unparked")).failure?.code).to.equal("CONFLICT");
    expect((await node.submit(user.signer, publishDemand("unparked"), "key-unparked")).status).to.equal("counted");
    expect(await countedDemands("unparked")).to.equal(1);
  });

  it("gives up, and says so, where others come first again and again", async () => {
    network.ordering = ["late"];
    network.afterSubmit = () => network.others(clerk, tick(nextTick()));
    expect(await refusal(node.submit(user.signer, publishDemand("never"), "key-never"))).to.equal("CONFLICT");
    const failed = await node.submission(user.signer, "key-never");
    expect(failed).to.include({ status: "failed", attempts: 48 });
    expect(failed?.failure?.message).to.include("others' acts came first 48 times");
    expect(await countedDemands("never")).to.equal(0);
  }).timeout(120_000);

  it("forgets a filing that died before its envelope was stored, so that the same key files it", async () => {
    let endorse: () => void = () => undefined;
    network.beforeEndorse = () =>
      new Promise((resolve) => {
        endorse = resolve;
      });
    const open = await node.submit(user.signer, publishDemand("early"), "key-early", { waitMs: 10 });
    expect(open).to.include({ status: "pending", attempts: 0 });
    const restarted = restart();
    endorse();
    await restarted;
    network.beforeEndorse = async () => undefined;
    expect((await node.submit(user.signer, publishDemand("early"), "key-early")).status).to.equal("counted");
    expect(await countedDemands("early")).to.equal(1);
  });

  it("finds its act after dying between the fold and the note of it", async () => {
    const counted = await node.submit(user.signer, publishDemand("noted"), "key-noted");
    await node.db.updateTable("local.submissions").set({ status: "open" }).where("key", "=", "key-noted").execute();
    await node.db.updateTable("local.envelopes").set({ fate: "open" }).where("key", "=", "key-noted").execute();
    await restart();
    const again = await node.submit(user.signer, publishDemand("noted"), "key-noted");
    expect(again.transactionId).to.equal(counted.transactionId);
    expect(network.submitted.filter((id) => id === counted.transactionId).length).to.be.lessThan(3);
    expect(await countedDemands("noted")).to.equal(1);
  });

  it("never files twice, whatever orderer and node do", async () => {
    let round = 0;
    const moods = fc.constantFrom<Ordering>("orders", "orders silently", "forgets", "unreachable");
    const plan = fc.record({
      moods: fc.array(moods, { minLength: 1, maxLength: 3 }),
      kill: fc.boolean(),
      cut: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ moods: first, kill, cut }) => {
        round += 1;
        const name = `round ${round}`;
        const file = (waitMs: number): Promise<Submission> =>
          node.submit(user.signer, publishDemand(name), name, { waitMs });
        network.cutsAtOnce = cut;
        network.ordering = [...first, "orders"];
        await file(5);
        if (kill) await restart();
        network.cutsAtOnce = true;
        network.ordering = ["orders"];
        network.cut();
        await network.others(clerk, tick(nextTick()));
        const { status } = await file(10_000).catch(async () => file(10_000));
        expect(status).to.equal("counted");
        expect(await countedDemands(name)).to.equal(1);
      }),
      { numRuns: 15 },
    );
  });

  let minutes = 0;
  function nextTick(): string {
    minutes += 10;
    return new Date(Date.parse("2026-03-02T01:00:00Z") + minutes * 60_000).toISOString().replace(".000Z", "Z");
  }
});
