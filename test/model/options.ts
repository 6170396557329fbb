import {
  application,
  BUREAU,
  CIVIL,
  divisions,
  FOUNDERS,
  grant,
  HEALTH,
  note,
  objection,
  officers,
  open,
  POLICE,
  POLICY_1,
  release,
  YEAR_2026,
} from "./bodies.js";
import { officer, World } from "./world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const bureau = officer(BUREAU, "steward", "administrator");
const reasons = note;
const CODE = "91411300MA3X0000XX";
const ENDING = { year: 2027, notice: "as the tests have it", holidays: ["2027-01-01"], makeUpDays: ["2027-01-02"] };

const rules = {
  ...POLICY_1,
  laterNotices: "recompute",
  qualityThresholds: [{ dimension: "accuracy", atLeast: 9000 }],
  countersigning: { withinMinutes: 60, atMost: 10 },
  verificationExtension: { workingDays: 5, article: "a city's rule" },
};

/** What commands may carry and {@link everything} leaves out, on a channel near the end of its calendar. */
export function options(): World {
  const founding = { opened: "2026-12-28T00:00:00Z", calendar: [YEAR_2026], demo: true, bureau: BUREAU };
  const world = new World();
  world.act(bureau, { noun: "policy", type: "open", body: { ...rules, ...founding, founders: FOUNDERS } });
  world.tick("2026-12-28T01:00:00Z");
  for (const department of FOUNDERS) {
    const administrator = officer(department, "administrator");
    world.act(administrator, { noun: "member", type: "join", body: { ...officers, code: CODE } });
  }
  members(world);
  const dataset = catalogue(world);
  cases(world, dataset);
  world.act(bureau, { noun: "policy", type: "announce", body: ENDING });
  urged(world, dataset);
  return world;
}

function members(world: World): void {
  const civil = officer(CIVIL, "administrator");
  const period = { from: "2026-12-28T00:00:00Z", to: "2027-09-28T00:00:00Z" };
  const member = (type: string, body: object) => world.act(civil, { noun: "member", type, case: CIVIL, body });
  member("update", { ...officers, code: CODE, deputy: "5" });
  member("engage", { code: CODE, name: "数字运营公司", scope: [`${CIVIL}/divisions`], ...period });
  member("dismiss", { code: CODE, reasons });
  const motion = { kind: "admit", subject: "TaxMSP", name: "taxation", reasons };
  world.act(civil, { noun: "consortium", type: "propose", body: motion });
  world.act(officer(POLICE, "administrator"), { noun: "consortium", type: "leave", body: { reasons } });
  world.act(bureau, { noun: "policy", type: "amend", case: "policy", body: { ...rules, from: "2026-12-30" } });
}

function catalogue(world: World): string {
  const described = { ...divisions, published: "2026-12-28", relatedCode: "streets" };
  const conditional = { ...described, open: { class: "conditional", conditions: "for research" } };
  const { case: dataset } = world.act(steward, { noun: "dataset", type: "register", body: conditional });
  const { code: _code, ...content } = conditional;
  world.act(steward, {
    noun: "dataset",
    type: "revise",
    case: dataset,
    body: { ...content, grade: 3, changes: "grade" },
  });
  const { case: gone } = world.act(steward, { noun: "dataset", type: "register", body: { ...open, code: "gone" } });
  world.act(steward, { noun: "dataset", type: "withdraw", case: gone, body: { reasons } });
  const scope = { datasets: [dataset], departments: [] };
  const period = { from: "2026-12-28T00:00:00Z", to: "2027-10-13T00:00:00Z", reason: "yearly audit" };
  const appointed = { department: HEALTH, officer: "9001", scope, ...period };
  const { case: mandate } = world.act(bureau, { noun: "mandate", type: "appoint", body: appointed });
  world.act(bureau, { noun: "mandate", type: "revoke", case: mandate, body: { reasons } });
  return dataset;
}

const demand = { name: "births", description: "by day", purpose: "analysis", duty: "planning", addressee: CIVIL };
const wish = { ...application, from: "2026-12-28", to: "2027-03-31" };

function cases(world: World, dataset: string): void {
  const { case: first } = world.act(steward, { noun: "release", type: "register", body: release });
  const derived = { ...release, derivedFrom: [first], note: "from the first" };
  const { case: second } = world.act(steward, { noun: "release", type: "register", body: derived });
  const { case: id } = world.act(user, { noun: "application", type: "apply", body: { ...wish, dataset } });
  const step = (actor: typeof user, type: string, body: object) =>
    world.act(actor, { noun: "application", type, case: id, body });
  step(steward, "grant", { ...grant, from: "2026-12-28", to: "2027-03-31", dataset, conditions: note });
  step(steward, "suspend", { reasons });
  step(steward, "resume", { reasons });
  step(user, "withdraw", { reasons });

  const { case: one } = world.act(user, { noun: "objection", type: "raise", body: objection(second) });
  world.act(steward, { noun: "objection", type: "accept", case: one });
  const conclusion = { outcome: "unsubstantiated", reasons, basis: "data-security-law-21" };
  world.act(steward, { noun: "objection", type: "conclude", case: one, body: conclusion });
  const { case: other } = world.act(user, { noun: "objection", type: "raise", body: objection(second) });
  world.act(user, { noun: "objection", type: "withdraw", case: other, body: { reasons } });
  world.act(steward, { noun: "release", type: "withdraw", case: second, body: { reasons } });
  // Their dates lie beyond the calendar as it is.
  world.act(user, { noun: "demand", type: "publish", body: demand });
  world.act(user, { noun: "suggestion", type: "make", body: { dataset, suggestion: note } });
}

/** What nobody takes up, and a conclusion that nobody confirms. */
function urged(world: World, dataset: string): void {
  const { case: current } = world.act(steward, { noun: "release", type: "register", body: release });
  const raise = () => world.act(user, { noun: "objection", type: "raise", body: objection(current) }).case;
  const waiting = [
    ["demand", world.act(user, { noun: "demand", type: "publish", body: demand }).case],
    ["application", world.act(user, { noun: "application", type: "apply", body: { ...wish, dataset } }).case],
    ["objection", raise()],
    ["suggestion", world.act(user, { noun: "suggestion", type: "make", body: { dataset, suggestion: note } }).case],
  ] as const;
  const concluded = raise();
  world.act(steward, { noun: "objection", type: "accept", case: concluded });
  const outcome = { outcome: "unsubstantiated", reasons };
  world.act(steward, { noun: "objection", type: "conclude", case: concluded, body: outcome });
  world.tick("2027-02-16T01:00:00Z");
  for (const [noun, id] of waiting) world.act(bureau, { noun, type: "urge", case: id, body: { reasons } });
  world.act(steward, { noun: "objection", type: "close", case: concluded, body: { reasons } });
}
