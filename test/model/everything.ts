import { EMPTY_TREE, signCheckpoint } from "@wanlian/model/checkpoint.js";
import { formatVerifierKey } from "@wanlian/model/note.js";
import {
  application,
  BUREAU,
  CIVIL,
  claim,
  DIVISIONS,
  digest,
  divisions,
  FOUNDERS,
  grant,
  HEALTH,
  HOLIDAYS,
  note,
  objection,
  officers,
  open,
  POLICE,
  POLICY_1,
  release,
  YEAR_2026,
} from "./bodies.js";
import { grown, logSigner } from "./grown-log.js";
import { officer, World } from "./world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const bureau = officer(BUREAU, "steward", "administrator");

/** What a course under a later version of the rules says otherwise. */
export interface Otherwise {
  /** What its policies say. */
  readonly policy: object;
  /** What its reports of use say beside. */
  readonly report: object;
}

/** Every command of every noun at least once, all of it valid: the frozen vectors' course of events. */
export function everything({ policy, report }: Otherwise = { policy: POLICY_1, report: {} }): World {
  // One founder more than ever joins.
  const world = World.opened({ ...policy, founders: [...FOUNDERS, "RailMSP"] });
  members(world, policy);
  catalogue(world);
  applications(world, report);
  objections(world, policy);
  others(world);
  silences(world);
  handovers(world);
  return world;
}

function members(world: World, rules: object): void {
  const administrator = (department: string) => officer(department, "administrator");
  const consortium = (actor: string, type: string, body: object) =>
    world.act(administrator(actor), { noun: "consortium", type, body }).number;
  world.act(bureau, {
    noun: "policy",
    type: "amend",
    case: "policy",
    body: { ...rules, endorsers: 2, from: "2026-09-29" },
  });
  const admission = consortium(BUREAU, "propose", { kind: "admit", subject: "TaxMSP", name: "taxation" });
  consortium(CIVIL, "vote", { motion: admission, vote: "inFavour" });
  consortium(POLICE, "vote", { motion: admission, vote: "inFavour" });
  world.act(administrator("TaxMSP"), { noun: "member", type: "join", body: officers });
  const removal = consortium(CIVIL, "propose", { kind: "remove", subject: HEALTH, name: "health commission" });
  consortium(POLICE, "vote", { motion: removal, vote: "against" });
  consortium(CIVIL, "withdraw", { motion: removal });
  consortium("TaxMSP", "leave", {});
  world.act(bureau, { noun: "member", type: "depart", case: "TaxMSP", body: { department: "TaxMSP" } });
  const member = (type: string, body: object) =>
    world.act(administrator(CIVIL), { noun: "member", type, case: CIVIL, body });
  member("update", { ...officers, deputy: "5" });
  const period = { from: "2026-09-28T00:00:00Z", to: "2027-09-28T00:00:00Z" };
  member("engage", { code: "91411300MA3X0000XX", name: "数字运营公司", scope: [DIVISIONS], ...period });
  member("dismiss", { code: "91411300MA3X0000XX" });
}

function catalogue(world: World): void {
  for (const body of [divisions, open, { ...divisions, code: "old" }]) {
    world.act(steward, { noun: "dataset", type: "register", body });
  }
  const { code: _code, ...content } = divisions;
  const revised = { ...content, abstract: "down to the township", changes: "wording" };
  world.act(steward, { noun: "dataset", type: "revise", case: DIVISIONS, body: revised });
  world.act(steward, { noun: "dataset", type: "withdraw", case: `${CIVIL}/old` });
  const { case: withdrawn } = world.act(steward, { noun: "release", type: "register", body: release });
  world.act(steward, { noun: "release", type: "withdraw", case: withdrawn });
}

function applications(world: World, told: object): void {
  const begin = (type: string, body: object) => world.act(user, { noun: "application", type, body }).case;
  const step = (actor: typeof user, id: string, type: string, body: object = {}) =>
    world.act(actor, { noun: "application", type, case: id, body });
  const basis = "data-security-law-21";

  const granted = begin("apply", application);
  step(steward, granted, "requestMore", { questions: note });
  step(user, granted, "supplement", { answers: note });
  step(steward, granted, "grant", { ...grant, to: "2026-10-31" });
  step(steward, granted, "suspend", { reasons: note });
  step(steward, granted, "resume");
  step(user, granted, "reportUse", { from: "2026-09-28", to: "2026-09-28", calls: 3, rows: 9, effect: note, ...told });
  const longer = { to: "2026-12-31", frequency: grant.frequency };
  step(user, granted, "requestRenewal", longer);
  step(steward, granted, "renew", { dataset: DIVISIONS, ...longer });
  step(user, granted, "reportUse", { from: "2026-09-28", to: "2026-09-28", calls: 5, rows: 9, effect: note, ...told });
  step(user, granted, "requestRenewal", { to: "2027-06-30", frequency: grant.frequency });
  step(steward, granted, "declineRenewal", { reasons: note, basis });
  step(bureau, granted, "revoke", { reasons: note, basis });

  const refused = begin("apply", { ...application, kind: "blanket" });
  const { number } = step(steward, refused, "refuse", { dataset: DIVISIONS, reasons: note, basis });
  step(user, refused, "notReceived", { act: number });
  step(user, refused, "withdraw");

  begin("claim", claim(HOLIDAYS));
  const emergency = begin("declareEmergency", { ...claim(DIVISIONS), to: "2026-10-02" });
  step(steward, emergency, "review", { outcome: "justified", reasons: note });

  const unanswered = begin("apply", application);
  world.tick("2026-10-12T01:00:00Z");
  step(bureau, unanswered, "urge");
  step(bureau, unanswered, "discontinue", { reasons: note });
}

function objections(world: World, rules: object): void {
  const { case: first } = world.act(steward, { noun: "release", type: "register", body: release });
  const { case: id } = world.act(user, { noun: "objection", type: "raise", body: objection(first) });
  const step = (actor: typeof user, type: string, body: object = {}) =>
    world.act(actor, { noun: "objection", type, case: id, body });
  step(steward, "accept");
  const { number } = step(steward, "conclude", { outcome: "unsubstantiated", reasons: note });
  step(user, "notReceived", { act: number });
  step(steward, "conclude", { outcome: "unsubstantiated", reasons: note });
  step(user, "dispute", { reasons: note });
  step(bureau, "settle", { decision: "upheld", reasons: note });
  const correction = { ...release, revises: first, objection: id };
  const { case: second } = world.act(steward, { noun: "release", type: "register", body: correction });
  step(steward, "correct", { release: second });
  step(user, "confirm");
  const { case: dropped } = world.act(user, { noun: "objection", type: "raise", body: objection(second) });
  world.act(user, { noun: "objection", type: "withdraw", case: dropped });

  const { number: policyAct } = world.act(bureau, {
    noun: "policy",
    type: "amend",
    case: "policy",
    body: { ...rules, verificationExtension: { workingDays: 5, article: "a city's rule" }, from: "2026-10-13" },
  });
  if (policyAct !== 3) throw new Error("the policy was amended twice");
  world.tick("2026-10-13T01:00:00Z");
  const { case: extended } = world.act(user, { noun: "objection", type: "raise", body: objection(second) });
  world.act(steward, { noun: "objection", type: "accept", case: extended });
  world.act(steward, { noun: "objection", type: "extend", case: extended, body: { reasons: note } });
}

function others(world: World): void {
  const suggest = () =>
    world.act(user, { noun: "suggestion", type: "make", body: { dataset: DIVISIONS, suggestion: note } }).case;
  world.act(steward, {
    noun: "suggestion",
    type: "answer",
    case: suggest(),
    body: { decision: "adopted", reasons: note },
  });
  world.act(user, { noun: "suggestion", type: "withdraw", case: suggest() });

  const wanted = {
    name: "births",
    description: "births by day",
    purpose: "analysis",
    duty: "planning",
    addressee: CIVIL,
  };
  const demand = () => world.act(user, { noun: "demand", type: "publish", body: wanted }).case;
  world.act(steward, { noun: "demand", type: "match", case: demand(), body: { dataset: DIVISIONS } });
  world.act(steward, { noun: "demand", type: "decline", case: demand(), body: { reasons: note } });
  world.act(user, { noun: "demand", type: "withdraw", case: demand() });

  const period = { from: "2026-10-13T00:00:00Z", to: "2027-10-13T00:00:00Z", reason: "yearly audit" };
  const scope = { datasets: [], departments: [CIVIL] };
  const audit = { department: POLICE, officer: "9001", scope, ...period };
  const { case: mandate } = world.act(bureau, { noun: "mandate", type: "appoint", body: audit });
  world.act(bureau, { noun: "mandate", type: "revoke", case: mandate });
  const proxy = { agent: HEALTH, datasets: [DIVISIONS], purposes: ["verification"], ...period };
  const { case: proxied } = world.act(officer(POLICE, "steward"), { noun: "mandate", type: "delegate", body: proxy });
  const body = { ...application, from: "2026-10-13", kind: "proxy", mandate: proxied };
  world.act(user, { noun: "application", type: "apply", body });

  world.act(bureau, { noun: "policy", type: "announce", body: { ...YEAR_2026, makeUpDays: [] } });

  const log = (type: string, actor: typeof user, content: object) =>
    world.act(actor, { noun: "log", type, case: HEALTH, body: content });
  const node = officer(HEALTH, "node");
  const [old, replacement] = [logSigner(HEALTH, 1), logSigner(HEALTH, 2)];
  log("open", node, { key: formatVerifierKey(old.key), checkpoint: signCheckpoint(EMPTY_TREE, old) });
  log("anchor", node, { ...grown(0, 5, old), ledger: { blocks: 40, root: digest("4") } });
  log("anchor", node, { ...grown(5, 12, old), ledger: { blocks: 50, root: digest("5") } });
  const { checkpoint } = grown(0, 12, replacement);
  log("rotate", officer(HEALTH, "administrator"), { key: formatVerifierKey(replacement.key), checkpoint });
  log("anchor", node, { ...grown(12, 20, replacement), ledger: { blocks: 60, root: digest("6") } });
  const anew = logSigner(HEALTH, 3, 2);
  const beginning = { key: formatVerifierKey(anew.key), checkpoint: signCheckpoint(EMPTY_TREE, anew) };
  log("beginAnew", officer(HEALTH, "administrator"), { ...beginning, reasons: note });
  log("anchor", node, { ...grown(0, 4, anew), ledger: { blocks: 70, root: digest("7") } });
}

/** What the bureau and time bring to an end where nobody else does. */
function silences(world: World): void {
  const demand = { name: "births", description: "by day", purpose: "analysis", duty: "planning", addressee: CIVIL };
  const { case: first } = world.act(steward, { noun: "release", type: "register", body: release });
  const raise = () => world.act(user, { noun: "objection", type: "raise", body: objection(first) }).case;
  const cases = [
    { noun: "demand", case: world.act(user, { noun: "demand", type: "publish", body: demand }).case },
    {
      noun: "suggestion",
      case: world.act(user, { noun: "suggestion", type: "make", body: { dataset: DIVISIONS, suggestion: note } }).case,
    },
    { noun: "objection", case: raise() },
  ] as const;
  const unconfirmed = { noun: "objection", case: raise() } as const;
  world.act(steward, { ...unconfirmed, type: "accept" });
  const outcome = { outcome: "unsubstantiated", reasons: note };
  world.act(steward, { ...unconfirmed, type: "conclude", body: outcome });
  world.tick("2026-11-16T01:00:00Z");
  for (const silent of cases) {
    world.act(bureau, { ...silent, type: "urge" });
    world.act(bureau, { ...silent, type: "discontinue", body: { reasons: note } });
  }
  world.act(steward, { ...unconfirmed, type: "close" });
  const seat = { noun: "consortium", type: "giveUpSeat", body: { department: "RailMSP" } } as const;
  world.act(officer(CIVIL, "administrator"), seat);
}

/** The bureau's role, handed over and given back by the members. */
function handovers(world: World): void {
  const administrator = (department: string) => officer(department, "administrator");
  const policy = (actor: string, type: string, body: object = {}) =>
    world.act(administrator(actor), { noun: "policy", type, case: "policy", body });
  policy(BUREAU, "handOver", { department: POLICE });
  policy(POLICE, "takeOver");
  const consortium = (actor: string, type: string, body: object) =>
    world.act(administrator(actor), { noun: "consortium", type, body }).number;
  const carried = (body: object) => {
    const motion = consortium(CIVIL, "propose", body);
    for (const voter of [BUREAU, HEALTH]) consortium(voter, "vote", { motion, vote: "inFavour" });
  };
  carried({ kind: "entrust", subject: BUREAU, name: "data bureau" });
  policy(BUREAU, "takeOver");
  carried({ kind: "admit", subject: "RailMSP", name: "railways" });
  policy(BUREAU, "handOver", { department: "RailMSP" });
}
