import type { Day } from "@wanlian/model/identifiers.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import type { CountedAct, Evaluation } from "@wanlian/model/reading.js";
import { expect } from "chai";
import {
  application,
  BUREAU,
  CIVIL,
  DIVISIONS,
  digest,
  divisions,
  FOUNDERS,
  grant,
  HEALTH,
  note,
  objection,
  POLICE,
  POLICY_1,
  release,
} from "../model/bodies.js";
import { officer, World } from "../model/world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const bureau = officer(BUREAU, "steward", "administrator");
const PERIOD = { from: "2026-09-28" as Day, to: "2026-10-31" as Day };
const { evaluations } = model2.reading;
if (evaluations === undefined) throw new Error("version 2 knows evaluations");

/** The acts as a node has them, with the time of the last tick before each. */
function actsOf(world: World): CountedAct[] {
  return world.verdicts.flatMap((verdict) => {
    if (!verdict.valid) return [];
    const { noun, case: id, type, body, state } = verdict.act;
    return [{ noun, case: id, type, body, state, time: verdict.time }];
  });
}
function evaluated(world: World, period = PERIOD): Evaluation {
  const evaluator = evaluations?.of(period);
  for (const act of actsOf(world)) evaluator?.take(act);
  return evaluator?.result() ?? expect.fail("no evaluation");
}
function figureOf(evaluation: Evaluation, department: string, indicator: string): [number, number] {
  const at = evaluations?.indicators.indexOf(indicator) ?? -1;
  const own = evaluation.figures.find((figures) => figures.department === department);
  return [own?.met[at] ?? -1, own?.total[at] ?? -1];
}

/** A month and a half in which something happens of everything that is counted. */
function course() {
  const policy = {
    model: 2,
    deadlines: [...POLICY_1.deadlines, { kind: "incidentRemedy", workingDays: 5, article: "a" }],
  };
  const world = World.withDataset({ ...divisions, updateCycle: "weekly" }, policy);
  world.act(steward, {
    noun: "dataset",
    type: "register",
    body: { ...divisions, code: "towns", updateCycle: "irregular" },
  });
  const { case: granted } = world.act(user, { noun: "application", type: "apply", body: application });
  world.act(steward, { noun: "application", type: "grant", case: granted, body: grant });
  const late = world.act(user, { noun: "application", type: "apply", body: application }).case;
  const { case: id } = world.act(steward, { noun: "release", type: "register", body: release });
  const demand = { name: "births", description: "by day", purpose: "analysis", duty: "planning", addressee: CIVIL };
  world.act(user, { noun: "demand", type: "publish", body: demand });
  const { case: raised } = world.act(user, { noun: "objection", type: "raise", body: objection(id) });
  world.act(steward, { noun: "objection", type: "accept", case: raised, body: {} });
  world.act(steward, {
    noun: "objection",
    type: "conclude",
    case: raised,
    body: { outcome: "substantiated", reasons: note },
  });
  const checked = {
    ...{ kind: "selfCheck", dataset: DIVISIONS, root: release.root, rows: release.rows },
    ...{ rules: { id: "divisions", revision: 1, digest: digest("a") }, report: digest("b"), engine: "e" },
    ...{ outcomes: { rules: 7, failed: 0, errors: 0 }, scores: [], total: 10_000 },
  };
  world.act(steward, { noun: "assessment", type: "state", body: checked });
  const account = { kind: "overreach", severity: 1, noticed: "2026-09-28T00:00:00Z", account: note };
  const { case: incident } = world.act(user, { noun: "incident", type: "report", body: account });
  world.act(bureau, { noun: "incident", type: "investigate", case: incident, body: {} });
  const responsibility = { stage: "application", responsible: HEALTH, principle: "uses", reasons: note };
  world.act(bureau, { noun: "incident", type: "assign", case: incident, body: responsibility });
  world.tick("2026-10-12T01:00:00Z");
  const line = { side: "provided", dataset: DIVISIONS, counterpart: HEALTH };
  const counts = [{ call: "lookup", purpose: "verification", scenario: "s", served: 1, refused: 0, rows: 1 }];
  const month = { code: "2026-09", log: { from: 0, to: 1 }, lines: [{ ...line, counts }] };
  world.act(officer(CIVIL, "node"), { noun: "usage", type: "state", body: month });
  world.tick("2026-10-19T01:00:00Z");
  world.act(steward, { noun: "application", type: "grant", case: late, body: { ...grant, from: "2026-10-19" } });
  const reported = { from: "2026-09-28", to: "2026-10-01", calls: 1, rows: 1, effect: note };
  world.act(user, { noun: "application", type: "reportUse", case: granted, body: reported });
  world.act(officer(HEALTH, "administrator"), {
    noun: "incident",
    type: "remedy",
    case: incident,
    body: { measures: note },
  });
  world.tick("2026-11-02T01:00:00Z");
  return { world, raised, publishing: publishingOf(world) };
}
const publishingOf = (world: World, more: object = {}) =>
  ({ noun: "evaluation", type: "publish", body: { ...evaluations?.published(evaluated(world)), ...more } }) as const;

describe("the figures of a period", () => {
  it("are how many of how many, for each department, by what happened in it alone", () => {
    const evaluation = evaluated(course().world);
    const shown = Object.fromEntries(
      evaluations.indicators.map((indicator) => [
        indicator,
        [figureOf(evaluation, CIVIL, indicator), figureOf(evaluation, HEALTH, indicator)],
      ]),
    );
    expect(shown).to.deep.equal({
      listed: [
        [1, 2],
        [0, 0],
      ],
      demandMet: [
        [0, 1],
        [0, 0],
      ],
      replied: [
        [1, 3],
        [0, 0],
      ],
      verified: [
        [1, 1],
        [0, 0],
      ],
      corrected: [
        [0, 1],
        [0, 0],
      ],
      fresh: [
        [0, 1],
        [0, 0],
      ],
      passed: [
        [1, 1],
        [0, 0],
      ],
      unobjected: [
        [0, 1],
        [0, 0],
      ],
      useStated: [
        [1, 1],
        [0, 1],
      ],
      effectReported: [
        [0, 0],
        [1, 2],
      ],
      remedied: [
        [0, 0],
        [1, 1],
      ],
      anchored: [
        [0, 0],
        [0, 0],
      ],
    });
    expect(evaluation.figures.map(({ department }) => department)).to.deep.equal([...FOUNDERS].sort());
  });

  it("name what was overdue at its end", () => {
    const { world, raised } = course();
    const { overdue } = evaluated(world);
    expect(overdue.map(({ kind, department }) => [kind, department])).to.deep.include.members([
      ["objectionCorrection", CIVIL],
      ["demandReply", CIVIL],
    ]);
    expect(overdue.some((date) => date.case === raised)).to.equal(true);
  });

  it("are the same whatever happened after its last day, and other for another period", () => {
    const { world, raised } = course();
    const before = evaluated(world);
    world.act(steward, { noun: "dataset", type: "withdraw", case: `${CIVIL}/towns`, body: {} });
    void raised;
    expect(evaluated(world)).to.deep.equal(before);
    const later = evaluated(world, { from: "2026-10-01" as Day, to: "2026-11-02" as Day });
    expect(figureOf(later, CIVIL, "listed")).to.deep.equal([1, 1]);
    expect(evaluations.of(PERIOD).result(), "before there is a policy").to.equal(undefined);
    expect(model1.reading.evaluations).to.equal(undefined);
  });
});

describe("an evaluation", () => {
  it("is published by the bureau, and confirmed by whose node computes the same", () => {
    const { world, publishing } = course();
    const { case: id } = world.act(bureau, publishing);
    const own = evaluations.digest(evaluated(world));
    const said = (type: string, body: object) => ({ noun: "evaluation", type, case: id, body }) as const;
    world.act(officer(CIVIL, "node"), said("confirm", { digest: own }));
    expect(world.head({ noun: "evaluation", case: id }).state).to.deep.include({ digest: own, confirmedBy: [CIVIL] });
    expect(world.refusal(user, said("confirm", { digest: own })).code).to.equal("NOT_PERMITTED");
    expect(world.refusal(steward, said("contest", { digest: own })).code, "that is the same").to.equal("MISMATCH");
  });

  it("is contested where the bureau has falsified a figure, with the figure as every node has it", () => {
    const { world, publishing } = course();
    const figures = publishing.body.figures as Evaluation["figures"];
    const falsified = figures.map((own) => (own.department === CIVIL ? { ...own, met: own.total } : own));
    const { case: id } = world.act(bureau, publishingOf(world, { figures: falsified }));
    const own = evaluations.digest(evaluated(world));
    const said = (type: string, body: object) => ({ noun: "evaluation", type, case: id, body }) as const;
    expect(world.refusal(officer(HEALTH, "node"), said("confirm", { digest: own })).code).to.equal("MISMATCH");
    const [met, total] = figureOf(evaluated(world), CIVIL, "corrected");
    const figure = { department: CIVIL, indicator: "corrected", met, total, reasons: note };
    world.act(officer(HEALTH, "node"), said("contest", { digest: own, ...figure }));
    const { state } = world.head({ noun: "evaluation", case: id });
    expect(state).to.deep.include({ contestedBy: [HEALTH], confirmedBy: [] });
    const { digest: published } = state as unknown as { readonly digest: string };
    world.act(officer(HEALTH, "administrator"), said("confirm", { digest: published }));
    expect(world.head({ noun: "evaluation", case: id }).state).to.deep.include({
      contestedBy: [],
      confirmedBy: [HEALTH],
    });
    world.act(officer(HEALTH, "administrator"), said("contest", { digest: own }));
    const described = model2.nouns.evaluation?.describe(
      { noun: "evaluation", case: id },
      world.head({ noun: "evaluation", case: id }).state as never,
      undefined,
    );
    expect(described?.parties).to.deep.equal([
      { department: BUREAU, relation: "author" },
      { department: HEALTH, relation: "member" },
    ]);
    world.act(bureau, said("withdraw", { reasons: note }));
    expect(world.refusal(officer(CIVIL, "node"), said("contest", { digest: own })).code).to.equal("WRONG_STATE");
  });

  const REFUSED: [string, ReturnType<typeof officer>, (figures: Evaluation["figures"]) => object, string][] = [
    ["by another than the bureau", officer(POLICE, "administrator"), () => ({}), "NOT_OWNER"],
    ["of a period that is not over", bureau, () => ({ to: "2026-11-02" }), "TOO_EARLY"],
    ["of a period that ends before it begins", bureau, () => ({ from: "2026-11-01" }), "INVALID_INPUT"],
    ["of more than a year", bureau, () => ({ from: "2025-10-30" }), "LIMIT_REACHED"],
    ["with a department twice", bureau, (figures) => ({ figures: [...figures, ...figures] }), "INVALID_INPUT"],
    [
      "with more met than there is",
      bureau,
      (figures) => ({ figures: figures.map((own) => ({ ...own, met: own.total.map((count) => count + 1) })) }),
      "INVALID_INPUT",
    ],
    ["by other indicators", bureau, () => ({ indicators: 2 }), "INVALID_INPUT"],
  ];
  for (const [what, by, more, code] of REFUSED)
    it(`is not published ${what}: ${code}`, () => {
      const { world, publishing } = course();
      const figures = publishing.body.figures as Evaluation["figures"];
      expect(world.refusal(by, publishingOf(world, more(figures))).code).to.equal(code);
    });
});
