import type { CaseState } from "@wanlian/model/kernel/act.js";
import { STAGES } from "@wanlian/model/model-2/life-cycle.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { expect } from "chai";
import { BUREAU, CIVIL, DIVISIONS, digest, divisions, HEALTH, POLICE, release } from "../model/bodies.js";
import { officer, World } from "../model/world.js";

const steward = officer(CIVIL, "steward");
const BY_STAGE = [
  { stage: "collection", responsible: CIVIL, unit: "区划地名处", standard: "GB/T 2260" },
  { stage: "aggregation", responsible: BUREAU, standard: "DB41/T 2400" },
  { stage: "sharing", responsible: CIVIL, standard: "GB/T 39477" },
];
const selfCheck = {
  ...{ kind: "selfCheck", dataset: DIVISIONS, root: release.root, rows: release.rows },
  ...{ rules: { id: "divisions", revision: 1, digest: digest("a") }, report: digest("b"), engine: "e" },
  ...{ outcomes: { rules: 7, failed: 0, errors: 0 }, scores: [], total: 10_000 },
};

const opened = (lifeCycle: readonly object[] | null = BY_STAGE) =>
  World.withDataset(lifeCycle === null ? divisions : { ...divisions, lifeCycle }, { model: 2 });
const registering = (body: object) => ({ noun: "release", type: "register", body: { ...release, ...body } }) as const;
const check = (world: World, more: object = {}) =>
  world.act(steward, { noun: "assessment", type: "state", body: { ...selfCheck, ...more } }).case;
const stateOf = (world: World, noun: "dataset" | "release", id: string) =>
  world.head({ noun, case: id }).state as unknown as Readonly<Record<string, unknown>>;

describe("a dataset's life cycle", () => {
  it("says for each stage who is responsible and which standard applies; a revision says it anew", () => {
    const world = opened();
    expect(stateOf(world, "dataset", DIVISIONS).lifeCycle).to.deep.equal(
      BY_STAGE.map(({ stage, responsible }) => ({ stage, responsible })),
    );
    const { code: _, ...entry } = divisions;
    const revise = { noun: "dataset", type: "revise", case: DIVISIONS } as const;
    const [first] = BY_STAGE;
    world.act(steward, { ...revise, body: { ...entry, lifeCycle: [first], changes: "fewer" } });
    expect(stateOf(world, "dataset", DIVISIONS).lifeCycle).to.have.length(1);
    world.act(steward, { ...revise, body: { ...entry, changes: "none" } });
    expect(stateOf(world, "dataset", DIVISIONS)).to.not.have.property("lifeCycle");
  });

  it("has every stage of the plan, once each and in order", () => {
    opened(STAGES.map((stage) => ({ stage, responsible: HEALTH, standard: "s" })));
    const [first, second] = BY_STAGE;
    for (const lifeCycle of [[second, first], [first, first], [], [{ ...first, stage: "disposal" }]]) {
      const { code: _, ...entry } = divisions;
      const world = opened();
      const body = { ...entry, lifeCycle, changes: "c" };
      const refusal = world.refusal(steward, { noun: "dataset", type: "revise", case: DIVISIONS, body });
      expect(refusal.code, JSON.stringify(lifeCycle)).to.equal("INVALID_INPUT");
    }
  });
});

describe("a release", () => {
  const collected = { stage: "collection", responsible: CIVIL };
  const shared = { stage: "sharing", responsible: CIVIL };

  it("says which stages it passed, by whom, and with which check of it there, also of other data than its own", () => {
    const world = opened();
    const early = check(world, { root: digest("c"), rows: 1 });
    const late = check(world);
    const stages = [
      { ...collected, assessment: early },
      { stage: "aggregation", responsible: BUREAU },
      { ...shared, assessment: late },
    ];
    const { case: id } = world.act(steward, registering({ assessment: late, stages }));
    expect(stateOf(world, "release", id).stages).to.deep.equal(stages);
    const { state } = world.head({ noun: "release", case: id });
    const { references } = model2.nouns.release?.describe({ noun: "release", case: id }, state as CaseState, {}) ?? {};
    expect(references)
      .to.deep.include({ noun: "assessment", case: early })
      .and.deep.include({ noun: "assessment", case: late });
    world.act(steward, { noun: "release", type: "withdraw", case: id, body: {} });
    expect(stateOf(world, "release", id).stages, "what was registered stays").to.deep.equal(stages);
  });

  it("says nothing of stages where there is nothing to say", () => {
    const world = opened(null);
    const { case: id } = world.act(steward, registering({}));
    expect(stateOf(world, "release", id)).to.not.have.property("stages");
  });

  const REFUSED: [string, (world: World) => readonly object[], string][] = [
    ["a stage that the entry does not have", () => [{ stage: "storage", responsible: CIVIL }], "MISMATCH"],
    ["another department than the entry names", () => [{ ...collected, responsible: POLICE }], "MISMATCH"],
    ["stages in another order", () => [shared, collected], "INVALID_INPUT"],
    ["a stage twice", () => [collected, collected], "INVALID_INPUT"],
    ["no stage", () => [], "INVALID_INPUT"],
    ["a check that is not there", () => [{ ...collected, assessment: digest("1") }], "NOT_FOUND"],
    [
      "a check that was taken back",
      (world) => {
        const id = check(world);
        const reasons = { digest: digest("d") };
        world.act(steward, { noun: "assessment", type: "withdraw", case: id, body: { reasons } });
        return [{ ...collected, assessment: id }];
      },
      "WRONG_STATE",
    ],
    [
      "a check of another dataset",
      (world) => {
        world.act(steward, { noun: "dataset", type: "register", body: { ...divisions, code: "other" } });
        return [{ ...collected, assessment: check(world, { dataset: `${CIVIL}/other` }) }];
      },
      "MISMATCH",
    ],
  ];
  for (const [what, stages, code] of REFUSED) {
    it(`is not registered with ${what}: ${code}`, () => {
      const world = opened();
      expect(world.refusal(steward, registering({ stages: stages(world) })).code).to.equal(code);
    });
  }

  it("is not registered with stages of an entry that has none", () => {
    expect(opened(null).refusal(steward, registering({ stages: [collected] })).code).to.equal("MISMATCH");
  });
});
