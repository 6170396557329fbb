import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command, NodeServices } from "@wanlian/client/core/services.js";
import { Anchoring, type AnchoringParts } from "@wanlian/client/ledger-tree/anchoring.js";
import { localDisk } from "@wanlian/client/log/disk.js";
import { AccessLog } from "@wanlian/client/log/log.js";
import { TreeReader } from "@wanlian/client/log/reader.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import type { AnchorLog, LogState } from "@wanlian/model/model-1/log/log.js";
import { RELEASED } from "@wanlian/model/models.js";
import { noteSigner } from "@wanlian/model/note.js";
import { expect } from "chai";
import { pino } from "pino";
import { TestLedger, tick } from "../client/test-ledger.js";

const DEPARTMENT = "PoliceMSP";
const LOG = { noun: "log", case: DEPARTMENT } as const;

describe("anchoring", () => {
  let ledger: TestLedger;
  let dir: string;
  let log: AccessLog;
  let anchoring: Anchoring;
  let filed: Command[];
  /** What other departments have anchored. */
  let others: Map<string, number>;
  const signer = noteSigner(`pilot/log/${DEPARTMENT}`, generateKeyPairSync("ed25519").privateKey);

  before(async () => {
    ledger = await TestLedger.opened();
  });
  after(() => ledger.remove());
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-anchoring-"));
    log = await AccessLog.open(dir, signer);
    const branch = ledger.fork();
    filed = [];
    refuse = () => undefined;
    onFailing = () => undefined;
    others = new Map();
    const services = await servicesOn(branch, filed);
    const tree = { catchUp: async () => undefined, size: 3, root: () => "00".repeat(32) as Digest };
    begin = () => {
      const disk = localDisk(dir);
      const reader = () => new TreeReader((path) => disk.read(path), log.published);
      anchoring = new Anchoring({
        services,
        log,
        signer,
        tree,
        logger: pino({ level: "silent" }),
        reader,
        others: async () => {
          const failure = refuse();
          if (failure !== undefined) throw failure;
          return new Map(others);
        },
        onFailing: (reason) => onFailing(reason),
        onBehind: (behind) => onBehind(behind),
        retryMs: 1,
      });
    };
    begin();
    passTime = async (time) => {
      const made = await branch.make(await branch.officer("BureauMSP", "9000", "node"), tick(time));
      branch.appendValid(made);
    };
    state = () => branch.state("log", DEPARTMENT) ?? expect.fail("the log has not been opened");
  });
  afterEach(async () => {
    await log.close();
    await rm(dir, { recursive: true, force: true });
  });
  let refuse: () => Error | undefined;
  let onFailing: (reason: string | undefined) => void;
  let onBehind: (behind: unknown) => void = () => undefined;
  let begin: () => void;
  let passTime: (time: string) => Promise<void>;
  let state: () => LogState;
  const grow = (records: number) =>
    Promise.all(Array.from({ length: records }, (_, i) => log.append(Buffer.from(`${log.size} ${i}`))));
  const types = () => filed.map(({ type }) => type);

  it("tells why anchors do not come to the ledger after three failures in a row, and when one does", async () => {
    const told: (string | undefined)[] = [];
    const stopping = new AbortController();
    let failures = 0;
    refuse = () => {
      failures += 1;
      if (failures > 4) return undefined;
      return new Error(`away for the time ${failures}`);
    };
    onFailing = (reason) => {
      told.push(reason);
      if (reason === undefined) stopping.abort();
    };
    await anchoring.run(stopping.signal);
    expect(told).to.deep.equal(["away for the time 3", "away for the time 4", undefined]);
  });

  it("opens the log and anchors it, empty as it is", async () => {
    await anchoring.anchorIfDue();
    expect(types()).to.deep.equal(["open", "anchor"]);
    expect(state()).to.include({ status: "open", size: 0, anchors: 1 });
  });

  it("anchors again only when the log has grown and a minute passed, at 10,000 records, or hourly by the ledger", async () => {
    await anchoring.anchorIfDue();
    await anchoring.anchorIfDue();
    await grow(5);
    await anchoring.anchorIfDue();
    expect(types(), "grown, but within the minute").to.deep.equal(["open", "anchor"]);
    await passTime("2026-03-02T01:30:00Z");
    await anchoring.anchorIfDue();
    expect(state()).to.include({ size: 5, anchors: 2 });
    await grow(10_000);
    await anchoring.anchorIfDue();
    expect(state()).to.include({ size: 10_005, anchors: 3 });
    await passTime("2026-03-02T02:31:00Z");
    await anchoring.anchorIfDue();
    expect(state(), "nothing new, yet an hour has passed").to.include({ size: 10_005, anchors: 4 });
  });

  it("witnesses another's new records five minutes later, though its own log has not grown, and each once", async () => {
    await anchoring.anchorIfDue();
    others.set("CivilMSP", 7);
    await passTime("2026-03-02T01:04:59Z");
    await anchoring.anchorIfDue();
    expect(state(), "within the five minutes").to.include({ anchors: 1 });
    await passTime("2026-03-02T01:05:00Z");
    await anchoring.anchorIfDue();
    expect(state()).to.include({ size: 0, anchors: 2 });
    await passTime("2026-03-02T01:30:00Z");
    await anchoring.anchorIfDue();
    expect(state(), "nothing new since").to.include({ anchors: 2 });
  });

  it("proves that the log extends what was anchored, and names the ledger as the node has it", async () => {
    await anchoring.anchor();
    await grow(300);
    await anchoring.anchor();
    await grow(300);
    await anchoring.anchor();
    const { body } = filed.at(-1) ?? expect.fail("nothing was filed");
    const { consistency, ledger: anchored } = body as AnchorLog;
    expect(consistency).not.to.deep.equal([]);
    expect(anchored.blocks).to.equal(3);
    expect(state().size).to.equal(600);
  });

  it("is refused by the rules once its log is another than was anchored", async () => {
    await grow(10);
    await anchoring.anchor();
    await log.close();
    await rm(dir, { recursive: true });
    log = await AccessLog.open(dir, signer);
    await grow(4);
    await log.publish();
    begin();
    expect(await codeOf(anchoring.anchor())).to.equal("NOT_IN_TREE");
    await grow(10);
    expect(await codeOf(anchoring.anchor())).to.equal("LOG_REWRITTEN");
  });

  it("gives a log up that has less than was anchored: nothing is filed, and whoever began it is told", async () => {
    await grow(10);
    await anchoring.anchor();
    await log.close();
    await rm(dir, { recursive: true });
    log = await AccessLog.open(dir, signer);
    await grow(9);
    let told: unknown;
    onBehind = (behind) => {
      told = behind;
    };
    begin();
    filed.length = 0;
    await anchoring.run(new AbortController().signal);
    expect(told).to.include({ code: "LOG_BEHIND" });
    expect(filed).to.deep.equal([]);
  });

  const codeOf = (act: Promise<unknown>) =>
    act.then(
      () => "accepted",
      (error: { code?: string }) => error.code,
    );

  /** The ledger side of a node, as far as anchoring asks it: files through the model. */
  async function servicesOn(branch: TestLedger, commands: Command[]): Promise<AnchoringParts["services"]> {
    const node = await branch.officer(DEPARTMENT, "node", "node");
    return {
      department: DEPARTMENT,
      nodeSigner: node.signer,
      model: () => RELEASED.latest,
      status: () => ({ ready: true, ledgerTime: branch.time as string }) as ReturnType<NodeServices["status"]>,
      head: async (ref) => ({ ...ref, ...branch.head(ref as typeof LOG) }),
      submit: async (_officer, command) => {
        const made = await branch.make(node, command);
        branch.appendValid(made);
        commands.push(command);
        return { status: "counted" } as Awaited<ReturnType<NodeServices["submit"]>>;
      },
    };
  }
});
