import type { FoldedAct } from "@wanlian/client/core";
import { provJson, provN, provOfActs, provOfLineage } from "@wanlian/client/lineage";
import type { Lineage, LineageEntry } from "@wanlian/client/lineage/lineage.js";
import { expect } from "chai";
import fc from "fast-check";
import { readProvN } from "./prov-n-reader.js";
import { provFaults } from "./prov-validity.js";

const id = (digit: string) => digit.repeat(64);
const CHANNEL = "nanyang";

describe("provenance as W3C PROV", () => {
  const lineage = lineageOf([
    entry(id("1"), {}),
    entry(id("2"), { derivedFrom: [id("1"), id("9")], provider: "HealthMSP" }),
    entry(id("3"), { revises: id("1"), objection: id("a") }),
  ]);

  it("is valid by the recommendation's constraints, for a lineage with an objection and its correction", () => {
    const document = JSON.parse(JSON.stringify(provJson(provOfLineage(lineage, CHANNEL))));
    expect(provFaults(document)).to.deep.equal([]);
    expect(document.entity[`release:${id("1")}`]).to.include({ "terms:mark": "wrong", "prov:label": "行政区划" });
    const derivations = Object.values<Record<string, unknown>>(document.wasDerivedFrom);
    expect(derivations.map((one) => [one["prov:generatedEntity"], one["prov:usedEntity"], one["prov:type"]])).to.eql([
      [`release:${id("2")}`, `release:${id("1")}`, undefined],
      [`release:${id("2")}`, `release:${id("9")}`, undefined],
      [`release:${id("3")}`, `release:${id("1")}`, { $: "prov:Revision", type: "prov:QUALIFIED_NAME" }],
    ]);
  });

  it("is valid for what happened to a case, void acts told and making nothing", () => {
    const acts = [
      act({ number: 1, type: "raise" }),
      act({ number: 2, type: "accept" }),
      act({ number: 3, type: "conclude", counted: false, reason: "WRONG_VALUE" }),
      act({ number: 4, type: "conclude" }),
    ];
    const document = JSON.parse(JSON.stringify(provJson(provOfActs(acts, CHANNEL))));
    expect(provFaults(document)).to.deep.equal([]);
    expect(Object.keys(document.activity)).to.have.length(4);
    expect(Object.keys(document.wasGeneratedBy)).to.have.length(3);
    const before = Object.values<Record<string, unknown>>(document.wasDerivedFrom).map((one) => one["prov:usedEntity"]);
    expect(before).to.deep.equal([1, 2].map((number) => `state:objection/${id("b")}/${number}`));
  });

  it("says the same in PROV-N as in PROV-JSON", () => {
    for (const document of [provOfLineage(lineage, CHANNEL), provOfActs([act({ number: 1 })], "a.b-c")]) {
      expect(readProvN(provN(document))).to.deep.equal(JSON.parse(JSON.stringify(provJson(document))));
    }
  });

  it("takes whatever names and words there are", () => {
    const text = fc.oneof(fc.string({ unit: "binary", maxLength: 20 }), fc.constantFrom('"', "\\", "'", "-", ".", ""));
    fc.assert(
      fc.property(text, text, text, (name, provider, word) => {
        const odd = lineageOf([
          entry(id("1"), { name, provider, dataset: `${provider}/${word}`, derivedFrom: [word] }),
        ]);
        const acts = [act({ number: 1, department: provider, officer: word, noun: name, type: word, case: provider })];
        for (const document of [provOfLineage(odd, name), provOfActs(acts, word)]) {
          const json = JSON.parse(JSON.stringify(provJson(document)));
          expect(provFaults(json)).to.deep.equal([]);
          expect(readProvN(provN(document))).to.deep.equal(json);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("the check of PROV's constraints", () => {
  const valid = {
    prefix: { a: "urn:a:" },
    entity: { "a:1": {}, "a:2": {} },
    activity: { "a:act": {} },
    agent: { "a:who": {} },
    wasGeneratedBy: { "_:1": { "prov:entity": "a:2", "prov:activity": "a:act", "prov:time": "2026-09-28T01:00:00Z" } },
    used: { "_:2": { "prov:activity": "a:act", "prov:entity": "a:1" } },
    wasDerivedFrom: { "_:3": { "prov:generatedEntity": "a:2", "prov:usedEntity": "a:1", "prov:activity": "a:act" } },
  };
  const cases: [string, object][] = [
    [
      "a circle of derivations",
      {
        wasDerivedFrom: {
          ...valid.wasDerivedFrom,
          "_:4": { "prov:generatedEntity": "a:1", "prov:usedEntity": "a:2", "prov:activity": "a:act" },
        },
      },
    ],
    ["an entity that is an activity", { activity: { ...valid.activity, "a:1": {} } }],
    ["a use of what is not there", { used: { "_:2": { "prov:activity": "a:act", "prov:entity": "a:9" } } }],
    ["a name without a prefix", { entity: { ...valid.entity, "b:1": {} } }],
    [
      "two times of one generation",
      {
        wasGeneratedBy: {
          ...valid.wasGeneratedBy,
          "_:4": { ...valid.wasGeneratedBy["_:1"], "prov:time": "2026-09-29T01:00:00Z" },
        },
      },
    ],
    [
      "a thing as its own case",
      { specializationOf: { "_:4": { "prov:specificEntity": "a:1", "prov:generalEntity": "a:1" } } },
    ],
  ];
  it("passes what is valid", () => expect(provFaults(valid)).to.deep.equal([]));
  for (const [what, change] of cases) {
    it(`notices ${what}`, () => expect(provFaults({ ...valid, ...change })).not.to.deep.equal([]));
  }
});

function lineageOf(releases: readonly LineageEntry[]): Lineage {
  const none = { releases: 0, departments: 0 };
  return {
    ...{ release: id("1"), releases, links: [], further: { up: none, down: none }, complete: true },
    objections: [
      {
        ...{ objection: id("a"), release: id("1"), objector: "HealthMSP", status: "correcting", open: true },
        ...{ outcome: "partly", corrections: [], raised: { time: "2026-09-28T02:00:00Z", block: 5 } },
      },
    ],
  };
}

function entry(release: string, changes: Partial<LineageEntry>): LineageEntry {
  return {
    ...{ noun: "release", explained: [], derivation: [], selfCheck: [] },
    ...{ release, dataset: "CivilMSP/divisions", name: "行政区划", provider: "CivilMSP", status: "registered" },
    ...{
      version: 1,
      rows: 3,
      fields: ["code"],
      root: id("c"),
      registered: { time: "2026-09-28T01:00:00Z", block: 4 },
      derivedFrom: [],
    },
    ...{ mark: "wrong", faults: ["foundWrong"], restsOn: [], outstanding: true, step: 0 },
    ...changes,
  };
}

function act(changes: Partial<FoldedAct>): FoldedAct {
  const number = changes.number ?? 1;
  return {
    ...{ noun: "objection", case: id("b"), number, model: 1, type: "raise", department: "HealthMSP", officer: "HE-1" },
    ...{ time: "2026-09-28T01:00:00Z", claimedTime: "2026-09-28T01:00:00Z", block: 7 + number, transaction: 0 },
    ...{ transactionId: id(String(number)), counted: true, endorsers: [], body: null, state: { status: "raised" } },
    ...changes,
  };
}
