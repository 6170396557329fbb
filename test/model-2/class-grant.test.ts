import type { CaseState } from "@wanlian/model/kernel/act.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import type { GrantRefusal, Use } from "@wanlian/model/reading.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { expect } from "chai";
import {
  application,
  CIVIL,
  DIVISIONS,
  digest,
  divisions,
  grant,
  HEALTH,
  note,
  POLICE,
  release,
} from "../model/bodies.js";
import { officer, World } from "../model/world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const CATEGORY = ["基础信息", "区划"];
const WIDEST = { category: CATEGORY, maxGrade: 3, later: "included", extent: "allFields" };
const TOWNS = `${CIVIL}/towns`;
const JOINED = "2026-09-29T01:00:00Z";

const entry = (code: string, more: object = {}) => ({
  ...divisions,
  ...{ code, name: code, fields: [...divisions.fields, { ...divisions.fields[0], name: "mayor" }], ...more },
});
const register = (world: World, by: string, body: object) =>
  world.act(officer(by, "steward"), { noun: "dataset", type: "register", body });
function revise(world: World, id: string, more: object) {
  const { code: _, ...body } = entry("towns", more);
  world.act(steward, { noun: "dataset", type: "revise", case: id, body: { ...body, changes: "as said" } });
}

/** Towns are in the catalogue beside the dataset that the application names, before it is granted. */
function granted(said: object = {}, asked: object = WIDEST): { readonly world: World; readonly id: string } {
  const world = World.withDataset(divisions, { model: 2 });
  register(world, CIVIL, entry("towns"));
  const body = { ...application, kind: "blanket", ofClass: asked };
  const { case: id } = world.act(user, { noun: "application", type: "apply", body });
  const ofClass = { ...asked, ...said };
  world.act(steward, { noun: "application", type: "grant", case: id, body: { ...grant, ofClass } });
  world.tick(JOINED);
  return { world, id };
}

/** What the grant says to a use of a dataset, by the rule that gateway, auditor and verifier ask. */
function saidOf(world: World, id: string, dataset: string, more: object = {}): GrantRefusal | "covered" {
  const fields = ["code", "name", "level", "mayor"];
  const use = {
    ...{ consumer: HEALTH, provider: dataset.split("/")[0], dataset, release: "r", fields: ["code"], way: "lookup" },
    ...{ purpose: application.purpose, scenario: application.scenario },
    ...more,
  };
  const cases = {
    application: world.head({ noun: "application", case: id }).state,
    release: { status: "registered", dataset, fields } as unknown as CaseState,
    member: { status: "active", operators: [] } as unknown as CaseState,
    mandate: undefined,
    dataset: world.head({ noun: "dataset", case: dataset }).state,
  };
  const { time } = world.state("clock", "clock");
  return model2.reading.refusalOfUse(use as unknown as Use, cases, { time }) ?? "covered";
}

describe("a blanket authorization for a class of datasets", () => {
  it("covers what the class has, beside the dataset that it names, by one act", () => {
    const { world, id } = granted();
    expect(saidOf(world, id, DIVISIONS)).to.equal("covered");
    expect(saidOf(world, id, TOWNS)).to.equal("covered");
    const entryOf = (dataset: string) => world.head({ noun: "dataset", case: dataset }).state;
    const state = world.head({ noun: "application", case: id }).state as CaseState;
    expect(model2.reading.coversClass?.(state, entryOf(TOWNS))).to.equal(true);
    expect(model2.reading.coversClass?.(state, undefined)).to.equal(false);
  });

  /** What is done after the grant, what the rule then says of the towns, and the nearest that it does not say it of. */
  const AFTER: [string, (world: World, id: string) => void, GrantRefusal, (world: World, id: string) => void][] = [
    [
      "moved to another category",
      (world) => revise(world, TOWNS, { category: ["基础信息", "人口"] }),
      "OUTSIDE_CLASS",
      (world) => revise(world, TOWNS, { category: [...CATEGORY, "乡镇"] }),
    ],
    [
      "moved up in the tree",
      (world) => revise(world, TOWNS, { category: ["基础信息"] }),
      "OUTSIDE_CLASS",
      (world) => revise(world, TOWNS, { name: "towns and townships" }),
    ],
    [
      "put into a higher grade",
      (world) => revise(world, TOWNS, { grade: 4 }),
      "OUTSIDE_CLASS",
      (world) => revise(world, TOWNS, { grade: 3 }),
    ],
    [
      "withheld",
      (world) => revise(world, TOWNS, { share: { ...divisions.share, class: "withheld" } }),
      "OUTSIDE_CLASS",
      (world) => revise(world, TOWNS, { share: { class: "unconditional", mode: "file" } }),
    ],
    [
      "withdrawn",
      (world) => world.act(steward, { noun: "dataset", type: "withdraw", case: TOWNS, body: {} }),
      "OUTSIDE_CLASS",
      (world) => world.act(steward, { noun: "dataset", type: "withdraw", case: DIVISIONS, body: {} }),
    ],
    [
      "the grant is suspended",
      (world, id) => world.act(steward, { noun: "application", type: "suspend", case: id, body: { reasons: note } }),
      "GRANT_SUSPENDED",
      (world, id) => {
        world.act(steward, { noun: "application", type: "suspend", case: id, body: { reasons: note } });
        world.act(steward, { noun: "application", type: "resume", case: id, body: {} });
      },
    ],
  ];
  for (const [what, act, refusal, near] of AFTER) {
    it(`covers a dataset no more once ${what}`, () => {
      const { world, id } = granted();
      act(world, id);
      expect(saidOf(world, id, TOWNS)).to.equal(refusal);
      const other = granted();
      near(other.world, other.id);
      expect(saidOf(other.world, other.id, TOWNS), "the nearest").to.equal("covered");
    });
  }

  const USES: [string, object, GrantRefusal][] = [
    ["another consumer", { consumer: POLICE }, "WRONG_CONSUMER"],
    ["another provider", { provider: POLICE }, "WRONG_PROVIDER"],
    ["another purpose", { purpose: "analysis" }, "WRONG_PURPOSE"],
    ["another scenario", { scenario: "registration of deaths" }, "WRONG_SCENARIO"],
    ["a field that the catalogue does not have", { fields: ["code", "height"] }, "FIELD_NOT_GRANTED"],
    ["a release of another dataset", { dataset: TOWNS, release: "x" }, "UNKNOWN_RELEASE"],
  ];
  for (const [what, more, refusal] of USES) {
    it(`covers no use of the class for ${what}`, () => {
      const { world, id } = granted();
      if (refusal !== "UNKNOWN_RELEASE") expect(saidOf(world, id, TOWNS, more)).to.equal(refusal);
      else expect(saidOf(world, id, DIVISIONS, more), "the release says whose it is").to.equal(refusal);
      expect(saidOf(world, id, TOWNS)).to.equal("covered");
    });
  }

  it("is of the provider's own data: another provider's in the same category is not covered", () => {
    const { world, id } = granted();
    register(world, POLICE, entry("towns"));
    expect(saidOf(world, id, `${POLICE}/towns`)).to.equal("WRONG_PROVIDER");
    // Nor where the use says that it is the grant's provider's, and the gateway is that one's.
    expect(saidOf(world, id, `${POLICE}/towns`, { provider: CIVIL })).to.equal("OUTSIDE_CLASS");
  });

  describe("says whether it covers what comes into the class later", () => {
    for (const [later, said] of [["included", "covered"] as const, ["excluded", "OUTSIDE_CLASS"] as const]) {
      it(`${later}: what is registered later is ${said}, what was there is covered`, () => {
        const { world, id } = granted({ later });
        register(world, CIVIL, entry("streets"));
        expect(saidOf(world, id, `${CIVIL}/streets`)).to.equal(said);
        expect(saidOf(world, id, TOWNS)).to.equal("covered");
      });

      it(`${later}: what the provider moves into the category, or down in grade, is ${said}`, () => {
        for (const before of [{ category: ["基础信息", "人口"] }, { grade: 4 }]) {
          const { world, id } = granted({ later });
          register(world, CIVIL, entry("people", before));
          expect(saidOf(world, id, `${CIVIL}/people`)).to.equal("OUTSIDE_CLASS");
          revise(world, `${CIVIL}/people`, {});
          expect(saidOf(world, id, `${CIVIL}/people`)).to.equal(said);
        }
      });

      it(`${later}: what was there and left, and comes back, is ${said}`, () => {
        const { world, id } = granted({ later });
        revise(world, TOWNS, { category: ["基础信息", "人口"] });
        revise(world, TOWNS, {});
        expect(saidOf(world, id, TOWNS)).to.equal(said);
      });
    }

    it("goes by the grade and share class too, and by no other change of the entry", () => {
      const { world, id } = granted({ later: "excluded" });
      revise(world, TOWNS, { abstract: "another", updateCycle: "monthly" });
      expect(saidOf(world, id, TOWNS)).to.equal("covered");
      revise(world, TOWNS, { grade: 3 });
      expect(saidOf(world, id, TOWNS)).to.equal("OUTSIDE_CLASS");
    });
  });

  it("gives of other datasets the fields that are named alike, or all, as it says", () => {
    const all = granted();
    expect(saidOf(all.world, all.id, TOWNS, { fields: ["mayor"] })).to.equal("covered");
    const named = granted({ extent: "namedFields" });
    expect(saidOf(named.world, named.id, TOWNS, { fields: ["code", "name"] })).to.equal("covered");
    expect(saidOf(named.world, named.id, TOWNS, { fields: ["mayor"] })).to.equal("FIELD_NOT_GRANTED");
    expect(saidOf(all.world, all.id, DIVISIONS, { fields: ["level"] }), "its own dataset").to.equal(
      "FIELD_NOT_GRANTED",
    );
  });

  it("covers the dataset that it names wherever the catalogue has that", () => {
    const { world, id } = granted({ later: "excluded" });
    const { code: _, ...body } = { ...divisions, category: ["基础信息", "人口"], changes: "moved" };
    world.act(steward, { noun: "dataset", type: "revise", case: DIVISIONS, body });
    expect(saidOf(world, id, DIVISIONS)).to.equal("covered");
  });

  it("knows an entry of version 1 by no class, until it is revised", () => {
    const { world, id } = granted();
    const old = world.head({ noun: "dataset", case: TOWNS }).state as CaseState & { readonly classified: unknown };
    const { classified: _, ...before } = old;
    const state = world.head({ noun: "application", case: id }).state as CaseState;
    expect(model2.reading.coversClass?.(state, old)).to.equal(true);
    expect(model2.reading.coversClass?.(state, before)).to.equal(false);
  });

  describe("is applied for, and granted within that", () => {
    const WITHIN: [string, object, string | undefined][] = [
      ["the same", {}, undefined],
      ["a category below", { category: [...CATEGORY, "乡镇"] }, undefined],
      ["a category above", { category: ["基础信息"] }, "OUT_OF_SCOPE"],
      ["another category", { category: ["基础信息", "人口"] }, "OUT_OF_SCOPE"],
      ["a lower grade", { maxGrade: 1 }, undefined],
      ["a higher grade", { maxGrade: 3 }, "OUT_OF_SCOPE"],
      ["what comes later too", { later: "included" }, "OUT_OF_SCOPE"],
      ["all fields", { extent: "allFields" }, "OUT_OF_SCOPE"],
    ];
    const ASKED = { category: CATEGORY, maxGrade: 2, later: "excluded", extent: "namedFields" };
    for (const [what, said, code] of WITHIN) {
      it(`${what}: ${code ?? "granted"}`, () => {
        if (code === undefined) granted(said, ASKED);
        else
          expect(() => granted(said, ASKED))
            .to.throw()
            .with.property("code", code);
      });
    }

    it("can also be granted on the dataset alone", () => {
      const world = World.withDataset(divisions, { model: 2 });
      register(world, CIVIL, entry("towns"));
      const body = { ...application, kind: "blanket", ofClass: WIDEST };
      const { case: id } = world.act(user, { noun: "application", type: "apply", body });
      world.act(steward, { noun: "application", type: "grant", case: id, body: grant });
      expect(saidOf(world, id, TOWNS)).to.equal("WRONG_DATASET");
      expect(saidOf(world, id, DIVISIONS)).to.equal("covered");
    });

    it("is no matter of an ordinary application, and not given without being asked for", () => {
      const world = World.withDataset(divisions, { model: 2 });
      const apply = (more: object) => ({ noun: "application", type: "apply", body: { ...application, ...more } });
      expect(world.refusal(user, apply({ ofClass: WIDEST })).code).to.equal("MISMATCH");
      const { case: id } = world.act(user, apply({ kind: "blanket" }));
      const giving = (more: object) => ({ noun: "application", type: "grant", case: id, body: { ...grant, ...more } });
      expect(world.refusal(steward, giving({ ofClass: WIDEST })).code).to.equal("OUT_OF_SCOPE");
      const before = World.withDataset(divisions, { model: 1 });
      expect(before.refusal(user, apply({ kind: "blanket", ofClass: WIDEST })).code).to.equal("INVALID_INPUT");
    });

    it("filters no rows: others need not have the field; it can mask", () => {
      const world = World.withDataset(divisions, { model: 2 });
      const body = { ...application, kind: "blanket", ofClass: WIDEST };
      const { case: id } = world.act(user, { noun: "application", type: "apply", body });
      const giving = (more: object) => ({
        ...{ noun: "application", type: "grant", case: id },
        body: { ...grant, ofClass: WIDEST, ...more },
      });
      const filters = [{ field: "level", among: ["county"] }];
      expect(world.refusal(steward, giving({ filters })).code).to.equal("MISMATCH");
      world.act(steward, giving({ masks: [{ field: "name", way: "partial" }] }));
    });
  });

  it("is a ground for products and checks of what it gave: of its provider's data, and the fields that it gives", () => {
    const registered = (world: World, dataset: string, by = steward) => {
      const { fields: columns } = dataset === DIVISIONS ? divisions : entry("towns");
      const fields = columns.map(({ name }, at) => ({ name, digest: digest(String(at + 1)) }));
      const body = { ...release, dataset, fields, root: releaseRoot(fields) };
      return { root: body.root, id: world.act(by, { noun: "release", type: "register", body }).case };
    };
    for (const [extent, code] of [["allFields", undefined] as const, ["namedFields", "MISMATCH"] as const]) {
      const { world, id } = granted({ extent });
      const { id: source, root } = registered(world, TOWNS);
      const made = { grant: id, source, how: "aggregated", fields: [{ field: "mayor", as: "mayors" }] };
      const body = { kind: "report", name: "mayors", use: "statistics", digest: digest("d"), sources: [made] };
      const producing = { noun: "product", type: "register", body } as const;
      if (code === undefined) world.act(user, producing);
      else expect(world.refusal(user, producing).code).to.equal(code);
      const found = { dataset: TOWNS, root, rows: release.rows, rules: { id: "r", revision: 1, digest: digest("a") } };
      const outcomes = { rules: 1, failed: 0, errors: 0 };
      const check = { ...found, outcomes, kind: "acceptance", release: source, grant: id, scores: [] };
      const stated = { ...check, report: digest("b"), engine: "wanlian-quality/1" };
      world.act(user, { noun: "assessment", type: "state", body: stated });
      register(world, POLICE, entry("towns"));
      const theirs = registered(world, `${POLICE}/towns`, officer(POLICE, "steward"));
      const mixed = { ...stated, dataset: `${POLICE}/towns`, release: theirs.id };
      expect(world.refusal(user, { noun: "assessment", type: "state", body: mixed }).code).to.equal("MISMATCH");
    }
  });
});
