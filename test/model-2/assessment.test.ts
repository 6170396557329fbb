import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import { judge } from "@wanlian/model/kernel/judge.js";
import { fits } from "@wanlian/model/kernel/schema.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { RELEASED } from "@wanlian/model/models.js";
import type { ReportReader } from "@wanlian/model/reading.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { expect } from "chai";
import fc from "fast-check";
import {
  application,
  BUREAU,
  CIVIL,
  DIVISIONS,
  digest,
  divisions,
  grant,
  HEALTH,
  HOLIDAYS,
  note,
  open,
  POLICE,
  POLICY_1,
  release,
} from "../model/bodies.js";
import { change, changed } from "../model/nasty.js";
import { officer, World, written } from "../model/world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");

/** What a check of the division codes came to. */
const found = {
  dataset: DIVISIONS,
  root: release.root,
  rows: release.rows,
  rules: { id: "divisions", revision: 1, digest: digest("a") },
  report: digest("b"),
  engine: "wanlian-quality/1 duckdb/1.5.6",
  outcomes: { rules: 7, failed: 0, errors: 0 },
  scores: [{ dimension: "completeness", ratio: 10_000 }],
  total: 10_000,
};
const selfCheck = { ...found, kind: "selfCheck" };
const failing = { outcomes: { rules: 7, failed: 2, errors: 1 } };

const stating = (body: object) => ({ noun: "assessment", type: "state", body }) as const;
const registering = (body: object) => ({ noun: "release", type: "register", body: { ...release, ...body } }) as const;
const stateOf = (world: World, id: string) =>
  world.head({ noun: "assessment", case: id }).state as unknown as Readonly<Record<string, unknown>>;

const rulesOf = ({ calendar: _calendar, ...rules }: Readonly<Record<string, unknown>>) => rules;

/** A channel under version 2 with the division codes in its catalogue. */
const opened = (policy: object = {}) => World.withDataset(divisions, { model: 2, ...policy });

describe("an assessment", () => {
  it("is a provider's own check of its data: what was found, by which rules, of which data", () => {
    const world = opened();
    const { case: id } = world.act(steward, stating(selfCheck));
    expect(stateOf(world, id)).to.include({
      ...{ status: "stated", kind: "selfCheck", provider: CIVIL, author: CIVIL, root: release.root },
      ...{ passed: true, explained: false, total: 10_000 },
    });
    const failed = world.act(steward, stating({ ...selfCheck, ...failing, shortfall: note }));
    expect(stateOf(world, failed.case)).to.include({ passed: false, explained: true });
    const warned = world.act(steward, stating({ ...selfCheck, outcomes: { rules: 7, failed: 2, errors: 0 } }));
    expect(stateOf(world, warned.case), "warnings fail no check").to.include({ passed: true });
  });

  it("is a consumer's of what it was granted: of that release's very data, also after the grant's end", () => {
    const world = opened();
    const { case: id } = world.act(steward, registering({}));
    const { case: granted } = world.act(user, { noun: "application", type: "apply", body: application });
    const acceptance = { ...found, kind: "acceptance", release: id, grant: granted };
    expect(world.refusal(user, stating(acceptance)).code, "not granted yet").to.equal("WRONG_STATE");
    world.act(steward, { noun: "application", type: "grant", case: granted, body: grant });
    world.act(user, stating(acceptance));
    world.act(steward, {
      noun: "application",
      type: "revoke",
      case: granted,
      body: { reasons: note, basis: "pipl-28" },
    });
    const { case: after } = world.act(user, stating(acceptance));
    expect(stateOf(world, after)).to.include({ kind: "acceptance", author: HEALTH, provider: CIVIL, release: id });
  });

  const REFUSED: [
    string,
    (world: World) => { readonly by: ReturnType<typeof officer>; readonly body: object },
    string,
  ][] = [
    ["another's data as a self-check", () => ({ by: officer(POLICE, "steward"), body: selfCheck }), "NOT_OWNER"],
    ["a self-check by who is no steward", () => ({ by: officer(CIVIL, "user"), body: selfCheck }), "NOT_PERMITTED"],
    [
      "a dataset that is not there",
      () => ({ by: steward, body: { ...selfCheck, dataset: `${CIVIL}/none` } }),
      "NOT_FOUND",
    ],
    [
      "a self-check under a grant",
      () => ({ by: steward, body: { ...selfCheck, grant: digest("1") } }),
      "INVALID_INPUT",
    ],
    ["an acceptance of one's own", () => ({ by: steward, body: { ...found, kind: "acceptance" } }), "INVALID_INPUT"],
    ["an acceptance of no release", () => ({ by: user, body: { ...found, kind: "acceptance" } }), "INVALID_INPUT"],
    [
      "an acceptance without a grant",
      (world) => ({ by: user, body: { ...found, kind: "acceptance", release: released(world) } }),
      "INVALID_INPUT",
    ],
    [
      "an acceptance under another's grant",
      (world) => ({ by: officer(POLICE, "user"), body: accepting(world) }),
      "NOT_OWNER",
    ],
    [
      "acceptance under a grant on another dataset",
      (world) => {
        const body = accepting(world);
        world.act(steward, { noun: "dataset", type: "register", body: { ...divisions, code: "towns" } });
        const other = { ...application, dataset: `${CIVIL}/towns` };
        const { case: id } = world.act(user, { noun: "application", type: "apply", body: other });
        const granting = { noun: "application", type: "grant", case: id } as const;
        world.act(steward, { ...granting, body: { ...grant, dataset: other.dataset } });
        return { by: user, body: { ...body, grant: id } };
      },
      "MISMATCH",
    ],
    [
      "other data than the release's",
      (world) => ({ by: user, body: accepting(world, { root: digest("9") }) }),
      "MISMATCH",
    ],
    ["fewer rows than the release has", (world) => ({ by: user, body: accepting(world, { rows: 2999 }) }), "MISMATCH"],
    [
      "a release of another dataset",
      (world) => ({ by: steward, body: { ...selfCheck, release: holidays(world) } }),
      "MISMATCH",
    ],
    [
      "more failures than rules",
      () => ({ by: steward, body: { ...selfCheck, outcomes: { rules: 1, failed: 2, errors: 0 } } }),
      "INVALID_INPUT",
    ],
    [
      "more errors than failures",
      () => ({ by: steward, body: { ...selfCheck, outcomes: { rules: 3, failed: 1, errors: 2 } } }),
      "INVALID_INPUT",
    ],
    [
      "check by no rule",
      () => ({ by: steward, body: { ...selfCheck, outcomes: { rules: 0, failed: 0, errors: 0 } } }),
      "INVALID_INPUT",
    ],
    [
      "a dimension twice",
      () => ({ by: steward, body: { ...selfCheck, scores: [...found.scores, ...found.scores] } }),
      "INVALID_INPUT",
    ],
  ];
  for (const [what, asked, code] of REFUSED)
    it(`states no ${what}`, () => {
      const world = opened();
      const { by, body } = asked(world);
      expect(world.refusal(by, stating(body)).code).to.equal(code);
    });

  it("has a report that goes to author and provider; without rows, also to the bureau and to who holds a grant", () => {
    const world = opened();
    const { case: granted } = world.act(user, { noun: "application", type: "apply", body: application });
    const { case: id } = world.act(steward, stating(selfCheck));
    const applied = world.head({ noun: "application", case: granted }).state as CaseState;
    world.act(steward, { noun: "application", type: "grant", case: granted, body: grant });
    const held = world.head({ noun: "application", case: granted }).state as CaseState;
    const state = world.head({ noun: "assessment", case: id }).state as CaseState;
    const asking = (department: string, more: object = {}) =>
      model2.reading.mayHaveReport(state, {
        ...{ department, isBureau: false, applications: [], showsRows: false, time: "2026-10-01T00:00:00Z", ...more },
      } as unknown as ReportReader);
    expect(asking(CIVIL, { showsRows: true }), "author and provider").to.equal(true);
    expect(asking(HEALTH), "no grant").to.equal(false);
    expect(asking(HEALTH, { applications: [applied] }), "not granted yet").to.equal(false);
    expect(asking(HEALTH, { applications: [held] }), "granted").to.equal(true);
    expect(asking(HEALTH, { applications: [held], showsRows: true }), "rows are data").to.equal(false);
    expect(asking(HEALTH, { applications: [held], time: "2027-01-01T00:00:00Z" }), "after its end").to.equal(false);
    expect(asking(POLICE, { applications: [held] }), "another's grant").to.equal(false);
    expect(asking(BUREAU, { isBureau: true })).to.equal(true);
    expect(asking(BUREAU, { isBureau: true, showsRows: true })).to.equal(false);
    const acceptance = { ...state, author: HEALTH, status: "withdrawn" };
    const ofAnother = (department: string, more: object = {}) =>
      model2.reading.mayHaveReport(acceptance, {
        ...{ department, isBureau: false, applications: [], showsRows: true, time: "2026-10-01T00:00:00Z", ...more },
      } as unknown as ReportReader);
    expect(ofAnother(CIVIL), "the provider of what a consumer checked").to.equal(true);
    expect(ofAnother(BUREAU, { isBureau: true, showsRows: false }), "taken back").to.equal(false);
    expect(model1.reading.mayHaveReport(state, { department: CIVIL } as unknown as ReportReader)).to.equal(false);
  });

  it("is taken back by its author alone, and stays", () => {
    const world = opened();
    const { case: id } = world.act(steward, stating(selfCheck));
    const withdraw = { noun: "assessment", type: "withdraw", case: id, body: { reasons: note } } as const;
    expect(world.refusal(user, withdraw).code).to.equal("NOT_OWNER");
    const noSteward = officer(CIVIL, "user");
    expect(world.refusal(noSteward, withdraw).code, "who may not state it").to.equal("NOT_PERMITTED");
    world.act(steward, withdraw);
    expect(stateOf(world, id)).to.include({ status: "withdrawn", root: release.root });
    expect(world.refusal(steward, withdraw).code).to.equal("WRONG_STATE");
  });

  it("names its parties, and what it is about", () => {
    const world = opened();
    const { case: id } = world.act(steward, registering({}));
    const { case: checked } = world.act(steward, stating({ ...selfCheck, release: id }));
    const state = world.head({ noun: "assessment", case: checked }).state as CaseState;
    const described = model2.nouns.assessment?.describe({ noun: "assessment", case: checked }, state, undefined);
    expect(described?.parties).to.deep.equal([{ department: CIVIL, relation: "provider" }]);
    expect(described?.references).to.deep.equal([
      { noun: "dataset", case: DIVISIONS },
      { noun: "release", case: id },
    ]);
  });

  function released(world: World): string {
    return world.act(steward, registering({})).case;
  }

  function accepting(world: World, change: object = {}): object {
    const id = released(world);
    const { case: granted } = world.act(user, { noun: "application", type: "apply", body: application });
    world.act(steward, { noun: "application", type: "grant", case: granted, body: grant });
    return { ...found, kind: "acceptance", release: id, grant: granted, ...change };
  }

  function holidays(world: World): string {
    world.act(steward, { noun: "dataset", type: "register", body: open });
    const digests = open.fields.map(({ name }) => ({ name, digest: digest("1") }));
    return world.act(steward, registering({ dataset: HOLIDAYS, fields: digests, root: releaseRoot(digests) })).case;
  }
});

describe("a release under a policy that asks for a self-check", () => {
  const required = () => opened({ releaseSelfCheck: "required" });
  const check = (world: World, change: object = {}) => world.act(steward, stating({ ...selfCheck, ...change })).case;

  it("cites one that passed, or one that says what falls short", () => {
    const world = required();
    expect(world.refusal(steward, registering({})).code).to.equal("MISMATCH");
    world.act(steward, registering({ assessment: check(world) }));
    world.act(steward, registering({ assessment: check(world, { ...failing, shortfall: note }) }));
  });

  it("may cite one where none is asked for, and is held to it then too", () => {
    const world = opened();
    world.act(steward, registering({}));
    world.act(steward, registering({ assessment: check(world) }));
    expect(world.refusal(steward, registering({ assessment: check(world, failing) })).code).to.equal("MISMATCH");
  });

  const REFUSED: [string, (world: World) => string, string][] = [
    ["none that is not there", () => digest("1"), "NOT_FOUND"],
    ["none that failed without a word", (world) => check(world, failing), "MISMATCH"],
    ["none of other data", (world) => check(world, { root: digest("9") }), "MISMATCH"],
    [
      "none that was taken back",
      (world) => {
        const id = check(world);
        world.act(steward, { noun: "assessment", type: "withdraw", case: id, body: { reasons: note } });
        return id;
      },
      "WRONG_STATE",
    ],
  ];
  for (const [what, cited, code] of REFUSED)
    it(`cites ${what}`, () => {
      const world = required();
      expect(world.refusal(steward, registering({ assessment: cited(world) })).code).to.equal(code);
    });

  it("cites none of a consumer's: the provider's own check is asked for", () => {
    const world = opened();
    const { case: id } = world.act(steward, registering({}));
    const { case: granted } = world.act(user, { noun: "application", type: "apply", body: application });
    world.act(steward, { noun: "application", type: "grant", case: granted, body: grant });
    const acceptance = { ...found, kind: "acceptance", release: id, grant: granted };
    const { case: theirs } = world.act(user, stating(acceptance));
    expect(world.refusal(steward, registering({ assessment: theirs })).code).to.equal("NOT_OWNER");
  });

  it("cites none of another's dataset", () => {
    const world = required();
    world.act(steward, { noun: "dataset", type: "register", body: open });
    const id = check(world, { dataset: HOLIDAYS });
    expect(world.refusal(steward, registering({ assessment: id })).code).to.equal("MISMATCH");
  });

  it("is asked for from the day of the policy that does, and no more from the day of one that does not", () => {
    const world = opened();
    const amend = (from: string, change: object) =>
      world.act(officer(BUREAU, "administrator"), {
        ...{ noun: "policy", type: "amend", case: "policy" },
        body: { ...rulesOf(POLICY_1), model: 2, from, ...change },
      });
    amend("2026-09-29", { releaseSelfCheck: "required" });
    amend("2026-09-30", {});
    world.act(steward, registering({}));
    world.tick("2026-09-29T01:00:00Z");
    expect(world.refusal(steward, registering({})).code).to.equal("MISMATCH");
    world.tick("2026-09-30T01:00:00Z");
    world.act(steward, registering({}));
  });
});

describe("version 2 of the rules", () => {
  it("refuses or counts whatever k departments endorse of its own bodies and states, and goes on", () => {
    const world = opened();
    const { case: id } = world.act(steward, stating(selfCheck));
    const asked: readonly [ReturnType<typeof officer>, Parameters<World["act"]>[1]][] = [
      [steward, stating({ ...selfCheck, shortfall: note })],
      [steward, registering({ assessment: id })],
      [
        officer(BUREAU, "administrator"),
        {
          ...{ noun: "policy", type: "amend", case: "policy" },
          body: { ...rulesOf(POLICY_1), model: 2, from: "2026-09-29", releaseSelfCheck: "required" },
        },
      ],
    ];
    const places = asked.map(([creator, command]) => {
      const { head } = world.heads.fork();
      const act = world.act(creator, command);
      return { head, act, honest: written(act, creator, world.transactions.at(-1) ?? expect.fail("no transaction")) };
    });
    const seen = new Set<string>();
    const property = fc.property(fc.constantFrom(...places), change, ({ head, act, honest }, made) => {
      const value = bytesOf(changed(act, made));
      const writes = { ...honest.writes, writes: honest.writes.writes.map((write) => ({ ...write, value })) };
      const verdict = judge({ ...honest, writes }, head, RELEASED);
      seen.add(verdict.valid ? "counted" : verdict.code);
    });
    fc.assert(property, { numRuns: 1000 });
    expect([...seen])
      .to.include("INVALID_INPUT")
      .and.not.include("UNJUDGEABLE");
  });

  it("takes over a channel of version 1 with all its cases, from a policy's day on", () => {
    const world = World.withDataset(divisions);
    const { case: before } = world.act(steward, registering({}));
    expect(world.refusal(steward, stating(selfCheck)).code).to.equal("UNKNOWN_COMMAND");
    expect(world.refusal(steward, registering({ assessment: digest("1") })).code).to.equal("INVALID_INPUT");
    const body = { ...rulesOf(POLICY_1), model: 2, from: "2026-09-29" };
    world.act(officer(BUREAU, "administrator"), { noun: "policy", type: "amend", case: "policy", body });
    world.tick("2026-09-29T01:00:00Z");
    const { schema } = world.act(steward, stating({ ...selfCheck, release: before }));
    expect(schema).to.equal(2);
    world.act(steward, { noun: "release", type: "withdraw", case: before, body: {} });
  });

  it("changes nothing else of version 1: the same nouns, and states of version 1 fit its schemas", () => {
    const world = World.withDataset(divisions);
    world.act(steward, registering({}));
    for (const { noun, state } of world.acts) expect(fits(model2.nouns[noun]?.state ?? {}, state), noun).to.equal(true);
  });
});

/** As an act stands on the ledger, where JSON can say it at all. */
function bytesOf(value: unknown): Uint8Array {
  try {
    return canonicalBytes(value as never);
  } catch {
    return Buffer.from(JSON.stringify(value) ?? "");
  }
}
