import { compareWithRelease } from "@wanlian/client/exchange/comparison/compare-with-release.js";
import { rowDigest } from "@wanlian/client/exchange/comparison/keyed-digests.js";
import { downloadRelease } from "@wanlian/client/exchange/streams/release-download.js";
import type { AccessRecord } from "@wanlian/verify/records/access-record.js";
import { randomDigest } from "@wanlian/verify/records/access-request.js";
import { expect } from "chai";
import { type ExchangeWorld, makeExchangeWorld } from "./exchange-world.js";

const FIELDS = ["code", "name"];
const CASES: readonly (readonly [string, object, string])[] = [
  ["a mask", { masks: [{ field: "name", way: "partial" }] }, "SHOWN_IN_PART"],
  ["a filter", { filters: [{ field: "note", among: ["old"] }] }, "SHOWN_IN_PART"],
  ["a mask that shows all", { masks: [{ field: "name", way: "whole" }] }, "served"],
];

describe("a grant that shows data in part, at the provider's doors", () => {
  let world: ExchangeWorld;
  before(async () => {
    world = await makeExchangeWorld({ model: 2 });
    await world.conditional();
  });
  after(() => world.remove());

  const reasonIn = (record: AccessRecord) => ("reason" in record ? record.reason : record.result);

  for (const [what, shown, expected] of CASES) {
    it(`has by every way and road the answer ${expected} under ${what}: nobody gives more than it shows`, async () => {
      const { dataset, purpose, scenario } = world.ask("" as never);
      const period = { from: "2026-03-02", to: "2026-03-31", frequency: { calls: 1000, per: "day" } };
      const wish = { dataset, kind: "ordinary", fields: FIELDS, purpose, scenario, duty: "duty", ...period };
      const grant = await world.act(world.officer, { noun: "application", case: null, type: "apply", body: wish });
      const body = { dataset, fields: FIELDS, ...period, ...shown };
      await world.act(world.steward, { noun: "application", case: grant, type: "grant", body });
      const desk = world.consumer.exchange.consumer;
      const { signer } = world.officer;
      const reasons: unknown[] = [];
      for (const way of ["lookup", "verification"] as const) {
        for (const road of ["gateway", "file", "platform"] as const) {
          const asked = world.ask(grant, { fields: FIELDS, subject: { code: "0371" }, way, road });
          reasons.push(reasonIn((await desk.access(signer, asked)).filed.signed.record));
        }
      }
      const whole = world.ask(grant, { fields: FIELDS, way: "download" });
      for await (const part of downloadRelease(desk, signer, whole)) {
        if (part.$case === "end") reasons.push(reasonIn(part.filed.signed.record));
      }
      const key = randomDigest();
      const compared = { key, rows: rowDigest(Buffer.from(key, "hex"), ["0371"]).toString("base64") };
      const { way: _way, road: _road, ...rest } = whole;
      for await (const part of compareWithRelease(desk, signer, { ...rest, by: ["code"], compared })) {
        if (part.$case === "end") reasons.push(reasonIn(part.filed.signed.record));
      }
      expect(reasons).to.deep.equal(Array.from({ length: 8 }, () => expected));
    });
  }
});
