import { evaluationDigest } from "@wanlian/model/model-2/evaluation/evaluation.js";
import type { PublishEvaluation } from "@wanlian/model/model-2/evaluation/evaluation-schema.js";
import { INDICATORS } from "@wanlian/model/model-2/evaluation/indicators.js";
import {
  application,
  BUREAU,
  CIVIL,
  claim,
  DIVISIONS,
  digest,
  grant,
  HEALTH,
  HOLIDAYS,
  note,
  objection,
  POLICE,
  POLICY_1,
  release,
} from "../model/bodies.js";
import { everything } from "../model/everything.js";
import { officer, type World } from "../model/world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const answering = officer(HEALTH, "administrator");
const bureau = officer(BUREAU, "steward", "administrator");
const COMPANY = "91411300MA3X000001";
const article = "as the tests have it";

/** What the course's policies say under version 2: how long an incident may take as well. */
export const POLICY_2 = {
  ...POLICY_1,
  model: 2,
  deadlines: [
    ...POLICY_1.deadlines,
    ...["incidentInvestigation", "incidentRemedy", "incidentClosing"].map((kind) => ({
      kind,
      workingDays: 5,
      article,
    })),
  ],
};

/** Every command of every noun of version 2 at least once: version 1's course by the new rules, then what they add. */
export function everythingOf2(): World {
  const world = everything({ policy: POLICY_2, report: { replaced: { documents: 30, visits: 12 } } });
  const granted = checkedAndMade(world);
  incidents(world, granted);
  figures(world);
  return world;
}

/** Checks of releases, and what was made of them. @returns a grant of the health commission on the division codes */
function checkedAndMade(world: World): string {
  const assess = (by: typeof user, body: object) => world.act(by, { noun: "assessment", type: "state", body }).case;
  const found = {
    ...{ dataset: DIVISIONS, root: release.root, rows: release.rows, report: digest("b"), engine: "engine/1" },
    rules: { id: "divisions", revision: 1, digest: digest("a") },
    outcomes: { rules: 7, failed: 0, errors: 0 },
    scores: [{ dimension: "completeness", ratio: 10_000 }],
    total: 10_000,
  };
  const own = assess(steward, { ...found, kind: "selfCheck" });
  const register = (more: object) =>
    world.act(steward, { noun: "release", type: "register", body: { ...release, ...more } });
  const { case: source } = register({ assessment: own });
  const pairs = [{ field: "code", as: "code" }];
  const { case: derived } = register({
    derivedFrom: [source],
    derivation: [{ source, how: "cleaned", fields: pairs, program: digest("c") }],
  });

  const step = (by: typeof user, type: string, id: string, body: object = {}) =>
    world.act(by, { noun: "application", type, case: id, body });
  const wish = { from: "2026-11-16", to: "2026-12-31" };
  const { case: granted } = world.act(user, { noun: "application", type: "apply", body: { ...application, ...wish } });
  step(steward, "grant", granted, { ...grant, ...wish });
  const accepted = assess(user, { ...found, kind: "acceptance", release: source, grant: granted });
  world.act(user, { noun: "assessment", type: "withdraw", case: accepted, body: { reasons: note } });
  world.act(user, { noun: "application", type: "claim", body: { ...claim(HOLIDAYS), ...wish, only: "comparison" } });

  const made = { source, grant: granted, how: "aggregated", fields: [{ field: "code", as: "births" }] };
  const product = { kind: "report", name: "births by division", use: "statistics", sources: [made] };
  const { case: births } = world.act(user, { noun: "product", type: "register", body: product });
  const { case: anew } = world.act(user, { noun: "product", type: "register", body: { ...product, revises: births } });

  const { case: raised } = world.act(user, { noun: "objection", type: "raise", body: objection(source) });
  const verify = (type: string, body: object = {}) =>
    world.act(steward, { noun: "objection", type, case: raised, body });
  verify("accept");
  verify("conclude", { outcome: "substantiated", reasons: note });
  const why = { objection: raised, reasons: note };
  world.act(steward, { noun: "release", type: "explain", case: derived, body: why });
  world.act(user, { noun: "product", type: "explain", case: anew, body: why });
  world.act(user, { noun: "product", type: "withdraw", case: births });
  return granted;
}

/** From a report to its end, what stops the use meanwhile, and the company that was behind it. */
function incidents(world: World, granted: string): void {
  const inMember = (by: typeof user, type: string, body: object) =>
    world.act(by, { noun: "member", type, case: HEALTH, body });
  const period = { from: "2026-11-16T00:00:00Z", to: "2027-11-16T00:00:00Z" };
  inMember(answering, "engage", { code: COMPANY, name: "a company", scope: [DIVISIONS], officers: ["M-1"], ...period });

  const known = { kind: "probing", severity: 2, noticed: "2026-11-16T00:59:00Z", account: note };
  const about = { ...known, concerned: HEALTH, dataset: DIVISIONS, grant: granted };
  const report = (body: object) => world.act(officer(POLICE, "user"), { noun: "incident", type: "report", body }).case;
  const step = (by: typeof user, id: string, type: string, body: object = {}) =>
    world.act(by, { noun: "incident", type, case: id, body });
  const first = report(about);
  const named = { department: HEALTH, incident: first, reasons: note };
  inMember(steward, "restrain", { ...named, grant: granted, company: COMPANY });
  inMember(bureau, "restrain", { ...named, officer: "M-1" });
  inMember(bureau, "lift", { ...named, officer: "M-1" });
  const suspended = { incident: first, reasons: note };
  world.act(steward, { noun: "application", type: "suspend", case: granted, body: suspended });

  const responsibility = { stage: "application", responsible: HEALTH, principle: "uses", reasons: note };
  step(steward, first, "investigate");
  step(steward, first, "assign", responsibility);
  step(answering, first, "contest", { reasons: note });
  step(bureau, first, "assign", { ...responsibility, officer: "M-1", company: COMPANY });
  inMember(answering, "dismiss", { code: COMPANY, reasons: note });
  step(answering, first, "remedy", { measures: note });
  step(bureau, first, "close", { outcome: "remedied", reasons: note });
  step(bureau, report(known), "reject", { reasons: note });

  const silent = report(about);
  step(steward, silent, "investigate");
  step(steward, silent, "assign", responsibility);
  world.tick("2026-11-30T01:00:00Z");
  step(bureau, silent, "urge");
}

/** A month of use, and a period's figures. */
function figures(world: World): void {
  const node = officer(CIVIL, "node");
  const count = {
    call: "lookup",
    purpose: "verification",
    scenario: application.scenario,
    served: 3,
    refused: 1,
    rows: 9,
  };
  const lines = [{ side: "provided", dataset: DIVISIONS, counterpart: HEALTH, counts: [count] }];
  const { case: month } = world.act(node, {
    ...{ noun: "usage", type: "state" },
    body: { code: "2026-10", log: { from: 0, to: 4 }, lines },
  });
  world.act(node, {
    noun: "usage",
    type: "amend",
    case: month,
    body: { log: { from: 0, to: 5 }, lines, reasons: note },
  });

  const zeros = INDICATORS.map(() => 0);
  const published = { from: "2026-10-01", to: "2026-10-31", indicators: 1, overdue: 0 };
  const body = { ...published, figures: [{ department: CIVIL, met: zeros, total: zeros }] };
  const { case: evaluation } = world.act(bureau, { noun: "evaluation", type: "publish", body });
  const of = evaluationDigest(body as PublishEvaluation);
  const say = (by: string, type: string, said: object) =>
    world.act(officer(by, "node"), { noun: "evaluation", type, case: evaluation, body: said });
  say(CIVIL, "confirm", { digest: of });
  say(HEALTH, "contest", { digest: digest("9"), department: CIVIL, indicator: "listed", met: 1, total: 2 });
  world.act(bureau, { noun: "evaluation", type: "withdraw", case: evaluation, body: { reasons: note } });
}
