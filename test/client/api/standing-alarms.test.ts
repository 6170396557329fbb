import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Request } from "@wanlian/client/api/operation.js";
import { nodeOperations } from "@wanlian/client/api/operations/node.js";
import { standingText } from "@wanlian/client/api/standing-alarms.js";
import type { NodeEvent, NodeStatus, StandingAlarm } from "@wanlian/client/core/services.js";
import { nodeEvents } from "@wanlian/client/node/events.js";
import { StandingAlarms } from "@wanlian/client/node/standing-alarms.js";
import { ToldWarnings } from "@wanlian/client/node/told-warnings.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { expect } from "chai";

const since = "2026-09-28T01:00:00Z";
const alarms: readonly StandingAlarm[] = [
  { kind: "LEDGER_SPLIT", department: "CivilMSP", since, transactionId: "ab", blocks: 7, theirs: "cd", own: "ef" },
  { kind: "TWO_LOGS", department: "CivilMSP", since, notes: ["one", "other"] },
  { kind: "LOG_REWRITTEN", department: "PoliceMSP", since, note: "one", anchored: 12 },
  { kind: "ANCHOR_LATE", department: "PoliceMSP", since, anchored: since },
  { kind: "NOT_ANCHORED", department: "HealthMSP", since },
  { kind: "RECEIPTS_MISSING", department: "HealthMSP", since, providers: ["CivilMSP"], records: 3, oldest: since },
];

describe("alarms that stand, told to people", () => {
  let dir: string;
  let db: Awaited<ReturnType<typeof openDatabase>>;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-standing-"));
    db = await openDatabase({ directory: dir, url: undefined });
  });
  after(async () => {
    await db.destroy();
    await rm(dir, { recursive: true });
  });

  const call = async (id: string, query: Record<string, string> = {}) => {
    const told = {
      conditions: [],
      pending: [{ zh: "待办", en: "to follow" }],
      standing: alarms,
      alarms: alarms.length,
    };
    const status = { height: 3n, ...told } as unknown as NodeStatus;
    const request = { services: { status: () => status }, db, query, language: "zh" } as unknown as Request;
    const operation = nodeOperations.find((one) => one.id === id);
    return (await operation?.handle(request))?.body as Record<string, readonly Record<string, unknown>[]>;
  };

  it("in both languages, with the department and what shows it", () => {
    for (const alarm of alarms) {
      const { zh, en } = standingText(alarm);
      expect(zh).to.include(alarm.department);
      expect(en).to.include(alarm.department);
    }
    expect(standingText(alarms[2] as StandingAlarm).zh).to.include("12条");
  });

  it("in the node's status", async () => {
    const { standing, pending } = await call("showStatus");
    expect(pending).to.deep.equal(["待办"]);
    expect(standing?.map(({ kind, message }) => [kind, message])).to.deep.equal(
      alarms.map((alarm) => [alarm.kind, standingText(alarm).zh]),
    );
  });

  it("first among the alarms, once", async () => {
    const { items } = await call("listAlarms");
    expect(items?.map(({ kind, departments, block }) => [kind, departments, block])).to.deep.equal(
      alarms.map(({ kind, department }) => [kind, [department], null]),
    );
    const cursor = Buffer.from(JSON.stringify([9, 9, 9])).toString("base64url");
    expect((await call("listAlarms", { cursor })).items).to.deep.equal([]);
  });

  it("to whoever follows the events: those that stand, then each as it is raised", async () => {
    let wake: () => void = () => undefined;
    const standing = new StandingAlarms(() => wake());
    standing.raise(alarms[0] as StandingAlarm);
    const source = {
      height: 0n,
      nextBlock: () =>
        new Promise<void>((resolve) => {
          wake = resolve;
        }),
      standingSince: (number: number) => standing.since(number),
    };
    const stopping = new AbortController();
    const events = nodeEvents(db, source, { signal: stopping.signal });
    const told = async () => {
      const { value } = await events.next();
      const event = value as Extract<NodeEvent, { kind: "alarm" }>;
      return [event.kind, event.alarm.kind, event.alarm.departments];
    };
    expect(await told()).to.deep.equal(["alarm", "LEDGER_SPLIT", ["CivilMSP"]]);
    const next = told();
    standing.raise(alarms[4] as StandingAlarm);
    expect(await next).to.deep.equal(["alarm", "NOT_ANCHORED", ["HealthMSP"]]);
    stopping.abort();
    const end = events.return(undefined);
    wake();
    await end;
  });

  it("beside warnings of unusual use, which are told to whoever follows from then on", async () => {
    let wake: () => void = () => undefined;
    const warnings = new ToldWarnings(() => wake());
    const warning = {
      ...{ id: "1", kind: "VOLUME", day: "2026-09-21", provider: "CivilMSP", consumer: "HealthMSP", dataset: "" },
      ...{ officer: "", grant: "", figures: {}, raised: "2026-09-21T01:00:00Z" },
    };
    warnings.tell({ ...warning, id: "before" });
    const source = {
      height: 0n,
      nextBlock: () =>
        new Promise<void>((resolve) => {
          wake = resolve;
        }),
      warningsSince: (number: number | undefined) => warnings.since(number),
    };
    const stopping = new AbortController();
    const events = nodeEvents(db, source, { signal: stopping.signal });
    const next = events.next();
    await new Promise((resolve) => setImmediate(resolve));
    warnings.tell(warning);
    const { value } = await next;
    expect(value).to.deep.include({ kind: "warning", warning });
    stopping.abort();
    const end = events.return(undefined);
    wake();
    await end;
  });
});
