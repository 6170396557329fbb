import type { ExchangeError } from "@wanlian/client/core";
import type { Instant } from "@wanlian/model/identifiers.js";
import { expect } from "chai";
import { BUREAU, CONSUMER, DATASET, PROVIDER } from "../exchange/exchange-world.js";
import { type CallsWorld, makeCallsWorld, record } from "./calls-world.js";

describe("calls over the platform, on both sides", () => {
  let calls: CallsWorld;
  beforeEach(async () => {
    calls = await makeCallsWorld();
  });
  afterEach(() => calls.remove());

  const standings = async (side: "provider" | "consumer") => {
    const { list } = calls[side].ofOfficers;
    const listed = await list({}, "all", { limit: 100 });
    return Object.fromEntries(
      listed.map(({ call, otherSide }) => [`${call.facts.call}:${call.facts.rows}`, otherSide]),
    );
  };
  const confirm = async () => {
    for (const side of [calls.provider, calls.consumer]) await side.ofOfficers.catchUp();
    for (const side of [calls.provider, calls.consumer]) await side.confirm();
  };
  const lacking = async (side: "provider" | "consumer") =>
    (await calls[side].ofOfficers.lacking(100, undefined)).map(
      ({ department, facts }) => `${department} ${(facts as { call: string }).call}`,
    );

  it("agree where both were told alike, whoever tells first; what one lacks or has otherwise stands out at both", async () => {
    await calls.provider.desk.push([record("same"), record("lost-there"), record("altered", { 条数: 3 })]);
    await calls.consumer.desk.push([record("same"), record("lost-here"), record("altered", { 条数: 4 })]);
    await confirm();
    expect(await standings("provider")).to.deep.equal({
      "same:1": "agrees",
      "lost-there:1": "lacks",
      "altered:3": "differs",
    });
    expect(await standings("consumer")).to.deep.equal({
      "same:1": "agrees",
      "lost-here:1": "lacks",
      "altered:4": "differs",
    });
    expect(await lacking("provider")).to.deep.equal([`${CONSUMER} lost-here`]);
    expect(await lacking("consumer")).to.deep.equal([`${PROVIDER} lost-there`]);
  });

  it("agree in the end where one side's platform was late", async () => {
    await calls.provider.desk.push([record("1")]);
    await confirm();
    expect(await standings("provider")).to.deep.equal({ "1:1": "lacks" });
    expect(await lacking("consumer")).to.deep.equal([`${PROVIDER} 1`]);
    await calls.consumer.desk.push([record("1")]);
    await confirm();
    expect(await standings("provider")).to.deep.equal({ "1:1": "agrees" });
    expect(await standings("consumer")).to.deep.equal({ "1:1": "agrees" });
    expect(await lacking("consumer")).to.deep.equal([]);
  });

  it("are told again where the other node was not there", async () => {
    await calls.provider.desk.push([record("1")]);
    await calls.provider.ofOfficers.catchUp();
    await calls.world.consumer.close();
    await calls.provider.confirm();
    expect(await standings("provider")).to.deep.equal({ "1:1": "open" });
  });

  it("of a file agree by its digest, though each side says by its own clock when it went", async () => {
    const facts = (time: string) =>
      ({
        ...{ road: "file", platform: "file", call: "ab".repeat(32), digest: "ab".repeat(32), time: time as Instant },
        ...{ provider: PROVIDER, consumer: CONSUMER, dataset: DATASET, way: "download", result: "served", rows: 3 },
      }) as never;
    await calls.provider.desk.handOver("2001", facts("2026-03-02T02:00:00Z"), {});
    await calls.consumer.desk.handOver("3001", facts("2026-03-02T02:40:00Z"), {});
    await confirm();
    expect(Object.values(await standings("provider"))).to.deep.equal(["agrees"]);
  });

  describe("refuse what another node may not tell", () => {
    const facts = (more: Readonly<Record<string, unknown>>) => ({
      ...{ road: "platform", platform: "p", call: "1", time: "2026-03-02T02:00:00Z", dataset: DATASET },
      ...{ provider: PROVIDER, consumer: CONSUMER, way: "lookup", result: "served", rows: 1, ...more },
    });
    const CASES: readonly (readonly [string, unknown, string])[] = [
      ["a call between others", { calls: [facts({ consumer: BUREAU })] }, "NOT_PERMITTED"],
      ["calls in another form", { calls: [facts({ rows: -1 })] }, "INVALID_INPUT"],
      ["more than are told at a time", { calls: Array.from({ length: 501 }, () => facts({})) }, "INVALID_INPUT"],
      ["nothing", { calls: [] }, "INVALID_INPUT"],
      ["more than fits", { calls: "x".repeat(1_100_000) }, "TOO_LARGE"],
    ];
    for (const [what, told, code] of CASES) {
      it(`${what}: ${code}`, async () => {
        const { connections } = calls.world.consumer.exchange;
        const refusal = await connections.json(PROVIDER, "/platform/v1/calls", told).then(
          () => undefined,
          (error: ExchangeError) => error.details.code,
        );
        expect(refusal).to.equal(code);
        expect(await lacking("provider")).to.deep.equal([]);
      });
    }
  });
});
