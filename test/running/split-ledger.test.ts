import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { Request } from "@wanlian/client/api/operation.js";
import { nodeOperations } from "@wanlian/client/api/operations/node.js";
import type { EndorsedTransaction } from "@wanlian/client/ledger/connector.js";
import { DepartmentNode } from "@wanlian/client/node/department-node.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import { ChannelConfiguration } from "@wanlian/client/read/channel-configuration.js";
import { type Accounting, startAccounting } from "@wanlian/client/running/accounting.js";
import { RELEASED } from "@wanlian/model/models.js";
import { assertComplete, assertFollows, assertWellFormed } from "@wanlian/protocol/block.js";
import { assertOrdered } from "@wanlian/protocol/block-signatures.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { pino } from "pino";
import { FakeNetwork } from "../client/fake-network.js";
import { CHAINCODE, CHANNEL, publishDemand, TestLedger } from "../client/test-ledger.js";

const logger = pino({ level: "silent" });
/** Shown one chain, and the two that are shown the other. */
const [ALONE, ...TOGETHER] = ["CivilMSP", "BureauMSP", "PoliceMSP"] as const;

/** One side of an orderer that shows two chains: whatever comes to it, it orders on both. */
class OneFace extends FakeNetwork {
  other: FakeNetwork | undefined;

  override async submit(endorsed: EndorsedTransaction): Promise<void> {
    await super.submit(endorsed);
    this.other?.order(endorsed.envelope);
  }
}

interface Running {
  readonly node: DepartmentNode;
  readonly accounting: Accounting;
  stop(): Promise<void>;
}

describe("an orderer with two blocks of one number", () => {
  let directory: string;
  let one: TestLedger;
  let other: TestLedger;
  /** Number of the block of which there are two. */
  let split: number;
  let isOver = false;
  const running = new Map<string, Running>();

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-split-"));
    one = await TestLedger.opened();
    for (const department of [ALONE, ...TOGETHER]) await one.node(department);
    other = one.fork();
    split = one.blocks.length;
    const user = await one.officer(ALONE, "1001", "user");
    for (const chain of [one, other]) {
      chain.appendValid(await chain.make(user, publishDemand(chain === one ? "shown to one" : "shown to others")));
    }
    const [face, otherFace] = [new OneFace(one), new OneFace(other)];
    [face.other, otherFace.other] = [otherFace, face];
    await start(ALONE, face);
    for (const department of TOGETHER) await start(department, otherFace);
  });
  after(async () => {
    isOver = true;
    for (const { stop } of running.values()) await stop();
    await one.remove();
    await rm(directory, { recursive: true, force: true });
  });

  async function start(department: string, connector: FakeNetwork): Promise<void> {
    const dir = join(directory, department);
    await mkdir(dir);
    const { nodeSigner, tls } = await one.node(department);
    const db = await openDatabase({ directory: dir, url: undefined });
    const node = new DepartmentNode({
      ...{ department, channel: CHANNEL, chaincode: CHAINCODE, connector, nodeSigner, db, models: RELEASED },
      ...{ projection: await Projection.open(db, CHANNEL, CHAINCODE, RELEASED), voidFile: join(dir, "void.jsonl") },
      log: logger,
    });
    const failures: unknown[] = [];
    await node.start((error) => failures.push(error));
    await node.folded(0n);
    const accounting = await startAccounting({
      ...{ services: node, db, chaincode: CHAINCODE, tls, logger },
      configuration: new ChannelConfiguration(CHANNEL, db),
      ...{ dir: join(dir, "exchange"), listen: "127.0.0.1:0", addresses: {}, standing: node.standing },
      ...{ platform: undefined, fetchBlock: () => Promise.reject(new Error("nobody asks for blocks")) },
    });
    running.set(department, {
      ...{ node, accounting },
      stop: async () => {
        await accounting.stop();
        await node.stop();
        await db.destroy();
        expect(failures).to.deep.equal([]);
      },
    });
  }

  const of = (department: string) => running.get(department) ?? expect.fail(`no node of ${department}`);
  /** The departments whose ledger is another, as a node's events tell; ends when it has told of so many. */
  async function told(department: string, count: number): Promise<string[]> {
    const names: string[] = [];
    const enough = new AbortController();
    for await (const event of of(department).node.events({ signal: enough.signal })) {
      if (event.kind !== "alarm" || event.alarm.kind !== "LEDGER_SPLIT") continue;
      names.push(...event.alarm.departments);
      if (names.length === count) enough.abort();
    }
    return names.sort();
  }
  async function ask<Body>(department: string, id: string): Promise<Body> {
    const { node } = of(department);
    const operation = nodeOperations.find((candidate) => candidate.id === id);
    const request = { services: node, db: node.db, query: {}, language: "en" } as unknown as Request;
    return ((await operation?.handle(request))?.body ?? expect.fail(`no ${id}`)) as Body;
  }

  it("has signed both, so that a peer takes whichever it is shown", async () => {
    const [genesis, last, ...two] = [one.blocks[0], one.blocks[split - 1], one.blocks[split], other.blocks[split]].map(
      (bytes) => Block.decode(bytes ?? expect.fail("no block")),
    );
    const bundle = bundleFromBlock(genesis?.data?.data ?? []);
    for (const block of two) {
      assertComplete(block);
      assertWellFormed(block);
      assertFollows(block, last?.header ?? expect.fail("no header"));
      await assertOrdered(block, block.header, bundle);
    }
    expect(two[0]?.header?.number).to.equal(two[1]?.header?.number);
    expect(one.blocks[split]).not.to.deep.equal(other.blocks[split]);
  });

  const ACCUSED: readonly (readonly [string, readonly string[]])[] = [
    [ALONE, [...TOGETHER]],
    ...TOGETHER.map((department) => [department, [ALONE]] as const),
  ];
  for (const [department, accused] of ACCUSED) {
    it(`is told of by ${department} in its events, its status and its alarms, with whoever anchored the other chain`, async () => {
      expect(await told(department, accused.length)).to.deep.equal([...accused].sort());
      const { standing } = await ask<{ standing: { kind: string; department: string }[] }>(department, "showStatus");
      expect(standing.map((alarm) => `${alarm.kind} ${alarm.department}`).sort()).to.deep.equal(
        [...accused].sort().map((each) => `LEDGER_SPLIT ${each}`),
      );
      const { items } = await ask<{ items: { kind: string; departments: string[] }[] }>(department, "listAlarms");
      const split = items.filter(({ kind }) => kind === "LEDGER_SPLIT").flatMap(({ departments }) => departments);
      expect(split.sort()).to.deep.equal([...accused].sort());
    });
  }

  it("accuses nobody of those who were shown the same", async () => {
    const [first, second] = TOGETHER;
    // Ordered on both chains behind all that was anchored before; each compares in the ledger's order.
    await of(ALONE).accounting.anchoring.anchor();
    const { act } = await of(ALONE).node.head({ noun: "log", case: ALONE });
    for (const department of [first, second]) {
      const { witness } = of(department).accounting;
      while (witness.differences.length < act - 1 && !isOver) await turn();
      expect(new Set(witness.differences.map((difference) => difference.department))).to.deep.equal(new Set([ALONE]));
    }
  });
});
