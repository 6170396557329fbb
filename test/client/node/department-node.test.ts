import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { NodeEvent, Position } from "@wanlian/client/core/services.js";
import { DepartmentNode } from "@wanlian/client/node/department-node.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import { encodeActKey } from "@wanlian/model/kernel/key.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { ModelVersions, RELEASED } from "@wanlian/model/models.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { pino } from "pino";
import { FakeNetwork } from "../fake-network.js";
import { CHAINCODE, CHANNEL, openPolicy, publishDemand, TestLedger, tick, withdrawDemand } from "../test-ledger.js";

const log = pino({ level: "silent" });

describe("department node", () => {
  let directory: string;
  let ledger: TestLedger;
  const started: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-department-"));
  });

  afterEach(async () => {
    for (const stop of started.splice(0)) await stop();
    await ledger.remove();
    await rm(directory, { recursive: true, force: true });
  });

  async function start(
    network: FakeNetwork,
    { closeAfterSeconds = 60, models = RELEASED }: { closeAfterSeconds?: number; models?: ModelVersions } = {},
  ): Promise<DepartmentNode> {
    const db = await openDatabase({ directory, url: undefined });
    const node = new DepartmentNode({
      department: "CivilMSP",
      channel: CHANNEL,
      chaincode: CHAINCODE,
      connector: network,
      nodeSigner: (await ledger.officer("CivilMSP", "9000", "node")).signer,
      db,
      projection: await Projection.open(db, CHANNEL, CHAINCODE, models),
      models,
      voidFile: join(directory, "void.jsonl"),
      log,
      closeAfterSeconds,
    });
    const failures: unknown[] = [];
    await node.start((error) => failures.push(error));
    started.push(async () => {
      await node.stop();
      await db.destroy();
      expect(failures).to.deep.equal([]);
    });
    return node;
  }

  async function collect(node: DepartmentNode, after: Position, count: number): Promise<NodeEvent[]> {
    const events: NodeEvent[] = [];
    const stopping = new AbortController();
    for await (const event of node.events({ after, signal: stopping.signal })) {
      events.push(event);
      if (events.length === count) stopping.abort();
    }
    return events;
  }

  it("tells what the fold took in, from any position, in the ledger's order, the past and what is to come", async () => {
    ledger = await TestLedger.opened();
    const network = new FakeNetwork(ledger);
    const node = await start(network);
    const user = await ledger.officer("CivilMSP", "1001", "user");
    const whole = collect(node, { block: -1n, transaction: 0 }, 13);
    await node.submit(user.signer, publishDemand("told"), "key-told");
    const events = await whole;
    expect(events.map(({ kind }) => kind)).to.deep.equal(["block", ...Array(6).fill(["act", "block"]).flat()]);
    const [middle] = events.slice(5, 6);
    expect(await collect(node, middle?.position ?? expect.fail("no event"), 7)).to.deep.equal(events.slice(6));
  });

  it("says how far it is, and is not ready before it has what its peer has by then", async () => {
    ledger = await TestLedger.opened();
    const network = new GrowingNetwork(ledger);
    const node = await start(network);
    const standing = (code: string) => node.status().conditions.some((condition) => condition.code === code);
    // The peer had three blocks when it was asked, and has all of them when the node has three.
    await until(() => node.status().height === 3n && network.asked === 2);
    expect(standing("CATCHING_UP")).to.equal(true);
    expect(node.status().catchUp).to.include({ blocks: ledger.blocks.length });
    expect(node.status().catchUp?.secondsLeft).to.be.a("number");
    network.release();
    await until(() => !standing("CATCHING_UP"));
    expect(node.status().height).to.equal(BigInt(ledger.blocks.length));
    expect(node.status().catchUp).to.equal(undefined);
  });

  it("lists void acts for its contract process, counts the alarm and passes the number over", async () => {
    ledger = await TestLedger.opened();
    const network = new FakeNetwork(ledger);
    const user = await ledger.officer("CivilMSP", "1001", "user");
    const made = await ledger.make(user, publishDemand("squatted"));
    ledger.appendValid(made);
    const ref = { noun: "demand", case: made.transactionId } as const;
    const squatting = ledger.forge(user, (id) => ({
      [CHAINCODE]: { writes: [{ key: encodeActKey({ ...ref, number: 2 }, id), value: Buffer.from("{}") }] },
    }));
    ledger.append([{ envelope: squatting.envelope, code: 0 }]);
    ledger.use(ref, 2);
    const node = await start(network);
    await node.folded(BigInt(ledger.blocks.length) - 1n);
    expect(await readFile(join(directory, "void.jsonl"), "utf8")).to.equal(
      `{"act":1,"case":"${made.transactionId}","next":3,"noun":"demand","transaction":"${made.transactionId}"}\n`,
    );
    const { act } = await node.submit(user.signer, withdrawDemand(made.transactionId), "key-behind");
    expect(act?.number).to.equal(3);
    expect(node.status().alarms).to.equal(1);
  });

  it("says, before the day, that a version of the model is decided on which its software lacks", async () => {
    ledger = await TestLedger.opened();
    const node = await start(new FakeNetwork(ledger), { models: new ModelVersions(model1) });
    const administrator = await ledger.officer("BureauMSP", "9001", "administrator");
    const { body } = openPolicy();
    const { bureau: _b, founders: _f, demo: _d, opened: _o, calendar: _c, ...rules } = body;
    const amended = { ...rules, model: 2, from: "2026-03-20" };
    const command = { noun: "policy", case: "policy", type: "amend", body: amended };
    ledger.appendValid(await ledger.make(administrator, command));
    await node.folded(BigInt(ledger.blocks.length) - 1n);
    expect(node.status().pending).to.deep.equal([
      {
        zh: "自 2026-03-19T16:00:00Z 起施行第2版规则，本软件没有该版本；请在此之前升级",
        en: "from 2026-03-19T16:00:00Z on model 2 applies, which this software lacks; upgrade it before",
      },
    ]);
  });

  it("says that its peer shows another chain, and believes nothing after", async () => {
    ledger = await TestLedger.opened();
    const node = await start(new FakeNetwork(ledger));
    await node.folded(BigInt(ledger.blocks.length) - 1n);
    for (const stop of started.splice(0)) await stop();
    const height = ledger.blocks.length;
    const user = await ledger.officer("CivilMSP", "1001", "user");
    const other = ledger.fork();
    for (const name of ["elsewhere", "and after"]) other.appendValid(await other.make(user, publishDemand(name)));
    ledger.blocks.push(...other.blocks.slice(height + 1));
    const again = await start(new FakeNetwork(ledger));
    while (!again.status().conditions.some(({ code }) => code === "LEDGER_DIVERGED")) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(again.status()).to.include({ ready: false, height: BigInt(height) });
  });

  it("serves no data while the clock stands still, and ticks it", async () => {
    ledger = await TestLedger.opened({ demo: false });
    const network = new FakeNetwork(ledger);
    const node = await start(network);
    await node.folded(BigInt(ledger.blocks.length) - 1n);
    expect(node.status().conditions.map(({ code }) => code)).to.include("CLOCK_STALE");
    expect(node.status().ready).to.equal(false);
    await node.folded(BigInt(ledger.blocks.length));
    expect(Date.now() - Date.parse(node.now() ?? "")).to.be.lessThan(60_000);
    expect(node.status()).to.include({ ready: true, demo: false });
  });

  it("says that too few departments can be reached to endorse, and goes on giving data", async () => {
    ledger = await TestLedger.opened();
    const network = new FakeNetwork(ledger);
    network.endorsersAnswer = false;
    const node = await start(network);
    while (!node.status().conditions.some(({ code }) => code === "TOO_FEW_ENDORSERS"))
      await new Promise((resolve) => setImmediate(resolve));
    await node.folded(BigInt(ledger.blocks.length) - 1n);
    expect(node.status()).to.include({ ready: true });
  });

  it("closes the case of a department that was removed or has left, if nobody else does", async () => {
    ledger = await TestLedger.opened();
    const node = await start(new FakeNetwork(ledger), { closeAfterSeconds: 0 });
    const police = await ledger.officer("PoliceMSP", "9001", "administrator");
    const leave = { noun: "consortium", case: null, type: "leave", body: {} };
    await node.submit(police.signer, leave, "key-leaving");
    await node.folded(BigInt(ledger.blocks.length));
    const stands = async (department: string) => (await node.head({ noun: "member", case: department })).state;
    expect(await stands("PoliceMSP")).to.include({ status: "departed" });
    expect(await stands("BureauMSP")).to.include({ status: "active" });
  });

  it("leaves a demo channel's clock to whoever asks", async () => {
    ledger = await TestLedger.opened();
    const node = await start(new FakeNetwork(ledger));
    await node.folded(BigInt(ledger.blocks.length) - 1n);
    expect(node.status()).to.include({ demo: true, ready: true });
    const { act } = await node.tick("2026-03-09T00:00:00Z");
    expect(act).to.include({ noun: "clock", type: "tick" });
    expect(node.now()).to.equal("2026-03-09T00:00:00Z");
    expect(tick("2026-03-09T00:00:00Z").body).to.deep.equal(act?.body);
  });
});

/** A peer that goes on growing while a node takes in what it had. */
class GrowingNetwork extends FakeNetwork {
  asked = 0;
  release: () => void = () => undefined;
  readonly #released = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  override async height(): Promise<bigint> {
    this.asked += 1;
    return this.asked === 1 ? 3n : await super.height();
  }

  override async *blocks(from: bigint, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for await (const block of super.blocks(from, signal)) {
      if (Block.decode(block).header?.number === 3n) await this.#released;
      yield block;
    }
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}
