import { openLineageOf } from "@wanlian/client/lineage";
import type { LineageEntry } from "@wanlian/client/lineage/lineage.js";
import { expect } from "chai";
import { type Static, Type } from "typebox";
import { Check } from "typebox/schema";

/** The members that OpenLineage 2-0-2 requires of a run event, and their forms, written from the specification. */
const Uri = Type.String({ pattern: "^[a-z][a-z0-9+.-]*:[^\\s]+$" });
const Facets = Type.Record(
  Type.String(),
  Type.Object({ _producer: Uri, _schemaURL: Uri }, { additionalProperties: true }),
);
const Dataset = Type.Object({
  namespace: Type.String({ minLength: 1 }),
  name: Type.String({ minLength: 1 }),
  facets: Type.Optional(Facets),
  outputFacets: Type.Optional(Facets),
});
const RunEvent = Type.Object({
  eventType: Type.Enum(["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]),
  eventTime: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$" }),
  producer: Uri,
  schemaURL: Uri,
  run: Type.Object({
    runId: Type.String({ pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$" }),
  }),
  job: Type.Object({ namespace: Type.String({ minLength: 1 }), name: Type.String({ minLength: 1 }) }),
  inputs: Type.Array(Dataset),
  outputs: Type.Array(Dataset),
});

const LATER = "2026-09-28T02:00:00Z";

describe("a lineage as OpenLineage", () => {
  const id = (digit: string) => digit.repeat(64);
  const releases = [
    entry(id("2"), {
      dataset: "HealthMSP/births",
      derivedFrom: [id("1"), id("9")],
      registered: { time: LATER, block: 5 },
    }),
    entry(id("1"), {}),
  ];
  const events = openLineageOf({ releases }, "nanyang") as Static<typeof RunEvent>[];

  it("has the members that the specification requires, in their forms", () => {
    for (const event of events) expect(Check(RunEvent, event), JSON.stringify(event)).to.equal(true);
  });

  it("tells each registration as a run with a start and an end, oldest first, from its sources to its dataset", () => {
    const told = events.map(({ eventType, inputs, outputs }) => [
      eventType,
      inputs.map(({ name }) => name),
      outputs.map(({ name }) => name),
    ]);
    expect(told).to.deep.equal([
      ["START", [], ["CivilMSP/divisions"]],
      ["COMPLETE", [], ["CivilMSP/divisions"]],
      ["START", ["CivilMSP/divisions"], ["HealthMSP/births"]],
      ["COMPLETE", ["CivilMSP/divisions"], ["HealthMSP/births"]],
    ]);
  });

  it("gives a run one number, and each release a version of its dataset", () => {
    expect(new Set(events.map(({ run }) => run.runId)).size).to.equal(2);
    expect(events[3]?.inputs[0]).to.have.nested.property("facets.version.datasetVersion", id("1"));
    expect(events[3]?.outputs[0]).to.have.nested.property("outputFacets.outputStatistics.rowCount", 3);
  });

  function entry(release: string, changes: Partial<LineageEntry>): LineageEntry {
    return {
      ...{ noun: "release", explained: [], derivation: [], selfCheck: [] },
      ...{ release, dataset: "CivilMSP/divisions", name: "行政区划", provider: "CivilMSP", status: "registered" },
      ...{ version: 1, rows: 3, fields: ["code"], root: id("c"), derivedFrom: [], faults: [], restsOn: [], step: 0 },
      ...{ registered: { time: "2026-09-28T01:00:00Z", block: 4 }, mark: "none", outstanding: false },
      ...changes,
    };
  }
});
