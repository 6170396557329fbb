import type { MspId } from "@wanlian/model/identifiers.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { expect } from "chai";
import { BUREAU, CIVIL, DIVISIONS, divisions, HEALTH, note, POLICE } from "../model/bodies.js";
import { officer, World } from "../model/world.js";

const node = (department: string) => officer(department, "node");
const MONTH = "2026-09";
const figure = {
  call: "lookup",
  purpose: "verification",
  scenario: "registration of births",
  served: 12,
  refused: 1,
  rows: 30,
};
const log = { from: 0, to: 13 };
const provided = (more: object = {}) => ({
  side: "provided",
  dataset: DIVISIONS,
  counterpart: HEALTH,
  counts: [{ ...figure, ...more }],
});
const used = (more: object = {}) => ({
  side: "used",
  dataset: DIVISIONS,
  counterpart: CIVIL,
  counts: [{ ...figure, ...more }],
});
const month = (...lines: object[]) => ({ code: MONTH, log, lines });

function opened(): World {
  const world = World.withDataset(divisions, { model: 2 });
  world.tick("2026-10-01T01:00:00Z");
  return world;
}
const state = (world: World, by: string, body: object) => world.act(node(by), { noun: "usage", type: "state", body });
const refusal = (world: World, by: string, body: object) =>
  world.refusal(node(by), { noun: "usage", type: "state", body }).code;
const amend = (by: string, body: object) => ({ noun: "usage", type: "amend", case: `${by}/${MONTH}`, body }) as const;

/** What every node makes of what stands on its ledger. */
const differences = (world: World) =>
  model2.reading.usageDifferences?.(
    world.acts
      .filter(({ noun }) => noun === "usage")
      .map(({ case: id, body }) => ({ department: id.split("/")[0] as MspId, month: id.split("/")[1] ?? "", body })),
  ) ?? [];

/** What every node adds up. */
const totals = (world: World) =>
  model2.reading.usageTotals?.(
    world.acts
      .filter(({ noun }) => noun === "usage")
      .map(({ case: id, body }) => ({ department: id.split("/")[0] as MspId, month: id.split("/")[1] ?? "", body })),
  ) ?? [];

describe("the city's use of a month", () => {
  const OF = { month: MONTH, dataset: DIVISIONS, provider: CIVIL, consumer: HEALTH };
  const USE = { call: figure.call, purpose: figure.purpose, scenario: figure.scenario };
  const TABLE: [string, object[], object[] | undefined, object[]][] = [
    ["both state it alike", [provided()], [used()], [{ served: 12, refused: 1, rows: 30, unconfirmed: 0 }]],
    [
      "only refusals differ",
      [provided({ refused: 5 })],
      [used()],
      [{ served: 12, refused: 5, rows: 30, unconfirmed: 0 }],
    ],
    [
      "the consumer has not stated it",
      [provided()],
      undefined,
      [{ served: 12, refused: 1, rows: 30, unconfirmed: 12 }],
    ],
    [
      "the provider understates",
      [provided({ served: 2, rows: 3 })],
      [used()],
      [{ served: 12, refused: 1, rows: 30, unconfirmed: 12 }],
    ],
    [
      "the consumer understates",
      [provided()],
      [used({ served: 2 })],
      [{ served: 12, refused: 1, rows: 30, unconfirmed: 12 }],
    ],
    [
      "the provider understates rows alone",
      [provided({ rows: 3 })],
      [used()],
      [{ served: 12, refused: 1, rows: 30, unconfirmed: 12 }],
    ],
    ["the provider leaves it out", [], [used()], [{ served: 12, refused: 1, rows: 30, unconfirmed: 12 }]],
    ["nothing was used", [], [], []],
  ];
  for (const [what, given, got, expected] of TABLE) {
    it(`counts each use once, the greater word where two differ: ${what}`, () => {
      const world = opened();
      state(world, CIVIL, month(...given));
      if (got !== undefined) state(world, HEALTH, month(...got));
      expect(totals(world)).to.deep.equal(expected.map((figures) => ({ ...OF, ...USE, ...figures })));
    });
  }

  it("goes by each side's last word", () => {
    const world = opened();
    state(world, CIVIL, month(provided({ served: 99 })));
    state(world, HEALTH, month(used()));
    expect(totals(world)[0]).to.include({ served: 99, unconfirmed: 99 });
    world.act(node(CIVIL), amend(CIVIL, { log, lines: [provided()] }));
    expect(totals(world)[0]).to.include({ served: 12, unconfirmed: 0 });
  });
});

describe("a department's use of a month", () => {
  it("is stated by both sides, each for itself, once the month is over", () => {
    const world = World.withDataset(divisions, { model: 2 });
    expect(refusal(world, CIVIL, month(provided()))).to.equal("TOO_EARLY");
    world.tick("2026-10-01T01:00:00Z");
    state(world, CIVIL, month(provided()));
    state(world, HEALTH, month(used()));
    const { state: stated } = world.head({ noun: "usage", case: `${CIVIL}/${MONTH}` });
    expect(stated).to.deep.include({
      department: CIVIL,
      month: MONTH,
      log,
      statements: 1,
      first: "2026-10-01T01:00:00Z",
    });
    expect(differences(world)).to.deep.equal([]);
    expect(refusal(world, CIVIL, month(provided())), "once").to.equal("ALREADY_EXISTS");
  });

  it("shows on every node where a provider understates it: which figure, by how much", () => {
    const world = opened();
    state(world, CIVIL, month(provided({ served: 2, rows: 4 })));
    expect(differences(world), "the other side has not spoken yet").to.deep.equal([]);
    state(world, HEALTH, month(used()));
    const { served: _served, refused: _refused, rows: _rows, ...what } = figure;
    const found = { month: MONTH, dataset: DIVISIONS, provider: CIVIL, consumer: HEALTH, ...what };
    expect(differences(world)).to.deep.equal([
      { ...found, provided: { served: 2, rows: 4 }, used: { served: 12, rows: 30 } },
    ]);
  });

  it("shows what one side leaves out altogether, and what it puts under another purpose or scenario", () => {
    const world = opened();
    state(world, CIVIL, month());
    state(world, HEALTH, month(used()));
    expect(differences(world).map(({ provided }) => provided)).to.deep.equal([{ served: 0, rows: 0 }]);
    world.act(node(CIVIL), amend(CIVIL, { log, lines: [provided({ scenario: "planning" })] }));
    expect(differences(world)).to.have.length(2);
    const tick = { ...month(used({ purpose: "lookup" })) };
    expect(tick.lines).to.have.length(1);
  });

  it("is put right by another act, whose last word stands; refusals, which one side may not know of, make no difference", () => {
    const world = opened();
    state(world, CIVIL, month(provided({ served: 2 })));
    state(world, HEALTH, month(used({ refused: 0 })));
    expect(differences(world)).to.have.length(1);
    world.act(node(CIVIL), amend(CIVIL, { log: { from: 0, to: 20 }, lines: [provided()], reasons: note }));
    expect(differences(world)).to.deep.equal([]);
    expect(world.head({ noun: "usage", case: `${CIVIL}/${MONTH}` }).state).to.deep.include({
      statements: 2,
      log: { from: 0, to: 20 },
    });
  });

  it("is stated by nobody for another", () => {
    const world = opened();
    state(world, CIVIL, month(provided()));
    expect(world.refusal(node(HEALTH), amend(CIVIL, { log, lines: [] })).code).to.equal("NOT_OWNER");
    expect(world.refusal(officer(CIVIL, "user"), amend(CIVIL, { log, lines: [] })).code).to.equal("NOT_PERMITTED");
    const described = model2.nouns.usage?.describe(
      { noun: "usage", case: `${CIVIL}/${MONTH}` },
      world.head({ noun: "usage", case: `${CIVIL}/${MONTH}` }).state as never,
      undefined,
    );
    expect(described?.parties).to.deep.equal([{ department: CIVIL, relation: "self" }]);
  });

  it("is stated in so many acts at most", () => {
    const world = opened();
    state(world, CIVIL, month(provided()));
    for (let at = 2; at <= 100; at += 1) {
      if (at % 15 === 0) world.pass();
      world.act(node(CIVIL), amend(CIVIL, { log: { from: 0, to: at }, lines: [provided()] }));
    }
    expect(world.refusal(node(CIVIL), amend(CIVIL, { log, lines: [] })).code).to.equal("LIMIT_REACHED");
  });

  const REFUSED: [string, string, object, string][] = [
    ["a dataset that is another's as one's own", HEALTH, month(provided()), "INVALID_INPUT"],
    ["another's as provided", POLICE, month(provided()), "MISMATCH"],
    ["use of what the counterpart does not provide", POLICE, month({ ...used(), counterpart: BUREAU }), "MISMATCH"],
    ["its own use of its own", CIVIL, month(used()), "INVALID_INPUT"],
    ["one line twice", CIVIL, month(provided(), provided()), "INVALID_INPUT"],
    ["one figure twice", CIVIL, month({ ...provided(), counts: [figure, figure] }), "INVALID_INPUT"],
    ["a log that ends before it begins", CIVIL, { ...month(provided()), log: { from: 2, to: 1 } }, "INVALID_INPUT"],
    ["a month that there is none of", CIVIL, { ...month(provided()), code: "2026-13" }, "INVALID_INPUT"],
  ];
  for (const [what, by, body, code] of REFUSED)
    it(`does not state ${what}: ${code}`, () => expect(refusal(opened(), by, body)).to.equal(code));
});
