import { encodeCallEntry, type PlatformCall } from "@wanlian/client/access";
import { readEntry } from "@wanlian/verify/records/log-entry.js";
import { expect } from "chai";
import { anchor, makeAuditor, rewriteLog, type TestAuditor } from "../audit/audit-world.js";
import { BUREAU, CONSUMER, PROVIDER } from "../exchange/exchange-world.js";
import { type CallsWorld, makeCallsWorld, record } from "./calls-world.js";

describe("audit of calls over the platform", () => {
  let calls: CallsWorld;
  let auditor: TestAuditor;
  beforeEach(async () => {
    calls = await makeCallsWorld();
    auditor = await makeAuditor(calls.world, "9100");
  });
  afterEach(() => calls.remove());

  const both = async (...records: readonly unknown[]) => {
    for (const side of [calls.provider, calls.consumer]) await side.desk.push(records);
  };
  const anchored = async () => {
    for (const side of [calls.world.provider, calls.world.consumer]) await anchor(calls.world, side);
  };

  it("finds nothing where both sides were told alike and a grant covers it, and tells of each", async () => {
    await both(record("1"), record("2"));
    await anchored();
    const { findings, calls: told, logs } = await auditor.run({ show: "records" });
    expect(findings).to.deep.equal([]);
    expect(told.map(({ call }) => `${call.department} ${call.facts.call}`).sort()).to.deep.equal(
      [PROVIDER, CONSUMER].flatMap((department) => [`${department} 1`, `${department} 2`]).sort(),
    );
    expect(logs.map((log) => log.calls)).to.deep.equal([2, 2]);
  });

  it("finds a call without a grant, one that one side lacks, and one that they have otherwise", async () => {
    await both(record("none", { 调用时间: "2026-03-02 11:30:00" }));
    await calls.provider.desk.push([record("lost"), record("altered")]);
    await calls.consumer.desk.push([record("altered", { 条数: 99 })]);
    await anchored();
    const { findings } = await auditor.run();
    expect(findings.map(({ kind, department }) => `${kind} ${department}`).sort()).to.deep.equal(
      [
        `CALL_NOT_GRANTED ${PROVIDER}`,
        `CALL_NOT_GRANTED ${CONSUMER}`,
        `CALL_ONE_SIDED ${PROVIDER}`,
        `CALL_ONE_SIDED ${PROVIDER}`,
        `CALL_ONE_SIDED ${CONSUMER}`,
      ].sort(),
    );
    const without = findings.find(({ kind }) => kind === "CALL_NOT_GRANTED");
    expect(without).to.include({ because: "GRANT_REVOKED", consumer: CONSUMER });
  });

  it("finds one that a log has twice", async () => {
    await both(record("1"));
    await rewriteLog(calls.world.provider, (entries) => [...entries, ...entries.slice(0, 1)]);
    await anchored();
    expect(await auditor.findings()).to.deep.equal([`RECORD_DOUBLED ${PROVIDER}`]);
  });

  /** What a node's own operator would rather have had in the log. */
  const LIES: readonly (readonly [string, (call: PlatformCall) => PlatformCall, readonly string[]])[] = [
    [
      "that says it was granted",
      ({ reason: _, ...call }) => call,
      [`CALL_MISJUDGED ${PROVIDER}`, `CALL_NOT_GRANTED ${PROVIDER}`],
    ],
    [
      "that pleads a state from before",
      ({ reason: _, ...call }) => ({ ...call, checked: { ...call.checked, height: call.checked.height - 2 } }),
      [`CHAIN_DIFFERS ${PROVIDER}`],
    ],
    [
      "that states another time of the ledger",
      (call) => ({ ...call, checked: { ...call.checked, time: "2026-03-02T01:00:00Z" as never } }),
      [`CALL_NOT_GRANTED ${PROVIDER}`, `TIME_DIFFERS ${PROVIDER}`],
    ],
  ];
  for (const [what, lie, expected] of LIES) {
    it(`finds an entry ${what}`, async () => {
      await both(record("1", { 调用时间: "2026-03-02 11:30:00" }));
      await rewriteLog(calls.world.provider, (entries) =>
        entries.map((entry) => {
          const read = readEntry(entry);
          return read?.kind === "call" ? encodeCallEntry(lie(read.call)) : entry;
        }),
      );
      await anchored();
      const found = await auditor.findings();
      expect(found.filter((one) => one.endsWith(PROVIDER))).to.deep.equal(expected);
    });
  }

  it("finds an entry that pleads an old state with that state's own block", async () => {
    await both(record("1", { 调用时间: "2026-03-02 11:30:00" }));
    const history = calls.world.provider.view.honest;
    const read = async (height: number) => ({
      block: (await history.blockHash(height - 1)) as never,
      time: (await history.rulesAt(height))?.time as never,
    });
    const [entry] = await calls.provider.ofOfficers
      .catchUp()
      .then(() => calls.provider.ofOfficers.list({}, "all", { limit: 1 }));
    const height = (entry?.call.checked.height ?? 0) - 2;
    const old = { height, ...(await read(height)) };
    await rewriteLog(calls.world.provider, (entries) =>
      entries.map((bytes) => {
        const made = readEntry(bytes);
        if (made?.kind !== "call") return bytes;
        const { reason: _, ...call } = made.call;
        return encodeCallEntry({ ...call, checked: { ...call.checked, ...old } });
      }),
    );
    await anchored();
    expect((await auditor.findings()).filter((one) => one.endsWith(PROVIDER))).to.deep.equal([
      `OLD_HEIGHT ${PROVIDER}`,
    ]);
  });

  it("leaves calls of others' out of what a mandate over one dataset shows", async () => {
    await both(record("1"));
    await anchored();
    const narrow = await makeAuditor(calls.world, "9200", [BUREAU]);
    const { calls: told, logs } = await narrow.run({ departments: [PROVIDER], show: "records" });
    expect(told).to.deep.equal([]);
    expect(logs.find(({ department }) => department === PROVIDER)?.leftOut, "the call, and the question").to.equal(2);
  });
});
