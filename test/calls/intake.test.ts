import { setImmediate as turn } from "node:timers/promises";
import { encodeCallEntry } from "@wanlian/client/access";
import { LogError } from "@wanlian/client/core";
import type { DatasetId, Instant, TransactionId } from "@wanlian/model/identifiers.js";
import { readEntry } from "@wanlian/verify/records/log-entry.js";
import { expect } from "chai";
import { BUREAU, CONSUMER, DATASET, PROVIDER, SCENARIO } from "../exchange/exchange-world.js";
import { type CallsWorld, makeCallsWorld, record } from "./calls-world.js";

describe("calls over the platform", () => {
  let calls: CallsWorld;
  before(async () => {
    calls = await makeCallsWorld();
  });
  after(() => calls.remove());

  let numbers = 0;
  const push = async (more: Readonly<Record<string, unknown>> = {}) => {
    const number = `n-${++numbers}`;
    const taken = await calls.provider.desk.push([record(number, more)]);
    const [listed] = await list();
    return { number, taken, call: listed?.call.facts.call === number ? listed.call : undefined };
  };
  const list = async (pick: "all" | "withoutGrant" = "all") => {
    const { catchUp, list: find } = calls.provider.ofOfficers;
    await catchUp();
    return await find({}, pick, { limit: 100 });
  };

  // Beijing's clock: 09:00 is 01:00 by the ledger, when the grant was taken; it was revoked at 11:00.
  const COVERED: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ["within the grant", {}],
    ["just before the grant was revoked, told an hour after", { 调用时间: "2026-03-02 10:59:59" }],
    ["with the fields, purpose and scenario of the grant", { fields: "code;name", scenario: SCENARIO }],
    ["under the grant that it names", { grant: () => calls.grant }],
  ];
  for (const [what, more] of COVERED) {
    it(`is granted ${what}`, async () => {
      const { taken, call } = await push(resolved(more));
      expect(taken).to.deep.equal({ taken: 1, withoutGrant: 0, doubled: 0, refused: [] });
      expect(call?.reason).to.equal(undefined);
      expect(call?.checked).to.include({ grant: calls.grant, release: calls.world.release });
    });
  }

  const UNCOVERED: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    ["after the grant was revoked", { 调用时间: "2026-03-02 11:00:00" }, "GRANT_REVOKED"],
    ["of a dataset that there is no grant on", { dataset: `${PROVIDER}/births` }, "UNKNOWN_GRANT"],
    ["of a department that has no grant", { 使用方: BUREAU }, "UNKNOWN_GRANT"],
    ["of a field beyond the grant", { fields: "code,id" }, "FIELD_NOT_GRANTED"],
    ["for another scenario", { scenario: "curiosity" }, "WRONG_SCENARIO"],
    ["under a grant that there is not", { grant: "ab".repeat(32) }, "UNKNOWN_GRANT"],
    ["of a release that there is not", { release: "ab".repeat(32) }, "UNKNOWN_RELEASE"],
    ["by an operator company that was never engaged", { operator: "city-data" }, "OPERATOR_NOT_ENGAGED"],
  ];
  for (const [what, more, reason] of UNCOVERED) {
    it(`has no grant ${what}: ${reason}`, async () => {
      const { taken, call, number } = await push(more);
      expect(taken).to.deep.equal({ taken: 1, withoutGrant: 1, doubled: 0, refused: [] });
      expect(call?.reason).to.equal(reason);
      expect((await list("withoutGrant")).map((one) => one.call.facts.call)).to.include(number);
    });
  }

  const REFUSED: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    ["is between others", { 提供方: BUREAU }, "NOT_A_PARTY"],
    ["says no time", { 调用时间: "" }, "MEMBER_MISSING"],
    ["is of a day that there is not", { 调用时间: "2026-02-30 10:00:00" }, "MEMBER_WRONG"],
    ["counts what cannot be counted", { 条数: "many" }, "MEMBER_WRONG"],
    ["names no department", { 使用方: "某局" }, "MEMBER_WRONG"],
    ["is from before the ledger", { 调用时间: "2026-03-01 10:00:00" }, "BEFORE_LEDGER"],
    ["is ahead of the ledger's time", { 调用时间: "2026-03-02 12:30:00" }, "TIME_AHEAD"],
    ["hides text in a number", { 流水号: "a\u202eb" }, "MEMBER_WRONG"],
  ];
  for (const [what, more, code] of REFUSED) {
    it(`is refused where it ${what}: ${code}`, async () => {
      const before = (await list()).length;
      const { taken } = await push(more);
      expect([taken.taken, taken.refused.map((one) => one.code)]).to.deep.equal([0, [code]]);
      expect(await list()).to.have.lengthOf(before);
      expect((await calls.provider.ofOfficers.notes(1, undefined, undefined))[0]?.code).to.equal(code);
    });
  }

  it("takes nothing while the log cannot be written, says so, and takes the same once it can", async () => {
    const { exchange, view } = calls.world.provider;
    const { log } = exchange;
    const { honest } = view;
    const [append, ruleAt] = [log.append.bind(log), honest.ruleAt.bind(honest)];
    const records = ["full-1", "full-2", "full-3"].map((number, at) =>
      record(number, { grant: `0${at}`.repeat(32) as TransactionId }),
    );
    log.append = async () => {
      throw new LogError("LOG_WRITE_FAILED", "no space left on device");
    };
    // As over a connection: the first has failed before it is known what the ledger says of the second.
    honest.ruleAt = async (...asked) => {
      await turn();
      return await ruleAt(...asked);
    };
    // What nobody listens to ends a node.
    const unheard: unknown[] = [];
    const note = (reason: unknown) => unheard.push(reason);
    process.on("unhandledRejection", note);
    try {
      const failed = await calls.provider.desk.push(records).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failed).to.be.instanceOf(LogError).and.to.include({ code: "LOG_WRITE_FAILED" });
      expect(unheard).to.deep.equal([]);
    } finally {
      process.off("unhandledRejection", note);
      log.append = append;
      honest.ruleAt = ruleAt;
    }
    expect(await calls.provider.desk.push(records)).to.include({ taken: 3, doubled: 0 });
  });

  it("reads times as platforms write them", async () => {
    for (const 调用时间 of [
      "2026/03/02 10:15:00",
      "20260302101500",
      "2026-03-02T02:15:00.123Z",
      1772417700,
      "1772417700000",
    ]) {
      const { call } = await push({ 调用时间 });
      expect(call?.facts.time, String(调用时间)).to.equal("2026-03-02T02:15:00Z");
    }
  });

  it("stands once however often it comes, and beside itself where it is altered", async () => {
    const once = record("once");
    expect(await calls.provider.desk.push([once, once])).to.include({ taken: 1, doubled: 1 });
    expect(await calls.provider.desk.push([once])).to.include({ taken: 0, doubled: 1 });
    const { taken } = await calls.provider.desk.push([record("once", { 条数: 9 })]);
    expect(taken).to.equal(1);
    const [altered, first] = await list();
    expect(altered?.call).to.include({ contradicts: first?.id });
    expect(altered?.call.facts.rows).to.equal(9);
    const third = await calls.provider.desk.push([record("once", { 条数: 10 })]);
    expect(third.refused.map(({ code }) => code)).to.deep.equal(["ALTERED_AGAIN"]);
    const notes = await calls.provider.ofOfficers.notes(4, undefined, undefined);
    expect(notes.map(({ code }) => code)).to.deep.equal(["ALTERED_AGAIN", "ALTERED", "DOUBLED", "DOUBLED"]);
  });

  it("counts against the grant's quota with what the node itself gave", async () => {
    const few = await makeCallsWorld();
    try {
      const records = Array.from({ length: 1000 }, (_, at) => record(`q-${at}`));
      const { log } = few.world.provider.exchange;
      const append = log.append.bind(log);
      log.append = async () => {
        throw new LogError("LOG_WRITE_FAILED", "no space left on device");
      };
      const failed = await few.provider.desk.push(records).catch((error: unknown) => error);
      log.append = append;
      expect(failed, "nothing of it counts").to.be.instanceOf(LogError);
      const served = await few.provider.desk.push(records);
      const beyond = await few.provider.desk.push([record("q-1000"), record("q-1001")]);
      expect([served.withoutGrant, beyond.withoutGrant]).to.deep.equal([0, 2]);
      await few.provider.ofOfficers.catchUp();
      const [last] = await few.provider.ofOfficers.list({}, "all", { limit: 1 });
      expect(last?.call.reason).to.equal("QUOTA_EXCEEDED");
    } finally {
      await few.remove();
    }
  });

  it("states a file that was handed over by its digest, likewise", async () => {
    const facts = {
      ...{ road: "file", platform: "file", call: "ab".repeat(32), time: "2026-03-02T02:00:00Z" as Instant },
      ...{ provider: PROVIDER, consumer: CONSUMER, dataset: DATASET as DatasetId, way: "download" },
      ...{ result: "served", rows: 3, digest: "ab".repeat(32) },
    } as never;
    expect(await calls.provider.desk.handOver("2001", facts, {})).to.include({ taken: 1, withoutGrant: 0 });
    expect(await calls.provider.desk.handOver("2001", facts, {})).to.include({ taken: 0, doubled: 1 });
    expect((await list())[0]?.call.facts).to.include({ road: "file", digest: "ab".repeat(32) });
  });

  it("is a kind of its own in the log, which its index has as a record of another road", async () => {
    const { call } = await push();
    if (call === undefined) throw new Error("it was not taken");
    const entry = encodeCallEntry(call);
    expect(readEntry(entry)?.kind).to.equal("call");
    expect(readEntry(Buffer.from(entry.toString().replace(`"schema":1`, `"schema":2`)))).to.equal(undefined);
    const counts = await calls.world.provider.exchange.index.count({}, { by: "road" });
    expect(counts.map(({ road }) => road)).to.include("platform");
    expect(await calls.world.provider.exchange.index.firstDifference()).to.equal(undefined);
  });
});

const resolved = (more: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(more).map(([name, value]) => [
      name,
      typeof value === "function" ? (value as () => TransactionId)() : value,
    ]),
  );
