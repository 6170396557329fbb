import type { Digest, Instant } from "@wanlian/model/identifiers.js";
import type { Reading, Use, UseCases } from "@wanlian/model/reading.js";
import {
  type CallDetails,
  type CallFacts,
  callKey,
  factsDigest,
  refusalOfCall,
} from "@wanlian/verify/records/platform-call.js";
import { expect } from "chai";

const FACTS = {
  road: "platform",
  platform: "city exchange",
  call: "20260302-1",
  time: "2026-03-02T08:00:00Z",
  provider: "CivilMSP",
  consumer: "PoliceMSP",
  dataset: "CivilMSP/births",
  way: "lookup",
  result: "served",
  rows: 1,
} as CallFacts;
const HANDED: CallFacts = { ...FACTS, road: "file" };

describe("a call over another road", () => {
  describe("is one and the same", () => {
    const table: [title: string, one: CallFacts, change: Partial<CallFacts>, same: boolean][] = [
      ["on a platform, whatever is said of it", FACTS, { rows: 2, time: "2026-03-02T09:00:00Z" as Instant }, true],
      ["on a platform, whoever is said to have called", FACTS, { consumer: "TaxMSP" } as Partial<CallFacts>, true],
      ["on a platform by another number", FACTS, { call: "20260302-2" }, false],
      ["on another platform", FACTS, { platform: "province exchange" }, false],
      ["as a file, whatever is said of it", HANDED, { rows: 2 }, true],
      ["as a file of another digest", HANDED, { call: "f".repeat(64) }, false],
      ["as a file for another department", HANDED, { consumer: "TaxMSP" } as Partial<CallFacts>, false],
      ["as a file from another department", HANDED, { provider: "TaxMSP" } as Partial<CallFacts>, false],
    ];
    for (const [title, one, change, same] of table) {
      it(`${title}: ${same ? "yes" : "no"}`, () => {
        expect(callKey({ ...one, ...change }) === callKey(one)).to.equal(same);
      });
    }
  });

  describe("is said alike by both sides", () => {
    const later = { time: "2026-03-02T09:00:00Z" as Instant };
    const table: [title: string, one: CallFacts, change: Partial<CallFacts>, same: boolean][] = [
      ["of a platform at one time", FACTS, {}, true],
      ["of a platform at two times", FACTS, later, false],
      ["of a file at two times, each by its own clock", HANDED, later, true],
      ["of a file with other rows", HANDED, { rows: 2 }, false],
    ];
    for (const [title, one, change, same] of table) {
      it(`${title}: ${same ? "yes" : "no"}`, () => {
        expect(factsDigest({ ...one, ...change }) === factsDigest(one)).to.equal(same);
      });
    }
  });

  describe("rests on its grant", () => {
    const RELEASE = "a".repeat(64);
    const granted = { purpose: "granted purpose", scenario: "granted scenario" };
    const { provider, consumer, dataset, way } = FACTS;
    const called = { provider, consumer, dataset, way };
    const unsaid = { fields: [], ...granted, release: RELEASE };

    function useOf(details: CallDetails, given: object, release: string | undefined): Use | undefined {
      let asked: Use | undefined;
      const reading = {
        application: () => given,
        refusalOfUse: (use: Use, _: UseCases, { time }: { readonly time: Instant }) => {
          expect(time).to.equal(FACTS.time);
          asked = use;
        },
      } as unknown as Reading;
      const checked = release === undefined ? {} : { release: release as Digest };
      const said = { facts: FACTS, details, checked } as Parameters<typeof refusalOfCall>[0];
      const cases = { application: {} } as unknown as UseCases;
      expect(refusalOfCall(said, { reading, cases })).to.equal(undefined);
      return asked;
    }

    const table: [title: string, details: object, given: object, expected: object][] = [
      ["as granted where nothing is said", {}, granted, unsaid],
      ["by what is said of fields", { fields: ["name"] }, granted, { ...unsaid, fields: ["name"] }],
      ["by what is said of the purpose", { purpose: "another" }, granted, { ...unsaid, purpose: "another" }],
      ["by what is said of the scenario", { scenario: "another" }, granted, { ...unsaid, scenario: "another" }],
      ["by the operator that is named", { operator: "tower" }, granted, { ...unsaid, operator: "tower" }],
      ["by the officer that is named", { officer: "1001" }, granted, { ...unsaid, officer: "1001" }],
      ["for the grant's principal", {}, { ...granted, principal: "TaxMSP" }, { ...unsaid, principal: "TaxMSP" }],
      ["under the grant's mandate", {}, { ...granted, mandate: RELEASE }, { ...unsaid, mandate: RELEASE }],
    ];
    for (const [title, details, given, expected] of table) {
      it(title, () => {
        expect(useOf(details as CallDetails, given, RELEASE)).to.deep.equal({ ...called, ...expected });
      });
    }

    it("of no release where the dataset has none, as the rule says", () => {
      expect(useOf({}, granted, undefined)).to.deep.equal({ ...called, ...unsaid, release: "" });
    });

    it("not, where there is no such grant: UNKNOWN_GRANT", () => {
      const said = { facts: FACTS, details: {}, checked: {} } as Parameters<typeof refusalOfCall>[0];
      const none = { reading: {} as Reading, cases: {} as UseCases };
      expect(refusalOfCall(said, none)).to.equal("UNKNOWN_GRANT");
    });
  });
});
