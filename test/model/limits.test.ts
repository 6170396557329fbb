import { canonicalBytes } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { Instant, MspId } from "@wanlian/model/identifiers.js";
import { MAX_ACT_BYTES } from "@wanlian/model/kernel/act.js";
import { countAct, MAX_RECENT_DEPARTMENTS } from "@wanlian/model/kernel/pace.js";
import { type ConsortiumState, MAX_MOTIONS } from "@wanlian/model/model-1/consortium/consortium.js";
import { MAX_MEMBERS, type PolicyState } from "@wanlian/model/model-1/policy/policy-schema.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { expect } from "chai";
import {
  application,
  BUREAU,
  CIVIL,
  digest,
  divisions,
  founding,
  HEALTH,
  note,
  officers,
  POLICE,
  POLICY_1,
  release,
  YEAR_2026,
} from "./bodies.js";
import { officer, World } from "./world.js";

const bureau = officer(BUREAU, "administrator");
const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const article = "条".repeat(300);

/** Whatever the ledger takes has to leave room for what must follow it. */
describe("limits", () => {
  const legalBases = (count: number, text = article) =>
    Array.from({ length: count }, (_, at) => ({ id: `basis-${at}`.padEnd(32, "x"), title: "法", article: text }));

  it("a policy grown to them can still be amended, and its calendar announced", () => {
    const members = Array.from({ length: 196 }, (_, at) => `M${at}`.padEnd(64, "x"));
    const world = World.opened({ founders: [...founding.founders, ...members] });
    const grown = { ...POLICY_1, legalBases: legalBases(100, "条".repeat(50)) };
    const amend = (from: string) => world.act(bureau, { noun: "policy", type: "amend", body: { ...grown, from } });
    amend("2026-10-08");
    amend("2026-10-09");
    amend("2026-10-09");
    // Three notices on each of four years, with as many days as there can be.
    const weekdays = (year: number, inPlainWeek: boolean, count: number) =>
      Array.from({ length: 300 }, (_, at) => new Date(Date.UTC(year, 0, 1 + at)))
        .filter((day) => [0, 6].includes(day.getUTCDay()) !== inPlainWeek)
        .slice(0, count)
        .map((day) => day.toISOString().slice(0, 10));
    for (const year of [2026, 2027, 2028, 2029, 2030]) {
      if (year > 2026) world.tick(`${year - 1}-12-01T01:00:00Z`);
      for (const fewer of year === 2026 ? [0, 1] : [0, 1, 2]) {
        const days = { holidays: weekdays(year, true, 40 - fewer), makeUpDays: weekdays(year, false, 20) };
        world.act(bureau, { noun: "policy", type: "announce", body: { ...YEAR_2026, year, ...days } });
      }
    }
    amend("2030-01-02");
    amend("2030-01-03");
    amend("2030-01-03");
    const { calendar, versions } = world.state("policy", "policy") as PolicyState;
    expect(new Set(calendar.map(({ year }) => year))).to.deep.equal(new Set([2027, 2028, 2029, 2030]));
    expect(calendar).to.have.length(12);
    expect(versions).to.have.length(3);
  });

  it("a policy beyond them is refused at once, with what is too large; the next smaller one is taken", () => {
    const amend = (count: number) => ({
      noun: "policy",
      type: "amend",
      body: { ...POLICY_1, legalBases: legalBases(count), from: "2026-10-08" },
    });
    const world = World.opened();
    const refusal = world.refusal(bureau, amend(25));
    expect(refusal.code).to.equal("TOO_LARGE");
    expect(refusal.message).to.match(/^the rules take \d+ bytes; 24576 are allowed$/);
    world.act(bureau, amend(23));
  });

  const wide = (count: number, bytes: number) => {
    const [field] = divisions.fields;
    // As JSON each name has two quotation marks and a comma, and the list its brackets.
    const length = Math.floor((bytes - 2) / count) - 3;
    const name = (at: number) => `${"a".repeat(length - 3)}${String(at).padStart(3, "0")}`;
    return Array.from({ length: count }, (_, at) => ({ ...field, name: name(at), type: "x", meaning: "m" }));
  };

  it("a dataset as wide as they allow has releases, applications and grants of all its fields", () => {
    const world = World.opened();
    const fields = wide(320, 12 * 1024);
    const { case: dataset } = world.act(steward, {
      noun: "dataset",
      type: "register",
      body: { ...divisions, fields },
    });
    const register = (change: object) => {
      const digests = fields.map(({ name }) => ({ name, digest: digest("1") }));
      const body = { ...release, dataset, fields: digests, root: releaseRoot(digests), ...change };
      return world.act(steward, { noun: "release", type: "register", body });
    };
    const sources = Array.from({ length: 16 }, () => register({}).case);
    const widest = register({ derivedFrom: sources, revises: sources[0], note: "注".repeat(300) });
    expect(canonicalBytes(widest).length).to.be.lessThan(MAX_ACT_BYTES);
    const names = fields.map(({ name }) => name);
    const body = { ...application, dataset, fields: names, scenario: "景".repeat(120), duty: "责".repeat(300) };
    const { case: id } = world.act(user, { noun: "application", type: "apply", body });
    const { frequency, from, to } = application;
    world.act(steward, {
      noun: "application",
      type: "grant",
      case: id,
      body: { dataset, fields: names, from, to, frequency, conditions: note },
    });
  });

  it("a dataset too wide ever to have a release is none: 312 names of 64 characters", () => {
    const world = World.opened();
    const [field] = divisions.fields;
    const fields = Array.from({ length: 312 }, (_, at) => ({
      ...field,
      name: `${"名".repeat(61)}${String(at).padStart(3, "0")}`,
      type: "x",
      meaning: "m",
    }));
    const refusal = world.refusal(steward, { noun: "dataset", type: "register", body: { ...divisions, fields } });
    expect(refusal.code).to.equal("TOO_LARGE");
    const beyond = { ...divisions, fields: wide(320, 12 * 1024 + 320) };
    expect(world.refusal(steward, { noun: "dataset", type: "register", body: beyond }).message).to.match(
      /^the field names take \d+ bytes; 12288 are allowed$/,
    );
  });

  it("a consortium of 200 with all the motions that can be open votes, and is left", () => {
    const members = Array.from({ length: 196 }, (_, at) => `M${at}`.padEnd(64, "x"));
    const world = World.opened({ founders: [...founding.founders, ...members] });
    const act = (who: string, type: string, body: object) =>
      world.act(officer(who, "administrator"), { noun: "consortium", type, body });
    for (const who of members) {
      const administrator = officer(who, "administrator");
      world.act(administrator, { noun: "member", type: "join", body: officers });
    }
    const movers = [CIVIL, POLICE, HEALTH, ...members].slice(0, MAX_MOTIONS);
    const motions = movers.map((who, at) =>
      act(who, "propose", { kind: "entrust", subject: members.at(-1 - at), name: "名".repeat(120), reasons: note }),
    );
    const refusal = world.refusal(bureau, {
      noun: "consortium",
      type: "propose",
      body: { kind: "remove", subject: members[0], name: "x" },
    });
    expect(refusal.code).to.equal("LIMIT_REACHED");
    for (const { number: motion } of [...motions.slice(0, 1), ...motions.slice(-1)]) {
      for (const [at, who] of members.slice(MAX_MOTIONS, 195).entries()) {
        const vote = { motion, vote: at % 2 === 0 ? "inFavour" : "against" };
        act(who, "vote", vote);
      }
    }
    const { motions: open, roster } = world.state("consortium", "consortium") as ConsortiumState;
    expect(roster).to.have.length(200);
    expect(open).to.have.length(MAX_MOTIONS);
    expect(open[0]?.votes).to.have.length(200);
    act(HEALTH, "leave", { reasons: note });
  }).timeout(60_000);

  it("as many departments as a consortium has act in one case between two ticks, and no more", () => {
    const time = "2026-09-28T01:00:00Z" as Instant;
    const acts = Object.fromEntries(Array.from({ length: MAX_RECENT_DEPARTMENTS - 1 }, (_, at) => [`M${at}`, 1]));
    const last = countAct("consortium", { recent: { time, acts } }, CIVIL as MspId, time, 1);
    expect(Object.keys(last.acts)).to.have.length(MAX_RECENT_DEPARTMENTS);
    expect(() => countAct("consortium", { recent: last }, POLICE as MspId, time, 1)).to.throw(
      LedgerError,
      "200 departments",
    );
    expect(MAX_RECENT_DEPARTMENTS).to.equal(MAX_MEMBERS);
  });

  it("a department's operators never keep its case from being closed", () => {
    const world = World.opened();
    const act = (type: string, body: object) =>
      world.act(officer(CIVIL, "administrator"), { noun: "member", type, case: CIVIL, body });
    const engage = (at: number, scope: number) => ({
      code: `91411300MA3X0000${String(at).padStart(2, "0")}`,
      name: "数字运营公司",
      scope: Array.from({ length: scope }, (_, set) => `${CIVIL}/${`d${set}`.padEnd(64, "x")}`),
      from: "2026-09-28T00:00:00Z",
      to: "2027-09-28T00:00:00Z",
    });
    act("engage", engage(0, 200));
    act("engage", engage(1, 180));
    const asked = { noun: "member", type: "engage", case: CIVIL, body: engage(2, 60) };
    expect(world.refusal(officer(CIVIL, "administrator"), asked).code).to.equal("TOO_LARGE");
    act("update", { ...officers, stewards: Array.from({ length: 50 }, (_, at) => `S${at}`.padEnd(64, "x")) });
    world.act(officer(CIVIL, "administrator"), { noun: "consortium", type: "leave" });
    world.act(officer(HEALTH, "node"), { noun: "member", type: "depart", case: CIVIL, body: { department: CIVIL } });
    const { operators, status } = world.state("member", CIVIL);
    expect({ operators, status }).to.deep.equal({ operators: [], status: "departed" });
  });
});
